"""Small files about the site as a whole: for robots, for language models, for a browser's search, for the server."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

from pipeline.export.addresses import address, plain, title_in_view
from pipeline.export.export import Export
from pipeline.render.pages import SEARCH, Book

OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"

#: What each page says of itself (site/theme/base.html), for servers that can say it too; a test compares the two.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
#: Files that programs on other sites may read, with their type where a server may not know it.
_OPEN = {"/api/*": "", "/*.atom": "application/atom+xml; charset=utf-8", "/*.ics": "text/calendar; charset=utf-8"}


def exports(book: Book) -> Iterator[Export]:
    """`_headers`, `robots.txt`, `llms.txt`, and `opensearch.xml` where the site knows its address."""
    yield Export("_headers", _headers)
    yield Export("robots.txt", lambda: _robots(book))
    yield Export("llms.txt", lambda: _llms(book))
    if book.site.url:
        yield Export("opensearch.xml", lambda: _opensearch(book))


def _headers() -> bytes:
    """Headers in the form that Netlify, Cloudflare Pages and others read."""
    lines = ["/*", *(f"  {name}: {value}" for name, value in _HEADERS.items())]
    for pattern, media_type in _OPEN.items():
        lines += [pattern, "  Access-Control-Allow-Origin: *", *([f"  Content-Type: {media_type}"] if media_type else [])]
    return _text(lines)


def _robots(book: Book) -> bytes:
    lines = ["User-agent: *", "Allow: /"]
    if book.site.url:
        lines.append(f"Sitemap: {address(book.site, '', 'sitemap.xml')}")
    return _text(lines)


def _llms(book: Book) -> bytes:
    """The site in brief, as llmstxt.org describes it: what there is and where."""
    lines = [f"# {_line(title_in_view(book, book.site.name))}", ""]
    if book.site.description:
        lines += [f"> {_line(book.site.description)}", ""]
    lines.append("Every fact has its day and its sources; states are derived from them. What is disputed or not known is said.")
    for heading, entries in (("Records", _kinds(book)), ("Overviews", _overviews(book)), ("To take away", _to_take_away(book))):
        if entries:
            lines += ["", f"## {heading}", "", *entries]
    return _text(lines)


def _kinds(book: Book) -> list[str]:
    counts = {kind.name: len(book.lists[kind.name]) for kind in book.kinds}
    return [
        _item(book, kind.plural, f"{kind.name}/index.html", f"{counts[kind.name]}. {kind.description}") for kind in book.kinds
    ]


def _overviews(book: Book) -> list[str]:
    return [_item(book, one.title, f"{one.name}.html", one.description) for one in book.overviews]


def _to_take_away(book: Book) -> list[str]:
    files = (
        ("news", "Feed", "feed.atom", "What became known, newest first. A record's page names its own feed."),
        ("diary", "Calendar", "calendar.ics", "What was done, and what is scheduled or expected."),
    )
    site = book.corpus.facts.site
    found = [_item(book, title, path, words) for fact, title, path, words in files if site.get(fact, {}).get("entries")]
    return [_item(book, "Data", "api/v1/index.json", "Every record as JSON, and where tables and a database are."), *found]


def _item(book: Book, title: str, path: str, words: str) -> str:
    return f"- [{_line(title)}]({address(book.site, 'llms.txt', path)}): {_line(words)}"


def _line(text: str) -> str:
    """Text on one line, in which nothing begins or ends a link."""
    return " ".join(plain(text).replace("[", "(").replace("]", ")").split())


def _opensearch(book: Book) -> bytes:
    root = ElementTree.Element("OpenSearchDescription", xmlns=OPENSEARCH)
    ElementTree.SubElement(root, "ShortName").text = plain(book.site.name)[:16]
    ElementTree.SubElement(root, "Description").text = plain(book.site.description or book.site.name)[:1024]
    template = f"{address(book.site, '', f'{SEARCH}.html')}?q={{searchTerms}}"
    ElementTree.SubElement(root, "Url", type="text/html", template=template)
    ElementTree.SubElement(root, "InputEncoding").text = "UTF-8"
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _text(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode("utf-8")
