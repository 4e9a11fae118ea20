"""What is derived is described: every fact of every document is in the published schemas, and nothing else is."""

from __future__ import annotations

import inspect
import itertools
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource

from pipeline.derive import (
    acts,
    claims,
    derive,
    ending,
    entry_into_force,
    expectations,
    membership,
    party,
    reservations,
    steps,
    treaty,
)
from pipeline.export import api
from pipeline.export.documents import ROOT, list_documents, record_document
from pipeline.link import link
from pipeline.load import load
from pipeline.load.schemas import load_kinds
from pipeline.model import Corpus, View
from pipeline.render import open_book
from tests import test_derive, test_law, test_life_cycle, worlds
from tests.exports import NO_ADDRESS, golden, real
from tests.golden.bless import DAYS
from tests.test_tidy import objects
from tests.worlds import BASICS, PROJECT, kinds, seen, world

FOLDER = PROJECT / "schemas" / "derived"
FILES = sorted(FOLDER.glob("*.schema.json"))
BASE = "https://example.org/"
DESCRIBED = sorted(name for name, kind in kinds().items() if kind.derived)

#: What may be missing where it is not on record; everything else is always there.
OPTIONAL = {
    "citation/at", "citation/quote", "citation/lang", "contested/note", "treaty:scheduled/known", "event:card/claim", "person:card/office",
    "treaty:votes/for", "treaty:votes/against", "treaty:votes/abstained", "treaty:votes/unanimous", "treaty:votes/sources",
}  # fmt: skip


# Worlds


def real_and_golden() -> dict[str, Corpus]:
    """The real records and the golden world, plainly and as of days."""
    found = {"real": derive(real(), View.on(date(2026, 1, 1)))}
    found |= {f"real {day}": seen(real(), day) for day in ("2024-10-16", "2024-06-20")}
    for name, (today, as_of) in DAYS.items():
        found[f"golden {name}"] = seen(golden(), as_of.isoformat()) if as_of else derive(golden(), View.on(today))
    return found


def seen_by_tests(modules: Iterable[ModuleType]) -> list[Corpus]:
    """The worlds that the tests of these modules look at: each is run once more, and what it derives is kept.

    That their records are valid, those tests have seen themselves.
    """
    kept: list[Corpus] = []

    def kept_derive(corpus: Corpus, view: View) -> Corpus:
        kept.append(derive(corpus, view))
        return kept[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worlds, "derive", kept_derive)
        patch.setattr(worlds, "validate", lambda corpus: corpus)
        for module in modules:
            for name, test in inspect.getmembers(module, inspect.isfunction):
                if name.startswith("test_") and test.__module__ == module.__name__:
                    for arguments in arguments_of(test):
                        test(**arguments)
    return kept


def arguments_of(test: Any) -> Iterator[dict[str, Any]]:
    """What a test is called with, as its `parametrize` marks say; never for a test that asks for more than that."""
    choices = []
    for mark in getattr(test, "pytestmark", []):
        if mark.name == "parametrize":
            names = mark.args[0].split(",") if isinstance(mark.args[0], str) else list(mark.args[0])
            rows = [row if len(names) > 1 else (row,) for row in mark.args[1]]
            choices.append([dict(zip((name.strip() for name in names), row, strict=True)) for row in rows])
    for chosen in itertools.product(*choices):
        arguments = {name: value for part in chosen for name, value in part.items()}
        if set(arguments) == set(inspect.signature(test).parameters):
            yield arguments


def cases_of_rules(folder: Path) -> Iterator[Corpus]:
    """The worlds of the rules' cases, good and bad; all of them hold valid records only."""
    shutil.copytree(PROJECT / "schemas", folder / "schemas")
    for case in sorted((PROJECT / "tests" / "rules").glob("C*/*/*")):
        shutil.rmtree(folder / "seeds", ignore_errors=True)
        shutil.copytree(case / "seeds", folder / "seeds")
        yield derive(link(load(folder, PROJECT)), View.on(date(2026, 1, 1)))


CITED = "[{source: undated, at: Page 1, quote: They voted, lang: en}]"

#: What is on record nowhere else: a full count of votes, a quoted source, an announcement known late, a disputed office.
RARE = {
    **BASICS,
    "treaty/t": worlds.treaty(
        "- {act: signature, date: 2001-01-10, sources: [undated]}\n"
        f"- {{party: aland, step: vote, date: 2001-03-01, votes: {{for: 3, against: 2, abstained: 1, unanimous: false, sources: {CITED}}}, "
        f"sources: {CITED}}}\n"
        "- {act: exchange-of-instruments, scheduled: {date: 2030-05-01, known: 2001-04-01, sources: [undated]}}\n"
    ),
}


# Documents and their schemas


@dataclass
class Shelf:
    """Documents by what is derived in them: each kind's different ones, the whole documents of records and parts of lists."""

    pages: dict[tuple[str, str], Any] = field(default_factory=dict)
    lists: dict[tuple[str, str], Any] = field(default_factory=dict)
    schemas: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def add(self, name: str, corpus: Corpus, *, every: bool = False) -> None:
        """The documents of a book, validated against the schemas that are published with it: every one, or those in which
        something else is derived than in any before."""
        book = open_book(corpus, NO_ADDRESS)
        view = corpus.facts.view
        checkers = validators(bool(view and view.explicit))
        for record in corpus.records.values():
            key = (record.kind, json.dumps(corpus.facts.pages.get(record.ref, {})))
            if every or key not in self.pages:
                self.pages[key] = json.loads(json.dumps(record_document(book, record)))
                self._check(f"{name}: {record.ref}", checkers[f"documents/{record.kind}"], self.pages[key])
        for kind in book.kinds:
            for _, document in list_documents(book, kind):
                key = (kind.name, json.dumps([entry["derived"] for entry in document["entries"]]))
                if every or key not in self.lists:
                    self.lists[key] = json.loads(json.dumps(document))
                    self._check(f"{name}: list of {kind.name}", checkers[f"lists/{kind.name}"], self.lists[key])

    def _check(self, name: str, checker: Any, document: Any) -> None:
        self.errors += [f"{name}: {error.json_path}: {error.message[:200]}" for error in checker.iter_errors(document)]

    def derived(self) -> Iterator[tuple[str, str, Any]]:
        """What is derived, by kind and by the part of its schema that describes it."""
        for (kind, _), document in self.pages.items():
            yield kind, "", document["derived"]
        for document in self.lists.values():
            for entry in document["entries"]:
                yield document["kind"], "#/$defs/card", entry["derived"]


@cache
def published(explicit: bool) -> dict[str, Any]:
    """The schemas as they are published, by name, of a plain build or of a chosen day."""
    book = open_book(derive(golden(), View.on(date(2026, 1, 1), explicit=explicit)), NO_ADDRESS)
    prefix = f"{ROOT}/schemas/"
    return {
        export.path.removeprefix(prefix).removesuffix(".json"): json.loads(export.make())
        for export in api.exports(book)
        if export.path.startswith(prefix)
    }


@cache
def registry(explicit: bool) -> Registry:
    """The published schemas under the addresses they would be read from; nothing is fetched."""
    return Registry().with_resources((f"{BASE}{name}.json", Resource.from_contents(schema)) for name, schema in published(explicit).items())


@cache
def validators(explicit: bool) -> dict[str, Any]:
    """A validator for each published schema."""
    return {name: validator(name, explicit=explicit) for name in published(explicit)}


def validator(name: str, fragment: str = "", explicit: bool = False) -> Any:
    return jsonschema.Draft202012Validator({"$ref": f"{BASE}{name}.json{fragment}"}, registry=registry(explicit))


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Every document of the real records, the golden world and the small worlds."""
    found = Shelf()
    for name, corpus in real_and_golden().items():
        found.add(name, corpus, every=True)
    for number, corpus in enumerate(seen_by_tests((test_law, test_derive, test_life_cycle))):
        found.add(f"small world {number}", corpus)
    for number, corpus in enumerate(cases_of_rules(tmp_path_factory.mktemp("cases") / "project")):
        found.add(f"case {number}", corpus)
    found.add("rare", derive(world(RARE), View.on(date(2003, 1, 1))))
    return found


def test_every_document_fits_its_published_schema(shelf: Shelf) -> None:
    assert not shelf.errors, "\n".join(shelf.errors[:20])
    assert {kind for kind, _ in shelf.pages} == set(kinds())
    assert len(shelf.pages) > 900 and len(shelf.lists) > 100


# Every property is described, and every description is of something


@dataclass(frozen=True)
class Found:
    """An object that has a property: which property of the schemas it is, and where the object stands in what is derived."""

    place: str
    kind: str
    fragment: str
    derived: Any
    path: tuple[Any, ...]
    name: str


@cache
def shared_names() -> frozenset[str]:
    return frozenset(name for file in (FOLDER, FOLDER.parent) for name in read(file / "common.schema.json")["$defs"])


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def place_of(kind: str, definition: str, name: str) -> str:
    """A property as the schemas name it: a shared definition is one and the same for all kinds."""
    own = "" if definition in shared_names() else f"{kind}:"
    return f"{own}{definition}/{name}"


def places(kind: str) -> set[str]:
    """Every property that the schema of a kind describes."""
    schema = kinds()[kind].derived
    parts = {"page": {**schema, "$defs": {}}, **schema["$defs"]}
    return {place_of(kind, definition, name) for definition, part in parts.items() for name in names_in(part)}


def names_in(node: Any) -> Iterator[str]:
    """The properties of an object and of those within it that have no name of their own."""
    if isinstance(node, list):
        for item in node:
            yield from names_in(item)
    elif isinstance(node, Mapping):
        for key, value in node.items():
            if key == "properties":
                yield from value
                yield from names_in(list(value.values()))
            elif key not in ("examples", "enum", "const", "$defs"):
                yield from names_in(value)


def walk(kind: str, fragment: str, derived: Any) -> Iterator[Found]:
    """Every property in what is derived of a record, found along its schema."""
    schema = kinds()[kind].derived

    def visit(node: Any, value: Any, path: tuple[Any, ...], definition: str) -> Iterator[Found]:
        if "$ref" in node:
            definition, *inner = node["$ref"].removeprefix("#/$defs/").split("/")
            target = schema["$defs"][definition]
            for step in inner:
                target = target[step]
            yield from visit(target, value, path, definition)
        for branch in (*node.get("anyOf", ()), *(node[word] for word in ("then", "else") if word in node)):
            yield from visit(branch, value, path, definition)
        if isinstance(value, dict):
            for name, item in value.items():
                if name in node.get("properties", {}):
                    yield Found(place_of(kind, definition, name), kind, fragment, derived, path, name)
                    yield from visit(node["properties"][name], item, (*path, name), definition)
                elif isinstance(node.get("additionalProperties"), dict):
                    yield from visit(node["additionalProperties"], item, (*path, name), definition)
        elif isinstance(value, list) and "items" in node:
            for number, item in enumerate(value):
                yield from visit(node["items"], item, (*path, number), definition)

    start = ({key: value for key, value in schema.items() if key != "$defs"}, "page") if not fragment else (schema["$defs"]["card"], "card")
    yield from visit(start[0], derived, (), start[1])


@pytest.fixture(scope="module")
def occurring(shelf: Shelf) -> dict[str, Found]:
    """For each property one place where it occurs, in the smallest of what is derived."""
    found: dict[str, Found] = {}
    for kind, fragment, derived in sorted(shelf.derived(), key=lambda one: len(json.dumps(one[2]))):
        if kind in DESCRIBED:
            for one in walk(kind, fragment, derived):
                found.setdefault(one.place, one)
    return found


def test_every_property_of_the_schemas_occurs(occurring: dict[str, Found]) -> None:
    described = {place for kind in DESCRIBED for place in places(kind)}
    assert described - set(occurring) == set()
    assert len(described) > 150


def test_a_property_too_few_or_too_many_does_not_fit(occurring: dict[str, Found]) -> None:
    for place, found in occurring.items():
        checker = validator(f"derived/{found.kind}", found.fragment)
        assert checker.is_valid(found.derived), place
        less, more = deepcopy(found.derived), deepcopy(found.derived)
        del inside(less, found.path)[found.name]
        inside(more, found.path)["surplus"] = ""
        assert checker.is_valid(less) == (place in OPTIONAL), f"without {place}"
        assert not checker.is_valid(more), f"beside {place}"


def inside(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def test_what_may_be_missing_is_described(occurring: dict[str, Found]) -> None:
    assert set(OPTIONAL) <= set(occurring)


@pytest.mark.parametrize("value", ["", "2024-13-01x", "soon", "24-01-01", "2024-10-15 ", "[2024]"])
def test_a_date_is_a_date(value: str) -> None:
    """By the day a treaty ended: what is no date does not fit, and neither does nothing."""
    end = {"$ref": f"{BASE}derived/treaty.json#/$defs/end"}
    checker = jsonschema.Draft202012Validator(end, registry=registry(False))
    for day in ("2024", "2024-10-15T12:00+09:00", "1991~", "2024-10-08/2024-10-13", "[1995-09..1996-09]", "[..2024]", "2012-05/.."):
        assert checker.is_valid({"since": day, "mode": "expiry", "by": ""}), day
    assert not checker.is_valid({"since": value, "mode": "expiry", "by": ""})


# Closed lists


def enum_of(kind: str, *path: str) -> list[str]:
    """A closed list of a record's schema."""
    node: Any = kinds()[kind].schema["properties"]
    for step in path:
        node = node[step]
    return node["enum"]


def test_closed_lists_are_those_of_the_derivations() -> None:
    shared, own = read(FOLDER / "common.schema.json")["$defs"], kinds()["treaty"].derived["$defs"]
    action = ("actions", "items", "properties")
    outcomes = enum_of("treaty", *action, "outcome")
    modes = enum_of("treaty", *action, "mode")
    stances = enum_of("statement", "stance")
    listed = {
        "treaty_state": treaty.TREATY_STATES,
        "party_state": party.PARTY_STATES,
        "party_flag": party.PARTY_FLAGS,
        "step_state": steps.STEP_STATES,
        "expectation_state": expectations.STATES,
        "claim_state": claims.STATES,
        "act": tuple(acts.ACT_WORDS),
        "force_rule": (*entry_into_force.RULES, "reported"),
        "exit_mode": membership.EXIT_MODES,
        "outcome": ("", *outcomes),
    }
    assert {name: tuple(node["enum"]) for name, node in shared.items() if "enum" in node} == listed
    assert tuple(own["force"]["properties"]["state"]["enum"]) == entry_into_force.FORCE_STATES
    assert tuple(own["end"]["properties"]["mode"]["enum"]) == ending.END_MODES == (*modes, "state-ended")
    assert set(membership.EXIT_MODES) <= set(ending.END_MODES)
    assert tuple(own["reservation"]["properties"]["act"]["enum"]) == reservations.MADE
    others = kinds()["event"].derived["$defs"]["other_voice"]["properties"]["stance"]["enum"]
    assert tuple(others) == tuple(stance for stance in stances if stance not in claims.ANSWERS_OF_THE_SIDES)
    assert list(acts.ACT_WORDS) == enum_of("treaty", *action, "act")
    assert list(own["counts"]["properties"]) == ["parties", *party.PARTY_STATES]


# The files


def described_in(node: Any, pieces: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every property of a schema and every definition, with the definition it refers to merged in."""
    if isinstance(node, list):
        for item in node:
            yield from described_in(item, pieces)
    elif isinstance(node, dict):
        for keyword in ("properties", "$defs"):
            for name, child in node.get(keyword, {}).items():
                target = pieces.get(child.get("$ref", "").rpartition("/")[2], {})
                yield name, {**target, **child}
        for key, value in node.items():
            if key not in ("examples", "enum", "const"):
                yield from described_in(value, pieces)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_property_says_what_it_is(path: Path) -> None:
    schema = read(path)
    pieces = {**read(FOLDER / "common.schema.json")["$defs"], **schema["$defs"]}
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema" and schema["title"] and schema["description"]
    for name, node in described_in(schema, pieces):
        assert node.get("title") and node.get("description", "").endswith("."), f"{path.name}: {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_object_is_closed_and_asks_for_all_it_has(path: Path) -> None:
    for node in objects(read(path)):
        if "properties" in node:
            may_be_missing = set(node["properties"]) - set(node["required"])
            assert may_be_missing <= {place.rpartition("/")[2] for place in OPTIONAL}, node["title"]
            assert node["additionalProperties"] is False, node["title"]
        else:
            assert "additionalProperties" in node, node["title"]


def test_every_published_schema_is_a_schema_and_is_complete() -> None:
    for explicit in (False, True):
        for name, schema in published(explicit).items():
            jsonschema.Draft202012Validator.check_schema(schema)
            list(validators(explicit)[name].iter_errors({}))  # every reference it meets resolves
    assert {name for name in published(False) if name.startswith("derived/")} == {f"derived/{kind}" for kind in DESCRIBED}


def test_definitions_of_one_name_are_one_definition() -> None:
    of_records, of_facts = (set(read(folder / "common.schema.json")["$defs"]) for folder in (FOLDER.parent, FOLDER))
    assert of_records & of_facts <= {"date", "sources", "contested"}
    for path in FILES:
        if path.name != "common.schema.json":
            assert not set(read(path)["$defs"]) & (of_facts | of_records), path.name


def test_the_description_of_the_api_refers_and_does_not_repeat() -> None:
    book = open_book(derive(golden(), View.on(date(2026, 1, 1))), NO_ADDRESS)
    made = {export.path: export for export in api.exports(book)}
    described = made[f"{ROOT}/openapi.json"].make()
    assert b"treaty_state" not in described and len(described) < 20_000
    assert sum(len(made[f"{ROOT}/schemas/derived/{kind}.json"].make()) for kind in DESCRIBED) < 100_000


# Projects


def schemas_only(folder: Path) -> Path:
    """A project's folder with the schemas of records and nothing about what is derived."""
    (folder / "schemas").mkdir(parents=True)
    for path in FOLDER.parent.glob("*.schema.json"):
        shutil.copy(path, folder / "schemas")
    return folder


def test_a_project_without_them_has_the_shipped_ones(tmp_path: Path) -> None:
    found, problems = load_kinds(schemas_only(tmp_path), PROJECT)
    assert not problems
    assert {name: kind.derived for name, kind in found.items()} == {name: kind.derived for name, kind in kinds().items()}


def test_a_project_cannot_describe_what_it_does_not_derive(tmp_path: Path) -> None:
    """The code that derives is the shipped one: an old copy in a project would tell what is not so."""
    root = schemas_only(tmp_path)
    (root / "schemas" / "derived").mkdir()
    (root / "schemas" / "derived" / "treaty.schema.json").write_text('{"title": "Old", "$defs": {"card": {}}}', encoding="utf-8")
    assert load_kinds(root, PROJECT)[0]["treaty"].derived == kinds()["treaty"].derived


def test_a_project_whose_shared_pieces_are_its_own_need_not_have_those_of_derived_facts(tmp_path: Path) -> None:
    root = schemas_only(tmp_path)
    for path in (root / "schemas").iterdir():
        path.unlink()
    (root / "schemas" / "common.schema.json").write_text('{"$defs": {}}', encoding="utf-8")
    (root / "schemas" / "event.schema.json").write_text('{"title": "Event", "type": "object", "properties": {}}', encoding="utf-8")
    found, problems = load_kinds(root, PROJECT)
    assert not problems and found["event"].derived == kinds()["event"].derived


def test_a_kind_of_ones_own_has_an_open_object(tmp_path: Path) -> None:
    root = schemas_only(tmp_path)
    schema = {"title": "Vessel", "type": "object", "additionalProperties": False, "properties": {"name": {"type": "string", "title": "Name"}}}
    (root / "schemas" / "vessel.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    found, problems = load_kinds(root, PROJECT)
    assert not problems and not found["vessel"].derived
    assert api.document_schema(found["vessel"])["properties"]["derived"]["type"] == "object"
    assert "$ref" not in api.document_schema(found["vessel"])["properties"]["derived"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not JSON"),
        ('{"$defs": {}}', "the reference '#/$defs/card' leads nowhere"),
        ('{"$defs": {"card": {"$ref": "elsewhere.json"}}}', "leaves the project"),
        ('{"$defs": []}', "must be an object"),
        ('{"$defs": {"card": {}}, "not": ' + '{"not": ' * 3000 + "{}" + "}" * 3001, "levels"),
    ],
)
def test_a_schema_that_cannot_be_used_is_a_finding_and_sets_no_record_aside(tmp_path: Path, content: str, words: str) -> None:
    root = schemas_only(tmp_path)
    shutil.copytree(FOLDER, root / "schemas" / "derived")
    (root / "schemas" / "derived" / "event.schema.json").write_text(content, encoding="utf-8")
    found, [problem] = load_kinds(root, root)
    assert problem.path == "schemas/derived/event.schema.json" and problem.kinds == ()
    assert words in problem.message or "cannot be read" in problem.message
    assert not found["event"].derived and found["person"].derived
