"""The room that turns the book into files for taking away: data, feeds, an index, pictures. Reads no seeds, writes nothing.

A table of contents that runs: each exporter is one module of this folder with a function
`exports(book)`, which yields what export.py describes. Bytes are a pure function of the book.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from pipeline.export import api, calendars, data, feeds, search, share_cards, site_files, sitemap
from pipeline.export.export import Bundle, Checksums, Export, ExportFailed
from pipeline.render.pages import Book

__all__ = ["EXPORTERS", "Bundle", "Checksums", "Export", "ExportFailed", "all_exports", "all_paths"]

Exported = Export | Bundle | Checksums

#: By the word that the summary of a build has for its files. An exporter that has nothing to say about a project yields nothing.
EXPORTERS: Mapping[str, Callable[[Book], Iterable[Exported]]] = {
    "api": api.exports,
    "data": data.exports,
    "feeds": feeds.exports,
    "calendars": calendars.exports,
    "search": search.exports,
    "sitemap": sitemap.exports,
    "site": site_files.exports,
    "cards": share_cards.exports,
}


def all_exports(book: Book) -> Iterator[tuple[str, Exported]]:
    """What every exporter yields, with the exporter's word."""
    for word, exports in EXPORTERS.items():
        for made in exports(book):
            yield word, made


def all_paths(book: Book) -> Iterator[str]:
    """The path of every file. To know those of a bundle it has to be made."""
    for _, made in all_exports(book):
        yield from (export.path for export in made.make()) if isinstance(made, Bundle) else (made.path,)
