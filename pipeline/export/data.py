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
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from pipeline.export.database import described, make_database
from pipeline.export.documents import API_VERSION, list_entry, shown_view
from pipeline.export.export import Checksums, Export, ExportFailed
from pipeline.export.tables import Table, fact_tables, general_tables, kind_tables, views
from pipeline.model import Kind
from pipeline.render.pages import Book

FOLDER = "data"
DATABASE = "depositary.sqlite"

_HOSTILE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
_BETWEEN = "; "


def exports(book: Book) -> Iterator[Export | Checksums]:
    """The files, each made anew only where something that it holds changed, and their checksums."""
    files = list(_files(book, Digests.of(book)))
    yield from files
    yield Checksums(f"{FOLDER}/SHA256SUMS", partial(_sums, sorted(file.path for file in files)))


def _files(book: Book, digests: Digests) -> Iterator[Export]:
    in_csv: list[Table] = []
    for kind, table in zip(book.kinds, kind_tables(book), strict=True):
        in_csv.append(table)
        yield _csv_file(table, digests.kinds[kind.name], digests.labels)
    for name, table in zip(digests.facts, fact_tables(book), strict=True):
        in_csv.append(table)
        yield _csv_file(table, digests.facts[name], digests.labels)
    names = next(table for table in general_tables(book) if table.name == "names")
    in_csv.append(names)
    yield _csv_file(names, *digests.kinds.values())
    yield Export(f"{FOLDER}/columns.csv", lambda: _columns_csv(in_csv), _digest_of([digests.schemas, list(digests.facts)]))
    for kind in book.kinds:
        yield Export(f"{FOLDER}/{kind.name}.jsonl", partial(_json_lines, book, kind), digests.kinds[kind.name])
    yield Export(DATABASE, partial(database_of, book), _digest_of([asdict(digests), sqlite3.sqlite_version]))


def _csv_file(table: Table, *digests: str) -> Export:
    return Export(f"{FOLDER}/{table.name}.csv", partial(csv_of, table), _digest_of(digests))


def _sums(paths: list[str], digests: Mapping[str, str]) -> bytes:
    """Checksums as `sha256sum --check` reads them in the folder of the data."""
    lines = []
    for path in paths:
        folder, _, name = path.rpartition("/")
        lines.append(f"{digests[path]}  {name if folder == FOLDER else f'../{path}'}\n")
    return "".join(lines).encode()


@dataclass(frozen=True, slots=True)
class Digests:
    """Digests of what the files are made of, so that a file's key names no more than it holds.

    `kinds`: by kind its schema, and its records with their cards; `facts`: by table its rows; `schemas`: all schemas;
    `labels`: what records are called, which stands beside every reference; `about`: what the database says of itself.
    """

    kinds: dict[str, str]
    facts: dict[str, str]
    schemas: str
    labels: str
    about: str

    @classmethod
    def of(cls, book: Book) -> Digests:
        """One walk over the collection."""
        kinds = {kind.name: hashlib.sha256(kind.digest.encode()) for kind in book.kinds}
        labels = hashlib.sha256()
        for ref, record in book.corpus.records.items():
            card = book.cards[ref]
            kinds[record.kind].update(_plain([ref, card["label"], card["fields"], card["facts"], record.data]))
            labels.update(_plain([ref, card["label"]]))
        made = book.corpus.facts.site.get("tables", {})
        return cls(
            kinds={name: digest.hexdigest() for name, digest in kinds.items()},
            facts={name: _digest_of(table) for name, table in made.get("tables", {}).items()},
            schemas=_digest_of([kind.digest for kind in book.kinds]),
            labels=labels.hexdigest(),
            about=_digest_of([shown_view(book), book.site.name, book.site.url, made.get("views", {})]),
        )


def _digest_of(value: Any) -> str:
    return hashlib.sha256(_plain(value)).hexdigest()


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
    try:
        return make_database(general_tables(book), [*kind_tables(book), *fact_tables(book)], views(book), about)
    except sqlite3.OperationalError as error:
        if "fts5" not in str(error):
            raise
        raise ExportFailed(
            f"{DATABASE} cannot be made: SQLite {sqlite3.sqlite_version} of this Python comes without full-text search (FTS5). "
            "Use a Python whose SQLite has it."
        ) from error
