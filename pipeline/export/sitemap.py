"""The map of the site for search engines: every page, with the last day something on it became known.

Only where the site knows its address. A page without a known day has none; a page that leads on elsewhere is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

from pipeline.export.addresses import address
from pipeline.export.export import Export
from pipeline.render.pages import Book

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
    """Each page's path, with the latest day known on it or nothing."""
    known = book.corpus.facts.site.get("news", {}).get("known", {})
    shown = [page for page in book.pages if not page.ref or "moved_to" not in book.corpus.records[page.ref].data]
    return [*((page.path, known.get(page.ref, "")) for page in shown), *((path, "") for path in book.site.written)]


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
