"""The book as tables: one for each kind, those of the facts, and general ones. CSV files and the database are made of these.

In a table as made here a column of type `date` is followed by the first and the last day it may mean,
and one of type `reference` by the label of the record it names.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from pipeline import dates
from pipeline.export.fields import Field, flat_fields, flat_value, name_fields, names_of, pointer_text, strings_at, text_patterns
from pipeline.model import Kind, Link, Record, values_at
from pipeline.render.pages import Book

#: Names that no kind's table may take: of the general tables, and of what the database adds.
GENERAL = ("records", "names", "links", "citations", "dates", "texts")
_RESERVED = (
    *GENERAL, "about", "columns", "search", "search_data", "search_idx", "search_rows", "search_docsize", "search_config",
)

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its type (text, integer, date, reference, list), what it holds."""

    name: str
    type: str
    description: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table. Its rows are made each time they are asked for, so that none is kept in memory."""

    name: str
    description: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterator[Row]]


def kind_tables(book: Book) -> list[Table]:
    """One table for each kind: every record of it, withdrawn and moved ones included, by id."""
    names = table_names(book)
    return [_kind_table(book, kind, names[kind.name]) for kind in book.kinds]


def fact_tables(book: Book) -> list[Table]:
    """The tables that derivation made, in its order."""
    return [
        _wide(book, name, made["description"], [Column(**column) for column in made["columns"]], lambda made=made: made["rows"])
        for name, made in _made(book, "tables").items()
    ]


def views(book: Book) -> Mapping[str, Mapping[str, str]]:
    """SQL views over those, by name: {description, sql}."""
    return _made(book, "views")


def _made(book: Book, what: str) -> Mapping[str, Any]:
    return book.corpus.facts.site.get("tables", {}).get(what, {})


def table_names(book: Book) -> dict[str, str]:
    """The name of each kind's table: the kind's own, with underscores, unless a table has that name already."""
    taken = {*_RESERVED, *_made(book, "tables"), *_made(book, "views")}
    names = {}
    for kind in book.kinds:
        name = kind.name.replace("-", "_")
        while name in taken or name.startswith("sqlite_"):
            name = f"kind_{name}"
        taken.add(name)
        names[kind.name] = name
    return names


def _kind_table(book: Book, kind: Kind, name: str) -> Table:
    fields = flat_fields(kind)
    columns = [
        Column("ref", "text", "The record, as kind/id."),
        Column("id", "text", "Its id."),
        Column("label", "text", "What it is called."),
        Column("current", "integer", "1 where it counts, 0 where it was withdrawn or moved."),
        *(Column("_".join(field.pattern), field.type, field.description) for field in fields),
    ]

    def rows() -> Iterator[list[Any]]:
        for record in _sorted_records(book, kind.name):
            yield _kind_row(book, record, fields)

    return _wide(book, name, kind.description, columns, rows)


def _kind_row(book: Book, record: Record, fields: list[Field]) -> list[Any]:
    start = [record.ref, record.id, book.cards[record.ref]["label"], int(record.is_current)]
    return start + [flat_value(record, field) for field in fields]


def _sorted_records(book: Book, kind: str = "") -> list[Record]:
    found = (record for record in book.corpus.records.values() if not kind or record.kind == kind)
    return sorted(found, key=lambda record: record.ref)


# Wide tables: dates with their first and last day, references with labels


def _wide(book: Book, name: str, description: str, columns: list[Column], rows: Callable[[], Iterable[Any]]) -> Table:
    wide: list[Column] = []
    for column in columns:
        wide += [column, *_beside(column)]
    types = tuple(column.type for column in columns)
    if not {"date", "reference"} & set(types):
        return Table(name, description, _with_own_names(wide), lambda: iter(rows()))
    return Table(name, description, _with_own_names(wide), lambda: (_wide_row(book, types, row) for row in rows()))


def _beside(column: Column) -> list[Column]:
    if column.type == "date":
        first = Column(f"{column.name}_first", "text", f"The first day that {column.name} may mean.")
        return [first, Column(f"{column.name}_last", "text", f"The last day that {column.name} may mean.")]
    if column.type == "reference":
        return [Column(f"{column.name}_label", "text", f"What {column.name} is called.")]
    return []


def _with_own_names(columns: list[Column]) -> tuple[Column, ...]:
    """The columns with names that differ from each other in more than capitals, as SQL asks for."""
    taken: set[str] = set()
    out = []
    for column in columns:
        name, number = column.name, 1
        while name.casefold() in taken:
            number += 1
            name = f"{column.name}_{number}"
        taken.add(name.casefold())
        out.append(Column(name, column.type, column.description))
    return tuple(out)


def _wide_row(book: Book, types: tuple[str, ...], row: Iterable[Any]) -> Row:
    out: list[Any] = []
    for kind, value in zip(types, row, strict=True):
        out.append(value)
        if kind == "date":
            out += bounds(str(value))
        elif kind == "reference":
            out.append(_label(book, str(value)))
    return tuple(out)


@lru_cache(maxsize=65536)
def bounds(text: str) -> tuple[str, str]:
    """The first and the last day that a date may mean; empty where it has none."""
    span = dates.parse(text) if text else None
    if span is None:
        return "", ""
    first, last = span.earliest, span.latest
    return "" if first == date.min else first.isoformat(), "" if last == date.max else last.isoformat()


def _label(book: Book, ref: str) -> str:
    card = book.cards.get(ref.partition("#")[0])
    return str(card["label"]) if card else ""


# General tables


def general_tables(book: Book) -> list[Table]:
    """What every kind has: the records themselves, names, links, citations, dates and texts."""
    described = {
        "records": ("Every record.", _RECORDS, _records),
        "names": ("Every name of every record.", _NAMES, _names),
        "links": ("Every reference from one record to another, citations included.", _LINKS, _links),
        "citations": ("Every citation of a source.", _CITATIONS, _citations),
        "dates": ("Every date.", _DATES, _dates),
        "texts": ("Every free text.", _TEXTS, _texts),
    }
    return [
        _wide(book, name, description, columns, lambda rows=rows: rows(book))
        for name, (description, columns, rows) in described.items()
    ]


_REF = Column("ref", "text", "The record, as kind/id.")
_POINTER = Column("pointer", "text", "Where in the record, as a JSON Pointer.")
_RECORDS = [
    _REF, Column("kind", "text", "Its kind."), Column("id", "text", "Its id."), Column("label", "text", "What it is called."),
    Column("page", "text", "Its page, from the root of the site."),
    Column("document", "text", "Its JSON document, from the root of the site."),
    Column("current", "integer", "1 where it counts, 0 where it was withdrawn or moved."),
    Column("record", "text", "What its editors wrote, as JSON."),
]  # fmt: skip
_NAMES = [
    _REF, Column("field", "text", "The field that holds the name."), Column("lang", "text", "Its language, where it is given."),
    Column("name", "text", "The name."),
]  # fmt: skip
_LINKS = [
    Column("source", "text", "The record that refers."), Column("target", "text", "The record it refers to."), _POINTER,
    Column("name", "text", "What the link is called on the other record."),
    Column("anchor", "text", "The place on the other record's page."),
]  # fmt: skip
_CITATIONS = [
    _REF, _POINTER, Column("source", "text", "The source cited."), Column("at", "text", "Where in the source."),
    Column("quote", "text", "In the source's words."), Column("lang", "text", "The language of those."),
]  # fmt: skip
_DATES = [_REF, _POINTER, Column("date", "date", "The date as written.")]
_TEXTS = [_REF, _POINTER, Column("text", "text", "The text.")]


def document_path(ref: str) -> str:
    """Where a record's JSON document goes, from the root of the site."""
    return f"api/v1/{ref}.json"


def _records(book: Book) -> Iterator[Row]:
    for record in _sorted_records(book):
        written = json.dumps(record.data, ensure_ascii=False, sort_keys=True)
        label, page, document = book.cards[record.ref]["label"], f"{record.ref}.html", document_path(record.ref)
        yield record.ref, record.kind, record.id, label, page, document, int(record.is_current), written


def _names(book: Book) -> Iterator[Row]:
    fields = {kind.name: name_fields(kind) for kind in book.kinds}
    for record in _sorted_records(book):
        for field, language, name in names_of(fields[record.kind], record):
            yield record.ref, field, language, name


def _sorted_links(book: Book) -> Iterator[Link]:
    for ref in sorted(book.outgoing):
        yield from book.outgoing[ref]


def _links(book: Book) -> Iterator[Row]:
    for link in _sorted_links(book):
        yield link.source, link.target, pointer_text(link.pointer), link.inverse, link.fragment


def _citations(book: Book) -> Iterator[Row]:
    for link in _sorted_links(book):
        if "sources" not in link.pointer:
            continue
        place = link.pointer[:-1] if isinstance(link.pointer[-1], str) else link.pointer
        held: Any = book.corpus.records[link.source].data
        for step in place:
            held = held[step]
        words = held if isinstance(held, Mapping) else {}
        yield link.source, pointer_text(place), link.target, words.get("at", ""), words.get("quote", ""), words.get("lang", "")


def _dates(book: Book) -> Iterator[Row]:
    for record in _sorted_records(book):
        for pattern in book.corpus.kinds[record.kind].date_paths:
            if pattern[0] in record.data:
                for pointer, value in values_at(record.data, pattern):
                    yield record.ref, pointer_text(pointer), str(value)


def _texts(book: Book) -> Iterator[Row]:
    patterns = {kind.name: text_patterns(kind) for kind in book.kinds}
    for record in _sorted_records(book):
        for pointer, text in strings_at(record, patterns[record.kind]):
            yield record.ref, pointer_text(pointer), text
