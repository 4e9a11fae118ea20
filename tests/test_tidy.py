"""The repository's own order: which room may import what, what is deliberately absent, what every kind must have."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.worlds import PROJECT, kinds

PIPELINE = PROJECT / "pipeline"
MODULES = sorted(PIPELINE.rglob("*.py"))

NOUNS = {"model", "dates", "labels"}

#: Room → the rooms of ours it may import, and the libraries beside the standard one.
MAY_IMPORT: dict[str, tuple[set[str], set[str]]] = {
    "model": (set(), set()),
    "dates": (set(), set()),
    "labels": ({"model", "dates"}, set()),
    "checked_file": (set(), set()),
    "workers": (set(), set()),
    "load": ({"model", "checked_file", "workers"}, {"yaml"}),
    "validate": ({"model", "dates"}, {"jsonschema", "jsonschema_rs", "referencing"}),
    "link": ({"model"}, set()),
    "derive": (NOUNS, set()),
    "rules": (NOUNS | {"derive"}, set()),
    "diff": (NOUNS | {"derive"}, set()),
    "render": (NOUNS | {"link"}, {"jinja2", "markupsafe", "markdown_it"}),
    "export": (NOUNS | {"link", "render"}, {"resvg_py"}),
    "publish": ({"model", "checked_file", "workers", "render", "export", "report", "build"}, {"jinja2", "markupsafe", "mkdocs"}),
    "report": ({"model", "dates", "diff"}, {"click"}),
    "explain": (NOUNS | {"rules"}, set()),
    "build": (NOUNS | {"load", "validate", "link", "derive", "diff", "rules"}, set()),
    "cli": (NOUNS | {"build", "report", "explain", "publish", "rules"}, {"click"}),
    "__init__": (set(), set()),
    "__main__": ({"cli"}, set()),
}

#: Rooms that never touch the disk, and those that never read the clock or the environment.
PURE = {"model", "dates", "labels", "validate", "link", "derive", "diff", "rules", "export"}
TIMELESS = set(MAY_IMPORT) - {"build", "cli"}


def room_of(path: Path) -> str:
    return path.relative_to(PIPELINE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "pipeline":
                yield from (f"pipeline.{alias.name}" for alias in node.names)
            else:
                yield node.module


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PIPELINE).as_posix())
def test_a_room_imports_only_what_it_may(path: Path) -> None:
    room = room_of(path)
    ours, libraries = MAY_IMPORT[room]
    standard = set(__import__("sys").stdlib_module_names)
    for name in imports(path):
        top, _, rest = name.partition(".")
        if top == "pipeline":
            other = rest.partition(".")[0]
            assert other in ours | {room, "__version__"}, f"{path.name}: {room} may not import {name}; see the table in ARCHITECTURE.md"
        else:
            assert top in standard | libraries, f"{path.name}: {room} may not import {name}; see the table in ARCHITECTURE.md"


def test_only_one_module_knows_mkdocs() -> None:
    knowing = [path for path in MODULES if any(name.partition(".")[0] == "mkdocs" for name in imports(path))]
    assert [path.relative_to(PIPELINE).as_posix() for path in knowing] == ["publish/mkdocs.py"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PIPELINE).as_posix())
def test_what_a_room_must_not_touch(path: Path) -> None:
    room, names = room_of(path), set(imports(path))
    code = ast.dump(ast.parse(path.read_text(encoding="utf-8")))
    if room in PURE:
        assert not names & {"os", "pathlib", "shutil", "io", "tempfile"}, f"{room} never touches the disk"
        assert "id='open'" not in code, f"{room} never touches the disk"
    if room in TIMELESS:
        assert "time" not in names, f"{room} never reads the clock"
        for call in ("attr='now'", "attr='today'", "attr='utcnow'", "attr='environ'", "attr='getenv'"):
            assert call not in code, f"{room} never reads the clock or the environment"
    assert not names & {"socket", "ssl", "http.client", "urllib.request", "ftplib", "pickle", "marshal", "shelve"}


@pytest.mark.parametrize("path", [path for path in MODULES if room_of(path) not in ("derive", "rules")], ids=lambda p: p.stem)
def test_kind_names_stay_out_of_the_blind_rooms(path: Path) -> None:
    """Kinds are named in derive/ and rules/ only; `source` is also a key of every citation, `event` one of every reason."""
    strings = [node.value for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    for kind in set(kinds()) - {"source"} - ({"event"} if path.stem == "explain" else set()):
        assert kind not in strings, f"{path.name} names the kind {kind}"
        assert not any(text.startswith(f"{kind}/") for text in strings), f"{path.name} names the kind {kind}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PIPELINE).as_posix())
def test_modules_and_public_functions_say_their_duty(path: Path) -> None:
    module = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(module), f"{path} has no docstring"
    for node in ast.walk(module):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            parent_is_private = any(
                isinstance(outer, (ast.FunctionDef, ast.ClassDef)) and (outer.name.startswith("_") or isinstance(outer, ast.FunctionDef)) and node in ast.walk(outer) and outer is not node
                for outer in ast.walk(module)
            )
            assert parent_is_private or ast.get_docstring(node), f"{path}: {node.name} has no docstring"
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 70, f"{path}: {node.name} is too long"


# Kinds


SCHEMAS = sorted((PROJECT / "schemas").glob("*.schema.json"))


def properties(schema: Any, root: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every property of a schema with its shared definition merged in."""
    if isinstance(schema, dict):
        for name, child in schema.get("properties", {}).items():
            ref = child.get("$ref", "")
            definition: Any = {}
            if ref:
                file, _, pointer = ref.partition("#")
                definition = json.loads((PROJECT / "schemas" / file).read_text(encoding="utf-8")) if file else root
                for step in pointer.strip("/").split("/"):
                    definition = definition[step]
            yield f"{place}/{name}", {**definition, **child}
        for key, child in schema.items():
            if isinstance(child, (dict, list)):
                yield from properties(child, root, f"{place}/{key}")
    elif isinstance(schema, list):
        for child in schema:
            yield from properties(child, root, place)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_every_property_has_a_title_a_description_and_an_example(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    for place, node in properties(schema, schema):
        if place.rsplit("/", 1)[-1] in ("if", "then", "else"):
            continue
        for word in ("title", "description", "examples"):
            assert node.get(word) or (word == "examples" and node.get("type") == "object"), f"{path.name}{place} has no {word}"


def objects(node: Any) -> Iterator[Any]:
    if isinstance(node, dict):
        if node.get("type") == "object":
            yield node
        for child in node.values():
            yield from objects(child)
    elif isinstance(node, list):
        for child in node:
            yield from objects(child)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_every_object_is_closed_and_every_text_is_bounded(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    for node in objects(schema):
        assert "additionalProperties" in node, f"{path.name}: {node.get('title')} is open"
    for node in strings_of(schema):
        assert "maxLength" in node or "enum" in node, f"{path.name}: {node['title']} is unbounded"


def strings_of(node: Any) -> Iterator[Any]:
    if isinstance(node, dict):
        if node.get("type") == "string" and "title" in node:
            yield node
        for child in node.values():
            yield from strings_of(child)
    elif isinstance(node, list):
        for child in node:
            yield from strings_of(child)


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_kind_has_a_template_and_records(kind: str) -> None:
    assert (PROJECT / "templates" / f"{kind}.html").is_file()
    assert list((PROJECT / "seeds" / kind).rglob("*.yaml"))


def test_no_schema_lets_an_editor_write_what_is_derived() -> None:
    for kind in kinds().values():
        assert not set(kind.schema["properties"]) & {"status", "in_force", "in_force_since", "bound", "disputed", "overdue", "office_then", "realises"}
