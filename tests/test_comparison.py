"""The comparison treaties, on the real records: what follows from them, and what their pages say."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest

from pipeline.derive import derive, project
from pipeline.derive.alliances import has_defence_obligation
from pipeline.link import link
from pipeline.load import load
from pipeline.model import Corpus, Facts, View
from pipeline.validate import validate
from tests.worlds import PROJECT

TODAY = "2026-11-25"


@cache
def real() -> Corpus:
    return link(validate(load(PROJECT, PROJECT)))


@cache
def facts(day: str = TODAY) -> Facts:
    shown = project(real(), View.on(date.fromisoformat(day), explicit=day != TODAY))
    return derive(link(shown), View.on(date.fromisoformat(day), explicit=day != TODAY)).facts


def treaty(name: str, day: str = TODAY) -> Any:
    return facts(day).pages[f"treaty/{name}"]


def status(name: str, day: str = TODAY) -> tuple[str, str]:
    return treaty(name, day)["status"]["value"], treaty(name, day)["status"]["since"]


def party(name: str, state: str, day: str = TODAY) -> Any:
    return next(row for row in treaty(name, day)["parties"] if row["ref"] == f"organization/{state}")


def count_on(name: str, day: str) -> int:
    points = [point for point in treaty(name)["members"] if point["day"] <= day]
    return int(points[-1]["count"]) if points else 0


# The North Atlantic Treaty


def test_its_entry_into_force_is_reported_and_what_is_missing_is_said() -> None:
    found = treaty("north-atlantic-treaty-1949")
    assert status("north-atlantic-treaty-1949") == ("in-force", "1949-08-24")
    assert found["status"]["rule"] == "reported"
    assert "the consent of Belgium" in found["status"]["missing"]
    assert found["status"]["missing"][-1] == "the 7 consents that are needed"


@pytest.mark.parametrize(
    ("day", "count"), [("1949-12-31", 12), ("1952-12-31", 14), ("1955-12-31", 15), ("1982-12-31", 16), ("2004-12-31", 26), ("2024-12-31", 32)]
)
def test_its_parties_over_time(day: str, count: int) -> None:
    assert count_on("north-atlantic-treaty-1949", day) == count


def test_later_members_are_bound_from_their_own_accession() -> None:
    assert party("north-atlantic-treaty-1949", "sweden")["since"] == "2024-03-07"
    assert party("north-atlantic-treaty-1949", "belgium")["since"] == "1949-08-24"


# Ends


def test_the_treaty_of_2000_ended_by_supersession() -> None:
    assert status("russia-north-korea-2000") == ("ended", "2024-12-04")
    assert treaty("russia-north-korea-2000")["end"]["mode"] == "supersession"


def test_the_sino_soviet_treaty_ended_at_the_end_of_its_term_after_notice() -> None:
    assert status("china-soviet-union-1950", "1980-04-10")[0] == "in-force"
    assert party("china-soviet-union-1950", "china", "1980-04-10")["leaving_on"] == "1980-04-11"
    assert status("china-soviet-union-1950") == ("ended", "1980-04-11")
    assert treaty("china-soviet-union-1950")["end"]["mode"] == "expiry"
    assert not [act for act in treaty("china-soviet-union-1950")["acts"] if act["act"] == "termination"], "derived, not typed"


def test_the_warsaw_pact_ended_by_agreement_and_two_had_left_before() -> None:
    assert status("warsaw-pact-1955") == ("ended", "1991-07-01")
    assert party("warsaw-pact-1955", "albania")["state"] == "withdrawn"
    assert party("warsaw-pact-1955", "poland")["until"] == "1991-07-01"
    assert count_on("warsaw-pact-1955", "1955-12-31") == 8
    assert count_on("warsaw-pact-1955", "1990-12-31") == 6


def test_the_warsaw_pact_was_renewed_and_extended() -> None:
    assert treaty("warsaw-pact-1955", "1976-01-01")["term"]["ends"] == "1985-06-05"
    assert treaty("warsaw-pact-1955", "1986-01-01")["term"]["ends"] == "2005-06-05"


def test_the_end_of_the_1961_treaty_stays_a_range() -> None:
    assert status("soviet-union-north-korea-1961") == ("ended", "[1995-09..1996-09]")


# Suspension, terms, obligations


def test_anzus_is_suspended_between_two_of_three() -> None:
    assert status("anzus-1951") == ("in-force", "1952-04-29")
    suspended = {row["ref"]: row["suspended_with"] for row in treaty("anzus-1951")["parties"]}
    assert suspended == {
        "organization/australia": [],
        "organization/new-zealand": ["organization/united-states"],
        "organization/united-states": ["organization/new-zealand"],
    }
    assert not party("anzus-1951", "united-states", "1986-08-30")["flags"], "only possibly suspended before the month is over"
    assert party("anzus-1951", "united-states", "1986-08-31")["flags"] == ["suspended"]


def test_three_states_ran_out_of_the_collective_security_treaty_and_one_came_back() -> None:
    for state in ("azerbaijan", "georgia"):
        row = party("collective-security-treaty-1992", state)
        assert (row["state"], row["exit"]["mode"]) == ("withdrawn", "expiry")
    assert [entry["from"] for entry in party("collective-security-treaty-1992", "uzbekistan")["memberships"]] == ["1994-04-20", "2006"]


def test_russia_and_iran_are_bound_without_a_defence_obligation() -> None:
    assert status("russia-iran-2025") == ("in-force", "2025-10-02")
    assert not has_defence_obligation(real().records["treaty/russia-iran-2025"])
    edges = facts().site["in-force"]["parts"]["network"]["network"]["edges"]
    assert not [edge for edge in edges if {"organization/russia", "organization/iran"} == {edge["a"], edge["b"]}]


def test_russia_and_belarus_are_bound_since_the_exchange() -> None:
    assert status("russia-belarus-2024") == ("in-force", "2025-03-13")
    assert treaty("russia-belarus-2024")["force"]["rule"] == "exchange-of-instruments"
    assert treaty("russia-belarus-2024")["term"]["ends"] == "2035-03-13"


def test_the_treaty_of_lisbon_follows_from_its_deposits() -> None:
    found = treaty("lisbon-treaty-2007")
    assert found["force"]["derived_since"] == found["force"]["reported_since"] == "2009-12-01"
    assert party("lisbon-treaty-2007", "united-kingdom")["state"] == "withdrawn"


# As of a day


def in_comparison(day: str) -> set[str]:
    return {row["ref"].removeprefix("treaty/") for row in facts(day).site["compare"]["entries"]}


def test_as_of_1955_the_comparison_shows_only_what_was_in_force_then() -> None:
    shown = in_comparison("1955-01-01")
    assert {"north-atlantic-treaty-1949", "rio-treaty-1947", "anzus-1951"} <= shown
    assert "warsaw-pact-1955" not in shown
    assert all(status(name, "1955-01-01")[0] == "in-force" for name in shown)
    assert "warsaw-pact-1955" in in_comparison("1956-01-01")
    assert "warsaw-pact-1955" not in in_comparison("1992-01-01")


def test_a_view_names_no_party_that_joined_later() -> None:
    assert len(treaty("north-atlantic-treaty-1949", "1955-01-01")["parties"]) == 14


# Pictures


def test_who_is_bound_to_whom() -> None:
    network = facts().site["in-force"]["parts"]["network"]["network"]
    edges = {(edge["a"], edge["b"]) for edge in network["edges"]}
    assert ("organization/north-korea", "organization/russia") in edges
    assert ("organization/south-korea", "organization/united-states") in edges
    groups = {group["ref"]: len(group["members"]) for group in network["groups"]}
    assert groups["treaty/north-atlantic-treaty-1949"] == 32
    assert {"state": "organization/new-zealand", "others": ["organization/united-states"], "treaty": "treaty/anzus-1951"} in network["suspended"]


def test_the_chain_of_1961_2000_and_2024() -> None:
    chain = treaty("russia-north-korea-2024")["chain"]
    assert [(step["ref"], step["how"]) for step in chain] == [
        ("treaty/soviet-union-north-korea-1961", "ended"),
        ("treaty/russia-north-korea-2000", "superseded"),
        ("treaty/russia-north-korea-2024", ""),
    ]


def test_the_timeline_runs_from_1944_and_keeps_uncertain_ends() -> None:
    rows = {row["ref"]: row for row in facts().site["in-force"]["timeline"]["rows"]}
    assert rows["treaty/soviet-union-north-korea-1961"]["end"] == ["1995-09-01", "1996-09-30"]
    assert rows["treaty/north-atlantic-treaty-1949"]["end"] is None
    assert rows["treaty/france-soviet-union-1944"]["end"] == ["1955-05-07", "1955-05-07"]
    assert "treaty/geelong-treaty-2025" in facts().site["in-force"]["timeline"]["left_out"]


# Properties, on the real records


def standing_of(found: Facts) -> dict[str, Any]:
    return {
        ref: (
            page["status"]["value"], page["status"]["since"], page["members"], page["term"].get("ends"),
            [(row["ref"], row["state"], row["since"], row["flags"]) for row in page["parties"]],
        )
        for ref, page in found.pages.items()
        if ref.startswith("treaty/")
    }


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_records_and_of_acts_decides_nothing(seed: int) -> None:
    random_order = random.Random(seed)
    records = list(real().records.items())
    random_order.shuffle(records)
    shuffled = {}
    for ref, record in records:
        data = dict(record.data)
        if isinstance(data.get("actions"), list):
            data["actions"] = random_order.sample(data["actions"], len(data["actions"]))
        shuffled[ref] = replace(record, data=data)
    corpus = link(replace(real(), records=shuffled, links=()))
    assert standing_of(derive(corpus, View.on(date.fromisoformat(TODAY))).facts) == standing_of(facts())


STRENGTH = ("none", "signed", "in-procedure", "approved-at-home", "consented", "bound", "withdrawn")


def test_as_the_day_rises_no_party_falls_back() -> None:
    """With hindsight fixed. A party that left may come back, by an act on record; nothing else goes down."""
    days = [f"{year}-07-01" for year in range(1945, 2027, 3)]
    before: dict[tuple[str, str], str] = {}
    view = [View(date.fromisoformat(day), date.fromisoformat(TODAY), True) for day in days]
    for one in view:
        found = derive(link(project(real(), one)), one).facts
        for ref, page in found.pages.items():
            for row in page["parties"] if ref.startswith("treaty/") else ():
                key = (ref, row["ref"])
                last = before.get(key, "none")
                came_back = last == "withdrawn" and len(row["memberships"]) > 1
                assert came_back or STRENGTH.index(row["state"]) >= STRENGTH.index(last), f"{key}: {last} → {row['state']} by {one.as_of}"
                before[key] = row["state"]


def test_every_contested_value_is_on_the_page_of_disputed_values_with_all_its_sides() -> None:
    fact = facts().site["disputed"]
    entries = [entry["contested"] for part in (fact, *fact["parts"].values()) for entry in part["entries"] if "contested" in entry]
    shown = {entry["ref"]: [side["value"] for row in entry["values"] for side in row["others"]] for entry in entries}
    contested = [(record.ref, item["value"]) for record in real().records.values() for item in contested_in(record.data)]
    assert len(contested) > 60
    for ref, value in contested:
        assert value in shown[ref], f"{ref}: {value} is not shown"


def contested_in(data: Any) -> list[dict[str, Any]]:
    if isinstance(data, list):
        return [found for item in data for found in contested_in(item)]
    if isinstance(data, dict):
        return list(data.get("contested", [])) + [found for value in data.values() for found in contested_in(value)]
    return []
