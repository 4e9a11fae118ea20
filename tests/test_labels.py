"""What a place in a record is called: entries by their names, not by their numbers."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.labels import anchor_of_place, place_in_words
from pipeline.load.schemas import load_kinds
from pipeline.model import Corpus, Pointer
from tests.worlds import BASICS, PROJECT, seen, treaty, world

PROVISIONS = """\
provisions:
  - {article: "4", heading: Mutual defence, sources: [undated], obligations: [{kind: defence, strength: must-assist}]}
  - {id: preamble, heading: Preamble, sources: [undated]}
relations: [{type: supersedes, treaty: older, sources: [undated]}]
notes: [{date: 2001-01-10, text: A note., sources: [undated]}]
"""
ACTIONS = """\
  - {act: signature, date: 2001-01-10, by: [ann], sources: [undated]}
  - {act: ratification, party: aland, date: 2001-01-11, sources: [undated], contested: [{field: date, value: 2001-01-12, sources: [undated]}]}
"""
OLDER = treaty("  - {act: signature, date: 1999-01-10, sources: [undated]}\n").replace("A treaty", "The older treaty")
RECORDS = BASICS | {"treaty/newer": treaty(ACTIONS, more=PROVISIONS), "treaty/older": OLDER}


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return seen(world(RECORDS), "2002-01-01")


@pytest.mark.parametrize(
    ("ref", "pointer", "words"),
    [
        ("treaty/newer", ("actions", 0, "sources", 0), "Signed"),
        ("treaty/newer", ("actions", 1, "contested", 0, "sources", 0), "Ratified (Aland), Contested value 1"),
        ("treaty/newer", ("provisions", 0, "sources", 0, "source"), "Article 4"),
        ("treaty/newer", ("provisions", 0, "obligations", 0), "Article 4, Obligation 1"),
        ("treaty/newer", ("provisions", 1, "sources", 0), "Preamble"),
        ("treaty/newer", ("relations", 0, "sources", 0), "The older treaty"),
        ("treaty/newer", ("notes", 0, "sources", 0), "Note 1"),
        ("treaty/newer", ("entry_into_force", "sources", 0), "Entry into force"),
        ("treaty/newer", ("sources", 0), ""),
        ("person/ann", ("offices", 0, "sources", 0), "President"),
        ("procedure/two-steps", ("steps", 1, "after", 0), "Committee, After 1"),
        ("treaty/newer", ("actions", 99, "sources", 0), "Action 100"),
        ("treaty/newer", ("unheard_of", 0), "unheard_of 1"),
    ],
)
def test_a_place_in_words(corpus: Corpus, ref: str, pointer: Pointer, words: str) -> None:
    assert place_in_words(corpus, corpus.records[ref], pointer) == words


@pytest.mark.parametrize(
    ("ref", "pointer", "anchor"),
    [
        ("treaty/newer", ("actions", 1, "contested", 0, "sources", 0), "action-2"),
        ("treaty/newer", ("provisions", 0, "obligations", 0, "sources", 0), "article-4"),
        ("treaty/newer", ("provisions", 1, "sources", 0), "preamble"),
        ("treaty/newer", ("relations", 0, "treaty"), ""),
        ("person/ann", ("offices", 0, "sources", 0), ""),
        ("treaty/newer", (), ""),
    ],
)
def test_where_a_place_stands_on_its_page(corpus: Corpus, ref: str, pointer: Pointer, anchor: str) -> None:
    assert anchor_of_place(corpus, corpus.records[ref], pointer) == anchor


def test_an_act_has_no_name_before_it_is_derived() -> None:
    corpus = world(RECORDS)
    assert place_in_words(corpus, corpus.records["treaty/newer"], ("actions", 1)) == "Action 2"


@pytest.mark.parametrize(("label", "words"), [("nope", "is no property here"), (7, "must be text")])
def test_an_entry_is_called_by_a_property_it_has(tmp_path: Path, label: object, words: str) -> None:
    shutil.copytree(PROJECT / "schemas", tmp_path / "schemas")
    path = tmp_path / "schemas" / "person.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    schema["properties"]["offices"]["items"]["x-label"] = label
    path.write_text(json.dumps(schema), encoding="utf-8")
    _, problems = load_kinds(tmp_path, PROJECT)
    assert [problem.kinds for problem in problems] == [("person",)] and words in problems[0].message
