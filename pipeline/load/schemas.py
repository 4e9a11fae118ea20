"""Schema files to Kinds: each schema complete in itself, its references found, checked at start.

Nothing is fetched: a `$ref` may point into the same file or into common.schema.json, and
anything else is a finding. What is derived for a kind's records is described in derived/<kind>.schema.json of the
shipped schemas, since the code that derives is shipped with them. What our own keywords mean:

x-kind     plural, order, label, sort, group, summary: how the kind is listed; facets: what its list is filtered by, each
           a property (parties.*.party) or a derived fact; a date goes by its year, or as :year or :month behind it says;
           rows: how many of them one page of its list has;
           share: its pages have a picture that networks show beside a shared link (render/sharing.py)
x-ref      the value names a record of this kind, or of one of these kinds, or of any ("*")
x-inverse  {name, label}: what the link is called on the page of the record it points at
x-fragment the reference may end in #anchor
x-card     the field is shown on other records' pages
x-date     the value is a date in the subset of EDTF
x-language the value is a language tag, shown as the language's name
x-prose    the value is short CommonMark
x-schema-org  the type in schema.org's vocabulary, and the fields that map to it (render/linked_data.py)
x-cite     the record is itself a document: the fields of its citation (render/citing.py)
x-label    the property of an entry of a list by which the entry is called, as "Article 4", where its number would tell less
x-instead  what to write instead of words that people use for one of an enum's
x-derived  {key: why it is never written}: keys that an editor may look for, and that derivation makes
x-hint     the help printed when the property is wrong or missing
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.model import Kind, Reference, subschemas

COMMON = "common.schema.json"
_SUFFIX = ".schema.json"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,59}")
_FACET = re.compile(r"[a-z][a-z0-9_]*(\.\*|\.[a-z][a-z0-9_]*)*(:(year|month))?")
_SHARED = f"{COMMON}#/$defs/"
_SHARED_FROM_DERIVED = f"../{_SHARED}"


@dataclass(frozen=True, slots=True)
class SchemaProblem:
    """Why a schema cannot be used, and the kinds whose records are set aside for it."""

    path: str
    message: str
    help: str
    line: int = 1
    kinds: tuple[str, ...] = ()


#: Message and cure for a schema that nothing can walk through.
_TOO_DEEP = ("the schema has too many levels inside each other", "Write it flatter.")


class _Unusable(Exception):
    """A schema cannot be used: message, cure, line. Never leaves this module."""


def load_kinds(root: Path, shipped: Path) -> tuple[dict[str, Kind], list[SchemaProblem]]:
    """Kinds by name, and a problem for each schema that cannot be used.

    The shared pieces come from the root's schemas/common.schema.json, or from the shipped one.
    """
    folder = root / "schemas"
    paths = {path.name.removesuffix(_SUFFIX): path for path in sorted(folder.glob(f"*{_SUFFIX}")) if path.name != COMMON}
    common_path = folder / COMMON if (folder / COMMON).exists() else shipped / "schemas" / COMMON
    try:
        common = _read_json(common_path)
        _check_shapes(common)
    except _Unusable as unusable:
        return {}, [SchemaProblem(f"schemas/{COMMON}", *unusable.args, kinds=tuple(paths))]
    except RecursionError:
        return {}, [SchemaProblem(f"schemas/{COMMON}", *_TOO_DEEP, kinds=tuple(paths))]
    kinds, problems = {}, []
    for name, path in paths.items():
        relative = f"schemas/{path.name}"
        try:
            kinds[name] = _kind(name, relative, _read_json(path), common)
        except _Unusable as unusable:
            problems.append(SchemaProblem(relative, *unusable.args, kinds=(name,)))
        except RecursionError:
            problems.append(SchemaProblem(relative, *_TOO_DEEP, kinds=(name,)))
    described, more = _derived_facts(kinds, shipped / "schemas" / "derived", common)
    kinds = {name: replace(kind, derived=described.get(name, {})) for name, kind in kinds.items()}
    return kinds, problems + more


def _derived_facts(
    kinds: Iterable[str], folder: Path, common: dict[str, Any]
) -> tuple[dict[str, dict[str, Any]], list[SchemaProblem]]:
    """The schemas of derived facts by kind, for those kinds that have one. A problem with one sets no record aside."""
    paths = {name: path for name in kinds if (path := folder / f"{name}{_SUFFIX}").exists()}
    described, problems = {}, []
    pieces: dict[str, Any] = {}
    for name, path in paths.items():
        try:
            pieces = pieces or _pieces_of_derived(folder, common)
            schema = _read_json(path)
            _check_shapes(schema)
            described[name] = _complete(schema, pieces, ("card",))
        except _Unusable as unusable:
            problems.append(SchemaProblem(f"schemas/derived/{path.name}", *unusable.args))
        except RecursionError:
            problems.append(SchemaProblem(f"schemas/derived/{path.name}", *_TOO_DEEP))
    return described, problems


def _pieces_of_derived(folder: Path, common: dict[str, Any]) -> dict[str, Any]:
    """The shared definitions that schemas of derived facts may use: their own ones, and those of records.

    Of records, the project's definitions go before the shipped ones: it may lack what the shipped schemas refer to.
    """
    own, shipped = _read_json(folder / COMMON), _read_json(folder.parent / COMMON)
    _check_shapes(own)
    of_records = {**shipped.get("$defs", {}), **common.get("$defs", {})}
    return {**of_records, **_with_own_references(own.get("$defs", {}), _SHARED_FROM_DERIVED)}


def _read_json(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise _Unusable("the schema is not a regular file", "Put a plain text file here.")
    try:
        value = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_without_duplicates, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise _Unusable(f"the schema is not JSON: {error.msg}", "Correct the JSON.", error.lineno) from None
    except OSError as error:
        raise _Unusable(f"the schema cannot be read ({error.strerror})", "Check the file and its permissions.") from None
    except (ValueError, RecursionError) as error:
        raise _Unusable(f"the schema cannot be read: {str(error)[:120]}", "Save it as JSON in UTF-8.") from None
    if not isinstance(value, dict):
        raise _Unusable("a schema is a JSON object", "Begin with {.")
    return value


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))
        raise _Unusable(f"the key '{twice[:60]}' stands twice in one place of the schema", "Keep one of the two.")
    return found


def _no_constant(name: str) -> None:
    raise _Unusable(f"{name} is not JSON", "Write a number.")


def _kind(name: str, path: str, schema: dict[str, Any], common: dict[str, Any]) -> Kind:
    if _NAME.fullmatch(name) is None:
        raise _Unusable(f"'{name[:60]}' cannot be the name of a kind", "Use small letters, digits and hyphens.")
    _check_shapes(schema)
    complete = _complete(_with_shared_keys(schema, common.get("$defs", {})), common.get("$defs", {}))
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
        facets=tuple(listing.get("facets", ())),
        rows=listing.get("rows", 0),
        share=listing.get("share", False),
        card=tuple(sorted(places.card)),
        references=tuple(sorted(places.references, key=lambda reference: reference.pattern)),
        date_paths=tuple(sorted(places.dates)),
        prose_paths=tuple(sorted(places.prose)),
        schema_org=complete.get("x-schema-org", {}),
        cite=complete.get("x-cite", {}),
    )


#: Keys that every room and template reads in one way, whatever the kind: each has the shape of the shared definition of its name.
_SHARED_KEYS = ("sources", "contested", "notes", "unknown", "known", "moved_to", "withdrawn", "waive")


def _with_shared_keys(schema: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    """The schema, or _Unusable where one of the shared keys has another shape in it. An open one gets those it leaves out."""
    properties = schema.get("properties", {})
    for key in _SHARED_KEYS:
        declared = properties.get(key)
        if declared is not None and not _is_shared(declared, key, schema):
            cure = f'Write {{"$ref": "{_SHARED}{key}"}}, or give the key another name.'
            raise _Unusable(f"the key '{key}' means the same in all kinds, and has another shape here", cure)
    if schema.get("additionalProperties") is False or "$ref" in schema:
        return schema
    left_out = {key: {"$ref": f"{_SHARED}{key}"} for key in _SHARED_KEYS if key in shared and key not in properties}
    return {**schema, "properties": {**properties, **left_out}}


def _is_shared(declared: Any, key: str, schema: dict[str, Any]) -> bool:
    return isinstance(declared, dict) and declared.get("$ref") == f"{_SHARED}{key}" and key not in schema.get("$defs", {})


#: The shapes this module relies on; whether it is JSON Schema at all, validate says.
_SHAPES: dict[str, type | tuple[type, ...]] = {
    "$defs": dict, "properties": dict, "x-kind": dict, "x-inverse": dict, "x-derived": dict, "x-instead": dict,
    "oneOf": list, "anyOf": list, "allOf": list,
    "$ref": str, "title": str, "description": str, "x-hint": str, "x-label": str, "x-ref": (str, list),
}
_KIND_SHAPES: dict[str, type] = {
    "plural": str, "order": int, "label": list, "sort": str, "group": str, "summary": str, "facets": list,
    "rows": int, "share": bool,
}


def _check_shapes(schema: dict[str, Any]) -> None:
    for node in subschemas(schema):
        _check_types(node, _SHAPES)
        _check_types(node.get("x-inverse", {}), {"name": str, "label": str})
        if node.get("x-label", "") not in ("", *node.get("properties", {})):
            raise _Unusable(f"x-label names '{node['x-label'][:60]}', which is no property here", "Name a property of the entry.")
        listing = node.get("x-kind", {})
        for words in (node.get("x-ref"), listing.get("label"), listing.get("facets")):
            if isinstance(words, list) and not (words and all(isinstance(word, str) for word in words)):
                raise _Unusable("x-ref, label and facets name one word, or a list of words", "Write the words in quotes.")
    _check_types(schema.get("x-kind", {}), _KIND_SHAPES)
    _check_facets(schema.get("x-kind", {}).get("facets", []))
    if schema.get("x-kind", {}).get("rows", 1) < 1:
        raise _Unusable("a page of a list has at least one row", "Give rows a number from 1 on, or leave it out.")
    _check_schema_org(schema.get("x-schema-org", {}))
    cite = schema.get("x-cite", {})
    if not isinstance(cite, dict) or not all(isinstance(value, str) for value in cite.values()):
        raise _Unusable("x-cite maps the parts of a citation to fields", 'Write {"title": "title"}.')


def _check_facets(facets: list[str]) -> None:
    for facet in facets:
        if _FACET.fullmatch(facet) is None:
            cure = "Write a property such as parties.*.party, or a derived fact; behind a date :year or :month may stand."
            raise _Unusable(f"'{facet[:60]}' cannot be a facet", cure)
    names = [re.sub(r"(\.\*)?(:.*)?$", "", facet).rpartition(".")[2] for facet in facets]
    if len(set(names)) < len(names):
        raise _Unusable("two facets have one name", "Keep one of those that end in the same property.")


def _check_schema_org(mapping: Any) -> None:
    """The shape that render/linked_data.py reads."""
    _check_types({"x-schema-org": mapping}, {"x-schema-org": dict})
    _check_types(mapping, {"fields": dict})
    specs = [spec for value in mapping.get("fields", {}).values() for spec in (value if isinstance(value, list) else [value])]
    for spec in [mapping.get("type", ""), *specs]:
        if isinstance(spec, dict):
            _check_types({"at": 0, **spec}, {"at": str, "words": dict, "else": str, "as": str, "prefix": str, "for": list})
            _check_types(spec.get("words", {}), dict.fromkeys(spec.get("words", {}), str))
        elif not isinstance(spec, str):
            raise _Unusable("x-schema-org names paths into the record", 'Write "name", or {"at": "name"}.')


def _check_types(node: dict[str, Any], shapes: Mapping[str, type | tuple[type, ...]]) -> None:
    names = {
        dict: "an object { }", list: "a list [ ]", str: "text", int: "a number", bool: "true or false",
        (str, list): "text or a list",
    }
    for key, shape in shapes.items():
        if key in node and not isinstance(node[key], shape):
            raise _Unusable(f"'{key}' must be {names[shape]} in the schema", "Correct the schema.")


def _complete(schema: dict[str, Any], shared: dict[str, Any], kept: tuple[str, ...] = ()) -> dict[str, Any]:
    """The schema complete in itself, or _Unusable where a reference of it leads elsewhere."""
    complete = _with_shared_pieces(schema, shared, kept)
    foreign = sorted(ref for ref in _references_in(complete) if not ref.startswith("#/"))
    if foreign:
        cure = f"Point into the same file (#/$defs/…) or into {COMMON}."
        raise _Unusable(f"the reference '{foreign[0][:200]}' leaves the project", cure)
    wanted = [*_references_in(complete), *(f"#/$defs/{name}" for name in kept)]
    missing = sorted(ref for ref in wanted if _resolve(complete, ref) is None)
    if missing:
        raise _Unusable(f"the reference '{missing[0][:200]}' leads nowhere", f"Define it in this file or in {COMMON}.")
    return complete


def _with_shared_pieces(schema: dict[str, Any], shared: dict[str, Any], kept: tuple[str, ...]) -> dict[str, Any]:
    """The schema with the shared definitions it uses copied into its own $defs; those that are `kept` stay unused too."""
    complete = _with_own_references(schema, _SHARED)
    own = complete.get("$defs", {})
    used: dict[str, Any] = {}
    waiting = _references_in({key: value for key, value in complete.items() if key != "$defs"})
    waiting += [f"#/$defs/{name}" for name in kept]
    while waiting:
        piece = waiting.pop().removeprefix("#/$defs/").partition("/")[0]
        if piece not in used and (piece in own or piece in shared):
            used[piece] = own[piece] if piece in own else _with_own_references(shared[piece], _SHARED)
            waiting += _references_in(used[piece])
    complete["$defs"] = {name: used[name] for name in {**shared, **own} if name in used}
    complete.pop("$id", None)
    return complete


def _with_own_references(node: Any, prefix: str) -> Any:
    """A copy in which what refers to the shared definitions, in this way of writing it, refers to definitions of its own."""
    if isinstance(node, dict):
        out = {key: _with_own_references(value, prefix) for key, value in node.items()}
        ref = out.get("$ref")
        if isinstance(ref, str) and ref.startswith(prefix):
            out["$ref"] = f"#/$defs/{ref.removeprefix(prefix)}"
        return out
    return [_with_own_references(item, prefix) for item in node] if isinstance(node, list) else node


def _references_in(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [ref for value in node.values() for ref in _references_in(value)]
    return [ref for item in node for ref in _references_in(item)] if isinstance(node, list) else []


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
    _MAX_VISITS = 50_000

    def __init__(self, schema: dict[str, Any]) -> None:
        self._schema = schema
        self._visits = 0
        self.references: list[Reference] = []
        self.dates: set[tuple[str, ...]] = set()
        self.prose: set[tuple[str, ...]] = set()
        self.card: set[str] = set()
        self._visit(schema, (), ())

    def _visit(self, node: Any, pattern: tuple[str, ...], followed: tuple[str, ...]) -> None:
        """Visits a schema node. `followed` are the references that led here from the same place of a record."""
        if not isinstance(node, dict) or len(pattern) > self._MAX_DEPTH:
            return
        self._visits += 1
        if self._visits > self._MAX_VISITS:
            raise _Unusable("the schema contains itself in too many places", "Let each shape contain itself at most once.")
        ref = node.get("$ref")
        if ref is not None:
            if ref in followed:
                raise _Unusable(f"the reference '{ref[:200]}' leads back to itself", "Let it lead to a shape of its own.")
            beside = {key: value for key, value in node.items() if key != "$ref"}
            self._visit({**(_resolve(self._schema, ref) or {}), **beside}, pattern, (*followed, ref))
            return
        self._note(node, pattern)
        for key, child in node.get("properties", {}).items():
            self._visit(child, (*pattern, key), ())
        for keyword in ("items", "additionalProperties"):
            self._visit(node.get(keyword), (*pattern, "*"), ())
        for keyword in ("then", "else"):
            self._visit(node.get(keyword), pattern, followed)
        for keyword in ("oneOf", "anyOf", "allOf"):
            for branch in node.get(keyword, []):
                self._visit(branch, pattern, followed)

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
