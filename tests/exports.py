"""Books for tests of files for taking away: records to bytes, without publishing a site."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.derive import derive, with_news
from pipeline.export import calendars, feeds, site_files, sitemap
from pipeline.link import link
from pipeline.load import load
from pipeline.model import Corpus, Record, View
from pipeline.render import Book, Site, open_book
from pipeline.validate import validate
from tests.worlds import PROJECT, kinds, seen

ADDRESS = Site(name="Depositary", description="Where treaties stand.", url="https://example.org/treaties/")
NO_ADDRESS = Site(name="Depositary")


@cache
def real() -> Corpus:
    """The project's own records, linked."""
    return link(validate(load(PROJECT, PROJECT)))


@cache
def golden() -> Corpus:
    """The golden world's records, linked."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        shutil.copytree(PROJECT / "tests" / "golden" / "seeds", root / "seeds")
        shutil.copytree(PROJECT / "schemas", root / "schemas")
        return link(validate(load(root, PROJECT)))


def unchecked(records: dict[str, dict[str, Any]]) -> Corpus:
    """A linked corpus of data that no room has refused: what a hostile editor would like to get through."""
    return link(Corpus(kinds(), {ref: Record(*ref.split("/"), f"seeds/{ref}.yaml", data) for ref, data in records.items()}))


def book_of(corpus: Corpus, day: str = "2003-01-01", site: Site = ADDRESS) -> Book:
    """The book of a plain build on a day."""
    return open_book(with_news(derive(corpus, View.on(date.fromisoformat(day)))), site)


def book_as_of(corpus: Corpus, day: str, site: Site = ADDRESS) -> Book:
    """The book of a site that a reader asked for as of a day."""
    return open_book(with_news(seen(corpus, day)), site)


def files(book: Book) -> dict[str, bytes]:
    """The bytes of feeds, calendars, map and small files, by path."""
    found = {}
    for module in (feeds, calendars, sitemap, site_files):
        for export in module.exports(book):
            assert export.path not in found, f"{export.path} is made twice"
            found[export.path] = export.make()
    return found
