"""Schema files to Kinds: each schema complete in itself, its references found, checked at start.

Nothing is fetched: a `$ref` may point into the same file or into common.schema.json, and
anything else is a finding. What our own keywords mean:

x-kind     plural, order, label, sort, group, summary: how the kind is listed
x-ref      the value names a record of this kind, or of one of these kinds, or of any ("*")
x-inverse  {name, label}: what the link is called on the page of the record it points at
x-fragment the reference may end in #anchor
x-card     the field is shown on other records' pages
x-date     the value is a date in the subset of EDTF
x-prose    the value is short CommonMark
x-hint     the help printed when the property is wrong or missing
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from pipeline.model import Kind, Reference

COMMON = "common.schema.json"
_SUFFIX = ".schema.json"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,59}")
_SHARED = f"{COMMON}#/$defs/"


def load_kinds(root: Path, shipped: Path) -> tuple[dict[str, Kind], list[tuple[str, str, str]]]:
    """Kinds by name, and (path, message, help) for each schema that cannot be used.

    The shared pieces come from the root's schemas/common.schema.json, or from the shipped one.
    """
    problems: list[tuple[str, str, str]] = []
    folder = root / "schemas"
    common_path = folder / COMMON if (folder / COMMON).is_file() else shipped / "schemas" / COMMON
    common = _read_json(common_path, f"schemas/{COMMON}", problems) or {}
    kinds = {}
    for path in sorted(folder.glob(f"*{_SUFFIX}")):
        if path.name == COMMON:
            continue
        relative = f"schemas/{path.name}"
        name = path.name[: -len(_SUFFIX)]
        if _NAME.fullmatch(name) is None:
            problems.append((relative, f"'{name}' cannot be the name of a kind", "Use small letters, digits and hyphens."))
            continue
        schema = _read_json(path, relative, problems)
        if schema is not None:
            kind = _kind(name, relative, schema, common, problems)
            if kind is not None:
                kinds[name] = kind
    return kinds, problems


def _read_json(path: Path, relative: str, problems: list[tuple[str, str, str]]) -> dict[str, Any] | None:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        problems.append((relative, f"the schema cannot be read: {error}", "Correct the JSON."))
        return None
    if not isinstance(value, dict):
        problems.append((relative, "a schema is a JSON object", "Begin with {."))
        return None
    return value


def _kind(name: str, path: str, schema: dict[str, Any], common: dict[str, Any], problems: list[tuple[str, str, str]]) -> Kind | None:
    complete = _with_shared_pieces(schema, common)
    foreign = sorted(_foreign_references(complete))
    if foreign:
        cure = f"Point into the same file (#/$defs/…) or into {COMMON}."
        problems.append((path, f"the reference '{foreign[0]}' leaves the project", cure))
        return None
    missing = sorted(ref for ref in _references_in(complete) if _resolve(complete, ref) is None)
    if missing:
        problems.append((path, f"the reference '{missing[0]}' leads nowhere", f"Define it in this file or in {COMMON}."))
        return None
    listing = complete.get("x-kind", {})
    places = _Places(complete)
    title = complete.get("title", name)
    return Kind(
        name=name,
        title=title,
        plural=listing.get("plural", f"{title}s"),
        description=complete.get("description", ""),
        schema=complete,
        digest=hashlib.sha256(json.dumps(complete, sort_keys=True).encode()).hexdigest(),
        path=path,
        order=listing.get("order", 100),
        label=tuple(listing.get("label", ["name"])),
        sort=listing.get("sort", "name"),
        group=listing.get("group", ""),
        summary=listing.get("summary", ""),
        card=tuple(sorted(places.card)),
        references=tuple(sorted(places.references, key=lambda reference: reference.pattern)),
        date_paths=tuple(sorted(places.dates)),
        prose_paths=tuple(sorted(places.prose)),
    )


def _with_shared_pieces(schema: dict[str, Any], common: dict[str, Any]) -> dict[str, Any]:
    """The schema with the shared definitions it uses copied into its own $defs."""
    definitions = {**common.get("$defs", {}), **schema.get("$defs", {})}

    def rewrite(node: Any) -> Any:
        if isinstance(node, dict):
            out = {key: rewrite(value) for key, value in node.items()}
            ref = out.get("$ref")
            if isinstance(ref, str) and ref.startswith(_SHARED):
                out["$ref"] = f"#/$defs/{ref[len(_SHARED):]}"
            return out
        return [rewrite(item) for item in node] if isinstance(node, list) else node

    complete = rewrite({**schema, "$defs": definitions})
    used: set[str] = set()
    waiting = set(_references_in({key: value for key, value in complete.items() if key != "$defs"}))
    while waiting:
        ref = waiting.pop()
        piece = ref.removeprefix("#/$defs/").partition("/")[0]
        if piece not in used and piece in complete["$defs"]:
            used.add(piece)
            waiting |= set(_references_in(complete["$defs"][piece]))
    complete["$defs"] = {key: value for key, value in complete["$defs"].items() if key in used}
    complete.pop("$id", None)
    return complete


def _references_in(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [ref for value in node.values() for ref in _references_in(value)]
    return [ref for item in node for ref in _references_in(item)] if isinstance(node, list) else []


def _foreign_references(schema: dict[str, Any]) -> set[str]:
    return {ref for ref in _references_in(schema) if not ref.startswith("#/")}


def _resolve(schema: dict[str, Any], ref: str) -> dict[str, Any] | None:
    node: Any = schema
    for step in ref.removeprefix("#/").split("/"):
        if not isinstance(node, dict) or step not in node:
            return None
        node = node[step]
    return node if isinstance(node, dict) else None


class _Places:
    """Walks a complete schema once and collects where references, dates, prose and card fields stand."""

    _MAX_DEPTH = 16

    def __init__(self, schema: dict[str, Any]) -> None:
        self._schema = schema
        self.references: list[Reference] = []
        self.dates: set[tuple[str, ...]] = set()
        self.prose: set[tuple[str, ...]] = set()
        self.card: set[str] = set()
        self._visit(schema, ())

    def _visit(self, node: Any, pattern: tuple[str, ...]) -> None:
        if not isinstance(node, dict) or len(pattern) > self._MAX_DEPTH:
            return
        if isinstance(node.get("$ref"), str):
            node = {**(_resolve(self._schema, node["$ref"]) or {}), **{k: v for k, v in node.items() if k != "$ref"}}
            if isinstance(node.get("$ref"), str):
                return self._visit(node, pattern)
        self._note(node, pattern)
        for key, child in node.get("properties", {}).items():
            self._visit(child, (*pattern, key))
        for keyword in ("items", "additionalProperties"):
            self._visit(node.get(keyword), (*pattern, "*"))
        for keyword in ("then", "else"):
            self._visit(node.get(keyword), pattern)
        for keyword in ("oneOf", "anyOf", "allOf"):
            for branch in node.get(keyword, []):
                self._visit(branch, pattern)
        return None

    def _note(self, node: dict[str, Any], pattern: tuple[str, ...]) -> None:
        if "x-ref" in node:
            kinds = node["x-ref"]
            inverse = node.get("x-inverse", {})
            reference = Reference(
                pattern,
                (kinds,) if isinstance(kinds, str) else tuple(kinds),
                inverse.get("name", ""),
                inverse.get("label", ""),
                bool(node.get("x-fragment")),
            )
            if reference not in self.references:
                self.references.append(reference)
        if node.get("x-date"):
            self.dates.add(pattern)
        if node.get("x-prose"):
            self.prose.add(pattern)
        if node.get("x-card") and pattern:
            self.card.add(pattern[0])
