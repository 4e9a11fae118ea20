"""What a list is filtered by: declared in the schema, counted from the page's own rows, bounded by the page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.link import link
from pipeline.load import load
from pipeline.load.schemas import load_kinds
from pipeline.model import Corpus
from pipeline.render import Site, open_book, page_input
from pipeline.render import pages as render_pages
from pipeline.render.facets import NONE, choices
from tests.building import make_project, publish
from tests.worlds import BASICS, PROJECT, kinds, seen, treaty, world

#: The issue's list of facets, as the schemas declare it.
DECLARED = {
    "treaty": ("status", "party", "signed", "topics", "form"),
    "person": ("organization", "office"),
    "event": ("date", "claimed"),
    "organization": ("type",),
    "statement": ("speaker", "stance", "date"),
    "source": ("class", "publisher", "date", "language"),
}

RECORDS = {
    **BASICS,
    "treaty/signed": treaty("- {act: signature, date: 2001-01-10, sources: [day-2001-01-10]}\n", more="topics: [trade, border]\n"),
    "treaty/unsigned": treaty("", more="topics: [border]\n"),
    "event/meeting": "name: Meeting\ndate: 2001-01-10\nsources: [day-2001-01-10]\n",
    "event/shots": "name: Shots\ndate: '[2000-12-30..2001-01-02]'\nclaimed: true\nconcerns: [aland]\nsources: [day-2001-01-10]\n",
    "event/visit": "name: Visit\ndate: '2001'\nsources: [day-2001-01-10]\n",
    "statement/word": "speaker: person/ann\ndate: 2001-01-10\nstance: asserts\nsummary: A word.\nabout: [event/shots]\nsources: [day-2001-01-10]\n",
    "source/korean": "title: 제목\npublisher: The Press\nclass: wire\nlanguage: ko-KP\ndate: 2001-01-11\n",
}


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return seen(world(RECORDS), "2002-01-01")


def list_input(corpus: Corpus, kind: str, number: int = 1) -> dict[str, Any]:
    book = open_book(corpus, Site())
    page = next(page for page in book.pages if page.kind == kind and not page.ref and page.number == number)
    return page_input(book, page)


def chosen(data: dict[str, Any], name: str) -> dict[str, list[str]]:
    """The words of a facet's choices for each row, read as the script reads them."""
    at = next(at for at, facet in enumerate(data["found"]["facets"]) if facet["name"] == name)
    facet = data["found"]["facets"][at]
    marks = [mark.split(";")[at] for mark in data["found"]["marks"]]
    read = (lambda mark: [mark]) if facet["by"] else (lambda mark: [facet["options"][int(number) - 1]["label"] for number in mark.split(",")])
    return dict(zip(data["items"], map(read, marks), strict=True))


def labels(data: dict[str, Any], name: str) -> list[str]:
    return next([option["label"] for option in facet["options"]] for facet in data["found"]["facets"] if facet["name"] == name)


@pytest.mark.parametrize("kind", sorted(DECLARED))
def test_the_schemas_declare_the_facets_of_the_issue(corpus: Corpus, kind: str) -> None:
    facets = list_input(corpus, kind)["found"]["facets"]
    assert tuple(facet["name"] for facet in facets) == DECLARED[kind]
    assert all(facet["title"] and facet["options"] for facet in facets)


def test_each_row_has_the_marks_of_its_record(corpus: Corpus) -> None:
    data = list_input(corpus, "treaty")
    assert chosen(data, "topics") == {"treaty/signed": ["Trade", "Border"], "treaty/unsigned": ["Border"]}
    assert chosen(data, "party")["treaty/signed"] == ["Aland", "Beland"]
    assert chosen(data, "status")["treaty/signed"] == ["Signed"]
    assert labels(data, "topics") == ["Border", "Trade"]  # the schema's order, not the record's


def test_what_a_record_does_not_say_can_be_chosen_too(corpus: Corpus) -> None:
    data = list_input(corpus, "treaty")
    assert chosen(data, "signed") == {"treaty/signed": ["2001-01-10"], "treaty/unsigned": [NONE]}
    assert labels(data, "signed") == ["2001", "not on record"]
    assert chosen(list_input(corpus, "source"), "language")["source/undated"] == ["not on record"]


def test_dates_go_by_year_or_by_month_too(corpus: Corpus) -> None:
    assert labels(list_input(corpus, "event"), "date") == ["2001", "January 2001", "2000", "December 2000"]
    assert labels(list_input(corpus, "statement"), "date") == ["2001"]


def test_a_switch_has_two_sides(corpus: Corpus) -> None:
    data = list_input(corpus, "event")
    assert {ref: words[0] for ref, words in chosen(data, "claimed").items()} == {"event/meeting": "no", "event/shots": "yes", "event/visit": "no"}


def test_references_and_languages_are_named(corpus: Corpus) -> None:
    statements = list_input(corpus, "statement")
    assert statements["found"]["facets"][0]["options"] == [{"value": "person:ann", "label": "Ann"}]
    assert chosen(list_input(corpus, "source"), "language")["source/korean"] == ["Korean (North Korea)"]
    assert chosen(list_input(corpus, "person"), "organization") == {"person/ann": ["Aland"]}


def test_a_facet_makes_no_card_visible(corpus: Corpus) -> None:
    """The choices are words: the list does not come to depend on the cards of those whom they name."""
    assert "person/ann" not in list_input(corpus, "statement")["cards"]


def test_a_page_offers_what_its_own_rows_say(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render_pages, "list_length", lambda kind: 2)
    first, second = list_input(corpus, "event", 1), list_input(corpus, "event", 2)
    assert len(first["found"]["marks"]) == 2 and len(second["found"]["marks"]) == 1
    assert second["items"] == ["event/shots"] and labels(second, "date") == ["2001", "January 2001", "2000", "December 2000"]
    assert labels(first, "date") == ["2001", "January 2001"]


def test_the_page_does_not_grow_with_the_collection() -> None:
    """Marks and choices of a page are those of its rows: the same for a row whatever stands on other pages."""
    few = choices([{"name": "a", "title": "A"}], [[[("x", "X")]]] * render_pages.LIST_LENGTH)
    assert sum(map(len, few["marks"])) == render_pages.LIST_LENGTH and len(few["facets"][0]["options"]) == 1


def test_a_value_called_none_is_a_value() -> None:
    found = choices([{"name": "a", "title": "A"}], [[[("none", "not cited")]], [[]]])
    assert [option["label"] for option in found["facets"][0]["options"]] == ["not cited", "not on record"]
    assert found["marks"] == ["1", "2"]


def test_no_value_breaks_the_marks() -> None:
    found = choices([{"name": "a", "title": "A", "by": "year"}, {"name": "b", "title": "B"}], [[[("2001;|,x", "")], [(";|,", ";|,")]]])
    assert found["marks"] == ["2001   x;1"] and found["facets"][1]["options"][0]["value"] == ";|,"


def test_every_declared_facet_tells_the_real_records_apart() -> None:
    corpus = seen(link(load(PROJECT, PROJECT)), "2026-01-01")
    for kind in DECLARED:
        for facet in list_input(corpus, kind)["found"]["facets"]:
            assert len(facet["options"]) > 1, f"{kind}: {facet['name']} has one choice"
    assert {kind.name for kind in kinds().values() if kind.facets} == set(DECLARED)


@pytest.mark.parametrize("facets", ['"date"', "[1]", "{}", '["date:week"]', '["*.party"]', '["date", "born.date:month"]', '["a b"]'])
def test_a_schema_that_declares_no_facets_but_something_else_is_refused(tmp_path: Path, facets: str) -> None:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "ship.schema.json").write_text(f'{{"x-kind": {{"facets": {facets}}}}}', encoding="utf-8")
    found, problems = load_kinds(tmp_path, PROJECT)
    assert not found and "facet" in problems[0].message


def test_a_new_kind_has_facets_without_python(tmp_path: Path) -> None:
    root = make_project(tmp_path / "project", PROJECT / "tests" / "golden" / "seeds")
    schema = {
        "title": "Vessel",
        "x-kind": {"plural": "Vessels", "facets": ["colour", "launched"]},
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "name": {"type": "string", "title": "Name", "maxLength": 100, "x-card": True},
            "colour": {"type": "string", "title": "Colour", "enum": ["white", "black"]},
            "launched": {"$ref": "common.schema.json#/$defs/date", "title": "Launched"},
        },
    }
    (root / "schemas" / "vessel.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    (root / "seeds" / "vessel").mkdir()
    for name, colour in (("Hope", "black"), ("Faith", "white")):
        (root / "seeds" / "vessel" / f"{name.lower()}.yaml").write_text(f"name: {name}\ncolour: {colour}\nlaunched: 1999\n", encoding="utf-8")
    site = tmp_path / "out" / "site"
    publish(root, site)
    listed = (site / "vessel" / "index.html").read_text(encoding="utf-8")
    assert '<label>Colour <select name="colour"' in listed and '<option value="black">Black</option>' in listed
    assert 'data-rows="1;1999|2;1999"' in listed  # Faith is white, the first word of the schema
