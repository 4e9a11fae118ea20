"""What a record is called where it is named: its label, from the fields its kind names.

Shared by the rooms that speak of records (derive, rules, render, explain), so that a record
is called the same everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline import dates
from pipeline.model import Corpus, Pointer, Record, split_reference

#: Keys whose values are citations.
_CITATIONS = ("sources", "source")
_MAX_DEPTH = 3


def label(corpus: Corpus, ref: str, depth: int = 0) -> str:
    """The label of a record by reference; the id where there is no such record.

    The first label field present decides; where the kind is labelled by several fields that
    are not names (speaker, date), they are joined. References are replaced by labels.
    """
    record = corpus.records.get(ref)
    if record is None:
        return split_reference(ref)[1]
    kind = corpus.kinds[record.kind]
    parts = [_part(corpus, record, name, depth) for name in kind.label if record.data.get(name)]
    if not parts:
        return record.id
    joined = any((name,) in kind.date_paths for name in kind.label)
    return ", ".join(parts) if joined else parts[0]


def _part(corpus: Corpus, record: Record, name: str, depth: int) -> str:
    value = record.data[name]
    kind = corpus.kinds[record.kind]
    if (name,) in kind.date_paths:
        return dates.in_words(str(value))
    for reference in kind.references:
        if reference.pattern == (name,) and depth < _MAX_DEPTH:
            return _label_of(corpus, str(value), reference.kinds[0], depth + 1)
    return str(value)


def _label_of(corpus: Corpus, reference: str, kind: str, depth: int = 0) -> str:
    """The label of what a reference names: a record of this kind, unless it says another."""
    own, identifier, _ = split_reference(reference)
    return label(corpus, f"{own or kind}/{identifier}", depth)


def in_brackets(words: str) -> str:
    """Words in brackets: brackets of their own, as in "Republic of China (Taiwan)", become square ones."""
    return f"({words.replace('(', '[').replace(')', ']')})"


def place_in_words(corpus: Corpus, record: Record, pointer: Pointer) -> str:
    """Where in a record something stands: "Deputy Foreign Minister, Contested value 2", "Article 4, Obligation 1".

    An entry of a list has the name that was derived for it, or else the value of the field that its schema names as
    x-label; one without a name has its title, or among plain values that of the list, and its number.
    A citation stands where that is which cites it.
    """
    words: list[str] = []
    derived = corpus.facts.entries.get(record.ref, {})
    node: Any = corpus.kinds[record.kind].schema
    root = node
    value: Any = record.data
    pointer = without_citation(pointer)
    for depth, step in enumerate(pointer):
        node = _inner(node, root)
        if isinstance(step, int):
            node = _inner(node.get("items", {}), root)
            value = value[step] if isinstance(value, list) and step < len(value) else None
            title = node["title"] if "properties" in node and "title" in node else "".join(words[-1:])
            known = derived.get(pointer[: depth + 1])
            name = known.name if known else _entry_name(corpus, node, value)
            words[-1:] = [name or f"{title} {step + 1}".strip()]
        else:
            child = node.get("properties", {}).get(step, node.get("additionalProperties", {}))
            title = _inner(child, root).get("title", str(step)) if isinstance(child, dict) else str(step)
            words.append(str(title))
            node = child if isinstance(child, dict) else {}
            value = value.get(step) if isinstance(value, dict) else None
    return ", ".join(words)


def anchor_of_place(corpus: Corpus, record: Record, pointer: Pointer) -> str:
    """Where on the record's page that stands: at the innermost entry around it that has an anchor; empty where none has."""
    derived = corpus.facts.entries.get(record.ref, {})
    around = (derived[pointer[:depth]].anchor for depth in range(len(pointer), 0, -1) if pointer[:depth] in derived)
    return next(filter(None, around), "")


def without_citation(pointer: Pointer) -> Pointer:
    """The place of what cites, where the pointer leads into a citation."""
    end = next((depth for depth, step in enumerate(pointer) if step in _CITATIONS), len(pointer))
    return pointer[:end]


def _entry_name(corpus: Corpus, node: Mapping[str, Any], entry: Any) -> str:
    """What the field that an entry's schema names as x-label says: the label of the record, where it is a reference."""
    name = node.get("x-label")
    value = entry.get(name) if name and isinstance(entry, dict) else None
    if not isinstance(value, (str, int)):
        return ""
    kinds = node.get("properties", {}).get(name, {}).get("x-ref")
    return _label_of(corpus, str(value), kinds if isinstance(kinds, str) else kinds[0]) if kinds else str(value)


def _inner(node: Any, root: Any) -> dict[str, Any]:
    if isinstance(node, dict) and isinstance(node.get("$ref"), str):
        target: Any = root
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target.get(step, {})
        return {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    return node if isinstance(node, dict) else {}
