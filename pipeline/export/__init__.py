"""The room that turns the book into files for taking away: data, feeds, an index. Reads no seeds, writes nothing.

A table of contents that runs: each exporter is one module of this folder with a function
`exports(book)`, which yields the files it makes. Bytes are a pure function of the book.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pipeline.export import api, calendars, data, feeds, search, site_files, sitemap
from pipeline.export.export import Export
from pipeline.render.pages import Book

__all__ = ["EXPORTERS", "Export", "all_exports"]

#: In the order of their paths' first folders. An exporter that has nothing to say about a project yields nothing.
EXPORTERS: tuple[Callable[[Book], Iterable[Export]], ...] = (
    api.exports,
    data.exports,
    feeds.exports,
    calendars.exports,
    search.exports,
    sitemap.exports,
    site_files.exports,
)


def all_exports(book: Book) -> Iterator[Export]:
    """Every file of every exporter."""
    for exports in EXPORTERS:
        yield from exports(book)
