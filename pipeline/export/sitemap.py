"""The map of the site for search engines: every page, with the day on which what it is made from last changed.

Only where the site knows its address. A record's page has the day of the record's file, a page written by hand that of
its own, a list the latest of the records on it. What is gathered from all records has none: nobody knows which change
shows there. Where there is no history no page has a day. A page that leads on elsewhere is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

from pipeline.export.addresses import address
from pipeline.export.export import Export
from pipeline.render.pages import Book, Page, refs_on

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"

#: The protocol allows so many addresses in one file.
MOST = 50_000


def exports(book: Book) -> Iterator[Export]:
    """`sitemap.xml`; where there are very many pages an index of `sitemap-1.xml`, `sitemap-2.xml`, …"""
    if not book.site.url:
        return
    pages = _pages(book)
    if len(pages) <= MOST:
        yield Export("sitemap.xml", lambda: _urls(book, pages))
        return
    chunks = [pages[start : start + MOST] for start in range(0, len(pages), MOST)]
    paths = [f"sitemap-{number}.xml" for number in range(1, len(chunks) + 1)]
    yield Export("sitemap.xml", lambda: _index(book, paths))
    for path, chunk in zip(paths, chunks, strict=True):
        yield Export(path, lambda chunk=chunk: _urls(book, chunk))  # type: ignore[misc]


def _pages(book: Book) -> list[tuple[str, str]]:
    """Each page's path, with the day on which it last changed or nothing."""
    changed = book.corpus.changed
    shown = [page for page in book.pages if not page.ref or "moved_to" not in book.corpus.records[page.ref].data]
    written = [(path, changed.get(file, "")) for path, file in sorted(book.site.written.items())]
    return [*((page.path, _last_change(book, page)) for page in shown), *written]


def _last_change(book: Book, page: Page) -> str:
    """The latest day on which the file of the page's record, or of one that the list names, changed."""
    refs = [page.ref] if page.ref else refs_on(book, page)
    return max((book.corpus.changed.get(book.corpus.records[ref].path, "") for ref in refs), default="")


def _urls(book: Book, pages: Sequence[tuple[str, str]]) -> bytes:
    root = ElementTree.Element("urlset", xmlns=SITEMAP)
    for path, day in pages:
        url = ElementTree.SubElement(root, "url")
        ElementTree.SubElement(url, "loc").text = address(book.site, "", path)
        if day:
            ElementTree.SubElement(url, "lastmod").text = day
    return _bytes(root)


def _index(book: Book, paths: Sequence[str]) -> bytes:
    root = ElementTree.Element("sitemapindex", xmlns=SITEMAP)
    for path in paths:
        ElementTree.SubElement(ElementTree.SubElement(root, "sitemap"), "loc").text = address(book.site, "", path)
    return _bytes(root)


def _bytes(root: ElementTree.Element) -> bytes:
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"
