"""Facts and pages over the whole collection: the comparison, expectations, disputes, parties, chosen days and changes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline import build as spine
from pipeline.derive.collections import in_parts
from pipeline.model import Corpus, View
from pipeline.publish.mkdocs import PublishFailed, _load
from pipeline.render import open_book, page_input, page_key, site_templates
from pipeline.render.pages import Site
from tests.building import TODAY, build_site, clean_build, make_project, publish, tree
from tests.test_views import later_days, visible_text
from tests.worlds import BASICS, PROJECT, seen, treaty, world

SIGNED = "  - {act: signature, date: 2001-01-10, sources: [day-2001-01-10]}\n"
EXCHANGED = "  - {act: exchange-of-instruments, date: 2001-01-10, sources: [day-2001-01-10]}\n"
DEFENCE = "{kind: defence, strength: must-assist, trigger: armed-attack, sources: [undated]}"
CONSULTATION = "{kind: consultation, strength: consult, sources: [undated]}"


def provisions(*articles: tuple[str, str]) -> str:
    listed = "".join(f"  - {{article: '{article}', heading: H, obligations: [{entry}], sources: [undated]}}\n" for article, entry in articles)
    return f"provisions:\n{listed}"


#: Three treaties: one in force with two obligations, one only signed, one without any obligation.
THREE = BASICS | {
    "treaty/bound": treaty(SIGNED + EXCHANGED, more=provisions(("3", CONSULTATION), ("4", DEFENCE)), parties="[{party: aland}, {party: beland}]"),
    "treaty/signed": treaty(SIGNED, more=provisions(("2", CONSULTATION)), parties="[{party: aland}, {party: celand}]"),
    "treaty/plain": treaty(SIGNED, parties="[{party: beland}, {party: celand}]"),
}


def site_of(records: dict[str, str], day: str) -> Any:
    return seen(world(records), day).facts.site


def plain(records: dict[str, str], day: str) -> Any:
    """As a build without a chosen day sees it."""
    return spine.derive(world(records), View.on(date.fromisoformat(day))).facts.site


# The comparison


def test_the_comparison_shows_the_strongest_obligation_and_its_place() -> None:
    rows = plain(THREE, "2002-01-01")["compare"]["entries"]
    assert [row["ref"] for row in rows] == ["treaty/bound", "treaty/signed"]
    assert rows[0]["in_force"] and not rows[1]["in_force"]
    assert (rows[0]["obligation"]["kind"], rows[0]["obligation"]["anchor"]) == ("defence", "article-4")
    assert rows[0]["consultation"]["anchor"] == "article-3"
    assert rows[0]["obligation"]["sources"] == ["undated"]
    assert rows[0]["further"] == []  # the consultation has its own column


def test_a_plain_comparison_names_the_others_by_status() -> None:
    compare = plain(THREE, "2002-01-01")["compare"]
    assert compare["others"] == [{"ref": "treaty/plain", "status": "signed", "since": "2001-01-10"}]
    assert (compare["count"], compare["in_force"], compare["only_in_force"]) == (2, 1, False)


def test_the_comparison_of_a_day_shows_only_what_was_in_force() -> None:
    compare = site_of(THREE, "2002-01-01")["compare"]
    assert [row["ref"] for row in compare["entries"]] == ["treaty/bound"]
    assert [row["ref"] for row in compare["others"]] == ["treaty/plain", "treaty/signed"]


def test_a_treaty_in_force_without_an_obligation_is_compared_last() -> None:
    records = THREE | {"treaty/plain": treaty(SIGNED + EXCHANGED, parties="[{party: beland}, {party: celand}]")}
    rows = plain(records, "2002-01-01")["compare"]["entries"]
    assert [(row["ref"], row["obligation"] is None) for row in rows][-1] == ("treaty/plain", True)


# Expected, disputed, parties


def statement(day: str, window: str, more: str = "") -> str:
    return (
        f"speaker: person/ann\ndate: {day}\nabout: [treaty/one]\nstance: expects\nsummary: Soon.\nsources: [undated]\n"
        f"expects:\n  - {{treaty: one, party: aland, step: {more or 'vote'}, window: {window}}}\n"
    )


WAITED = BASICS | {
    "treaty/one": treaty(SIGNED + "  - {step: submission, party: aland, date: 2001-02-01, sources: [undated]}\n"),
    "statement/overdue": statement("2001-01-11", "2001-03"),
    "statement/due": statement("2001-01-12", "2001-06", "committee"),
    "statement/pending": statement("2001-01-13", "2001-09", "signing"),
    "statement/met": statement("2001-01-14", "2001-02", "submission"),
}


def test_expectations_stand_overdue_due_pending_and_then_settled() -> None:
    expected = site_of(WAITED, "2001-06-15")["expected"]
    assert [entry["state"] for entry in expected["entries"]] == ["overdue", "due", "pending", "met"]
    assert expected["open"] == {"overdue": 1, "due": 1, "pending": 1} and expected["settled_count"] == 1


CONTESTED = BASICS | {
    "treaty/one": treaty(
        "  - {act: signature, date: 2001-01-10, sources: [day-2001-01-10], contested: [{field: date, value: '2001-01-11', note: Late., sources: [undated]}]}\n",
        more="contested: [{field: name, value: Another, sources: [undated]}, {field: the last word, value: Nobody, sources: [undated]}]\n",
    )
}


def test_contested_values_show_all_sides_with_their_sources() -> None:
    [entry] = site_of(CONTESTED, "2002-01-01")["disputed"]["entries"]
    found = {value["field"]: value for value in entry["contested"]["values"]}
    assert found["date"]["chosen"] == "2001-01-10" and found["date"]["anchor"] == "action-1"
    assert found["date"]["place"] == "Signed" and found["date"]["sources"] == ["day-2001-01-10"]
    assert found["date"]["others"] == [{"value": "2001-01-11", "note": "Late.", "sources": ["undated"]}]
    assert found["name"]["chosen"] == "A treaty" and found["name"]["anchor"] == "part-contested"
    assert found["the last word"]["chosen"] == ""


def test_each_party_has_its_treaties() -> None:
    parties = site_of(THREE, "2002-01-01")["parties"]
    assert [entry["ref"] for entry in parties["entries"]] == ["organization/aland", "organization/beland", "organization/celand"]
    assert [(row["ref"], row["state"]) for row in parties["entries"][0]["treaties"]] == [("treaty/bound", "bound"), ("treaty/signed", "signed")]


def test_a_long_list_is_split_and_nothing_is_lost() -> None:
    fact = in_parts("compare", list(range(115)), {"shared": True})
    pages = [fact, *fact["parts"].values()]
    assert [entry for page in pages for entry in page["entries"]] == list(range(115))
    assert [page["number"] for page in pages] == [1, 2, 3, 4, 5] and all(page["shared"] and page["total"] == 5 for page in pages)
    assert list(fact["parts"]) == ["page-2", "page-3", "page-4", "page-5"]


def test_a_corpus_without_treaties_has_none_of_these_facts() -> None:
    assert set(site_of(BASICS, "2002-01-01")) == {"home"}


# The real records


@pytest.fixture(scope="module")
def real() -> spine.Prepared:
    return spine.prepare(spine.open_project(PROJECT), View.on(TODAY), TODAY, use_cache=False)


def with_days(prepared: spine.Prepared, *days: str) -> Corpus:
    return spine.with_days(prepared, [date.fromisoformat(day) for day in days]).shown


def test_a_day_is_what_its_reader_knew(real: spine.Prepared) -> None:
    shown = with_days(real, "2024-10-16", "2024-06-20")
    days = shown.facts.site["as-of"]
    assert list(days["parts"]) == ["2024-06-20", "2024-10-16"] and [entry["day"] for entry in days["days"]] == ["2024-10-16", "2024-06-20"]
    page = days["parts"]["2024-10-16"]
    row = next(row for row in page["entries"] if row["ref"] == "treaty/russia-north-korea-2024")
    assert (row["status"], row["since"]) == ("signed", "2024-06-19")
    russia = next(party for party in row["parties"] if party["ref"] == "organization/russia")
    assert (russia["state"], russia["next"]["label"], russia["next"]["expected"]["window"]) == ("in-procedure", "State Duma ratifies", "2024-11")
    assert page["before"] == "2024-06-20"
    assert any("in procedure" in change["text"] for change in page["changes"])
    assert page["expected"] and page["disputed"]


def test_the_page_of_a_day_is_the_view_of_that_day(real: spine.Prepared) -> None:
    """What the plain site says of a day agrees with a build as of that day."""
    day = date(2024, 11, 12)
    then = spine.prepare(real.project, View.on(day, explicit=True), TODAY, use_cache=False).shown
    page = with_days(real, "2024-11-12").facts.site["as-of"]["parts"]["2024-11-12"]
    assert {row["ref"]: (row["status"], row["since"]) for row in page["entries"]} == {
        ref: (facts["status"]["value"], facts["status"]["since"]) for ref, facts in then.facts.pages.items() if ref.startswith("treaty/")
    }
    assert [entry["ref"] for entry in page["disputed"]] == [
        entry["claim"]["ref"] for entry in then.facts.site["disputed"]["entries"] if "claim" in entry
    ]


def test_a_treatys_page_leads_to_the_days_on_which_it_existed(real: spine.Prepared) -> None:
    shown = with_days(real, "1955-01-01", "1992-01-01", "2024-06-20", "2024-12-05")
    stood = shown.facts.pages["treaty/russia-north-korea-2024"]["stood"]
    assert [(entry["part"], entry["status"]) for entry in stood] == [("2024-06-20", "signed"), ("2024-12-05", "in-force")]


def test_changes_are_told_newest_first(real: spine.Prepared) -> None:
    changes = with_days(real, "2024-06-20", "2024-10-16", "2024-12-05").facts.site["changes"]
    spans = [(span["from"], span["to"]) for span in changes["spans"]]
    assert spans == [("2024-12-05", TODAY.isoformat()), ("2024-10-16", "2024-12-05"), ("2024-06-20", "2024-10-16")]
    texts = [entry["change"]["text"] for entry in changes["entries"] if entry["to"] == "2024-12-05"]
    assert any("in force" in text for text in texts)


def test_a_view_has_only_the_days_up_to_its_own(real: spine.Prepared) -> None:
    view = View.on(date(2024, 10, 31), date(2024, 10, 20), explicit=True)
    then = spine.prepare(real.project, view, TODAY, use_cache=False)
    days = with_days(then, "2024-06-20", "2024-10-31", "2024-11-12").facts.site["as-of"]["parts"]
    assert list(days) == ["2024-06-20", "2024-10-31"]
    assert days["2024-10-31"]["view"]["known_by"] == "2024-10-20"  # no page knows more than its site


def test_no_day_changes_nothing(real: spine.Prepared) -> None:
    assert spine.with_days(real, []) is real
    assert spine.with_days(real, [date(2030, 1, 1)]) is real


def test_a_page_shows_only_what_its_key_holds(real: spine.Prepared) -> None:
    """The input of a page over the whole collection is its own fact and the cards of the records named in it."""
    book = open_book(with_days(real, "2024-10-16"), Site(), site_templates([PROJECT / "templates"]))
    made = {page.path: page_input(book, page) for page in book.pages if page.fact}
    assert {"compare.html", "expected.html", "disputed.html", "parties.html", "as-of.html", "as-of/2024-10-16.html", "changes.html"} <= set(made)
    assert "parts" not in made["as-of.html"]["facts"]
    assert made["as-of/2024-10-16.html"]["shell"]["view"] == {"as_of": "2024-10-16", "known_by": "2024-10-16"}
    assert made["compare.html"]["shell"]["view"] is None
    for page in book.pages:
        if page.fact:
            assert page_key("", book, page, made[page.path])  # plain JSON


# The site


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    root = make_project(tmp_path / "project", PROJECT / "tests" / "golden" / "seeds")
    shutil.copytree(PROJECT / "site", root / "site")
    for page in ("about", "method", "glossary"):
        (root / "site" / "docs" / f"{page}.md").write_text("# Title\n\nText.\n", encoding="utf-8")
    configure(root, "2001-02-10, 2001-03-01")
    yield root


def configure(root: Path, days: str) -> None:
    text = (PROJECT / "site" / "mkdocs.yml").read_text(encoding="utf-8")
    before, _, after = text.partition("      days: [")
    (root / "site" / "mkdocs.yml").write_text(f"{before}      days: [{days}]{after.partition(']')[2]}", encoding="utf-8")


def later(text: str) -> list[str]:
    """Days after 10 February 2001 in a text, without the month in which something was then expected."""
    return [words for words in later_days(text, date(2001, 2, 10)) if words != "March 2001"]


def test_the_days_of_the_configuration_become_pages(project: Path, tmp_path: Path) -> None:
    site = build_site(project, tmp_path / "out" / "site")
    assert sorted(path.name for path in (site / "as-of").iterdir()) == ["2001-02-10.html", "2001-03-01.html"]
    text = visible_text(site / "as-of" / "2001-02-10.html")
    assert "As of 10 February 2001" in text and not later(text)
    assert 'href="../as-of/2001-02-10.html#border-2001"' in (site / "treaty" / "border-2001.html").read_text(encoding="utf-8")
    for page in ("about.html", "index.html", "treaty/border-2001.html"):  # both shells
        assert "compare.html" in (site / page).read_text(encoding="utf-8")


def test_a_view_of_the_site_says_nothing_later_on_these_pages(project: Path, tmp_path: Path) -> None:
    site = build_site(project, tmp_path / "out" / "site", as_of=date(2001, 2, 10))
    paths = [*(site / "as-of").iterdir(), *(site / f"{name}.html" for name in ("compare", "expected", "disputed", "parties", "as-of", "changes"))]
    assert len(paths) == 7
    for path in paths:
        assert not later(visible_text(path)), path.name


def test_other_days_make_the_site_that_a_clean_build_makes(project: Path, tmp_path: Path) -> None:
    output = tmp_path / "out" / "site"
    publish(project, output)
    configure(project, "2001-02-20")
    publish(project, output)
    path = project / "seeds" / "treaty" / "border-2001.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("summary:", "summary: Anew.", 1), encoding="utf-8")
    publish(project, output)
    assert tree(output) == clean_build(project, tmp_path / "clean")


@pytest.mark.parametrize("days", ["2001-13-01", "yesterday", "2001-02", "2001-02-10 10:00:00", "[2001-02-10]", "20010210"])
def test_a_day_that_is_none_is_refused(project: Path, tmp_path: Path, days: str) -> None:
    configure(project, days)
    with pytest.raises(PublishFailed):
        _load(spine.open_project(project), tmp_path / "out" / "site")


def test_a_project_without_a_configuration_has_no_days(tmp_path: Path) -> None:
    root = make_project(tmp_path / "project", PROJECT / "tests" / "golden" / "seeds")
    site = build_site(root, tmp_path / "out" / "site")
    assert (site / "as-of.html").is_file() and not (site / "as-of").exists() and not (site / "changes.html").exists()


def test_a_template_of_the_project_goes_before_ours(tmp_path: Path) -> None:
    root = make_project(tmp_path / "project", PROJECT / "tests" / "golden" / "seeds")
    (root / "templates" / "site").mkdir(parents=True)
    (root / "templates" / "site" / "parties.html").write_text(
        '{% extends "overview.html" %}{% set title = "Who is bound" %}{% block sections %}{{ facts.count }} of them{% endblock %}', encoding="utf-8"
    )
    (root / "templates" / "site" / "no-such-fact.html").write_text("never", encoding="utf-8")
    site = build_site(root, tmp_path / "out" / "site")
    assert "<h1>Who is bound</h1>" in (site / "parties.html").read_text(encoding="utf-8")
    assert ">Who is bound</a>" in (site / "index.html").read_text(encoding="utf-8")
    assert not (site / "no-such-fact.html").exists()


@pytest.mark.parametrize("content", [b"{% block", b"\xff\xfe"], ids=["not closed", "no UTF-8"])
def test_a_template_that_cannot_be_read_is_a_finding(tmp_path: Path, content: bytes) -> None:
    root = make_project(tmp_path / "project", PROJECT / "tests" / "golden" / "seeds")
    (root / "templates" / "site").mkdir(parents=True)
    (root / "templates" / "site" / "parties.html").write_bytes(content)
    with pytest.raises(PublishFailed, match="site/parties.html:1"):
        build_site(root, tmp_path / "out" / "site")
