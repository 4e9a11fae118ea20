"""A published id never vanishes: moved and withdrawn records keep their pages and count for nothing."""

from __future__ import annotations

from pathlib import Path

from tests.building import build_site, make_project
from tests.test_views import visible_text
from tests.worlds import BASICS, seen, treaty, world

SIGNED = "- {act: signature, date: 2001-01-10, sources: [undated]}\n"
GONE = "withdrawn: {date: 2004-05-06, reason: Entered twice.}\n"


def said(name: str, more: str = "") -> dict[str, str]:
    text = (
        "speaker: person/ann\ndate: 2001-02-01\nabout: [treaty/t]\nsummary: It will be ratified.\nstance: expects\n"
        "expects: [{treaty: t, act: exchange-of-instruments, window: 2001-05}]\nsources: [undated]\n"
    )
    return {f"statement/{name}": text + more}


def test_a_withdrawn_statement_expects_and_says_nothing_any_more() -> None:
    records = {**BASICS, "treaty/t": treaty(SIGNED), **said("kept"), **said("gone", GONE)}
    page = seen(world(records), "2005-01-01").facts.pages["treaty/t"]
    assert page["statements"] == ["statement/kept"]
    assert [entry["ref"] for entry in page["expectations"]] == ["statement/kept"]


def test_before_the_day_it_was_withdrawn_a_view_shows_it_as_it_stood() -> None:
    records = {**BASICS, "treaty/t": treaty(SIGNED), **said("gone", GONE)}
    assert seen(world(records), "2004-05-05").facts.pages["treaty/t"]["statements"] == ["statement/gone"]
    assert seen(world(records), "2004-05-06").facts.pages["treaty/t"]["statements"] == []


def test_a_withdrawn_treaty_supersedes_nothing_and_is_in_no_count() -> None:
    relation = "relations: [{type: supersedes, treaty: t, sources: [undated]}]\n"
    later = treaty(SIGNED, rule="signature", more=relation)
    facts = seen(world({**BASICS, "treaty/t": treaty(SIGNED, rule="signature"), "treaty/new": later + GONE}), "2005-01-01").facts
    assert facts.pages["treaty/t"]["status"]["value"] == "in-force"
    assert [row["ref"] for row in facts.pages["organization/aland"]["treaties"]] == ["treaty/t"]


def test_their_pages_stay_marked_and_off_the_lists(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    files = {
        "organization/aland": "name: Aland\ntype: state\n",
        "organization/beland": "name: Beland\ntype: state\n",
        "organization/old-aland": "name: Aland of old\ntype: state\nmoved_to: organization/aland\n",
        "source/paper": "title: The paper\npublisher: The Press\nclass: press\n",
        "source/twice": "title: The same paper\npublisher: The Press\nclass: press\n" + GONE,
        "treaty/t": treaty(SIGNED.replace("undated", "paper"), parties="[{party: aland}, {party: beland}]").replace("undated", "paper"),
    }
    for ref, text in files.items():
        path = seeds / f"{ref}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    site = build_site(make_project(tmp_path / "project", seeds), tmp_path / "out" / "site")
    withdrawn = visible_text(site / "source" / "twice.html")
    assert "Withdrawn 6 May 2004" in withdrawn and "Entered twice." in withdrawn
    assert "This record is now Aland" in visible_text(site / "organization" / "old-aland.html")
    assert "The same paper" not in visible_text(site / "source" / "index.html")
    assert "Aland of old" not in visible_text(site / "organization" / "index.html")
