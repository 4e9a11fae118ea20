"""The table that must come out for the treaty of 2024 (derivations, section 10), from the real records."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from pipeline.link import link
from pipeline.load import load
from pipeline.model import Corpus
from pipeline.validate import validate
from tests.worlds import PROJECT, seen

TREATY = "treaty/russia-north-korea-2024"


@cache
def real_corpus() -> Corpus:
    return link(validate(load(PROJECT, PROJECT)))


def facts_on(day: str, ref: str = TREATY, known_by: str = "") -> Any:
    return seen(real_corpus(), day, known_by).facts.pages[ref]


def party(facts: Any, name: str) -> Any:
    return next(entry for entry in facts["parties"] if entry["ref"] == f"organization/{name}")


def station(facts: Any, name: str, step: str) -> Any:
    return next(entry for entry in party(facts, name)["stations"] if entry["id"] == step)


@pytest.mark.parametrize(
    ("day", "status", "since"),
    [
        ("2024-06-18", "announced", "2024-06-17"),
        ("2024-06-20", "signed", "2024-06-19"),
        ("2024-10-16", "signed", "2024-06-19"),
        ("2024-10-25", "signed", "2024-06-19"),
        ("2024-11-06", "signed", "2024-06-19"),
        ("2024-11-10", "partly-approved", "2024-11-09"),
        ("2024-11-11", "partly-approved", "2024-11-09"),
        ("2024-11-12", "awaiting-exchange", "2024-11-11"),
        ("2024-12-04", "awaiting-exchange", "2024-11-11"),
        ("2024-12-05", "in-force", "2024-12-04"),
    ],
)
def test_status_of_the_treaty(day: str, status: str, since: str) -> None:
    found = facts_on(day)["status"]
    assert (found["value"], found["since"]) == (status, since)


def test_before_it_was_announced_the_treaty_has_no_page() -> None:
    assert TREATY not in seen(real_corpus(), "2024-06-16").records


def test_18_june_the_signature_is_expected() -> None:
    facts = facts_on("2024-06-18")
    for name in ("russia", "north-korea"):
        assert party(facts, name)["state"] == "none"
        assert station(facts, name, "signature")["state"] == "expected"


def test_20_june_both_have_signed_and_wait_for_their_first_step() -> None:
    facts = facts_on("2024-06-20")
    assert (party(facts, "russia")["state"], party(facts, "russia")["next"]["id"]) == ("signed", "submission")
    assert (party(facts, "north-korea")["state"], party(facts, "north-korea")["next"]["id"]) == ("signed", "decree")


def test_16_october_as_the_press_saw_it() -> None:
    facts = facts_on("2024-10-16")
    assert station(facts, "russia", "submission")["date"] == "2024-10-14"
    lower_house = station(facts, "russia", "lower-house")
    assert (lower_house["state"], lower_house["expected"]["window"]) == ("expected", "2024-11")
    assert [station(facts, "russia", step)["state"] for step in ("upper-house", "promulgation", "exchange-of-instruments")] == ["later"] * 3
    assert party(facts, "north-korea")["next"]["id"] == "decree"


def test_25_october_the_expectation_is_met_early_and_a_new_one_stands() -> None:
    facts = facts_on("2024-10-25")
    duma = next(entry for entry in facts["expectations"] if entry["step"] == "lower-house")
    assert (duma["state"], duma["happened"]) == ("met-early", "2024-10-24")
    upper_house = station(facts, "russia", "upper-house")
    assert (upper_house["state"], upper_house["expected"]["window"]) == ("expected", "2024-11-01/2024-11-15")


def test_6_november_that_expectation_is_met_and_the_president_is_next() -> None:
    facts = facts_on("2024-11-06")
    assert next(entry["state"] for entry in facts["expectations"] if entry["step"] == "upper-house") == "met"
    assert party(facts, "russia")["next"]["id"] == "promulgation"


@pytest.mark.parametrize(("day", "state"), [("2024-11-11", "signed"), ("2024-11-12", "approved-at-home")])
def test_the_decree_of_the_11th_was_announced_on_the_12th(day: str, state: str) -> None:
    facts = facts_on(day)
    assert party(facts, "north-korea")["state"] == state
    assert (party(facts, "russia")["state"], party(facts, "russia")["since"]) == ("approved-at-home", "2024-11-09")


def test_the_decree_was_in_force_on_the_11th_with_hindsight() -> None:
    facts = facts_on("2024-11-11", known_by="2024-11-12")
    assert (party(facts, "north-korea")["state"], party(facts, "north-korea")["since"]) == ("approved-at-home", "2024-11-11")


def test_5_december_both_are_bound_and_the_treaty_of_2000_has_ended() -> None:
    corpus = seen(real_corpus(), "2024-12-05")
    for name in ("russia", "north-korea"):
        state = party(corpus.facts.pages[TREATY], name)
        assert (state["state"], state["since"]) == ("bound", "2024-12-04")
    end = corpus.facts.pages["treaty/russia-north-korea-2000"]["end"]
    assert (end["since"], end["mode"], end["by"]) == ("2024-12-04", "supersession", TREATY)


def test_the_reason_is_the_exchange_in_moscow_and_it_names_its_sources() -> None:
    because = facts_on("2026-01-01")["status"]["because"]
    assert because[0]["event"] == "event/2024-12-04-exchange"
    assert because[0]["place"] == "Moscow"
    assert all(reason["sources"] for reason in because)


def test_every_reason_in_the_corpus_leads_to_sources() -> None:
    corpus = seen(real_corpus(), "2026-01-01")
    walked = 0
    waiting: list[Any] = list(corpus.facts.pages.values())
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            for reason in node.get("because", []):
                walked += 1
                assert reason["ref"] in corpus.records, reason
                assert reason["sources"], reason
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
    assert walked > 20


def claim(day: str, event: str, known_by: str = "") -> Any:
    return facts_on(day, f"event/{event}", known_by)["claim"]


def test_the_drone_claim_is_disputed_between_the_two_koreas() -> None:
    found = claim("2026-01-01", "2024-10-03-drones-over-pyongyang")
    assert found["state"] == "disputed"
    assert {entry["side"] for entry in found["asserted_by"]} >= {"north-korea"}
    assert {entry["side"] for entry in found["denied_by"]} >= {"south-korea"}


def test_the_troop_reports_were_denied_and_later_confirmed_by_both() -> None:
    event = "2024-10-08-north-korean-troops-in-russia"
    assert claim("2024-10-26", event)["state"] == "disputed"
    between = claim("2025-04-27", event)
    assert (between["state"], between["detail"]) == ("disputed", "confirmed by Russia, denied by North Korea")
    found = claim("2025-04-28", event)
    assert (found["state"], found["since"]) == ("confirmed", "2025-04-28")
    assert {entry["side"] for entry in found["confirmed_by"]} == {"russia", "north-korea"}
    assert {entry["side"] for entry in found["denied_by"]} >= {"russia", "north-korea"}


@pytest.mark.parametrize(
    ("statement", "office"),
    [("2024-10-15-peskov-article-4", "Press Secretary of the President"), ("2024-10-15-rudenko-article-4", "Deputy Minister of Foreign Affairs")],
)
def test_statements_on_article_4_carry_the_office_of_that_day(statement: str, office: str) -> None:
    corpus = seen(real_corpus(), "2024-10-16")
    record = corpus.records[f"statement/{statement}"]
    assert f"{TREATY.replace('treaty/', 'treaty/')}#article-4" in record.data["about"]
    facts = corpus.facts.pages[record.ref]
    assert facts["office"].startswith(office)
    assert facts["certain"]


def test_the_transports_of_early_october_are_seen_only_with_hindsight() -> None:
    assert "event/2024-10-08-troop-transport" not in seen(real_corpus(), "2024-10-16").records
    assert "event/2024-10-08-troop-transport" in seen(real_corpus(), "2024-10-16", "2025-12-31").records
