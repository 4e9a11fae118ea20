"""The API's documents as plain values: a record, a part of a kind's list, the index. Which there are, and where.

Paths in a document are from the root of the site. A document says which day it shows only where a
reader asked for that day, so that nothing changes at midnight.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.export.fields import pointer_text
from pipeline.export.tables import document_path
from pipeline.model import Kind, Record
from pipeline.render.pages import Book, list_length, number_of_pages

#: Major.minor: a higher minor number adds, a higher major number may break, and has a folder of its own.
API_VERSION = "1.1"
ROOT = "api/v1"

#: Documents of the API itself, whose paths no list of a kind may take.
_OWN = ("index", "openapi", "changelog")


def shown_view(book: Book) -> dict[str, str] | None:
    """The day that was asked for: {as_of, known_by}; None in a plain build."""
    view = book.corpus.facts.view
    return {"as_of": view.as_of.isoformat(), "known_by": view.known_by.isoformat()} if view and view.explicit else None


def record_document(book: Book, record: Record) -> dict[str, Any]:
    """One record: what its editors wrote, what was derived, what it refers to and what refers to it."""
    view = shown_view(book)
    changed = book.corpus.changed.get(record.path, "")
    return {
        "id": record.id,
        "kind": record.kind,
        "ref": record.ref,
        "label": book.cards[record.ref]["label"],
        "page": f"{record.ref}.html",
        "file": record.path,
        **({"changed": changed} if changed else {}),
        "current": record.is_current,
        **({"view": view} if view else {}),
        "record": record.data,
        "derived": book.corpus.facts.pages.get(record.ref, {}),
        "links": [
            {"to": link.target, "pointer": pointer_text(link.pointer), "anchor": link.fragment}
            for link in book.outgoing.get(record.ref, ())
        ],
        "back_links": [
            {"from": link.source, "name": link.inverse, "pointer": pointer_text(link.pointer), "anchor": link.fragment}
            for link in book.incoming.get(record.ref, ())
        ],
    }


def list_entry(book: Book, record: Record) -> dict[str, Any]:
    """One record as lists show it: its card."""
    card = book.cards[record.ref]
    return {
        "id": record.id,
        "kind": record.kind,
        "ref": record.ref,
        "label": card["label"],
        "page": f"{record.ref}.html",
        "document": document_path(record.ref),
        "fields": card["fields"],
        "derived": card["facts"],
    }


def list_path(kind: Kind, number: int = 1) -> str:
    """Where a part of a kind's list goes. No record's id looks like the page of a list."""
    if number > 1 or kind.name in _OWN:
        return f"{ROOT}/{kind.name}/page-{number}.json"
    return f"{ROOT}/{kind.name}.json"


def list_documents(book: Book, kind: Kind) -> Iterator[tuple[str, dict[str, Any]]]:
    """A kind's list in parts of bounded length, each with its path."""
    refs = book.lists[kind.name]
    total, length = number_of_pages(kind, len(refs)), list_length(kind)
    view = shown_view(book)
    for number in range(1, total + 1):
        entries = refs[(number - 1) * length : number * length]
        yield list_path(kind, number), {
            "kind": kind.name,
            "title": kind.plural,
            **({"view": view} if view else {}),
            "count": len(refs),
            "number": number,
            "total": total,
            "previous": list_path(kind, number - 1) if number > 1 else None,
            "next": list_path(kind, number + 1) if number < total else None,
            "entries": [list_entry(book, book.corpus.records[ref]) for ref in entries],
        }


def index_document(book: Book) -> dict[str, Any]:
    """Where everything is: kinds with their counts, lists and schemas, and the files that hold the whole collection."""
    return {
        "version": API_VERSION,
        "title": book.site.name,
        "address": book.site.url,
        "licence": "CC-BY-4.0",
        "view": shown_view(book),
        "kinds": [
            {
                "name": kind.name,
                "title": kind.title,
                "plural": kind.plural,
                "description": kind.description,
                "count": len(book.lists[kind.name]),
                "list": list_path(kind),
                "parts": number_of_pages(kind, len(book.lists[kind.name])),
                "lines": f"data/{kind.name}.jsonl",
                "schema": f"{ROOT}/schemas/documents/{kind.name}.json",
                "record_schema": f"{ROOT}/schemas/records/{kind.name}.json",
                "list_schema": f"{ROOT}/schemas/lists/{kind.name}.json",
            }
            for kind in book.kinds
        ],
        "openapi": f"{ROOT}/openapi.json",
        "changelog": f"{ROOT}/changelog.json",
        "database": "depositary.sqlite",
        "columns": "data/columns.csv",
        "checksums": "data/SHA256SUMS",
    }
