"""The derivations by their tables, each on a small world. Articles are those of the Vienna Convention (1969)."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pipeline import dates
from pipeline.derive.entry_into_force import add_delay, add_years
from pipeline.derive.known import SourceDates, known_since
from pipeline.model import Corpus
from tests.worlds import BASICS, seen, treaty, world

SIGNED = "- {act: signature, date: 2001-01-10, by: [ann], sources: [day-2001-01-10]}\n"
SUBMITTED = "- {party: aland, step: submission, date: 2001-02-01, sources: [day-2001-01-10]}\n"
ADOPTED = "- {party: aland, step: vote, date: 2001-03-01, outcome: adopted, sources: [day-2001-01-10]}\n"
REJECTED = "- {party: aland, step: vote, date: 2001-03-01, outcome: rejected, sources: [day-2001-01-10]}\n"
COMPLETED = "- {party: aland, step: signing, date: 2001-04-01, outcome: signed, sources: [day-2001-01-10]}\n"
EXCHANGED = "- {act: exchange-of-instruments, date: 2001-05-01, sources: [day-2001-01-10]}\n"


def facts(actions: str, day: str = "2003-01-01", records: dict[str, str] | None = None, **options: Any) -> Any:
    corpus = world({**BASICS, "treaty/t": treaty(actions, **options), **(records or {})})
    return seen(corpus, day).facts.pages["treaty/t"]


def states(found: Any, party: str = "aland") -> dict[str, str]:
    row = next(entry for entry in found["parties"] if entry["ref"] == f"organization/{party}")
    return {station["id"]: station["state"] for station in row["stations"]}


def party_state(found: Any, party: str = "aland") -> tuple[str, str]:
    row = next(entry for entry in found["parties"] if entry["ref"] == f"organization/{party}")
    return row["state"], row["since"]


# Dates and what "certainly" means


@pytest.mark.parametrize(
    ("text", "day", "answer"),
    [
        ("2001-01-10", "2001-01-10", True), ("2001-01-10", "2001-01-09", False), ("2001-01", "2001-01-15", None),
        ("2001-01", "2001-01-31", True), ("2001-01-08/2001-01-12", "2001-01-08", True),
        ("[2001-01-08..2001-01-12]", "2001-01-08", None), ("2000-05/..", "2001-01-01", True), ("../2001", "2000-06-01", None),
        # What ended has begun, however roughly its beginning is known.
        ("2001-01/2001-01-05", "2001-01-05", True), ("2001-01/2001-01-05", "2001-01-04", None),
    ],
)
def test_happened_by(text: str, day: str, answer: bool | None) -> None:
    span = dates.parse(text)
    assert span is not None
    assert dates.happened_by(span, date.fromisoformat(day)) is answer


@pytest.mark.parametrize(
    ("first", "second", "answer"),
    [("2001-01-10", "2001-01-11", True), ("2001-01-10", "2001-01-10", False), ("2001-01", "2001-01-15", None), ("2001", "2002", True)],
)
def test_before(first: str, second: str, answer: bool | None) -> None:
    a, b = dates.parse(first), dates.parse(second)
    assert a is not None and b is not None
    assert dates.before(a, b) is answer


@pytest.mark.parametrize("text", ["2024-13-01", "2024-02-30", "24-01-01", "2024/13", "[2024]", "../..", "2024-10-15T25:00Z", "tomorrow", "", "2024-10-13/2024-10-08"])
def test_what_is_no_date(text: str) -> None:
    assert dates.parse(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2024-12-04", "4 December 2024"), ("2024-10", "October 2024"), ("2024~", "about 2024"), ("2024-10-08/2024-10-13", "8–13 October 2024"),
        ("[1995-09..1996-09]", "between September 1995 and September 1996"), ("../2024", "by 2024"), ("2012-05/..", "from May 2012"), ("..", "present"),
        ("2024-10-08~/2024-10-13", "about 8 October 2024 – 13 October 2024"), ("2024-10-08/2024-11-13?", "8 October 2024 – 13 November 2024 (uncertain)"),
        ("2024-10-08T09:00Z/2024-10-08T11:30Z", "8 October 2024, 09:00 UTC – 8 October 2024, 11:30 UTC"), ("2024-10-08/2024-10-08", "8 October 2024"),
    ],
)
def test_dates_in_words(text: str, words: str) -> None:
    assert dates.in_words(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [("2024-10", "October 2024"), ("[2024-05-01..2024-06-02]", "a day between 1 May 2024 and 2 June 2024"), ("[2024-05-01..]", "1 May 2024 or later")],
)
def test_dates_after_since(text: str, words: str) -> None:
    assert dates.since_in_words(text) == words


# Known since, row by row


@pytest.mark.parametrize(
    ("own", "sources", "options", "expected"),
    [
        ("2001-01-05", ["day-2001-01-10"], {"known": "2001-01-07"}, ("2001-01-07", False)),
        ("2001-01-05", ["day-2001-01-10"], {"public_step": True}, ("2001-01-05", False)),
        ("2001-01-05", ["day-2001-01-10", "month-2001-01"], {}, ("2001-01-10", False)),
        ("2001-01-05", ["month-2001-01"], {}, ("2001-01-05", False)),
        ("2000-12-05", ["month-2001-01"], {}, ("2001-01-01", False)),
        ("2001-01-05", ["undated"], {}, ("2001-01-05", True)),
        ("2001-01-05", ["late-2005-05-05"], {"public_act": True}, ("2001-01-05", True)),
        ("2001-01-05", ["late-2005-05-05"], {}, ("2005-05-05", False)),
    ],
)
def test_known_since(own: str, sources: list[str], options: dict[str, Any], expected: tuple[str, bool]) -> None:
    known = known_since(dates.parse(own), sources, SourceDates(world(BASICS)), **options)
    assert known.day is not None
    assert (known.day.isoformat(), known.presumed) == expected


# Steps


def test_steps_before_and_after_the_submission() -> None:
    assert states(facts(SIGNED)) == {
        "signature": "done", "submission": "next", "committee": "later", "vote": "later", "signing": "later", "exchange-of-instruments": "later",
    }
    found = states(facts(SIGNED + SUBMITTED))
    assert (found["submission"], found["committee"], found["vote"], found["signing"]) == ("done", "next", "next", "later")


def test_an_optional_step_that_was_passed_over_is_not_used() -> None:
    assert states(facts(SIGNED + SUBMITTED + ADOPTED))["committee"] == "not-used"


def test_a_rejected_step_blocks_what_follows_until_a_new_submission() -> None:
    found = states(facts(SIGNED + SUBMITTED + REJECTED))
    assert (found["vote"], found["signing"]) == ("rejected", "blocked")
    again = "- {party: aland, step: submission, date: 2001-06-01, sources: [undated]}\n"
    found = states(facts(SIGNED + SUBMITTED + REJECTED + again))
    assert (found["submission"], found["vote"], found["signing"]) == ("done", "next", "later")


def test_an_adopted_vote_that_a_new_submission_made_history_counts_for_no_state() -> None:
    again = "- {party: aland, step: submission, date: 2001-06-01, sources: [undated]}\n"
    assert party_state(facts(SIGNED + SUBMITTED + ADOPTED + COMPLETED + again)) == ("in-procedure", "2001-06-01")


def test_a_new_submission_that_is_only_scheduled_makes_nothing_history() -> None:
    again = "- {party: aland, step: submission, scheduled: {date: 2001-09-01, sources: [undated]}}\n"
    found = facts(SIGNED + SUBMITTED + REJECTED + again, "2001-05-01")
    assert states(found)["submission"] == "done" and states(found)["vote"] == "rejected" and states(found)["signing"] == "blocked"
    assert party_state(found) == ("in-procedure", "2001-02-01")


def test_partial_acts_make_a_missing_step_not_on_record() -> None:
    assert states(facts(SIGNED, record="partial"))["submission"] == "not-on-record"


def test_a_sourced_record_can_say_that_a_step_was_skipped() -> None:
    skipped = "- {party: aland, step: vote, date: 2001-03-01, outcome: skipped, sources: [undated]}\n"
    found = states(facts(SIGNED + SUBMITTED + skipped))
    assert (found["vote"], found["signing"]) == ("skipped", "next")


def test_an_announced_act_is_scheduled() -> None:
    scheduled = "- {act: exchange-of-instruments, scheduled: {date: 2001-05-01, sources: [day-2001-01-10]}}\n"
    assert states(facts(SIGNED + scheduled, "2001-02-01"))["exchange-of-instruments"] == "scheduled"


def test_steps_close_when_the_treaty_ends() -> None:
    ended = "- {act: termination, date: 2002-01-01, mode: agreement, sources: [undated]}\n"
    assert states(facts(SIGNED + ended))["submission"] == "closed"


# A party


def test_party_states_rise_with_the_acts() -> None:
    """Signature subject to ratification binds no one [14, 18]; the exchange expresses consent [13]."""
    assert party_state(facts("- {act: announcement, date: 2001-01-01, sources: [undated]}\n")) == ("none", "")
    assert party_state(facts(SIGNED)) == ("signed", "2001-01-10")
    assert party_state(facts(SIGNED + SUBMITTED)) == ("in-procedure", "2001-02-01")
    assert party_state(facts(SIGNED + SUBMITTED + ADOPTED + COMPLETED)) == ("approved-at-home", "2001-04-01")
    assert party_state(facts(SIGNED + SUBMITTED + ADOPTED + COMPLETED + EXCHANGED)) == ("bound", "2001-05-01")


def test_a_definitive_signature_is_consent() -> None:
    """Article 12."""
    definitive = "- {act: signature, date: 2001-01-10, definitive: true, sources: [undated]}\n"
    assert party_state(facts(definitive, rule="{rule: fixed-date, date: 2009-01-01}")) == ("consented", "2001-01-10")


def test_withdrawal() -> None:
    withdrawn = "- {act: withdrawal, party: aland, date: 2002-05-01, sources: [undated]}\n"
    assert party_state(facts(SIGNED + EXCHANGED + withdrawn)) == ("withdrawn", "2002-05-01")


# Entry into force [24]


@pytest.mark.parametrize(
    ("rule", "actions", "since"),
    [
        ("signature", SIGNED, "2001-01-10"),
        ("exchange-of-instruments", SIGNED + EXCHANGED, "2001-05-01"),
        ("{rule: exchange-of-instruments, delay: {days: 30}}", SIGNED + EXCHANGED, "2001-05-31"),
        ("{rule: exchange-of-instruments, delay: {months: 3}}", SIGNED + EXCHANGED, "2001-09-01"),
        ("{rule: fixed-date, date: 2002-01-01}", SIGNED, "2002-01-01"),
        (
            "mutual-notification",
            SIGNED + "- {act: notification, party: aland, date: 2001-06-01, sources: [undated]}\n"
            "- {act: notification, party: beland, date: 2001-07-01, sources: [undated]}\n",
            "2001-07-01",
        ),
        (
            "all-consent",
            SIGNED + "- {act: deposit, party: aland, date: 2001-06-01, sources: [undated]}\n"
            "- {act: deposit, party: beland, date: 2001-09-01, sources: [undated]}\n",
            "2001-09-01",
        ),
    ],
)
def test_rules_of_entry_into_force(rule: str, actions: str, since: str) -> None:
    found = facts(actions, rule=rule)
    assert (found["status"]["value"], found["status"]["since"]) == ("in-force", since)


THREE = "[{party: aland}, {party: beland}, {party: celand}]"


def deposit(party: str, day: str) -> str:
    return f"- {{act: deposit, party: {party}, date: {day}, sources: [undated]}}\n"


@pytest.mark.parametrize(
    ("count", "since"), [("{rule: count, count: 2}", "2001-07-01"), ("{rule: count, count: majority}", "2001-07-01"), ("{rule: count, count: 1, named: [celand]}", "2001-08-01")]
)
def test_a_number_of_consents_and_named_states(count: str, since: str) -> None:
    actions = SIGNED + deposit("aland", "2001-06-01") + deposit("beland", "2001-07-01") + deposit("celand", "2001-08-01")
    assert facts(actions, rule=count, parties=THREE)["force"]["since"] == since


def test_a_later_consent_is_in_force_from_its_own_day() -> None:
    """Article 24, paragraph 3."""
    actions = SIGNED + deposit("aland", "2001-06-01") + deposit("beland", "2001-07-01") + deposit("celand", "2002-08-01")
    found = facts(actions, rule="{rule: count, count: 2}", parties=THREE)
    assert party_state(found, "aland") == ("bound", "2001-07-01")
    assert party_state(found, "celand") == ("bound", "2002-08-01")


def test_what_is_missing_is_said() -> None:
    found = facts(SIGNED)
    assert found["force"]["state"] == "not-yet"
    assert found["status"]["missing"] == ["the exchange of instruments of ratification"]


def test_with_partial_acts_nothing_is_known_unless_reported() -> None:
    assert facts(SIGNED, record="partial")["status"]["value"] == "not-known"
    reported = "- {act: entry-into-force, date: 2001-05-01, sources: [undated]}\n"
    found = facts(SIGNED + reported, record="partial")
    assert (found["status"]["value"], found["status"]["since"], found["status"]["rule"]) == ("in-force", "2001-05-01", "reported")
    assert party_state(found) == ("bound", "2001-05-01")


def test_a_reported_day_never_overrides_the_derived_one() -> None:
    reported = "- {act: entry-into-force, date: 2001-09-09, sources: [undated]}\n"
    force = facts(SIGNED + EXCHANGED + reported)["force"]
    assert (force["since"], force["derived_since"], force["reported_since"]) == ("2001-05-01", "2001-05-01", "2001-09-09")


def test_delays_and_anniversaries() -> None:
    assert add_delay(date(2001, 11, 15), {"months": 2}) == date(2002, 2, 1)
    assert add_years(date(2000, 2, 29), 1) == date(2001, 2, 28)


# The treaty


@pytest.mark.parametrize(
    ("actions", "status", "since"),
    [
        ("- {act: announcement, date: 2001-01-01, sources: [undated]}\n", "announced", "2001-01-01"),
        ("- {act: initialling, date: 2001-01-02, sources: [undated]}\n", "in-negotiation", "2001-01-02"),
        ("- {act: signature, party: aland, date: 2001-01-10, sources: [undated]}\n", "open-for-signature", "2001-01-10"),
        (SIGNED, "signed", "2001-01-10"),
        (SIGNED + SUBMITTED + ADOPTED + COMPLETED, "partly-approved", "2001-04-01"),
        (SIGNED + EXCHANGED, "in-force", "2001-05-01"),
        (SIGNED + EXCHANGED + "- {act: termination, date: 2002-02-02, mode: agreement, sources: [undated]}\n", "ended", "2002-02-02"),
        (SIGNED + EXCHANGED + "- {act: suspension, date: 2002-02-02, between: [aland, beland], sources: [undated]}\n", "suspended", "2002-02-02"),
        (SIGNED + "- {act: provisional-application, date: 2001-02-02, sources: [undated]}\n", "provisionally-applied", "2001-02-02"),
    ],
)
def test_treaty_status(actions: str, status: str, since: str) -> None:
    found = facts(actions)["status"]
    assert (found["value"], found["since"]) == (status, since)


def test_awaiting_exchange_since_the_last_approval() -> None:
    parties = "[{party: aland, procedure: two-steps}, {party: beland, procedure: two-steps}]"
    other = (SUBMITTED + ADOPTED + COMPLETED).replace("aland", "beland").replace("2001-04-01", "2001-06-01")
    found = facts(SIGNED + SUBMITTED + ADOPTED + COMPLETED + other, parties=parties)["status"]
    assert (found["value"], found["since"]) == ("awaiting-exchange", "2001-06-01")


def test_a_fixed_term_ends_on_its_anniversary() -> None:
    """The anniversary is the first day out of force [54]."""
    found = facts(SIGNED + EXCHANGED, "2011-06-01", more="duration: {kind: fixed, years: 10, sources: [undated]}\n")
    assert (found["status"]["value"], found["status"]["since"]) == ("ended", "2011-05-01")
    assert facts(SIGNED + EXCHANGED, "2011-04-30", more="duration: {kind: fixed, years: 10, sources: [undated]}\n")["status"]["value"] == "in-force"


def test_supersession_needs_all_parties_in_the_later_treaty() -> None:
    """Articles 59 and 30(4)."""
    later = treaty(
        SIGNED.replace("date: 2001", "date: 2002") + EXCHANGED.replace("date: 2001", "date: 2002"),
        more="relations: [{type: supersedes, treaty: t, effective: entry-into-force, extent: whole, sources: [undated]}]\n",
    )
    found = facts(SIGNED + EXCHANGED, records={"treaty/later": later})
    assert (found["status"]["value"], found["status"]["since"], found["end"]["mode"]) == ("ended", "2002-05-01", "supersession")
    found = facts(SIGNED + EXCHANGED, records={"treaty/later": later}, parties=THREE)
    assert found["status"]["value"] == "in-force"


def test_a_state_that_continues_another_carries_its_treaties_on() -> None:
    gone = "name: Deland\ntype: state\nsucceeded_by: {organization: aland, continuing: true, sources: [undated]}\n"
    later = treaty(
        SIGNED.replace("date: 2001", "date: 2002") + EXCHANGED.replace("date: 2001", "date: 2002"),
        more="relations: [{type: supersedes, treaty: t, sources: [undated]}]\n",
    )
    parties = "[{party: deland}, {party: beland}]"
    found = facts(SIGNED + EXCHANGED, records={"treaty/later": later, "organization/deland": gone}, parties=parties)
    assert found["end"]["by"] == "treaty/later"


# Expectations


def expecting(window: str, day: str = "2001-01-15", what: str = "party: aland, step: vote") -> dict[str, str]:
    text = (
        f"speaker: person/ann\ndate: {day}\nabout: [treaty/t]\nsummary: It is expected.\nstance: expects\n"
        f"expects: [{{treaty: t, {what}{', window: ' + window if window else ''}}}]\nsources: [day-2001-01-10]\n"
    )
    return {f"statement/{day}-ann": text}


@pytest.mark.parametrize(
    ("window", "actions", "day", "state"),
    [
        ("2001-06", SIGNED + SUBMITTED, "2001-05-01", "pending"), ("2001-06", SIGNED + SUBMITTED, "2001-06-10", "due"),
        ("2001-06", SIGNED + SUBMITTED, "2001-07-01", "overdue"), ("2001-06", SIGNED + SUBMITTED + ADOPTED, "2002-01-01", "met-early"),
        ("2001-03", SIGNED + SUBMITTED + ADOPTED, "2002-01-01", "met"), ("2001-02", SIGNED + SUBMITTED + ADOPTED, "2002-01-01", "met-late"),
        ("2001-02-20/2001-03-15", SIGNED + SUBMITTED + ADOPTED.replace("2001-03-01", "2001-03"), "2002-01-01", "met-inexactly"),
        ("", SIGNED + SUBMITTED, "2001-07-01", "pending"),
        ("2001-06", SIGNED + SUBMITTED + "- {act: termination, date: 2001-05-01, mode: agreement, sources: [undated]}\n", "2002-01-01", "lapsed"),
    ],
)
def test_expectations(window: str, actions: str, day: str, state: str) -> None:
    assert facts(actions, day, expecting(window))["expectations"][0]["state"] == state


def test_a_speaker_who_sets_a_new_date_revises_the_old_one() -> None:
    records = {**expecting("2001-06"), **expecting("2001-09", "2001-02-15")}
    found = facts(SIGNED + SUBMITTED, "2001-07-15", records)["expectations"]
    assert [entry["state"] for entry in found] == ["revised", "pending"]
    assert found[0]["revised_by"] == "statement/2001-02-15-ann"


def test_overdue_since_the_day_after_the_window() -> None:
    found = facts(SIGNED + SUBMITTED, "2001-08-01", expecting("2001-06"))
    assert found["expectations"][0]["since"] == "2001-07-01"
    assert states(found)["vote"] == "overdue"


# Offices


@pytest.mark.parametrize(
    ("office", "day", "words", "certain"),
    [
        ("from: 2000-01-01, until: 2002-01-01", "2001-01-10", "Minister", True),
        ("from: 2000-01-01", "2001-01-10", "Minister", False),
        ("from: 2000-01-01, until: ..", "2001-01-10", "Minister", True),
        ("attested: [2000-06-01, 2001-06-01]", "2001-01-10", "Minister", True),
        ("attested: [2000-06-01]", "2001-01-10", "Minister", False),
        ("from: 1990-01-01, until: 1995-01-01", "2001-01-10", "former Minister", False),
        ("from: 2002-01-01", "2001-01-10", "", False),
        ("from: 2001-03-01, until: 2001-05-01", "'2001'", "Minister", False),  # begun and over within the time
    ],
)
def test_office_then(office: str, day: str, words: str, certain: bool) -> None:
    person = f"name: Bo\noffices:\n  - {{office: Minister, organization: aland, {office}, sources: [undated]}}\n"
    said = f"speaker: person/bo\ndate: {day}\nabout: [organization/aland]\nsummary: Words.\nstance: asserts\nsources: [day-2001-01-10]\n"
    corpus = world({**BASICS, "person/bo": person, "statement/s": said})
    found = seen(corpus, "2001-06-30").facts.pages["statement/s"]
    assert found["office"] == words
    assert found["certain"] == certain or not words


@pytest.mark.parametrize(
    ("offices", "shown"),
    [
        (("Minister, from: 2000-01-01, until: ..", "Deputy, from: 2000-01-01"), "Minister"),
        (("Minister, from: 2000-01-01, until: ..", "Deputy, from: 2001-01-01, until: 2001-06-01"), "Minister"),
        (("Speaker, from: 1999-01-01, until: 2000-01-01", "Minister, from: 2001-01-01"), "Minister"),
        (("Minister, from: 2001-01-01, until: ..", "Deputy, from: 2000-01-01, until: .."), "Minister"),
    ],
)
def test_the_office_beside_a_name_is_one_still_held(offices: tuple[str, ...], shown: str) -> None:
    listed = "".join(f"  - {{office: {office}, organization: aland, sources: [undated]}}\n" for office in offices)
    corpus = world({**BASICS, "person/bo": f"name: Bo\noffices:\n{listed}"})
    assert seen(corpus, "2003-01-01").facts.cards["person/bo"]["office"] == shown


# Claims


def claim_state(*voices: tuple[str, str, str], more: dict[str, str] | None = None) -> str:
    """The state of a claim that concerns Aland and Beland after (state, stance, day) voices, with more lines for some of them."""
    records = dict(BASICS)
    records["event/c"] = "name: Something\ndate: 2001-01-05\nclaimed: true\nconcerns: [aland, beland]\nsources: [undated]\n"
    for index, (speaker, stance, day) in enumerate(voices):
        records[f"statement/s{index}"] = (
            f"speaker: organization/{speaker}\ndate: {day}\nabout: [event/c]\nsummary: Words.\nstance: {stance}\nsources: [undated]\n"
        )
    for ref, lines in (more or {}).items():
        records[ref] += lines
    return seen(world(records), "2003-01-01").facts.pages["event/c"]["claim"]["state"]


@pytest.mark.parametrize(
    ("voices", "state"),
    [
        ([("celand", "asserts", "2001-01-06")], "asserted"),
        ([("celand", "asserts", "2001-01-06"), ("celand", "asserts", "2001-01-07")], "asserted"),
        ([("celand", "asserts", "2001-01-06"), ("beland", "asserts", "2001-01-07")], "corroborated"),
        ([("celand", "asserts", "2001-01-06"), ("beland", "endorses", "2001-01-07")], "asserted"),
        ([("celand", "asserts", "2001-01-06"), ("beland", "charges", "2001-01-07")], "asserted"),
        ([("celand", "asserts", "2001-01-06"), ("aland", "denies", "2001-01-07")], "disputed"),
        ([("aland", "asserts", "2001-01-06"), ("celand", "denies", "2001-01-07")], "asserted"),
        ([("celand", "asserts", "2001-01-06"), ("aland", "denies", "2001-01-07"), ("aland", "cannot-confirm", "2001-01-08")], "disputed"),
        ([("celand", "asserts", "2001-01-06"), ("aland", "denies", "2001-01-07"), ("aland", "declines-to-elaborate", "2001-01-08")], "disputed"),
        ([("celand", "asserts", "2001-01-06"), ("aland", "denies", "2001-01-07"), ("aland", "confirms", "2001-02-01")], "confirmed"),
        ([("celand", "asserts", "2001-01-06"), ("aland", "denies", "2001-01-07"), ("beland", "confirms", "2001-02-01")], "disputed"),
        ([("celand", "asserts", "2001-01-06"), ("aland", "confirms", "2001-02-01")], "confirmed"),
        ([("aland-chamber", "denies", "2001-01-07"), ("celand", "asserts", "2001-01-06")], "disputed"),
    ],
)
def test_claims(voices: list[tuple[str, str, str]], state: str) -> None:
    assert claim_state(*voices) == state


def test_a_denial_made_again_after_it_was_retracted_stands() -> None:
    voices = [("celand", "asserts", "2001-01-06"), ("aland", "denies", "2001-01-07"), ("aland", "cannot-confirm", "2001-01-08")]
    retracts = {"statement/s2": "relations: [{type: retracts, statement: s1}]\n"}
    assert claim_state(*voices, more=retracts) == "asserted"
    assert claim_state(*voices, ("aland", "denies", "2001-01-09"), more=retracts) == "disputed"


def test_a_claim_is_retracted_by_the_side_that_made_it() -> None:
    records = dict(BASICS)
    records["event/c"] = "name: Something\ndate: 2001-01-05\nclaimed: true\nconcerns: [aland]\nsources: [undated]\n"
    records["statement/a"] = "speaker: organization/celand\ndate: 2001-01-06\nabout: [event/c]\nsummary: So.\nstance: asserts\nsources: [undated]\n"
    records["statement/b"] = (
        "speaker: organization/celand\ndate: 2001-02-06\nabout: [event/c]\nsummary: Not so.\nstance: denies\n"
        "relations: [{type: retracts, statement: a}]\nsources: [undated]\n"
    )
    assert seen(world(records), "2003-01-01").facts.pages["event/c"]["claim"]["state"] == "retracted"


# Properties


def big_world() -> Corpus:
    return world({**BASICS, "treaty/t": treaty(SIGNED + SUBMITTED + ADOPTED + COMPLETED + EXCHANGED), **expecting("2001-06")})


def test_the_order_of_files_and_of_lists_decides_nothing() -> None:
    corpus = big_world()
    expected = seen(corpus, "2003-01-01").facts.pages["treaty/t"]
    chance = random.Random(4)
    for _ in range(20):
        records = list(corpus.records.items())
        chance.shuffle(records)
        shuffled = dict(records)
        record = shuffled["treaty/t"]
        actions = list(record.data["actions"])
        chance.shuffle(actions)
        shuffled["treaty/t"] = replace(record, data={**record.data, "actions": actions})
        found = seen(replace(corpus, records=shuffled), "2003-01-01").facts.pages["treaty/t"]
        assert found["status"]["value"] == expected["status"]["value"]
        assert [state["since"] for state in found["parties"]] == [state["since"] for state in expected["parties"]]
        assert [act["label"] for act in found["acts"]] == [act["label"] for act in expected["acts"]]


def test_an_unrelated_record_changes_nothing() -> None:
    more = {"source/other": "title: Other\npublisher: The Press\nclass: press\ndate: 2001-01-10\n", "event/e": "name: E\ndate: \"2001\"\nsources: [other]\n"}
    corpus = world({**BASICS, "treaty/t": treaty(SIGNED + EXCHANGED), **more})
    alone = world({**BASICS, "treaty/t": treaty(SIGNED + EXCHANGED)})
    assert seen(corpus, "2003-01-01").facts.pages["treaty/t"] == seen(alone, "2003-01-01").facts.pages["treaty/t"]


def test_steps_only_move_forward_as_the_day_rises() -> None:
    order = ["later", "next", "expected", "overdue", "done"]
    corpus = big_world()
    last: dict[str, int] = {}
    for month in range(1, 13):
        found = states(seen(corpus, f"2001-{month:02}-15", "2003-01-01").facts.pages["treaty/t"])
        ranks = {step: order.index(state) for step, state in found.items() if state in order}
        assert all(ranks[step] >= last.get(step, 0) for step in ranks), month
        last = ranks


def test_records_first_public_after_the_view_leave_it_unchanged() -> None:
    base = {**BASICS, "treaty/t": treaty(SIGNED + SUBMITTED)}
    later = {
        **base,
        "source/new": "title: New\npublisher: The Press\nclass: press\ndate: 2002-02-02\n",
        "event/new": "name: New\ndate: 2001-02-03\nsources: [new]\n",
        "statement/new": "speaker: person/ann\ndate: 2001-02-03\nabout: [treaty/t]\nsummary: New.\nstance: asserts\nsources: [new]\n",
        "treaty/t": treaty(SIGNED + SUBMITTED + "- {act: exchange-of-instruments, date: 2001-02-10, sources: [new]}\n"),
    }
    before, after = seen(world(base), "2001-03-01"), seen(world(later), "2001-03-01")
    assert before.records == after.records
    assert before.facts.pages == after.facts.pages
    assert before.facts.site == after.facts.site
