"""One record against its schema: what is refused, in which words, and that no check is missing in silence."""

from __future__ import annotations

import functools
import json
import socket
from pathlib import Path
from typing import Any

import pytest

from pipeline import validate as validating
from pipeline.model import Corpus, Diagnostic, Kind, Record
from pipeline.render.languages import _LANGUAGES
from pipeline.validate import is_edtf, is_edtf_until, is_http_url, languages, validate
from tests.helpers import DAY, TREATY_END, WORLD, errors, findings, loaded, make_root, only, place, write
from tests.hostile import BAD_ADDRESSES, BAD_DATES, GOOD_ADDRESSES, GOOD_DATES
from tests.worlds import PROJECT, kinds

STATE = {"name": "X", "type": "state"}
EVENT = {"name": "X", "date": "2024", "summary": "s", "sources": ["press"]}
SOURCE = {"title": "X", "publisher": "P", "class": "press"}


def about(kind: str, data: Any) -> list[Diagnostic]:
    """The findings about one record of a real kind."""
    corpus = Corpus({kind: kinds()[kind]}, {f"{kind}/x": Record(kind, "x", f"seeds/{kind}/x.yaml", data)})
    return list(validate(corpus).diagnostics)


def judged(schema: dict[str, Any], data: Any) -> Corpus:
    """A record of a kind with this schema, validated."""
    kind = Kind("thing", "Thing", "Things", "", schema, "", "schemas/thing.schema.json")
    return validate(Corpus({"thing": kind}, {"thing/x": Record("thing", "x", "seeds/thing/x.yaml", data)}))


# Words


def test_every_language_that_a_country_is_taken_for_has_a_code() -> None:
    for code, meant in languages._MEANT.items():
        assert not languages.is_language(code), code
        assert languages.is_language(meant), meant


def test_every_language_with_a_name_of_its_own_on_pages_has_a_code() -> None:
    assert [code for code in _LANGUAGES if not languages.is_language(code)] == []


@pytest.mark.parametrize(
    ("kind", "data", "code", "message", "cure"),
    [
        ("organization", {"naem": "X", "type": "state"}, "V201", "unknown key 'naem'", "did you mean 'name'?"),
        (
            "organization",
            {**STATE, "naem": "Y"},
            "V201",
            "unknown key 'naem'",
            "'name' stands here already: keep one of the two.",
        ),
        ("organization", {"name": "X"}, "V202", "the key 'type' is missing", "Add `type:`. What it is."),
        (
            "event",
            {"name": "X", "date": "2024", "summary": "s"},
            "V202",
            "the key 'sources' is missing",
            "A fact needs a source: add `sources:` with the id of a file in seeds/source.",
        ),
        (
            "organization",
            {**STATE, "aliases": "Y"},
            "V203",
            "a list is wanted here, not the text 'Y'",
            "Write each entry on a line of its own, beginning with a hyphen and a space, or all in brackets: [one, two].",
        ),
        (
            "organization",
            {"name": 5, "type": "state"},
            "V203",
            "a text is wanted here, not the number 5",
            'If it is a text, quote it: "5".',
        ),
        (
            "organization",
            {"name": True, "type": "state"},
            "V203",
            "a text is wanted here, not true",
            'If it is a text, quote it: "true".',
        ),
        (
            "event",
            {**EVENT, "date": 20241015},
            "V203",
            "a date is wanted here, not the number 20241015",
            "did you mean '2024-10-15'?",
        ),
        (
            "event",
            {**EVENT, "sources": [5]},
            "V203",
            "a text or a group of keys with values is wanted here, not the number 5",
            'If it is a text, quote it: "5".',
        ),
        ("organization", {"title": "X", "type": "state"}, "V201", "unknown key 'title'", "did you mean 'name'? It is missing here."),
        (
            "organization",
            {**STATE, "names": ["X"]},
            "V203",
            "a group of keys with values is wanted here, not a list",
            "Write keys with their values, such as {ru: Государственная Дума}.",
        ),
        (
            "event",
            {**EVENT, "participants": ["person/x"]},
            "V203",
            "a group of keys with values is wanted here, not the text 'person/x'",
            "Write keys with their values, such as {who: person/vladimir-putin}.",
        ),
        (
            "event",
            {**EVENT, "claimed": "yes"},
            "V203",
            "true or false is wanted here, not the text 'yes'",
            "Write true, without quotation marks.",
        ),
        (
            "source",
            {**SOURCE, "class": "Newspaper"},
            "V205",
            "'Newspaper' is not one of the words allowed here",
            "Write 'press'. It is one of: official, state-media, wire, press, research, treaty-text, reference.",
        ),
        ("organization", {"name": "X", "type": "stat"}, "V205", "'stat' is not one of the words allowed here", None),
        (
            "organization",
            {**STATE, "ids": {"iso3166": "rus"}},
            "V206",
            "'rus' does not have the form wanted here",
            "A country code is two capital letters, such as RU.",
        ),
        ("event", {**EVENT, "date": "2024-13-01"}, "V207", "'2024-13-01' is not a date: there is no month 13", None),
        (
            "event",
            {**EVENT, "date": "2023-02-29"},
            "V207",
            "'2023-02-29' is not a date: there is no day 29 in February 2023",
            None,
        ),
        ("event", {**EVENT, "date": "15.10.2024"}, "V207", "'15.10.2024' is not a date", "did you mean '2024-10-15'?"),
        ("event", {**EVENT, "date": "5 May 2024"}, "V207", "'5 May 2024' is not a date", "did you mean '2024-05-05'?"),
        ("event", {**EVENT, "date": "May 2024"}, "V207", "'May 2024' is not a date", "did you mean '2024-05'?"),
        *(
            ("event", {**EVENT, "date": written}, "V207", f"'{written}' is not a date{why}", cure)
            for written, why, cure in (
                ("5.6.2024", "", "did you mean '2024-06-05'?"),
                ("20/06/2024", "", "did you mean '2024-06-20'?"),
                ("06/20/2024", "", "did you mean '2024-06-20'?"),
                ("05/06/2024", "", "did you mean '2024-06-05' or '2024-05-06'?"),
                ("June 20, 2024", "", "did you mean '2024-06-20'?"),
                ("20 Jun 2024", "", "did you mean '2024-06-20'?"),
                ("Sept 2024", "", "did you mean '2024-09'?"),
                ("2024–06–20", "", "did you mean '2024-06-20'?"),
                ("2024년 6월 20일", "", "did you mean '2024-06-20'?"),
                ("2024-20-06", ": there is no month 20", "did you mean '2024-06-20'?"),
                ("2024-06-31", ": there is no day 31 in June 2024", "Correct it, or write only what is certain, such as 2024."),
                ("c. 2024", "", "did you mean '2024~'?"),
                ("~2024-06", "", "did you mean '2024-06~'?"),
                ("2024-06-20 to 22 June 2024", "", "did you mean '2024-06-20/2024-06-22'?"),
                ("1947-1953", "", "did you mean '1947/1953'?"),
                ("2024-06-22/2024-06-20", ": it ends before it begins", "did you mean '2024-06-20/2024-06-22'?"),
                (
                    "2024-06-20 10:00",
                    "",
                    "Write the day alone, 2024-06-20; or the time with its distance to UTC, such as 2024-06-20T12:00+09:00.",
                ),
                ("soon", "", None),
            )
        ),
        (
            "event",
            {**EVENT, "date": ["1995-09..1996-09"]},
            "V203",
            "a date is wanted here, not a list",
            'Put it in quotes: "[1995-09..1996-09]".',
        ),
        (
            "source",
            {**SOURCE, "url": "www.a.b"},
            "V208",
            "'www.a.b' is not a web address",
            "Write the whole address, beginning with http:// or https://, without spaces.",
        ),
        ("organization", {**STATE, "aliases": [""]}, "V209", "the text is empty", "Write it, or leave it out."),
        (
            "organization",
            {**STATE, "sources": []},
            "V209",
            "the list is empty",
            "A fact needs a source: add `sources:` with the id of a file in seeds/source.",
        ),
        ("organization", {**STATE, "sources": ["a", "b", "a"]}, "V209", "'a' stands twice in the list", "Keep one of the two."),
        (
            "organization",
            {"name": "x" * 301, "type": "state"},
            "V209",
            "the text has 301 characters; 300 are allowed",
            "Shorten it.",
        ),
        ("organization", {**STATE, "names": {"jp": "X"}}, "V210", "'jp' names no language", "did you mean 'ja'?"),
        (
            "organization",
            {**STATE, "names": {"xx": "X"}},
            "V210",
            "'xx' names no language",
            "Use a BCP 47 language tag such as ru, ko-KP or zh-Hans.",
        ),
        ("source", {**SOURCE, "language": "cn-Hans"}, "V206", "'cn-Hans' names no language", "did you mean 'zh-Hans'?"),
        (
            "organization",
            {**STATE, "names": {"Russian": "X"}},
            "V210",
            "'Russian' cannot be a key here",
            "Use a BCP 47 language tag such as ru, ko-KP or zh-Hans.",
        ),
    ],
)
def test_a_break_is_one_finding_in_plain_words(kind: str, data: Any, code: str, message: str, cure: str | None) -> None:
    found = about(kind, data)
    assert [(diagnostic.code, diagnostic.message) for diagnostic in found] == [(code, message)]
    assert found[0].help and cure in (None, found[0].help)


@pytest.mark.parametrize("key", ["status", "in_force", "in_force_since", "ratified", "bound", "stage", "terminated", "ended"])
def test_what_is_derived_is_never_written(key: str, tmp_path: Path) -> None:
    text = WORLD["seeds/treaty/friendship.yaml"] + f"{key}: x\n"
    finding = only(findings(make_root(tmp_path, {"seeds/treaty/friendship.yaml": text})))
    assert (finding.code, finding.message) == ("V204", f"'{key}' is derived, never written")
    assert place(finding) == ("seeds/treaty/friendship.yaml", TREATY_END, 1)


def test_no_help_is_missing_and_no_message_is_long() -> None:
    tried = 0
    for name, data in (("organization", STATE), ("event", EVENT), ("source", SOURCE), ("treaty", {})):
        kind = kinds()[name]
        validator, record = validating.explaining_validator(kind), Record(name, "x", "x.yaml", {})
        for key in kind.schema["properties"]:
            for value in ("x" * 100_000, ["x" * 100_000], {"x" * 100_000: "y"}, 10**14, True, [[[]]], {}, [], ""):
                for diagnostic in validating.explain_errors(validator.iter_errors({**data, key: value}), record, kind.schema):
                    assert diagnostic.help and len(diagnostic.message) + len(diagnostic.help) < 2000, diagnostic.message
                    tried += 1
    assert tried > 500, f"{tried} findings about huge values"


def test_all_breaks_of_a_record_are_found() -> None:
    found = about("organization", {"name": 5, "type": "stat", "colour": "red", "ids": {"iso3166": "x", "isbn": "y"}})
    assert {diagnostic.pointer for diagnostic in found} == {
        ("colour",),
        ("ids", "isbn"),
        ("ids", "iso3166"),
        ("name",),
        ("type",),
    }
    assert len(found) == 5


def test_accepted_records_go_on_and_others_are_set_aside() -> None:
    kind = kinds()["organization"]
    records = {
        f"organization/{name}": Record("organization", name, f"{name}.yaml", data) for name, data in (("a", STATE), ("b", {}))
    }
    corpus = validate(Corpus({"organization": kind}, records))
    assert list(corpus.records) == ["organization/a"] and corpus.rejected == {"organization/b": "b.yaml"}


def test_a_record_in_the_folder_of_another_kind_is_one_finding(tmp_path: Path) -> None:
    world = {("seeds/event/aland.yaml" if path == "seeds/organization/aland.yaml" else path): text for path, text in WORLD.items()}
    finding = only(findings(make_root(tmp_path, world=world)))
    assert (finding.code, finding.path, finding.help) == ("Y116", "seeds/event/aland.yaml", "Move it to seeds/organization/.")
    assert finding.message == "this record is of the kind organization, and lies among those of the kind event"


def test_a_misplaced_record_with_a_mistake_is_judged_where_it_lies(tmp_path: Path) -> None:
    root = make_root(tmp_path, {"seeds/event/inland.yaml": "name: X\ntype: kingdom\n"})
    assert {finding.code for finding in findings(root)} == {"V201", "V202"}


# Formats


@pytest.mark.parametrize("text", GOOD_DATES)
def test_dates(text: str) -> None:
    assert is_edtf(text) and is_edtf_until(text)


@pytest.mark.parametrize("text", [text.strip("\"'").replace("\\n", "\n").replace("\\t", "\t") for text in BAD_DATES])
def test_what_is_no_date(text: str) -> None:
    assert not is_edtf(text) and not is_edtf_until(text)


def test_two_dots_alone_end_a_time_and_begin_none() -> None:
    assert is_edtf_until("..") and not is_edtf("..")


@pytest.mark.parametrize("text", GOOD_ADDRESSES)
def test_addresses(text: str) -> None:
    assert is_http_url(text)


@pytest.mark.parametrize(
    "text", [*BAD_ADDRESSES, "https://a.b/\n", "\nhttps://a.b/", "https://a.b/\x00", "https://a.b/\u0000", "https://\u2100.b/"]
)
def test_what_is_no_address(text: str) -> None:
    assert not is_http_url(text)


@pytest.mark.parametrize("text", ["AL\n", "AL\r", "\nAL", "ALB", "al", "", "АЛ", "ÅL", "A1"])
def test_the_end_of_a_pattern_is_the_end_of_the_text(text: str) -> None:
    assert len(about("organization", {**STATE, "ids": {"iso3166": text}})) == 1


def test_norway_is_accepted(tmp_path: Path) -> None:
    root = make_root(tmp_path, {"seeds/organization/norway.yaml": "name: Norway\ntype: state\nids: {iso3166: NO}\n"})
    assert not errors(findings(root))


# Schemas


CLOSED: dict[str, Any] = {"type": "object", "additionalProperties": False}


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        ({"type": "object", "properties": {"a": {"type": "string"}}}, "accepts any key in 'Thing'"),
        ({**CLOSED, "properties": {"a": {"type": "string", "format": "date"}}}, "the format 'date' is not checked"),
        ({**CLOSED, "properties": {"a": {"type": "string", "format": "uri"}}}, "the format 'uri' is not checked"),
        ({**CLOSED, "properties": {"a": {"type": "string", "maxLenght": 5}}}, "keyword 'maxLenght' checks nothing"),
        (
            {**CLOSED, "properties": {"a": {"type": "array", "items": {"type": "object", "title": "Inner"}}}},
            "accepts any key in 'Inner'",
        ),
    ],
)
def test_a_schema_that_checks_less_than_it_seems_is_a_warning(schema: dict[str, Any], says: str) -> None:
    corpus = judged(schema, {})
    assert [(d.code, d.level) for d in corpus.diagnostics] == [("V211", "warning")]
    assert says in corpus.diagnostics[0].message and corpus.records


def test_properties_may_bear_the_names_of_keywords() -> None:
    schema = {**CLOSED, "properties": {"format": {"type": "string"}, "type": {"enum": ["x"]}, "properties": {"type": "string"}}}
    corpus = judged(schema, {"format": "x", "type": "x", "properties": "x"})
    assert corpus.records and not corpus.diagnostics


def test_the_real_schemas_have_no_such_gap() -> None:
    assert not validate(Corpus(kinds())).diagnostics


NO_SCHEMAS = [
    {"type": "objekt"}, {"required": "name"}, {"properties": {"a": 5}}, {"pattern": "("}, {"minLength": -1},
    {"properties": {"a": {"pattern": r"\p{L}"}}}, {"patternProperties": {"a{2,1}": {}}}, {"allOf": [{"pattern": r"(?<=a*)\K"}]},
    {"$ref": "#/definitions/a", "definitions": {"a": {"pattern": "["}}},
    functools.reduce(lambda inner, _: {"not": inner}, range(600), {}),
]  # fmt: skip


@pytest.mark.parametrize("dialect", [{}, {"$schema": "https://json-schema.org/draft/2020-12/schema"}], ids=["none", "named"])
@pytest.mark.parametrize("schema", NO_SCHEMAS, ids=lambda schema: str(schema)[:40])
def test_a_schema_that_is_none_sets_its_records_aside(
    schema: dict[str, Any], dialect: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = judged({**dialect, **schema}, {})
    assert [(d.code, d.path) for d in corpus.diagnostics] == [("V200", "schemas/thing.schema.json")]
    assert corpus.rejected == {"thing/x": "seeds/thing/x.yaml"}
    monkeypatch.setattr(validating, "jsonschema_rs", None)
    assert judged({**dialect, **schema}, {}).diagnostics == corpus.diagnostics


def test_the_real_schemas_need_no_second_look() -> None:
    if validating.jsonschema_rs is None:
        pytest.skip("jsonschema-rs is not installed")
    assert all(validating._is_a_schema(kind.schema) for kind in kinds().values())


@pytest.mark.parametrize(
    ("schema", "data", "code", "pointer"),
    [
        (
            {"oneOf": [{**CLOSED, "properties": {"a": {"const": "x"}}}, {**CLOSED, "properties": {"b": {"type": "integer"}}}]},
            {"b": "y"},
            "V203",
            ("b",),
        ),
        (
            {**CLOSED, "properties": {"a": {"anyOf": [{"type": "string", "maxLength": 3}, {"type": "integer"}]}}},
            {"a": "long"},
            None,
            ("a",),
        ),
        ({**CLOSED, "properties": {"a": {"const": "x"}}}, {"a": "y"}, "V205", ("a",)),
        ({**CLOSED, "properties": {"a": {"not": {"const": "x"}}}}, {"a": "x"}, "V299", ("a",)),
        ({**CLOSED, "properties": {"a": {}}, "dependentRequired": {"a": ["b"]}}, {"a": "x"}, "V299", ()),
        ({**CLOSED, "properties": {"a": {"type": "string", "pattern": "(?P<n>x)$"}}}, {"a": "y"}, "V206", ("a",)),
        ({**CLOSED, "properties": {"a": {"type": "array", "uniqueItems": True}}}, {"a": ["x", "x"]}, "V209", ("a", 1)),
        ({"type": "object", "properties": {"a": {}}, "unevaluatedProperties": False}, {"aa": "x"}, "V201", ("aa",)),
        ({"type": "object", "additionalProperties": {"type": "string"}, "minProperties": 1}, {}, "V209", ()),
        ({"type": "object", "additionalProperties": {"type": "string"}, "maxProperties": 1}, {"a": "x", "b": "y"}, "V209", ()),
    ],
)
def test_other_schemas_are_explained_too(
    schema: dict[str, Any], data: Any, code: str | None, pointer: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = judged(schema, data).diagnostics
    assert len(found) == 1 and found[0].code == (code or found[0].code) and found[0].pointer == pointer
    monkeypatch.setattr(validating, "jsonschema_rs", None)
    assert judged(schema, data).diagnostics == found


def test_no_schema_reaches_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("something opened a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    root = make_root(tmp_path)
    schema = json.loads((PROJECT / "schemas" / "event.schema.json").read_text(encoding="utf-8"))
    schema["$schema"], schema["$id"] = "https://json-schema.org/draft/2020-12/schema", "https://nowhere.invalid/event.json"
    schema["properties"]["place"] = {"$ref": "http://127.0.0.1:9/place.json"}
    write(root, {"schemas/event.schema.json": json.dumps(schema)})
    assert only(findings(root)).code == "Y130"
    schema["properties"]["place"] = {"type": "string", "maxLength": 10}
    write(root, {"schemas/event.schema.json": json.dumps(schema)})
    assert not errors(findings(root)) and DAY


# Two validators


def test_both_validators_are_used_where_both_are_installed() -> None:
    if validating.jsonschema_rs is None:
        pytest.skip("jsonschema-rs is not installed")
    assert all(validating.compiled(kind) is not None for kind in kinds().values())


def test_without_the_compiled_one_the_real_records_are_judged_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = loaded(PROJECT)
    with_it = validate(corpus)
    monkeypatch.setattr(validating, "jsonschema_rs", None)
    assert validate(corpus) == with_it
