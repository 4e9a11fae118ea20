"""What a kind's schema says about its fields, for rooms that know no kind: which are flat, and which hold free text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipeline.link import resolve
from pipeline.model import Kind, Pointer, Record, values_at

#: Deeper than this no field is looked for.
_MAX_DEPTH = 10
_FLAT_DEPTH = 3

#: What says that a text is not free: it names something, is one of a list, or has a form of its own.
_NOT_FREE = ("enum", "const", "x-ref", "x-date", "format", "pattern")

Pattern = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One flat field of a kind: its place, its type (text, integer, date, reference, list), what its schema says of it.

    `kinds` are those that a reference, or the items of a list of references, may be of; None where it is something else.
    """

    pattern: Pattern
    type: str
    description: str
    kinds: tuple[str, ...] | None = None


def pointer_text(pointer: Pointer) -> str:
    """A place in a record as a JSON Pointer."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in pointer)


@lru_cache(maxsize=256)
def _by_pattern(references: tuple[Any, ...]) -> Mapping[Pattern, tuple[str, ...]]:
    return {reference.pattern: reference.kinds for reference in references}


def flat_fields(kind: Kind) -> list[Field]:
    """The fields that fit one cell, in the schema's order: single values, values of objects, lists of single values."""
    return list(_flat(kind, kind.schema, ()))


def _flat(kind: Kind, node: Mapping[str, Any], place: Pattern) -> Iterator[Field]:
    for name, written in node.get("properties", {}).items():
        child, pattern = _resolved(kind, written), (*place, name)
        description = str(child.get("description") or child.get("title") or "")
        if child.get("type") == "object" and len(pattern) < _FLAT_DEPTH:
            yield from _flat(kind, child, pattern)
        elif child.get("type") == "array" and _resolved(kind, child.get("items")).get("type") in ("string", "integer"):
            yield Field(pattern, "list", description, _by_pattern(kind.references).get((*pattern, "*")))
        elif child.get("type") in ("string", "integer", "boolean"):
            yield Field(pattern, _type_of(kind, pattern, child), description, _by_pattern(kind.references).get(pattern))


def _type_of(kind: Kind, pattern: Pattern, node: Mapping[str, Any]) -> str:
    if pattern in _by_pattern(kind.references):
        return "reference"
    if pattern in kind.date_paths:
        return "date"
    return "text" if node["type"] == "string" else "integer"


def flat_value(record: Record, field: Field) -> Any:
    """The value of a flat field, references as kind/id; nothing where the record does not have it."""
    node: Any = record.data
    for step in field.pattern:
        if not isinstance(node, Mapping) or step not in node:
            return [] if field.type == "list" else ""
        node = node[step]
    if field.type == "list":
        return [resolve(str(item), field.kinds) if field.kinds else item for item in node] if isinstance(node, list) else []
    if field.kinds is not None:
        return resolve(str(node), field.kinds)
    return int(node) if isinstance(node, bool) else node


def text_patterns(kind: Kind) -> list[Pattern]:
    """Where a kind's records hold free text, citations and names left out."""
    found = {pattern for pattern, node in _leaves(kind, kind.schema, (), ()) if _is_free(node)}
    names = {("names", "*"), ("aliases", "*"), *((name,) for name in kind.label)}
    return sorted(pattern for pattern in found - names if "sources" not in pattern)


def _is_free(node: Mapping[str, Any]) -> bool:
    return node.get("type") == "string" and not any(word in node for word in _NOT_FREE)


def _leaves(kind: Kind, node: Any, pattern: Pattern, followed: tuple[str, ...]) -> Iterator[tuple[Pattern, Mapping[str, Any]]]:
    """Every place of a single value with its schema. Each shape is entered once on the way to a place."""
    if not isinstance(node, Mapping) or len(pattern) > _MAX_DEPTH or node.get("$ref") in followed:
        return
    if "$ref" in node:
        followed = (*followed, node["$ref"])
        node = _resolved(kind, node)
    yield pattern, node
    for name, child in node.get("properties", {}).items():
        yield from _leaves(kind, child, (*pattern, name), followed)
    for keyword in ("items", "additionalProperties"):
        yield from _leaves(kind, node.get(keyword), (*pattern, "*"), followed)
    for keyword in ("then", "else"):
        yield from _leaves(kind, node.get(keyword), pattern, followed)
    for keyword in ("oneOf", "anyOf", "allOf"):
        for branch in node.get(keyword, []):
            yield from _leaves(kind, branch, pattern, followed)


def _resolved(kind: Kind, node: Any) -> Mapping[str, Any]:
    """A schema with the shared shape it refers to merged in."""
    if not isinstance(node, Mapping):
        return {}
    if not isinstance(node.get("$ref"), str):
        return node
    target: Any = kind.schema
    for step in node["$ref"].removeprefix("#/").split("/"):
        target = target.get(step, {}) if isinstance(target, Mapping) else {}
    return {**_resolved(kind, target), **{key: value for key, value in node.items() if key != "$ref"}}


def name_fields(kind: Kind) -> list[str]:
    """The fields that name a kind's records by themselves: no date, and no other record."""
    references = _by_pattern(kind.references)
    return [field for field in kind.label if (field,) not in references and (field,) not in kind.date_paths]


def names_of(fields: list[str], record: Record) -> Iterator[tuple[str, str, str]]:
    """What a record is called: (which name it is, language, name). The first is the one in the site's language."""
    for field in fields:
        value = record.data.get(field)
        if isinstance(value, str):
            yield field, "", value
    names, aliases = record.data.get("names"), record.data.get("aliases")
    for language, name in names.items() if isinstance(names, Mapping) else ():
        if isinstance(name, str):
            yield "names", language, name
    for alias in aliases if isinstance(aliases, list) else ():
        if isinstance(alias, str):
            yield "aliases", "", alias


def strings_at(record: Record, patterns: list[Pattern]) -> Iterator[tuple[Pointer, str]]:
    """The texts of a record at these places, in their order."""
    for pattern in patterns:
        if pattern[0] in record.data:
            for pointer, value in values_at(record.data, pattern):
                if isinstance(value, str):
                    yield pointer, value
