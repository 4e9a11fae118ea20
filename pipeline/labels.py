"""What a record is called where it is named: its label, from the fields its kind names.

Shared by the rooms that speak of records (derive, rules, render, explain), so that a record
is called the same everywhere.
"""

from __future__ import annotations

from typing import Any

from pipeline import dates
from pipeline.model import Corpus, Pointer, Record, split_reference

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
            kind_name, identifier, _ = split_reference(str(value))
            return label(corpus, f"{kind_name or reference.kinds[0]}/{identifier}", depth + 1)
    return str(value)


def place_in_words(corpus: Corpus, record: Record, pointer: Pointer) -> str:
    """Where in a record something stands, in the schema's titles: "Offices 2, Contested values 1".

    The last steps that only lead into a citation are left out.
    """
    words: list[str] = []
    node: Any = corpus.kinds[record.kind].schema
    root = node
    for step in pointer:
        if step in ("sources", "source"):
            break
        node = _inner(node, root)
        if isinstance(step, int):
            node = _inner(node, root).get("items", {})
            words[-1:] = [f"{words[-1]} {step + 1}"] if words else [str(step + 1)]
        else:
            child = node.get("properties", {}).get(step, node.get("additionalProperties", {}))
            title = _inner(child, root).get("title", str(step)) if isinstance(child, dict) else str(step)
            words.append(str(title))
            node = child if isinstance(child, dict) else {}
    return ", ".join(words)


def _inner(node: Any, root: Any) -> dict[str, Any]:
    if isinstance(node, dict) and isinstance(node.get("$ref"), str):
        target: Any = root
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target.get(step, {})
        return {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    return node if isinstance(node, dict) else {}
