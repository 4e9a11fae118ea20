"""Atom feeds (RFC 4287): what became known, of everything and of each record that has news.

`updated` is the day that a thing became known; no clock is read. Written with the standard library's
XML, which escapes: feedgen would bring lxml, and reads the clock where a date is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from pipeline import dates
from pipeline.export.addresses import address, address_of_row, name_in_view, plain, sentence, tag, title_in_view
from pipeline.export.export import Export
from pipeline.render.pages import Book

ATOM = "http://www.w3.org/2005/Atom"
_RIGHTS = "Records: CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"


def exports(book: Book) -> Iterator[Export]:
    """`feed.atom`, and `<kind>/<id>.atom` for each record with news."""
    news = book.corpus.facts.site.get("news", {})
    made: dict[tuple[str, bool], bytes] = {}
    if news.get("entries"):
        yield _export(book, "feed.atom", book.site.name, "index.html", news["entries"], made)
    for ref, rows in sorted(news.get("of", {}).items()):
        yield _export(book, f"{ref}.atom", str(book.cards[ref]["label"]), f"{ref}.html", rows, made)


def _export(
    book: Book, path: str, title: str, page: str, rows: Sequence[Mapping[str, Any]], made: dict[tuple[str, bool], bytes]
) -> Export:
    """A file of these rows. An entry is `made` once for all feeds that hold it and lie at one depth."""

    def make() -> bytes:
        entries = []
        for row in rows:
            key = (row["id"], "/" in path)
            if key not in made:
                made[key] = _entry(book, path, row)
            entries.append(made[key])
        head = _head(book, path, title, page, max(row["known"] for row in rows))
        return b"\n".join([head.removesuffix(b"</feed>"), *entries, b"</feed>\n"])

    return Export(path, make)


def _head(book: Book, path: str, title: str, page: str, updated: str) -> bytes:
    """The feed without entries; `page` is the page it tells of."""
    root = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": book.site.language})
    _add(root, "id", tag(book, name_in_view(book, path.removesuffix(".atom"))))
    _add(root, "title", title_in_view(book, title))
    if book.site.description:
        _add(root, "subtitle", book.site.description)
    _add(root, "updated", _moment(updated))
    _add(_add(root, "author"), "name", book.site.name)
    _add(root, "rights", _RIGHTS)
    _add(root, "link", rel="alternate", type="text/html", href=address(book.site, path, page))
    if book.site.url:
        _add(root, "link", rel="self", type="application/atom+xml", href=address(book.site, path, path))
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _entry(book: Book, path: str, row: Mapping[str, Any]) -> bytes:
    entry = ElementTree.Element("entry")
    _add(entry, "id", tag(book, row["id"]))
    _add(entry, "title", row["title"])
    _add(entry, "updated", _moment(row["known"]))
    _add(entry, "link", rel="alternate", type="text/html", href=address_of_row(book.site, path, row))
    _add(entry, "summary", _summary(row))
    return ElementTree.tostring(entry, encoding="utf-8", xml_declaration=False)


def _summary(row: Mapping[str, Any]) -> str:
    """When and where it was, and what the record says of it."""
    where = ", ".join(part for part in (dates.in_words(row["date"]), row["place"]) if part)
    return " ".join(part for part in (sentence(where), row["text"]) if part)


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, name, attributes)
    if text:
        child.text = plain(text)
    return child


def _moment(day: str) -> str:
    return f"{day}T00:00:00Z"
