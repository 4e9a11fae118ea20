"""The collection in whole files: CSV tables, JSON Lines, the SQLite database, and their checksums.

A spreadsheet takes a cell that begins with =, +, - or @ for a formula. So a text that begins with one of
these, their full-width forms, a tab or a line end gets an apostrophe in front, and so does one that begins with an
apostrophe: whoever removes one leading apostrophe from a cell has every value back. Numbers stay as they are.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pipeline.export.database import described, make_database
from pipeline.export.documents import API_VERSION, list_entry, shown_view
from pipeline.export.export import Export
from pipeline.export.tables import Table, fact_tables, general_tables, kind_tables, views
from pipeline.model import Kind
from pipeline.render.pages import Book

FOLDER = "data"
DATABASE = "depositary.sqlite"

_HOSTILE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
_BETWEEN = "; "


def exports(book: Book) -> Iterator[Export]:
    """The files, each made anew only where something in the collection changed."""
    key = data_key(book)
    files = list(_files(book, key))
    yield from (file.export for file in files)
    sums = sorted(files, key=lambda file: file.export.path)
    own = _key_of(key, sqlite3.sqlite_version, [file.export.path for file in sums])
    yield Export(f"{FOLDER}/SHA256SUMS", lambda: _sums(sums), own)


def _files(book: Book, key: str) -> Iterator[_File]:
    in_csv = [*kind_tables(book), *fact_tables(book), *(table for table in general_tables(book) if table.name == "names")]
    for table in in_csv:
        yield _File(f"{FOLDER}/{table.name}.csv", lambda table=table: csv_of(table), key)
    yield _File(f"{FOLDER}/columns.csv", lambda: _columns_csv(in_csv), key)
    for kind in book.kinds:
        yield _File(f"{FOLDER}/{kind.name}.jsonl", lambda kind=kind: _json_lines(book, kind), key)
    yield _File(DATABASE, lambda: database_of(book), _key_of(key, sqlite3.sqlite_version))


class _File:
    """One file that remembers the digest of its bytes once it is made, for the list of checksums."""

    def __init__(self, path: str, make: Callable[[], bytes], key: str) -> None:
        self._make = make
        self._digest = ""
        self.export = Export(path, self.make, key)

    def make(self) -> bytes:
        content = self._make()
        self._digest = hashlib.sha256(content).hexdigest()
        return content

    def digest(self) -> str:
        if not self._digest:
            self.make()
        return self._digest


def _sums(files: list[_File]) -> bytes:
    """Checksums as `sha256sum --check` reads them in the folder of the data."""
    lines = []
    for file in files:
        folder, _, name = file.export.path.rpartition("/")
        lines.append(f"{file.digest()}  {name if folder == FOLDER else f'../{file.export.path}'}\n")
    return "".join(lines).encode()


# Keys


def data_key(book: Book) -> str:
    """The digest of everything that the files depend on."""
    digest = hashlib.sha256(_key_of(shown_view(book), book.site.name, book.site.url).encode())
    for name, kind in sorted(book.corpus.kinds.items()):
        digest.update(f"{name} {kind.digest}\n".encode())
    for ref, record in book.corpus.records.items():
        card = book.cards[ref]
        digest.update(_plain([ref, card["label"], card["fields"], card["facts"], record.data]))
    digest.update(_plain(book.corpus.facts.site.get("tables", {})))
    return digest.hexdigest()


def _key_of(*parts: Any) -> str:
    return hashlib.sha256(_plain(parts)).hexdigest()


def _plain(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


# CSV


def csv_of(table: Table) -> bytes:
    """The table as CSV in UTF-8 after RFC 4180, with names in its first row."""
    return _csv([column.name for column in table.columns], table.rows())


def _csv(head: list[str], rows: Iterable[Iterable[Any]]) -> bytes:
    lines = _Lines()
    writer = csv.writer(lines)
    writer.writerow(map(_cell, head))
    writer.writerows(map(_cell, row) for row in rows)
    return "".join(lines).encode()


class _Lines(list[str]):
    """Lines in memory that a writer can write to."""

    write = list.append


def _cell(value: Any) -> str | int:
    """What stands in a cell: no text that a spreadsheet would take for a formula."""
    if isinstance(value, list):
        value = _BETWEEN.join(map(str, value))
    elif isinstance(value, int):
        return int(value)
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_HOSTILE) else text


def _columns_csv(tables: list[Table]) -> bytes:
    return _csv(["table", "column", "type", "description"], described(tables))


# JSON Lines and the database


def _json_lines(book: Book, kind: Kind) -> bytes:
    """Every record of a kind, one a line: its entry in the list, whether it counts, and the record as written."""
    records = sorted((record for record in book.corpus.records.values() if record.kind == kind.name), key=lambda one: one.ref)
    lines = ({**list_entry(book, record), "current": record.is_current, "record": record.data} for record in records)
    return b"".join(_plain(line) + b"\n" for line in lines)


def database_of(book: Book) -> bytes:
    """The SQLite file."""
    view = shown_view(book)
    about = {
        "title": book.site.name,
        "address": book.site.url,
        "api_version": API_VERSION,
        "licence": "CC BY 4.0",
        **(view or {}),
    }
    return make_database(general_tables(book), [*kind_tables(book), *fact_tables(book)], views(book), about)
