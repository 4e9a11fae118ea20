"""The law of treaties, rule by rule: each test names the article of the Vienna Convention (1969) it was written from."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bench.large_treaty import render_with
from pipeline import dates
from pipeline.derive.acts import acts_of
from pipeline.derive.reservations import not_between
from pipeline.derive.terms import add_months
from pipeline.model import Corpus
from pipeline.render import Site, open_book, page_input
from tests.building import build_site, make_project
from tests.test_views import visible_text
from tests.worlds import BASICS, PROJECT, seen, treaty, world

SOURCES = "sources: [undated]"
THREE = "[{party: aland}, {party: beland}, {party: celand}]"
LATER = "[{party: aland}, {party: beland}, {party: celand, signatory: false}]"
DEPOSITS = "{rule: count, count: 2, of: signatories}"
FIXED = "duration: {kind: fixed, years: 10, sources: [undated]}\n"
RENEWED = "duration: {kind: fixed, years: 10, renewal: {years: 5, notice_months: 12}, sources: [undated]}\n"
LEAVE = "duration: {kind: indefinite, exit: {notice_months: 12, article: '9'}, sources: [undated]}\n"


def act(name: str, day: str, **more: Any) -> str:
    fields = "".join(f", {key}: {value}" for key, value in more.items())
    return f"- {{act: {name}, date: {day}{fields}, {SOURCES}}}\n"


def corpus_of(actions: str, more_records: dict[str, str] | None = None, **options: Any) -> Corpus:
    return world({**BASICS, "treaty/t": treaty(actions, **options), **(more_records or {})})


def facts(actions: str, day: str = "2030-01-01", more_records: dict[str, str] | None = None, **options: Any) -> Any:
    options.setdefault("parties", THREE)
    return seen(corpus_of(actions, more_records, **options), day).facts.pages["treaty/t"]


def party(found: Any, name: str) -> Any:
    return next(row for row in found["parties"] if row["ref"] == f"organization/{name}")


def state(found: Any, name: str) -> tuple[str, str]:
    row = party(found, name)
    return row["state"], row["since"]


def status(found: Any) -> tuple[str, str]:
    return found["status"]["value"], found["status"]["since"]


def words_on_page(corpus: Corpus) -> str:
    book = open_book(seen(corpus, "2030-01-01"), Site())
    page = next(page for page in book.pages if page.ref == "treaty/t")
    return " ".join(re.sub(r"<[^>]+>", " ", render_with(book)(page, page_input(book, page))).split())


SIGNED = act("signature", "2001-01-10")
IN_FORCE = SIGNED + act("deposit", "2001-02-01", party="aland") + act("deposit", "2001-03-01", party="beland")
ALL_IN = IN_FORCE + act("deposit", "2001-04-01", party="celand")
PAIR = SIGNED + act("exchange-of-instruments", "2001-05-01")


def both(actions: str = "", day: str = "2030-01-01", more: str = "", **options: Any) -> Any:
    """A bilateral treaty in force since 1 May 2001, and what was done about it later."""
    return facts(PAIR + actions, day, parties="[{party: aland}, {party: beland}]", more=more, **options)


def many(actions: str = "", day: str = "2030-01-01", more: str = "", **options: Any) -> Any:
    """A treaty in force for two of three since 1 March 2001, and what was done about it later."""
    return facts(IN_FORCE + actions, day, **{"more": more, "rule": DEPOSITS, **options})


# Consent to be bound: articles 10 to 16


@pytest.mark.parametrize("name", ["announcement", "adoption", "initialling"])
def test_article_10_establishing_the_text_binds_nobody(name: str) -> None:
    assert state(facts(act(name, "2001-01-01"), rule=DEPOSITS), "aland") == ("none", "")


def test_article_12_a_definitive_signature_is_consent() -> None:
    found = facts(act("signature", "2001-01-10", definitive="true"), rule="all-consent")
    assert state(found, "aland") == ("bound", "2001-01-10")
    assert status(found) == ("in-force", "2001-01-10")


def test_article_12_signature_binds_where_the_treaty_says_so() -> None:
    one = act("signature", "2001-01-10", parties="[aland, beland]")
    assert status(facts(one, rule="signature")) == ("partly-approved", "2001-01-10")
    assert status(facts(one + act("signature", "2001-02-10", party="celand"), rule="signature")) == ("in-force", "2001-02-10")


def test_article_13_exchange_of_instruments_binds_both() -> None:
    found = both()
    assert status(found) == ("in-force", "2001-05-01")
    assert state(found, "aland") == state(found, "beland") == ("bound", "2001-05-01")


@pytest.mark.parametrize("name", ["ratification", "acceptance", "approval", "deposit"])
def test_article_14_ratification_acceptance_and_approval_are_consent(name: str) -> None:
    found = facts(SIGNED + act(name, "2001-02-01", party="aland"), rule=DEPOSITS)
    assert state(found, "aland") == ("consented", "2001-02-01")
    assert state(found, "beland") == ("signed", "2001-01-10")


def test_article_15_accession_needs_no_signature() -> None:
    found = many(act("accession", "2005-06-01", party="celand"), parties=LATER)
    assert state(found, "celand") == ("bound", "2005-06-01")


@pytest.mark.parametrize("rule", ["exchange-of-instruments", "mutual-notification"])
def test_article_16_a_ratification_binds_only_once_it_is_exchanged_or_notified(rule: str) -> None:
    ratified = SIGNED + act("ratification", "2001-02-01", party="aland")
    found = facts(ratified, rule=rule, parties="[{party: aland}, {party: beland}]")
    assert state(found, "aland") == ("approved-at-home", "2001-02-01")
    assert status(found) == ("partly-approved", "2001-02-01")


def test_article_18_a_signature_subject_to_ratification_is_no_consent() -> None:
    assert status(facts(SIGNED, rule=DEPOSITS)) == ("signed", "2001-01-10")


# Reservations: articles 19 to 23


RESERVED = IN_FORCE + act("reservation", "2001-03-01", party="beland", note="Not Article 4.")
OBJECTED = RESERVED + act("objection", "2001-06-01", party="aland", against="beland")
OPPOSED = RESERVED + act("objection", "2001-06-01", party="aland", against="beland", opposes_entry_into_force="true")


def test_article_19_a_reservation_changes_no_state() -> None:
    found = facts(RESERVED, rule=DEPOSITS)
    assert state(found, "beland") == ("bound", "2001-03-01")
    assert [(row["ref"], row["date"], row["objections"]) for row in found["reservations"]] == [
        ("organization/beland", "2001-03-01", [])
    ]


def test_article_20_an_objection_stands_beside_the_reservation() -> None:
    objections = facts(OBJECTED, rule=DEPOSITS)["reservations"][0]["objections"]
    assert [(row["ref"], row["date"], row["opposes"]) for row in objections] == [("organization/aland", "2001-06-01", False)]


def pairs(actions: str) -> set[frozenset[str]]:
    corpus = corpus_of(actions, rule=DEPOSITS, parties=THREE)
    return {frozenset(pair) for pair in not_between(acts_of(corpus, corpus.records["treaty/t"]), date(2030, 1, 1))}


def test_article_20_4_b_only_an_objection_that_says_so_keeps_the_treaty_out_of_force_between_the_two() -> None:
    assert pairs(OBJECTED) == set()
    assert pairs(OPPOSED) == {frozenset(("aland", "beland"))}


def test_article_22_a_reservation_and_an_objection_can_be_withdrawn() -> None:
    assert pairs(OPPOSED + act("withdrawal-of-objection", "2002-01-01", party="aland", against="beland")) == set()
    assert pairs(OPPOSED + act("withdrawal-of-reservation", "2002-01-01", party="beland")) == set()
    row = facts(OBJECTED + act("withdrawal-of-reservation", "2002-01-01", party="beland"), rule=DEPOSITS)["reservations"][0]
    assert row["withdrawn"] == "2002-01-01"


def test_article_21_3_the_pairs_stand_on_the_page_with_the_objection_and_the_reservation_as_reasons() -> None:
    both_ways = act("reservation", "2001-02-15", party="aland") + act("objection", "2001-07-01", party="beland", against="aland", opposes_entry_into_force="true")
    third = act("objection", "2001-08-01", party="celand", against="beland", opposes_entry_into_force="true")
    found = facts(OPPOSED + both_ways + third, rule=DEPOSITS)["not_between"]
    assert [(row["between"], [(reason["text"], reason["date"]) for reason in row["because"]]) for row in found] == [
        (
            ["organization/aland", "organization/beland"],
            [
                ("Objection made (Aland)", "2001-06-01"),
                ("Reservation made (Beland)", "2001-03-01"),
                ("Objection made (Beland)", "2001-07-01"),
                ("Reservation made (Aland)", "2001-02-15"),
            ],
        ),
        (
            ["organization/beland", "organization/celand"],
            [("Objection made (Celand)", "2001-08-01"), ("Reservation made (Beland)", "2001-03-01")],
        ),
    ]
    assert all(reason["sources"] == ["undated"] and reason["anchor"] for row in found for reason in row["because"])


def test_article_21_3_an_objection_answers_only_what_was_reserved_before_it() -> None:
    again = act("withdrawal-of-reservation", "2002-01-01", party="beland") + act("reservation", "2003-01-01", party="beland")
    assert pairs(OPPOSED + again) == set()
    assert facts(OPPOSED, "2001-05-31", rule=DEPOSITS)["not_between"] == [], "not before the objection is made"
    assert facts(OBJECTED, rule=DEPOSITS)["not_between"] == []


def test_article_21_3_the_page_says_between_whom_it_is_not_in_force_and_why(tmp_path: Path) -> None:
    root = make_project(tmp_path / "project", PROJECT / "tests" / "golden" / "seeds")
    page, sentence = tmp_path / "out" / "site" / "treaty" / "league-1970.html", "Not in force between Beland and Celand : an objection to a reservation opposed it."
    build_site(root, tmp_path / "out" / "site")
    assert "Not in force between" not in visible_text(page)
    path = root / "seeds" / "treaty" / "league-1970.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("against: beland,", "against: beland, opposes_entry_into_force: true,"), encoding="utf-8")
    build_site(root, tmp_path / "out" / "site")
    assert visible_text(page).count(sentence) == 1
    part = page.read_text(encoding="utf-8").partition('id="part-reservations"')[2].partition("</section>")[0]
    reasons = part.partition("<summary>Why")[2].partition("</details>")[0]
    assert "2 May 1971" in reasons and "../source/herald-2000-01-02.html" in reasons
    anchors = re.findall(r'href="#(action-[0-9]+)"', reasons)
    assert len(set(anchors)) == 2 and all(f'id="{anchor}"' in page.read_text(encoding="utf-8") for anchor in anchors)
    document = json.loads((tmp_path / "out" / "site" / "api" / "v1" / "treaty" / "league-1970.json").read_bytes())
    assert [row["between"] for row in document["derived"]["not_between"]] == [["organization/beland", "organization/celand"]]
    assert "is not in force between Beland and Celand" in visible_text(tmp_path / "out" / "site" / "in-force" / "network.html")


def test_article_21_3_many_pairs_are_counted_and_folded() -> None:
    names = [f"state-{number}" for number in range(8)]
    records = {f"organization/{name}": f"name: {name.capitalize()}\ntype: state\n" for name in names}
    objections = "".join(act("objection", "2001-06-01", party=name, against="beland", opposes_entry_into_force="true") for name in names)
    parties = f"[{{party: aland}}, {{party: beland}}, {', '.join(f'{{party: {name}}}' for name in names)}]"
    words = words_on_page(corpus_of(RESERVED + objections, records, rule=DEPOSITS, parties=parties))
    assert "Not in force between some parties: 8 pairs" in words and "Not in force between Beland and State-7 :" in words


# Entry into force: article 24


def test_article_24_a_day_that_acts_give_only_within_a_stretch_is_the_reported_one() -> None:
    report = act("entry-into-force", "2001-03-11")
    exchanged = act("exchange-of-instruments", "2001-03")
    signed = act("signature", "2001-01-10")
    found = facts(signed + exchanged + report, rule="{rule: exchange-of-instruments, sources: [undated]}")
    assert status(found) == ("in-force", "2001-03-11") and state(found, "aland") == ("bound", "2001-03-11")
    assert (found["force"]["derived_since"], found["force"]["reported_since"]) == ("2001-03", "2001-03-11")
    apart = facts(signed + exchanged + act("entry-into-force", "2001-04-11"), rule="{rule: exchange-of-instruments, sources: [undated]}")
    assert status(apart) == ("in-force", "2001-03"), "a report outside it decides nothing"
    of_one = facts(signed + exchanged + act("entry-into-force", "2001-03-11", **{"for": "[beland]"}), rule="{rule: exchange-of-instruments, sources: [undated]}")
    assert status(of_one) == ("in-force", "2001-03"), "nor does one that names only some"


EXCHANGED_IN_MARCH = SIGNED + act("exchange-of-instruments", "2001-03", known="2001-03-05")
IN_TWO = "[{party: aland}, {party: beland}]"


@pytest.mark.parametrize("day", ["2001-03-11", "2001-03-30", "2001-03-31"])
def test_article_24_from_the_reported_day_on_it_is_in_force_though_the_stretch_of_the_act_is_not_over(day: str) -> None:
    report = act("entry-into-force", "2001-03-11")
    found = facts(EXCHANGED_IN_MARCH + report, day, parties=IN_TWO)
    assert status(found) == ("in-force", "2001-03-11") and state(found, "beland") == ("bound", "2001-03-11")
    assert (found["force"]["derived_since"], found["force"]["reported_since"]) == ("2001-03", "2001-03-11")
    assert status(facts(EXCHANGED_IN_MARCH + report, "2001-03-10", parties=IN_TWO)) == ("signed", "2001-01-10"), "not before"


def test_article_24_a_report_stands_where_the_act_that_met_the_rule_is_not_public_yet() -> None:
    unseen = SIGNED + act("exchange-of-instruments", "2001-03") + act("entry-into-force", "2001-03-11")
    found = facts(unseen, "2001-03-20", parties=IN_TWO)
    assert status(found) == ("in-force", "2001-03-11") and found["force"]["rule"] == "reported"
    assert found["force"]["missing"] == ["the exchange of instruments of ratification"]
    late = SIGNED + act("exchange-of-instruments", "2001-03-10", known="2001-03-25") + act("entry-into-force", "2001-03-11", known="2001-03-25")
    assert status(facts(late, "2001-03-20", parties=IN_TWO)) == ("signed", "2001-01-10"), "nobody had reported it"


@pytest.mark.parametrize("actions", [
    SIGNED + act("entry-into-force", "2001-03-11"),  # nothing may have met the rule
    SIGNED + act("exchange-of-instruments", "2001-04") + act("entry-into-force", "2001-03-11"),  # the stretch has not begun
    EXCHANGED_IN_MARCH + act("entry-into-force", "2001-02-11"),  # the report lies outside it
    EXCHANGED_IN_MARCH,
])  # fmt: skip
def test_article_24_a_report_alone_does_not_meet_the_rule_where_all_acts_are_on_record(actions: str) -> None:
    assert status(facts(actions, "2001-03-20", parties=IN_TWO)) == ("signed", "2001-01-10")


def test_a_delay_after_an_act_of_a_month_ends_within_a_stretch_too() -> None:
    delayed = "{rule: exchange-of-instruments, delay: {days: 30}}"
    waiting = facts(EXCHANGED_IN_MARCH, "2001-04-15", parties=IN_TWO, rule=delayed)
    assert waiting["force"]["to_come"] == "[2001-03-31..2001-04-30]"
    assert waiting["force"]["missing"] == ["the delay until a day between 31 March 2001 and 30 April 2001"]
    assert status(facts(EXCHANGED_IN_MARCH, "2001-05-01", parties=IN_TWO, rule=delayed)) == ("in-force", "[2001-03-31..2001-04-30]")
    reported = EXCHANGED_IN_MARCH + act("entry-into-force", "2001-04-10")
    assert status(facts(reported, "2001-04-15", parties=IN_TWO, rule=delayed)) == ("in-force", "2001-04-10")
    first_of_a_month = "{rule: exchange-of-instruments, delay: {months: 2}}"
    assert status(facts(EXCHANGED_IN_MARCH, "2001-07-01", parties=IN_TWO, rule=first_of_a_month)) == ("in-force", "2001-06-01")
    joined = IN_FORCE + act("deposit", "2001-06", party="celand")
    found = facts(joined, rule="{rule: count, count: 2, of: signatories, delay: {days: 30}}")
    assert state(found, "celand") == ("bound", "[2001-07-01..2001-07-30]")


def test_a_term_that_began_by_some_year_ends_by_another() -> None:
    found = facts(SIGNED + act("exchange-of-instruments", "../2001-03"), parties=IN_TWO, more=FIXED)
    assert status(found) == ("ended", "[..2011-03-31]")
    found = facts(SIGNED, parties=IN_TWO, more="duration: {kind: fixed, until: ../2011, sources: [undated]}\n", rule="signature")
    assert status(found) == ("ended", "[..2012-01-01]")


def test_a_term_that_began_on_the_first_day_there_is_is_renewed_to_the_day_shown() -> None:
    found = facts(act("signature", "0001-01-01"), "2000-06-01", parties=IN_TWO, more=RENEWED, rule="signature")
    assert found["term"]["ends"] == "2001-01-01" and found["term"]["renewals"] == 398


def test_of_acts_that_may_have_been_the_last_the_one_known_best_gives_the_day() -> None:
    notified = act("notification", "'[2001-01-20..2001-03-01]'", party="aland") + act("notification", "2001-03-01", party="beland")
    found = facts(act("signature", "2001-01-10") + notified, rule="{rule: mutual-notification, sources: [undated]}", parties="[{party: aland}, {party: beland}]")
    assert status(found) == ("in-force", "2001-03-01")


def test_article_24_two_days_of_entry_into_force_are_told_where_there_are_two() -> None:
    signed, exchanged = act("signature", "2001-01-10"), act("exchange-of-instruments", "2001-05-01")
    told = "Two dates. By the acts on record the day of its entry into force is 1 May 2001 ; reported is 9 September 2001 ."
    assert told in words_on_page(corpus_of(signed + exchanged + act("entry-into-force", "2001-09-09")))
    assert "Two dates" not in words_on_page(corpus_of(signed + exchanged + act("entry-into-force", "2001-05-01")))
    assert "Two dates" not in words_on_page(corpus_of(signed + act("entry-into-force", "2001-09-09"))), "only one is known"


def test_article_24_1_in_force_in_the_manner_the_treaty_provides() -> None:
    delayed = "{rule: count, count: 2, of: signatories, delay: {days: 30}}"
    assert status(facts(IN_FORCE, "2001-03-30", rule=delayed))[0] == "partly-approved"
    assert status(facts(IN_FORCE, "2001-03-31", rule=delayed)) == ("in-force", "2001-03-31")


def test_article_24_1_named_states_must_be_among_them() -> None:
    named = "{rule: count, count: 2, of: signatories, named: [celand]}"
    found = facts(IN_FORCE, rule=named)
    assert found["status"]["missing"] == ["the consent of Celand"]
    assert status(facts(IN_FORCE + act("deposit", "2001-09-01", party="celand"), rule=named)) == ("in-force", "2001-09-01")


@pytest.mark.parametrize(("count", "needed"), [("majority", 2), ("two-thirds", 2), ("3", 3)])
def test_article_24_1_the_number_of_consents(count: str, needed: int) -> None:
    rule = f"{{rule: count, count: {count}, of: signatories}}"
    found = facts(IN_FORCE, rule=rule)
    assert (status(found)[0] == "in-force") == (needed == 2)


def test_article_24_2_where_the_treaty_is_silent_all_must_consent() -> None:
    assert status(facts(IN_FORCE, rule="all-consent"))[0] == "partly-approved"
    assert status(facts(ALL_IN, rule="all-consent")) == ("in-force", "2001-04-01")


def test_article_24_3_who_consents_later_is_bound_from_then() -> None:
    found = facts(ALL_IN, rule=DEPOSITS)
    assert state(found, "aland") == ("bound", "2001-03-01")
    assert state(found, "celand") == ("bound", "2001-04-01")


def test_mutual_notification_is_in_force_on_the_later_one() -> None:
    told = SIGNED + act("notification", "2001-02-01", party="aland") + act("notification", "2001-06-01", party="beland")
    found = facts(told, rule="mutual-notification", parties="[{party: aland}, {party: beland}]")
    assert status(found) == ("in-force", "2001-06-01")


def test_a_report_stands_where_the_acts_are_not_all_on_record_and_says_what_is_missing() -> None:
    reported = SIGNED + act("entry-into-force", "2001-05-05", **{"for": "[aland, beland]"})
    found = facts(reported + act("accession", "2004-02-02", party="celand"), rule=DEPOSITS, record="partial", parties=LATER)
    assert status(found) == ("in-force", "2001-05-05")
    assert found["status"]["rule"] == "reported"
    assert found["status"]["missing"] == ["the 2 consents that are needed"]
    assert state(found, "celand") == ("bound", "2004-02-02")
    assert [(point["date"], point["count"]) for point in found["members"]] == [("2001-05-05", 2), ("2004-02-02", 3)]


def test_a_report_that_names_nobody_binds_nobody_where_a_number_was_enough() -> None:
    found = facts(SIGNED + act("entry-into-force", "2001-05-05"), rule=DEPOSITS, record="partial")
    assert status(found) == ("in-force", "2001-05-05")
    assert [row["state"] for row in found["parties"]] == ["signed", "signed", "signed"]
    everyone = facts(SIGNED + act("entry-into-force", "2001-05-05"), rule="all-consent", record="partial")
    assert [row["state"] for row in everyone["parties"]] == ["bound", "bound", "bound"]


def test_while_only_the_delay_is_running_the_day_to_come_is_said() -> None:
    delayed = "{rule: count, count: 2, of: signatories, delay: {months: 1}}"
    found = facts(IN_FORCE, "2001-03-20", rule=delayed)
    assert found["force"]["to_come"] == "2001-05-01"
    assert found["force"]["missing"] == ["the delay until 1 May 2001"]


# Provisional application: article 25


def test_article_25_provisional_application_between_two() -> None:
    applied = SIGNED + act("provisional-application", "2001-01-15", parties="[aland, beland]")
    found = facts(applied, rule=DEPOSITS)
    assert status(found) == ("provisionally-applied", "2001-01-15")
    assert party(found, "aland")["flags"] == ["applies-provisionally"]


@pytest.mark.parametrize("ending", ["end-of-provisional-application", "notice-of-withdrawal"])
def test_article_25_2_a_state_ends_it_by_saying_that_it_will_not_become_a_party(ending: str) -> None:
    applied = SIGNED + act("provisional-application", "2001-01-15", parties="[aland, beland]")
    found = facts(applied + act(ending, "2001-06-01", party="beland"), rule=DEPOSITS)
    assert status(found)[0] == "signed"
    assert "applies-provisionally" not in party(found, "beland")["flags"]


# Termination by its own terms: article 54


def test_article_54_a_fixed_term_ends_on_the_eve_of_the_anniversary() -> None:
    assert status(both(day="2011-04-30", more=FIXED))[0] == "in-force"
    found = both(day="2011-05-01", more=FIXED)
    assert status(found) == ("ended", "2011-05-01")
    assert found["end"]["mode"] == "expiry"


def test_article_54_a_day_named_in_the_treaty_is_its_last() -> None:
    until = "duration: {kind: fixed, until: 2011-12-31, sources: [undated]}\n"
    assert status(both(day="2011-12-31", more=until))[0] == "in-force"
    assert status(both(day="2012-01-01", more=until)) == ("ended", "2012-01-01")


def test_article_54_a_term_is_renewed_unless_notice_stands() -> None:
    found = both(day="2020-01-01", more=RENEWED)
    assert status(found) == ("in-force", "2001-05-01")
    assert (found["term"]["ends"], found["term"]["renewals"]) == ("2021-05-01", 2)


def test_article_54_a_notice_in_time_stops_the_renewal() -> None:
    notice = act("notice-of-withdrawal", "2010-04-03", party="aland")
    found = both(notice, "2010-12-31", RENEWED)
    assert status(found)[0] == "in-force"
    assert party(found, "aland")["flags"] == ["leaving"]
    assert party(found, "aland")["leaving_on"] == "2011-05-01"
    ended = both(notice, "2011-05-01", RENEWED)
    assert status(ended) == ("ended", "2011-05-01")


def test_article_54_a_notice_too_late_stops_the_next_renewal() -> None:
    notice = act("notice-of-withdrawal", "2010-05-02", party="aland")
    assert party(both(notice, "2012-01-01", RENEWED), "aland")["leaving_on"] == "2016-05-01"
    assert status(both(notice, "2016-05-01", RENEWED)) == ("ended", "2016-05-01")


def test_a_term_renewed_once_ends_after_that() -> None:
    once = RENEWED.replace("notice_months: 12", "times: 1")
    assert status(both(day="2016-04-30", more=once))[0] == "in-force"
    assert status(both(day="2016-05-01", more=once)) == ("ended", "2016-05-01")


def test_an_extension_lengthens_the_term_and_one_of_unknown_length_leaves_it_open() -> None:
    assert both(act("extension", "2010-01-01", years="7"), "2012-01-01", FIXED)["term"]["ends"] == "2018-05-01"
    until = both(act("extension", "2010-01-01", until="2015-12-31"), "2012-01-01", FIXED)
    assert until["term"]["ends"] == "2016-01-01"
    assert status(both(act("extension", "2010-01-01"), "2029-01-01", FIXED))[0] == "in-force"


def test_an_extension_for_some_lets_the_line_of_the_others_run_out() -> None:
    extended = act("deposit", "2001-04-01", party="celand") + act("extension", "2011-01-01", **{"for": "[aland, beland]"})
    found = many(extended, "2012-01-01", FIXED)
    assert status(found)[0] == "in-force"
    assert state(found, "celand") == ("withdrawn", "2011-03-01")
    assert party(found, "celand")["exit"] == {"since": "2011-03-01", "mode": "expiry"}
    back = many(extended + act("accession", "2015-01-01", party="celand"), "2016-01-01", FIXED)
    assert state(back, "celand") == ("bound", "2015-01-01")
    assert party(back, "celand")["memberships"] == [
        {"from": "2001-04-01", "until": "2011-03-01"}, {"from": "2015-01-01", "until": ""},
    ]


def test_article_54_b_termination_by_consent_of_the_parties() -> None:
    found = both(act("termination", "2009-07-01", mode="agreement"))
    assert status(found) == ("ended", "2009-07-01")
    assert found["end"]["mode"] == "agreement"


def test_a_disputed_end_goes_before_a_derived_one() -> None:
    found = both("- {act: termination, date: '[2010-09..2011-09]', mode: unknown, sources: [undated]}\n", more=FIXED)
    assert status(found) == ("ended", "[2010-09..2011-09]")


# Fewer parties: article 55


def test_article_55_a_treaty_goes_on_below_the_number_it_needed() -> None:
    four = act("deposit", "2001-04-01", party="celand") + act("withdrawal", "2006-01-01", party="celand")
    found = many(four, rule="{rule: count, count: 3, of: signatories}")
    assert status(found)[0] == "in-force"
    assert found["counts"]["bound"] == 2


def test_with_fewer_than_two_parties_it_ends() -> None:
    left = act("withdrawal", "2006-01-01", party="aland")
    found = many(left)
    assert status(found) == ("ended", "2006-01-01")
    assert found["end"]["mode"] == "denunciation"


# Withdrawal and denunciation: articles 56, 65 to 68

NOTICE = act("notice-of-withdrawal", "2005-06-15", party="aland")


def test_article_56_without_a_clause_the_effect_is_not_known() -> None:
    found = many(NOTICE)
    assert state(found, "aland") == ("bound", "2001-03-01")
    assert (party(found, "aland")["flags"], party(found, "aland")["leaving_on"]) == (["leaving"], "")


def test_article_65_the_notice_takes_effect_after_its_period() -> None:
    three = act("deposit", "2001-04-01", party="celand") + NOTICE
    before = many(three, "2006-06-14", LEAVE)
    assert (state(before, "aland")[0], party(before, "aland")["leaving_on"]) == ("bound", "2006-06-15")
    after = many(three, "2006-06-15", LEAVE)
    assert state(after, "aland") == ("withdrawn", "2006-06-15")
    assert status(after) == ("in-force", "2001-03-01")
    assert [(point["date"], point["count"]) for point in after["members"]][-1] == ("2006-06-15", 2)


def test_the_day_on_record_goes_before_the_period() -> None:
    notice = act("notice-of-withdrawal", "2005-06-15", party="aland", effective="2007-01-01")
    assert party(many(notice, "2006-12-31", LEAVE), "aland")["leaving_on"] == "2007-01-01"


def test_a_notice_known_to_the_month_takes_effect_in_a_month() -> None:
    notice = act("notice-of-withdrawal", "2005-06", party="aland")
    assert party(many(notice, "2006-01-01", LEAVE), "aland")["leaving_on"] == "2006-06"
    assert state(many(notice, "2006-06-29", LEAVE), "aland")[0] == "bound"
    assert state(many(notice, "2006-06-30", LEAVE), "aland") == ("withdrawn", "2006-06")


def test_a_notice_before_the_clause_allows_one_has_no_known_effect() -> None:
    early = LEAVE.replace("notice_months", "after_years: 20, notice_months")
    assert party(many(NOTICE, more=early), "aland")["leaving_on"] == ""


def test_article_68_a_notice_can_be_taken_back_before_it_takes_effect() -> None:
    back = NOTICE + act("revocation-of-notice", "2006-01-01", party="aland")
    found = many(back, more=LEAVE)
    assert state(found, "aland") == ("bound", "2001-03-01")
    assert party(found, "aland")["flags"] == []
    assert party(found, "aland")["notices"][0]["revoked"] == "2006-01-01"


def test_article_68_after_its_effect_it_cannot() -> None:
    late = act("deposit", "2001-04-01", party="celand") + NOTICE + act("revocation-of-notice", "2006-07-01", party="aland")
    assert state(many(late, more=LEAVE), "aland") == ("withdrawn", "2006-06-15")


def test_a_party_that_came_back_leaves_again_by_a_notice() -> None:
    came_back = act("deposit", "2001-04-01", party="celand") + act("withdrawal", "2002-01-01", party="celand") + act("accession", "2003-01-01", party="celand")
    again = act("notice-of-withdrawal", "2005-01-01", party="celand", effective="2006-01-01")
    assert state(many(came_back + again, "2005-06-01"), "celand") == ("bound", "2003-01-01")
    found = many(came_back + again)
    assert state(found, "celand") == ("withdrawn", "2006-01-01")
    assert party(found, "celand")["memberships"] == [{"from": "2001-04-01", "until": "2002-01-01"}, {"from": "2003-01-01", "until": "2006-01-01"}]


def test_a_withdrawal_on_record_is_the_effect_of_the_notice_before_it() -> None:
    left = act("deposit", "2001-04-01", party="celand") + act("notice-of-withdrawal", "2005-01-01", party="celand", effective="2006-01-01")
    assert state(many(left + act("withdrawal", "2006-02-01", party="celand")), "celand") == ("withdrawn", "2006-02-01")


def test_a_bilateral_treaty_ends_with_the_notice_of_one() -> None:
    found = both(NOTICE, more=LEAVE)
    assert status(found) == ("ended", "2006-06-15")
    assert state(found, "aland") == ("withdrawn", "2006-06-15")
    assert state(found, "beland") == ("bound", "2001-05-01")


# Suspension: articles 57 and 58

THREE_IN = act("deposit", "2001-04-01", party="celand")
BETWEEN = act("suspension", "2008-01-01", between="[aland, celand]")


def test_article_58_suspension_between_two_leaves_it_in_force() -> None:
    found = many(THREE_IN + BETWEEN)
    assert status(found)[0] == "in-force"
    assert party(found, "aland")["suspended_with"] == ["organization/celand"]
    assert party(found, "celand")["suspended_with"] == ["organization/aland"]
    assert party(found, "beland")["suspended_with"] == []
    assert [row["flags"] for row in found["parties"]] == [["suspended"], [], ["suspended"]]


def test_article_57_suspension_between_all_suspends_the_treaty() -> None:
    found = many(THREE_IN + BETWEEN + act("suspension", "2009-01-01", between="[aland, beland]"))
    assert status(found)[0] == "in-force"
    every = act("suspension", "2010-01-01", between="[beland, celand]")
    found = many(THREE_IN + BETWEEN + act("suspension", "2009-01-01", between="[aland, beland]") + every)
    assert status(found) == ("suspended", "2010-01-01")


def test_resumption_ends_a_suspension() -> None:
    found = many(THREE_IN + BETWEEN + act("resumption", "2010-01-01", between="[aland, celand]"))
    assert party(found, "aland")["flags"] == []


# A later treaty: articles 59 and 30, paragraph 4


def later(parties: str, extent: str = "whole") -> dict[str, str]:
    relation = f"relations: [{{type: supersedes, treaty: t, extent: {extent}, sources: [undated]}}]\n"
    text = treaty(act("signature", "2010-01-01"), rule="signature", parties=parties, more=relation)
    return {"treaty/new": text}


def test_article_59_a_later_treaty_between_all_ends_the_earlier() -> None:
    found = both(more_records=later("[{party: aland}, {party: beland}]"))
    assert status(found) == ("ended", "2010-01-01")
    assert found["end"] == {"since": "2010-01-01", "mode": "supersession", "by": "treaty/new"}


def test_article_59_who_had_left_before_need_not_be_a_party_to_the_later_one() -> None:
    new = later("[{party: aland}, {party: beland}]")
    assert status(many(THREE_IN + act("withdrawal", "2006-01-01", party="celand"), more_records=new)) == ("ended", "2010-01-01")
    after = many(THREE_IN + act("withdrawal", "2012-01-01", party="celand"), more_records=new)
    assert status(after)[0] == "in-force", "it went on between the rest, and so it does"


@pytest.mark.parametrize(("day", "stands"), [("2015-01-01", ("in-force", "2001-05-01")), ("2030-01-01", ("ended", "2020-01-01"))])
def test_article_59_by_signature_it_ends_once_all_have_signed_the_later_one(day: str, stands: tuple[str, str]) -> None:
    relation = f"relations: [{{type: supersedes, treaty: t, effective: signature, {SOURCES}}}]\n"
    signed = act("signature", "2010-01-01", party="aland") + act("signature", "2020-01-01", party="beland")
    new = {"treaty/new": treaty(signed, rule="all-consent", parties=IN_TWO, more=relation)}
    assert status(both(day=day, more_records=new)) == stands


def test_a_report_for_a_state_that_is_no_party_breaks_no_supersession() -> None:
    report = act("entry-into-force", "2001-05-01", **{"for": "[aland, beland, celand]"})
    found = both(report, more_records=later("[{party: aland}, {party: beland}]"))
    assert status(found)[0] == "in-force"


def test_article_59_not_where_it_replaces_a_part() -> None:
    assert status(both(more_records=later("[{party: aland}, {party: beland}]", "part")))[0] == "in-force"


def test_article_30_4_between_some_it_goes_on_between_the_rest() -> None:
    found = many(THREE_IN, more_records=later("[{party: aland}, {party: beland}]"))
    assert status(found)[0] == "in-force"


def test_the_later_treaty_must_bind_all_of_them() -> None:
    new = later("[{party: aland}, {party: beland}, {party: celand}]")["treaty/new"]
    new = new.replace("rule: signature", "rule: count, count: 2, of: signatories").replace(
        act("signature", "2010-01-01"),
        act("deposit", "2010-01-01", party="aland") + act("deposit", "2010-02-01", party="beland"),
    )
    assert status(many(THREE_IN, more_records={"treaty/new": new}))[0] == "in-force"
    new += act("deposit", "2012-03-04", party="celand")
    assert status(many(THREE_IN, more_records={"treaty/new": new})) == ("ended", "2012-03-04")


# States that end, continue and succeed

GONE = "name: Beland\ntype: state\nexisted: {until: 2008-12-31, sources: [undated]}\n"


def test_article_70_a_party_that_ceases_to_exist_ends_a_bilateral_treaty() -> None:
    found = both(more_records={"organization/beland": GONE})
    assert status(found) == ("ended", "2008-12-31")
    assert found["end"]["mode"] == "state-ended"


def test_a_continuing_state_carries_the_treaty_on_and_acts_on_the_same_line() -> None:
    continued = GONE + "succeeded_by: {organization: celand, continuing: true, sources: [undated]}\n"
    found = both(more_records={"organization/beland": continued})
    assert status(found)[0] == "in-force"
    found = both(act("notice-of-withdrawal", "2010-01-01", party="celand"), more=LEAVE, more_records={"organization/beland": continued})
    assert status(found) == ("ended", "2011-01-01")
    assert state(found, "beland") == ("withdrawn", "2011-01-01")


def test_another_successor_starts_its_own_line_by_an_act_of_succession() -> None:
    succeeded = GONE + "succeeded_by: {organization: celand, sources: [undated]}\n"
    found = many(
        act("succession", "2009-05-01", party="celand"), parties=LATER, more_records={"organization/beland": succeeded}
    )
    assert state(found, "beland") == ("withdrawn", "2008-12-31")
    assert party(found, "beland")["exit"]["mode"] == "state-ended"
    assert state(found, "celand") == ("bound", "2009-05-01")


# Days


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [("2001-01-31", 1, "2001-02-28"), ("2000-02-29", 12, "2001-02-28"), ("2001-03-15", -3, "2000-12-15"), ("9999-06-01", 12, "9999-12-31")],
)
def test_months_later(day: str, months: int, result: str) -> None:
    assert add_months(date.fromisoformat(day), months).isoformat() == result


def test_text_of_days() -> None:
    assert dates.text_of_days(date(2001, 1, 1), date(2001, 12, 31)) == "2001"
    assert dates.text_of_days(date(2001, 1, 2), date(2001, 12, 31)) == "[2001-01-02..2001-12-31]"
    assert dates.text_of_days(date(2001, 1, 2), date(2001, 1, 2)) == "2001-01-02"
    assert dates.text_of_days(date.min, date(2001, 1, 2)) == "[..2001-01-02]"