"""The API: a JSON document for each record, lists in parts, an index, and what describes them.

What describes them: JSON Schemas below `schemas/`, an OpenAPI description, and a changelog. The schema of a
record's document refers to the published schema of its kind for the part that editors write, and to another
for the part that is derived; a kind whose derived facts nobody describes has an open object there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pipeline.export.documents import API_VERSION, ROOT, index_document, list_documents, list_path, record_document
from pipeline.export.export import Export
from pipeline.export.tables import document_path
from pipeline.model import Kind, Record
from pipeline.render.pages import Book

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

#: Newest first. `pipeline/export/documents.py` holds the version; site/docs/data.md tells the rule.
CHANGES = (
    {
        "version": "1.1",
        "changes": [
            "Schemas of derived facts, schemas/derived/<kind>.json; the schemas of documents refer to them.",
            "A schema for the list of each kind, schemas/lists/<kind>.json; the index names it as list_schema.",
            "`changed` in the document of a record: the day on which its file last changed.",
        ],
    },
    {"version": "1.0", "changes": ["Documents of records, lists in parts, the index, schemas, OpenAPI."]},
)  # fmt: skip


def exports(book: Book) -> Iterator[Export]:
    """Every document of the API."""
    for record in book.corpus.records.values():
        yield Export(document_path(record.ref), lambda record=record: _record(book, record))
    for kind in book.kinds:
        for path, document in list_documents(book, kind):
            yield Export(path, lambda document=document: as_json(document))
        yield Export(f"{ROOT}/schemas/records/{kind.name}.json", lambda kind=kind: as_json(record_schema(book, kind)))
        yield Export(f"{ROOT}/schemas/documents/{kind.name}.json", lambda kind=kind: as_json(document_schema(kind)))
        yield Export(f"{ROOT}/schemas/lists/{kind.name}.json", lambda kind=kind: as_json(list_schema_of(kind)))
        if kind.derived:
            yield Export(f"{ROOT}/schemas/derived/{kind.name}.json", lambda kind=kind: as_json(derived_schema(kind)))
    yield Export(f"{ROOT}/schemas/shared/list.json", lambda: as_json(list_schema()))
    yield Export(f"{ROOT}/schemas/shared/index.json", lambda: as_json(index_schema()))
    yield Export(f"{ROOT}/schemas/shared/changelog.json", lambda: as_json(changelog_schema()))
    yield Export(f"{ROOT}/index.json", lambda: as_json(index_document(book)))
    yield Export(f"{ROOT}/openapi.json", lambda: as_json(openapi(book)))
    yield Export(f"{ROOT}/changelog.json", lambda: as_json({"version": API_VERSION, "releases": list(CHANGES)}))


def _record(book: Book, record: Record) -> bytes:
    return as_json(record_document(book, record))


def as_json(value: Any) -> bytes:
    """A document's bytes: one line of UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


# Schemas


def record_schema(book: Book, kind: Kind) -> dict[str, Any]:
    """The schema of what editors write. Of a day that was asked for parts of a record are held back: nothing is required then."""
    schema: Any = {"$schema": _DIALECT, **{key: value for key, value in kind.schema.items() if key != "$schema"}}
    view = book.corpus.facts.view
    return _without_demands(schema) if view is not None and view.explicit else schema


_DEMANDS = ("required", "minItems", "minProperties", "dependentRequired", "if", "then", "else", "oneOf", "anyOf", "allOf", "not")


def _without_demands(node: Any, is_schema: bool = True) -> Any:
    """A schema that asks for less: what a view holds back may be missing."""
    if isinstance(node, list):
        return [_without_demands(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: value for key, value in node.items() if not (is_schema and key in _DEMANDS)}
    by_name = ("properties", "$defs", "patternProperties")
    return {key: _without_demands(value, not (is_schema and key in by_name)) for key, value in kept.items()}


def derived_schema(kind: Kind) -> dict[str, Any]:
    """The schema of what is derived for a record of this kind; what lists show of it stands under `$defs/card`."""
    return {"$schema": _DIALECT, **{key: value for key, value in kind.derived.items() if key != "$schema"}}


def _derived(kind: Kind, fragment: str, description: str) -> dict[str, Any]:
    """A reference to the schema of derived facts, or to a part of it; an open object where there is none."""
    found: dict[str, Any] = {"$ref": f"../derived/{kind.name}.json{fragment}"} if kind.derived else {"type": "object"}
    return {**found, "description": description}


def _text(description: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "description": description, **more}


def _object(properties: dict[str, Any], optional: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False, **more}


_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def _view() -> dict[str, Any]:
    days = {
        "as_of": _text("How things stood at the end of this day.", pattern=_DAY),
        "known_by": _text("What was public by then.", pattern=_DAY),
    }
    return _object(days, description="The day shown, where one was asked for.")


_REF = {"type": "string", "pattern": "^[a-z0-9-]+/[a-z0-9-]+$"}


def document_schema(kind: Kind) -> dict[str, Any]:
    """The schema of the document of a record of this kind."""
    place = _text("Where in the record that refers, as a JSON Pointer.")
    anchor = _text("The place on the page of the record referred to, such as a provision; empty for all of it.")
    link = _object({"to": {**_REF, "description": "The record referred to."}, "pointer": place, "anchor": anchor})
    name = _text("What the link is called here; several records may refer under one name.")
    back = _object({"from": {**_REF, "description": "The record that refers."}, "name": name, "pointer": place, "anchor": anchor})
    properties = {
        "id": _text("The record's id."),
        "kind": {"const": kind.name},
        "ref": {**_REF, "description": "The record's name everywhere: kind/id."},
        "label": _text("What it is called."),
        "page": _text("Its page, from the root of the site."),
        "file": _text("The file that its editors wrote, from the root of the project."),
        "changed": _text("The day on which that file last changed; absent where no history tells it.", pattern=_DAY),
        "current": {"type": "boolean", "description": "False where it was withdrawn or moved: it then counts in nothing."},
        "view": _view(),
        "record": {"$ref": f"../records/{kind.name}.json", "description": "What its editors wrote."},
        "derived": _derived(kind, "", "What was derived from all records."),
        "links": {"type": "array", "items": link, "description": "What it refers to, citations included."},
        "back_links": {"type": "array", "items": back, "description": "What refers to it."},
    }
    return {"$schema": _DIALECT, "title": f"{kind.title}: document", **_object(properties, ("changed", "view"))}


def list_schema() -> dict[str, Any]:
    """The schema of a part of a list, of any kind."""
    words = "As its editors wrote them, the fields that other pages show of it; references have labels."
    entry = _object({
        "id": _text("The record's id."), "kind": _text("Its kind."), "ref": _REF, "label": _text("What it is called."),
        "page": _text("Its page."), "document": _text("Its document."), "fields": {"type": "object", "description": words},
        "derived": {"type": "object", "description": "The derived facts that other pages show of it."},
    })  # fmt: skip
    number = {"type": "integer", "minimum": 1}
    properties = {
        "kind": _text("The kind listed."),
        "title": _text("What the list is called."),
        "view": _view(),
        "count": {"type": "integer", "minimum": 0, "description": "Records in the whole list."},
        "number": {**number, "description": "Which part this is."},
        "total": {**number, "description": "How many parts there are."},
        "previous": {"type": ["string", "null"], "description": "The path of the part before."},
        "next": {"type": ["string", "null"], "description": "The path of the part that follows."},
        "entries": {"type": "array", "maxItems": 200, "items": entry},
    }
    return {"$schema": _DIALECT, "title": "Part of a list", **_object(properties, ("view",))}


def list_schema_of(kind: Kind) -> dict[str, Any]:
    """The schema of a part of the list of this kind: that of every list, and what is derived for its records."""
    card = _derived(kind, "#/$defs/card", "The derived facts that other pages show of it.")
    properties = {"kind": {"const": kind.name}, "entries": {"items": {"properties": {"derived": card}}}}
    return {
        "$schema": _DIALECT,
        "title": f"{kind.plural}: part of the list",
        "allOf": [{"$ref": "../shared/list.json"}],
        "properties": properties,
    }


def index_schema() -> dict[str, Any]:
    """The schema of the index."""
    words = ("name", "title", "plural", "description", "list", "lines", "schema", "record_schema", "list_schema")
    count = {"type": "integer", "minimum": 0}
    kind = _object({**{word: {"type": "string"} for word in words}, "count": count, "parts": count})
    paths = ("openapi", "changelog", "database", "columns", "checksums")
    properties = {
        "version": _text("The API's version.", pattern="^[0-9]+\\.[0-9]+$"),
        "title": _text("What the site is called."),
        "address": _text("Its address, where it has one."),
        "licence": _text("The licence of the records."),
        "view": {"anyOf": [{"type": "null"}, _view()]},
        "kinds": {"type": "array", "items": kind},
        **{name: _text("A path from the root of the site.") for name in paths},
    }
    return {"$schema": _DIALECT, "title": "Index", **_object(properties)}


def changelog_schema() -> dict[str, Any]:
    """The schema of the changelog."""
    release = _object({"version": {"type": "string"}, "changes": {"type": "array", "items": {"type": "string"}}})
    properties = {"version": {"type": "string"}, "releases": {"type": "array", "items": release}}
    return {"$schema": _DIALECT, "title": "Changelog of the API", **_object(properties)}


# OpenAPI


def openapi(book: Book) -> dict[str, Any]:
    """The description of the API in OpenAPI 3.1."""
    paths: dict[str, Any] = {
        "/index.json": _operation("index", "Where everything is", "shared/index"),
        "/changelog.json": _operation("changelog", "What changed in the API", "shared/changelog"),
    }
    for kind in book.kinds:
        first = list_path(kind).removeprefix(ROOT)
        number = {"type": "integer", "minimum": 1}
        paths[first] = _operation(f"list-{kind.name}", f"{kind.plural}: the first part of the list", f"lists/{kind.name}")
        paths[f"/{kind.name}/page-{{number}}.json"] = _operation(
            f"page-of-{kind.name}", f"{kind.plural}: a further part of the list", f"lists/{kind.name}", "number", number
        )
        paths[f"/{kind.name}/{{id}}.json"] = _operation(
            f"get-{kind.name}", f"{kind.title}: one record", f"documents/{kind.name}", "id", {"type": "string"}
        )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{book.site.name} data",
            "version": API_VERSION,
            "description": "Static files. A higher minor version adds; what may break has a folder of its own.",
            "license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
        },
        "servers": [{"url": f"{book.site.url.rstrip('/')}/{ROOT}" if book.site.url else "."}],
        "paths": paths,
    }


def _operation(name: str, summary: str, schema: str, parameter: str = "", of: dict[str, Any] | None = None) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"schemas/{schema}.json"}}}
    get: dict[str, Any] = {"operationId": name, "summary": summary}
    if parameter:
        get["parameters"] = [{"name": parameter, "in": "path", "required": True, "schema": of}]
    responses: dict[str, Any] = {"200": {"description": "The document.", "content": content}}
    if parameter:
        responses["404"] = {"description": "There is none of that name."}
    return {"get": {**get, "responses": responses}}
