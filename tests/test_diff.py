"""What changed between two states of the records: every kind of change in words, and none where only an order changed."""

from __future__ import annotations

import html
import io
import json
import random
import re
import shutil
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pipeline import report
from pipeline.derive import derive
from pipeline.diff import KINDS, Change, State, as_plain, canonical, changes, counted, matched
from pipeline.link import link
from pipeline.load import load
from pipeline.load.revisions import UnreadableRevision, extract, find_commit, revision_folder
from pipeline.model import ERROR, Corpus, Diagnostic, Record, View
from pipeline.validate import validate
from tests.helpers import WORLD, git, make_root, run, write
from tests.worlds import BASICS, PROJECT, seen, treaty, world

DAY = "2010-01-01"
SIGNED = "  - {act: signature, date: 2001-01-10, sources: [day-2001-01-10]}\n"
SUBMITTED = "  - {step: submission, party: aland, date: 2001-02-01, sources: [undated]}\n"
VOTED = "  - {step: vote, party: aland, date: 2001-03-01, outcome: adopted, sources: [undated]}\n"
SIGNING = "  - {step: signing, party: aland, date: 2001-04-01, sources: [undated]}\n"
EXCHANGED = "  - {act: exchange-of-instruments, date: 2001-05-01, sources: [undated]}\n"
HOPE = (
    "speaker: person/ann\ndate: 2001-02-10\nabout: [treaty/x]\nsummary: She expects the vote in March.\nstance: expects\n"
    "expects:\n  - {treaty: x, party: aland, step: vote, window: 2001-03}\nsources: [undated]\n"
)


def state(records: Mapping[str, str], day: str = DAY) -> Corpus:
    return seen(world({**BASICS, **records}), day)


def told(before: Mapping[str, str], after: Mapping[str, str], day: str = DAY) -> tuple[Change, ...]:
    return changes(state(before, day), state(after, day))


def texts(found: tuple[Change, ...]) -> list[str]:
    return [f"{'! ' if change.loud else ''}{change.kind}: {change.text}" for change in found]


def with_actions(actions: str, **values: Any) -> dict[str, str]:
    return {"treaty/x": treaty(actions, **values)}


# Derived facts


def test_nothing_changed_is_no_change() -> None:
    assert told(with_actions(SIGNED), with_actions(SIGNED)) == ()


def test_an_act_is_told_once_with_what_follows_from_it() -> None:
    before = with_actions(SIGNED + SUBMITTED + VOTED)
    assert texts(told(before, with_actions(SIGNED + SUBMITTED + VOTED + SIGNING))) == [
        "status-changed: A treaty: signed → partly approved, since 1 April 2001",
        "party-changed: A treaty: Aland: in procedure → approved at home, since 1 April 2001",
        "act-recorded: A treaty: recorded: Signing (Aland), 1 April 2001",
    ]


def test_an_act_removed_is_shouted_and_comes_first() -> None:
    full = SIGNED + SUBMITTED + VOTED + SIGNING
    found = told(with_actions(full + EXCHANGED), with_actions(full))
    assert texts(found) == [
        "! act-removed: A treaty: removed: Instruments of ratification exchanged, 1 May 2001",
        "status-changed: A treaty: in force → partly approved, since 1 April 2001",
        "party-changed: A treaty: Beland: bound → signed, since 10 January 2001",
        "party-changed: A treaty: Aland: bound → approved at home, since 1 April 2001",
    ]
    assert found[0].sources == ("undated",) and found[0].since == "2001-05-01" and found[0].anchor == ""


def test_a_flag_of_a_party() -> None:
    notice = "  - {act: notice-of-withdrawal, party: beland, date: 2002-01-01, sources: [undated]}\n"
    base = SIGNED + SUBMITTED + VOTED + SIGNING + EXCHANGED
    assert "party-changed: A treaty: Beland: leaving" in texts(told(with_actions(base), with_actions(base + notice)))
    assert "party-changed: A treaty: Beland: no longer leaving" in texts(told(with_actions(base + notice), with_actions(base)))


def test_a_party_that_joins_and_one_that_is_gone() -> None:
    two, three = "[{party: aland}, {party: beland}]", "[{party: aland}, {party: beland}, {party: celand, signatory: false}]"
    came = "  - {act: accession, party: celand, date: 2001-01-20, sources: [undated]}\n"
    joined = told(with_actions(SIGNED, parties=two), with_actions(SIGNED + came, parties=three))
    assert [text for text in texts(joined) if "Celand" in text and "party-changed" in text]
    assert not [change for change in joined if change.kind.startswith("fact")]
    gone = told(with_actions(SIGNED + came, parties=three), with_actions(SIGNED, parties=two))
    assert "! party-changed: A treaty: Celand: no longer on record as a party" in texts(gone)
    assert not [change for change in gone if change.kind.startswith("fact")]


def test_a_corrected_day_of_an_act_is_a_changed_fact() -> None:
    found = told(with_actions(SIGNED), with_actions(SIGNED.replace("date: 2001-01-10", "date: 2001-01-09")))
    assert texts(found) == [
        "status-changed: A treaty: signed, since 10 January 2001 → signed, since 9 January 2001",
        "party-changed: A treaty: Aland: signed, since 10 January 2001 → signed, since 9 January 2001",
        "party-changed: A treaty: Beland: signed, since 10 January 2001 → signed, since 9 January 2001",
        "fact-changed: A treaty: actions: Signed, date: 10 January 2001 → 9 January 2001",
    ]
    assert found[-1].anchor == "action-1" and (found[-1].was, found[-1].now) == ("10 January 2001", "9 January 2001")


def test_what_was_scheduled_and_is_done_is_recorded_not_removed() -> None:
    planned = "  - {step: submission, party: aland, scheduled: {date: 2011-02-01, sources: [undated]}}\n"
    done = planned.replace("scheduled:", "date: 2001-02-01, sources: [undated], scheduled:")
    assert texts(told(with_actions(SIGNED), with_actions(SIGNED + planned))) == [
        "act-recorded: A treaty: recorded: Submitted (Aland), scheduled for 1 February 2011",
    ]
    found = told(with_actions(SIGNED + planned), with_actions(SIGNED + done))
    assert [text for text in texts(found) if "act-" in text] == [
        "act-recorded: A treaty: recorded: Submitted (Aland), 1 February 2001"
    ]
    assert not any(change.loud for change in found)


def test_an_expectation_that_turns_out() -> None:
    before = {**with_actions(SIGNED + SUBMITTED), "statement/hope": HOPE}
    after = {**with_actions(SIGNED + SUBMITTED + VOTED), "statement/hope": HOPE}
    assert texts(told(before, after)) == [
        "act-recorded: A treaty: recorded: Vote (Aland), 1 March 2001",
        "expectation-changed: A treaty: Vote (Aland), expected by Ann for March 2001: overdue → met, 1 March 2001",
    ]


def test_a_new_statement_tells_of_what_it_expects_unless_that_has_turned_out() -> None:
    before = with_actions(SIGNED + SUBMITTED)
    assert texts(told(before, {**before, "statement/hope": HOPE})) == [
        "statement-added: Ann, 10 February 2001: new statement: She expects the vote in March.",
    ]
    before = with_actions(SIGNED + SUBMITTED + VOTED)
    assert "expectation-changed: A treaty: Vote (Aland), expected by Ann for March 2001: met, 1 March 2001" in texts(
        told(before, {**before, "statement/hope": HOPE})
    )


def test_an_expectation_added_to_a_statement_is_told_once_and_one_taken_out_is_told() -> None:
    said = HOPE.partition("expects:\n")[0] + "sources: [undated]\n"
    before, after = {**with_actions(SIGNED), "statement/hope": said}, {**with_actions(SIGNED), "statement/hope": HOPE}
    assert texts(told(before, after)) == [
        "expectation-changed: A treaty: Vote (Aland), expected by Ann for March 2001: overdue, since 1 April 2001",
    ]
    [gone] = told(after, before)
    assert texts((gone,)) == [
        "! fact-withdrawn: Ann, 10 February 2001: expectations: Aland, A treaty, vote removed: window March 2001"
    ]


CLAIM = "name: The sighting\ndate: 2001-01-10\nclaimed: true\nconcerns: [aland]\nsummary: Seen.\nsources: [undated]\n"


def said(stance: str, day: str, speaker: str = "person/ann") -> str:
    return f"speaker: {speaker}\ndate: {day}\nabout: [event/sighting]\nsummary: So it was said.\nstance: {stance}\nsources: [undated]\n"


def test_a_claim_changes_its_state() -> None:
    before = {"event/sighting": CLAIM, "statement/one": said("asserts", "2001-01-11", "organization/beland")}
    after = {**before, "statement/two": said("denies", "2001-01-12")}
    assert texts(told(before, after)) == [
        "claim-changed: The sighting: asserted → disputed (denied by Aland), since 12 January 2001",
        "statement-added: Ann, 12 January 2001: new statement: So it was said.",
    ]
    plain = {**before, "event/sighting": CLAIM.replace("claimed: true\nconcerns: [aland]\n", "")}
    assert "claim-changed: The sighting: no longer recorded as a claim" in texts(told(before, plain))


def test_an_organization_renamed_does_not_change_a_claim() -> None:
    before = {"event/sighting": CLAIM, "statement/two": said("denies", "2001-01-12")}
    after = {**before, "organization/aland": "name: New Aland\ntype: state\n"}
    assert texts(told(before, after)) == ["fact-changed: New Aland: name: Aland → New Aland"]


# Records


def test_records_added_and_removed() -> None:
    party = {"event/party": "name: The party\ndate: 2001-01-10\nsummary: They dance.\nsources: [day-2001-01-10]\n"}
    assert texts(told({}, {**party, **with_actions(SIGNED), "person/bob": "name: Bob\n"})) == [
        "event-added: The party: new event: They dance.",
        "record-added: Bob: new person",
        "record-added: A treaty: new treaty: signed, since 10 January 2001",
    ]
    [gone] = told(party, {})
    assert (gone.kind, gone.loud, gone.text, gone.sources) == (
        "record-removed", True, "The party: event removed", ("day-2001-01-10",),
    )


def test_a_statement_removed_is_shouted() -> None:
    before = {**with_actions(SIGNED), "statement/hope": HOPE}
    assert texts(told(before, with_actions(SIGNED))) == ["! record-removed: Ann, 10 February 2001: statement removed"]


def test_a_record_withdrawn() -> None:
    after = {"person/bob": "name: Bob\nwithdrawn: {date: 2005-01-01, reason: Entered twice.}\n"}
    assert texts(told({"person/bob": "name: Bob\n"}, after)) == ["record-withdrawn: Bob: withdrawn, 1 January 2005: Entered twice."]
    assert texts(told(after, {"person/bob": "name: Bob\n"}))[0].startswith("fact-withdrawn: Bob: withdrawn removed: ")


def test_a_record_moved_is_the_same_record_under_another_name() -> None:
    before = with_actions(SIGNED)
    after = {
        "treaty/x": before["treaty/x"].replace("aland", "north-aland", 1),
        "organization/north-aland": "name: Aland\ntype: state\nids: {iso3166: AL}\n",
        "organization/aland": "name: Aland\ntype: state\nmoved_to: organization/north-aland\n",
        "organization/aland-chamber": BASICS["organization/aland-chamber"].replace("part_of: aland", "part_of: north-aland"),
        "person/ann": BASICS["person/ann"].replace("organization: aland", "organization: north-aland"),
    }
    found = told(before, after)
    assert texts(found) == [
        "record-moved: Aland: moved from organization/aland to organization/north-aland",
        "fact-added: Aland: external identifiers added: iso3166 AL",
    ]


def test_a_record_replaced_by_one_that_there_was_is_shouted() -> None:
    before = {"person/bob": "name: Bob\n", "person/rob": "name: Rob\n"}
    found = told(before, {**before, "person/bob": "name: Bob\nmoved_to: person/rob\n"})
    assert texts(found) == [
        "! record-moved: Bob: replaced by person/rob; what it said is not in the records under its name any more"
    ]


def test_a_record_whose_file_has_errors_is_said_to_have_them() -> None:
    good = state({"person/bob": "name: Bob\n"})
    path = good.records["person/bob"].path
    broken = replace(
        good, records={ref: record for ref, record in good.records.items() if ref != "person/bob"},
        rejected={"person/bob": path}, diagnostics=(Diagnostic("V201", "unknown key", path, ERROR),),
    )
    without = replace(broken, rejected={}, diagnostics=())
    assert texts(changes(good, broken)) == [
        "! record-removed: Bob: this person cannot be read any more: its file has errors"
    ]
    assert texts(changes(broken, good)) == ["record-added: Bob: its file can be read again; what changed in it cannot be told"]
    assert texts(changes(broken, without)) == ["! record-removed: bob: its file, which could not be read, was removed"]
    assert changes(broken, broken) == ()


# Fields


PROVISION = (
    "provisions:\n"
    "  - {article: '1', heading: Peace, sources: [undated]}\n"
    "  - article: '4'\n    heading: Help\n    obligations:\n"
    "      - {kind: defence, strength: consult, sources: [{source: undated, at: Article 4}]}\n    sources: [undated, day-2001-01-10]\n"
)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("strength: consult", "strength: must-assist", "fact-changed: A treaty: provisions: Article 4, obligations: defence, strength: consult → must-assist"),
        ("strength: consult", "strength: consult, scope: The sea", "fact-added: A treaty: provisions: Article 4, obligations: defence, scope added: The sea"),
        ("heading: Help", "heading: Aid", "fact-changed: A treaty: provisions: Article 4, heading: Help → Aid"),
        ("at: Article 4", "at: Article 5", "fact-changed: A treaty: provisions: Article 4, obligations: defence, sources, Undated: Article 4 → Article 5"),
        ("[undated, day-2001-01-10]", "[undated]", "! source-removed: A treaty: provisions: Article 4, sources removed: The tenth"),
        ("[undated, day-2001-01-10]", "[undated, day-2001-01-10, month-2001-01]", "fact-added: A treaty: provisions: Article 4, sources added: January"),
        ("  - {article: '1', heading: Peace, sources: [undated]}\n", "", "! fact-withdrawn: A treaty: provisions: Article 1 removed: heading Peace"),
        ("provisions:\n", "provisions:\n  - {id: end, heading: The end, sources: [undated]}\n", "fact-added: A treaty: provisions: The end added: id end"),
        ("form: bilateral", "form: multilateral", "fact-changed: A treaty: form: bilateral → multilateral"),
        ("name: A treaty\n", "name: A treaty\nnames: {ru: Договор}\n", "fact-added: A treaty: names in other languages added: ru Договор"),
        ("name: A treaty\n", "name: A treaty\naliases: [The pact]\n", "fact-added: A treaty: aliases added: The pact"),
        ("name: A treaty\n", "name: A treaty\ndepositary: beland\n", "fact-added: A treaty: depositary added: Beland"),
    ],
)  # fmt: skip
def test_a_field_is_told_by_a_readable_place(old: str, new: str, expected: str) -> None:
    text = treaty(SIGNED, more=PROVISION)
    assert old in text
    found = told({"treaty/x": text}, {"treaty/x": text.replace(old, new)})
    assert texts(found) == [expected]
    assert found[0].anchor == ("article-4" if "Article 4" in expected else "end" if "The end" in expected else "")


def test_a_fact_withdrawn_is_told_quietly_where_it_rested_on_nothing() -> None:
    before, after = "name: Bob\naliases: [Rob]\nnames: {ru: Боб, ko: 밥}\n", "name: Bob\nnames: {ru: Роб}\n"
    assert texts(told({"person/bob": before}, {"person/bob": after})) == [
        "fact-withdrawn: Bob: aliases removed: Rob",
        "fact-withdrawn: Bob: names in other languages, ko removed: 밥",
        "fact-changed: Bob: names in other languages, ru: Боб → Роб",
    ]


def test_an_office_withdrawn_with_its_sources_is_shouted() -> None:
    [found] = told({}, {"person/ann": "name: Ann\n"})
    assert texts((found,)) == ["! fact-withdrawn: Ann: offices: President, Aland removed: from 1 January 2000; until 1 January 2002"]
    assert found.sources == ("undated",)


def test_contested_values() -> None:
    contested = SIGNED.replace("}\n", ", contested: [{field: date, value: '2001-01-09', sources: [undated]}]}\n")
    assert texts(told(with_actions(SIGNED), with_actions(contested))) == [
        "contested-added: A treaty: actions: Signed, contested values added: date, 9 January 2001"
    ]
    assert texts(told(with_actions(contested), with_actions(SIGNED))) == [
        "! contested-removed: A treaty: actions: Signed, contested values removed: date, 9 January 2001"
    ]
    noted = contested.replace("value:", "note: A misprint., value:")
    assert texts(told(with_actions(contested), with_actions(noted))) == [
        "fact-added: A treaty: actions: Signed, contested values: date, 9 January 2001, note added: A misprint."
    ]


def test_a_long_text_is_told_by_what_differs() -> None:
    words = "One of many words that say very little and go on and on, so that nobody would read them twice, "
    before, after = (f"name: Bob\nsummary: {words}then {word} came and {words.lower()[:-2]}.\n" for word in ("Ann", "Eve"))
    [found] = told({"person/bob": before}, {"person/bob": after})
    assert found.text == "Bob: summary: … twice, then Ann came and … → … twice, then Eve came and …"
    assert words in found.was and words in found.now


# Order


RICH = {
    "treaty/x": treaty(
        SIGNED + SUBMITTED + VOTED, parties="[{party: aland, procedure: two-steps}, {party: beland}]",
        more=PROVISION + "aliases: [One, Two, Three]\nunknown: [{about: This}, {about: That}]\n"
        "contested: [{field: a, value: b, sources: [undated]}, {field: a, value: c, sources: [undated]}]\n",
    ),
    "statement/hope": HOPE,
    "event/sighting": CLAIM,
    "statement/one": said("asserts", "2001-01-11", "organization/beland"),
    "statement/two": said("denies", "2001-01-12"),
}


@cache
def rich(changed: bool = False) -> Corpus:
    text = RICH["treaty/x"]
    if changed:
        text = text.replace("consult", "must-assist").replace("[One, Two, ", "[Four, ").replace(VOTED.strip(), SIGNING.strip())
    return state({**RICH, "treaty/x": text})


def shuffled(corpus: Corpus, seed: int) -> Corpus:
    """The same records with files, keys and list entries in another order; the steps of a procedure keep theirs, which means something."""
    chance = random.Random(seed)

    def mix(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: mix(value[key]) for key in chance.sample(sorted(value), len(value))}
        return [mix(inner) for inner in chance.sample(value, len(value))] if isinstance(value, list) else value

    refs = chance.sample(sorted(corpus.records), len(corpus.records))
    records = {ref: corpus.records[ref] for ref in refs}
    mixed = {
        ref: record if record.kind == "procedure" else Record(record.kind, record.id, f"seeds/elsewhere/{ref}.yaml", mix(record.data))
        for ref, record in records.items()
    }
    return derive(link(replace(corpus, records=mixed, links=())), View.on(corpus.facts.view.as_of))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_order_is_no_change(seed: int) -> None:
    assert texts(changes(rich(), shuffled(rich(), seed))) == []


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_order_changes_nothing_of_what_is_told(seed: int) -> None:
    before, after = rich(), rich(changed=True)
    expected = [(c.kind, c.text, c.loud) for c in changes(before, after)]
    assert len(expected) > 6
    assert [(c.kind, c.text, c.loud) for c in changes(shuffled(before, seed), shuffled(after, seed + 1))] == expected


def test_a_renumbered_anchor_is_no_change() -> None:
    corpus = state(RICH)
    data = corpus.records["treaty/x"].data
    turned = replace(corpus.records["treaty/x"], data={**data, "actions": data["actions"][::-1]})
    after = derive(link(replace(corpus, records={**corpus.records, "treaty/x": turned}, links=())), View.on(corpus.facts.view.as_of))
    assert changes(corpus, after) == ()


def test_entries_are_matched_by_content_first() -> None:
    def keys(entry: Any) -> tuple[str, ...]:
        return (entry["k"],)

    old = [{"k": "a", "v": 1}, {"k": "a", "v": 2}, {"k": "b", "v": 3}]
    new = [{"k": "b", "v": 4}, {"v": 2, "k": "a"}, {"k": "a", "v": 9}, {"k": "c", "v": 0}]
    pairs, removed, added = matched(old, new, keys)
    assert (sorted(pairs), removed, added) == ([(0, 2), (1, 1), (2, 0)], [], [3])
    assert matched([], new, keys) == ([], [], [0, 1, 2, 3]) and matched([], [], keys) == ([], [], [])
    assert canonical({"a": [1, {"x": [2, 3]}]}) == canonical({"a": [{"x": [3, 2]}, 1]})


def test_the_order_of_the_answer() -> None:
    before = {**RICH, "person/bob": "name: Bob\n"}
    after = {**RICH, "treaty/x": treaty(SIGNED + SUBMITTED + VOTED + SIGNING, more=PROVISION), "person/eve": "name: Eve\n"}
    found = told(before, after)
    loud = [change.loud for change in found]
    assert loud == sorted(loud, reverse=True) and any(loud) and not all(loud)
    quiet = [KINDS.index(change.kind) for change in found if not change.loud and change.kind in KINDS[:9]]
    assert quiet == sorted(quiet)


# Two views of the real records


@pytest.fixture(scope="module")
def real() -> Callable[[str], Corpus]:
    corpus = link(validate(load(PROJECT, PROJECT)))
    return lambda day: seen(corpus, *day.split())


TREATY = "treaty/russia-north-korea-2024"
NAME = "Russia–North Korea partnership treaty (2024)"


def test_autumn_2024_in_words(real: Callable[[str], Corpus]) -> None:
    found = changes(real("2024-10-16"), real("2024-12-05"))
    law = [c.text.removeprefix(f"{NAME}: ") for c in found if c.ref == TREATY and KINDS.index(c.kind) <= KINDS.index("expectation-changed")]
    for sentence in (
        "signed → in force, since 4 December 2024",
        "North Korea: signed → bound, since 4 December 2024",
        "Russia: in procedure → bound, since 4 December 2024",
        "recorded: State Duma ratifies (Russia), 24 October 2024",
        "recorded: Federation Council approves (Russia), 6 November 2024",
        "recorded: President signs the law (Russia), 9 November 2024",
        "recorded: President of the State Affairs signs the decree (North Korea), 11 November 2024",
        "recorded: Instruments of ratification exchanged, 4 December 2024",
        "State Duma ratifies (Russia), expected by Leonid Slutsky for November 2024: pending → met early, 24 October 2024",
        "Federation Council approves (Russia), expected by Maria Zakharova for 1–15 November 2024: met, 6 November 2024",
    ):
        assert law.count(sentence) == 1, "\n".join(law)
    assert law[0] == "signed → in force, since 4 December 2024"
    assert "status-changed" in {c.kind for c in found if c.ref == "treaty/russia-north-korea-2000"}
    assert not [c for c in found if c.ref == TREATY and c.loud], "in a later view nothing of the same records is removed"


def test_hindsight_and_the_way_back(real: Callable[[str], Corpus]) -> None:
    hindsight = changes(real("2024-10-16"), real("2024-10-16 2025-12-31"))
    assert "event/2024-10-08-troop-transport" in {c.ref for c in hindsight if c.kind == "event-added"}
    back = changes(real("2024-12-05"), real("2024-10-16"))
    assert f"{NAME}: in force → signed, since 19 June 2024" in {c.text for c in back}
    assert f"{NAME}: not in the second view: State Duma ratifies (Russia), 24 October 2024" in {c.text for c in back}
    assert not any(c.loud for c in back), "what an earlier view does not show was not removed"


def test_two_days_on_the_command_line() -> None:
    result = run("diff", "--root", PROJECT, "--as-of", "2024-10-16", "--as-of", "2024-12-05")
    assert result.exit_code == 0 and result.output.startswith("from  16 October 2024")
    assert f"\n{NAME}  {TREATY}\n  signed → in force, since 4 December 2024\n" in result.output
    assert report._REMOVED not in result.output


# Git


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A project with one commit, tagged first, and a second that adds an act."""
    if shutil.which("git") is None:
        pytest.skip("there is no git on this machine")
    root = make_root(tmp_path)
    git(root, "init", "--quiet")
    commit(root, "first")
    write(root, {"seeds/person/bob-lee.yaml": "name: Bob Lee\n"})
    commit(root, "second")
    return root


def commit(root: Path, tag: str) -> None:
    git(root, "add", "--all", "--force")
    git(root, "commit", "--quiet", "--message", tag)
    git(root, "tag", tag)


def test_revisions_and_the_working_tree(repository: Path) -> None:
    result = run("diff", "--root", repository, "first", "second")
    assert (result.exit_code, result.output) == (
        0,
        "from  first, as of 1 January 2026\nto    second, as of 1 January 2026; 1 warning in its records\n\n"
        "New records\n  Bob Lee: new person\n\n1 change: 1 record added.\n",
    )
    assert run("diff", "--root", repository, "first", "second", "--exit-code").exit_code == 1
    clean = run("diff", "--root", repository, "HEAD", "--exit-code")
    assert clean.exit_code == 0 and clean.output.endswith("\n\nNo changes.\n") and "to    the working tree" in clean.output
    (repository / "seeds/person/bob-lee.yaml").unlink()
    (repository / "seeds/event/signing.yaml").write_text(WORLD["seeds/event/signing.yaml"].replace("2001-02-03", "2001-02-04"))
    printed = run("diff", "--root", repository, "HEAD").output
    assert "\nRemoved from the records\n  ! Bob Lee: person removed\n" in printed
    assert "Signing  event/signing\n  date: 3 February 2001 → 4 February 2001\n" in printed
    assert "Treaty of friendship: " not in printed.replace("Treaty of friendship  treaty/friendship", "")
    assert not (repository.parent / "seeds").exists()


def test_a_project_below_the_top_of_its_repository(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    git(tmp_path, "init", "--quiet")
    commit(tmp_path, "first")
    write(root, {"seeds/person/bob-lee.yaml": "name: Bob Lee\n"})
    assert "Bob Lee: new person" in run("diff", "--root", root, "first").output


def test_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = make_root(tmp_path / "a"), make_root(tmp_path / "b", {"seeds/person/bob-lee.yaml": "name: Bob Lee\n"})
    assert "Bob Lee: new person" in run("diff", old, new).output
    assert "Bob Lee: new person" in run("diff", "--root", new, old).output
    assert not (old / ".cache").exists(), "nothing is written into what is only compared"
    monkeypatch.chdir(old)
    assert "No changes." in run("diff", ".").output


def test_each_side_is_read_with_its_own_schemas(repository: Path) -> None:
    path = repository / "schemas/person.schema.json"
    schema = json.loads(path.read_text())
    schema["properties"]["motto"] = {"type": "string", "title": "Motto", "description": "M.", "maxLength": 80, "examples": ["Go."]}
    path.write_text(json.dumps(schema))
    write(repository, {"seeds/person/bob-lee.yaml": "name: Bob Lee\nmotto: Onward.\n"})
    result = run("diff", "--root", repository, "HEAD")
    assert "Bob Lee  person/bob-lee\n  motto added: Onward.\n" in result.output and "error" not in result.output
    git(repository, "stash", "--quiet")
    assert "Bob Lee  person/bob-lee\n  motto removed: Onward.\n" in run("diff", "--root", repository, "stash@{0}", "HEAD").output


def test_a_base_with_errors_is_compared_as_far_as_it_loads(repository: Path) -> None:
    write(repository, {"seeds/person/eve.yaml": "nmae: Eve\n", "seeds/event/bad.yaml": "name: [\n"})
    commit(repository, "broken")
    write(repository, {"seeds/person/eve.yaml": "name: Eve\n", "seeds/person/zoe.yaml": "name: Zoe\n"})
    (repository / "seeds/event/bad.yaml").unlink()
    printed = run("diff", "--root", repository, "broken").output
    assert "2 errors in its records, which are compared as far as they can be read" in printed
    assert "  Eve: its file can be read again; what changed in it cannot be told\n" in printed
    assert "  ! bad: its file, which could not be read, was removed\n" in printed
    assert "  Zoe: new person\n" in printed


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Name a revision or a folder to compare with, such as HEAD~1; or give --as-of twice"),
        (("--as-of", "2024-01-01"), "Name a revision or a folder"),
        (("nowhere",), "There is no project folder and no revision 'nowhere'; `git branch"),
        (("HEAD:seeds",), "no revision 'HEAD:seeds'"),
        (("--", "--output=/tmp/x"), "'--output=/tmp/x' cannot be a revision"),
        (("--", "-h"), "'-h' cannot be a revision"),
        (("a\nb",), "cannot be a revision"),
        (("",), "'' cannot be a revision"),
        (("HEAD", "nowhere"), "no revision 'nowhere'"),
        (("HEAD", "--as-of", "2024-01-01", "--as-of", "2024-02-01"), "not both"),
        (("--as-of", "2024-01-01", "--as-of", "2024-02-01", "--known-by", "2024-02-01"), "give --known-by twice too"),
        (("--as-of", "2024-01-01") * 3, "given twice at most"),
        (("seeds",), "(seeds is a folder, but it has no seeds/ and schemas/)"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused(
    repository: Path, arguments: tuple[str, ...], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    result = run("diff", *arguments)
    assert result.exit_code == 2 and says in " ".join(result.output.split()), result.output
    assert "Traceback" not in result.output


def test_without_git_and_without_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_root(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    result = run("diff", "--root", root, "HEAD")
    assert result.exit_code == 2 and "is not in a git repository" in result.output and "name a folder instead" in " ".join(result.output.split())
    result = run("diff", "--root", root, "HEAD", PATH=str(tmp_path))
    assert result.exit_code == 2 and "The program git is not installed; install it, or name two folders." in result.output


def test_a_revision_without_records_is_refused(repository: Path) -> None:
    git(repository, "rm", "-r", "--quiet", "--cached", "schemas")
    git(repository, "commit", "--quiet", "--message", "no schemas")
    with pytest.raises(UnreadableRevision, match="has no schemas/ in this folder; name a later one"), revision_folder(repository, "HEAD"):
        pass


def test_the_temporary_folder_is_gone_afterwards(repository: Path) -> None:
    with revision_folder(repository, "first") as folder:
        assert sorted(path.name for path in folder.iterdir()) == ["schemas", "seeds"]
        assert (folder / "seeds/person/ann-lee.yaml").read_text() == WORLD["seeds/person/ann-lee.yaml"]
    assert not folder.exists()
    assert len(find_commit(repository, "first")) == 40


def test_a_link_in_a_revision_is_refused(repository: Path) -> None:
    (repository / "seeds/person/link.yaml").symlink_to("/etc/passwd")
    commit(repository, "linked")
    result = run("diff", "--root", repository, "linked")
    assert result.exit_code == 2
    assert "'seeds/person/link.yaml' is a link or a special file, and only plain files are read" in " ".join(result.output.split())


def test_a_revision_that_leaves_files_out_of_its_archive_is_refused(repository: Path) -> None:
    write(repository, {".gitattributes": "seeds/person/bob-lee.yaml export-ignore\n"})
    commit(repository, "hiding")
    result = run("diff", "--root", repository, "first", "hiding")
    assert result.exit_code == 2 and "lacks 'seeds/person/bob-lee.yaml'" in " ".join(result.output.split())


def archive(*members: tuple[str, bytes | None, str]) -> io.BytesIO:
    """A tar archive: name, content or None, what it is or what it links to."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, content, what in members:
            info = tarfile.TarInfo(name)
            info.type = {"file": tarfile.REGTYPE, "folder": tarfile.DIRTYPE, "fifo": tarfile.FIFOTYPE, "device": tarfile.CHRTYPE}.get(
                what.partition(":")[0], tarfile.LNKTYPE if what.startswith("hard:") else tarfile.SYMTYPE
            )
            info.linkname = what.partition(":")[2]
            info.size = len(content or b"")
            tar.addfile(info, io.BytesIO(content or b""))
    out.seek(0)
    return out


@pytest.mark.parametrize(
    "members",
    [
        [("/etc/passwd", b"x", "file")],
        [("../outside.yaml", b"x", "file")],
        [("seeds/../../outside.yaml", b"x", "file")],
        [("seeds/./a.yaml", b"x", "file")],
        [("seeds//a.yaml", b"x", "file")],
        [("elsewhere/a.yaml", b"x", "file")],
        [("seeds\\..\\a.yaml", b"x", "file")],
        [("seeds/C:/a.yaml", b"x", "file")],
        [("seeds/a", None, "soft:/etc"), ("seeds/a/b.yaml", b"x", "file")],
        [("seeds/a.yaml", None, "hard:/etc/passwd")],
        [("seeds/a.yaml", None, "fifo")],
        [("seeds/a.yaml", None, "device")],
        [("seeds/a.yaml", b"x", "file"), ("seeds/a.yaml", b"y", "file")],
        [("seeds/a.yaml", b"x", "file"), ("seeds/a.yaml/b.yaml", b"y", "file")],
        [("seeds", b"x", "file"), ("seeds/a.yaml", b"y", "file")],
        [("seeds/" + "a/" * 600 + "b.yaml", b"x", "file")],
        [("seeds/" + "a" * 300 + ".yaml", b"x", "file")],
    ],
    ids=lambda members: members[0][0][:30] + members[0][2],
)
def test_hostile_archives_are_refused(members: list[tuple[str, bytes | None, str]], tmp_path: Path) -> None:
    target = tmp_path / "in" / "target"
    target.mkdir(parents=True)
    with pytest.raises(UnreadableRevision):
        extract(archive(*members), target)
    assert sorted(path.name for path in (tmp_path / "in").iterdir()) == ["target"] and len(list(tmp_path.iterdir())) == 1


def test_archives_out_of_bounds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two = (("seeds/a.yaml", b"xx", "file"), ("seeds/b.yaml", b"yy", "file"))
    assert extract(archive(*two), tmp_path) == {"seeds/a.yaml", "seeds/b.yaml"}
    for name, limit in (("MAX_FILES", 1), ("MAX_BYTES", 3), ("MAX_FILE_BYTES", 1)):
        with monkeypatch.context() as patched, pytest.raises(UnreadableRevision):
            patched.setattr(f"pipeline.load.revisions.{name}", limit)
            extract(archive(*two), tmp_path / name)
    for damaged in (b"no archive at all", archive(*two).getvalue()[:700], b""):
        (tmp_path / "damaged").mkdir(exist_ok=True)
        with pytest.raises(UnreadableRevision):
            extract(io.BytesIO(damaged), tmp_path / "damaged")


# Voices


BEFORE, AFTER = State("HEAD~1", "2026-01-01", "2026-01-01", errors=1), State("the working tree", "2026-01-01", "2026-01-01")


def some_changes() -> tuple[Change, ...]:
    full = SIGNED + SUBMITTED + VOTED
    return told(
        {**with_actions(full), "person/bob": "name: Bob\n"},
        {**with_actions(SIGNED + SUBMITTED), "person/bob": "name: Bobby\n", "person/eve": "name: Eve\n"},
    )


def test_the_text() -> None:
    assert report.render_changes(BEFORE, AFTER, some_changes(), "text") == (
        "from  HEAD~1, as of 1 January 2026; 1 error in its records, which are compared as far as they can be read\n"
        "to    the working tree, as of 1 January 2026\n"
        "\n"
        "Removed from the records\n"
        "  ! A treaty: removed: Vote (Aland), 1 March 2001\n"
        "\n"
        "Bobby  person/bob\n"
        "  name: Bob → Bobby\n"
        "\n"
        "New records\n"
        "  Eve: new person\n"
        "\n"
        "3 changes: 1 act removed, 1 record added, 1 fact changed.\n"
    )


def test_the_markdown() -> None:
    assert report.render_changes(BEFORE, AFTER, some_changes(), "markdown") == (
        "## Changes of the records\n"
        "\n"
        "From HEAD\\~1, as of 1 January 2026; 1 error in its records, which are compared as far as they can be read\n"
        "to the working tree, as of 1 January 2026.\n"
        "\n"
        "### ⚠ Removed from the records\n"
        "\n"
        "- **A treaty: removed: Vote \\(Aland\\), 1 March 2001**\n"
        "\n"
        "### Bobby (`person/bob`)\n"
        "\n"
        "- name: Bob → Bobby\n"
        "\n"
        "### New records\n"
        "\n"
        "- Eve: new person\n"
        "\n"
        "3 changes: 1 act removed, 1 record added, 1 fact changed.\n"
    )


def test_the_json() -> None:
    found = some_changes()
    value = json.loads(report.render_changes(BEFORE, AFTER, found, "json"))
    assert list(value) == ["version", "before", "after", "counts", "changes"]
    assert value["version"] == 1
    assert value["before"] == {"name": "HEAD~1", "as_of": "2026-01-01", "known_by": "2026-01-01", "errors": 1, "warnings": 0}
    assert value["counts"] == {"act-removed": 1, "record-added": 1, "fact-changed": 1} == counted(found)
    assert value["changes"][0] == {
        "kind": "act-removed", "ref": "treaty/x", "label": "A treaty", "text": "A treaty: removed: Vote (Aland), 1 March 2001",
        "was": "Vote (Aland), 1 March 2001", "now": "", "since": "2001-03-01", "anchor": "", "loud": True, "sources": [],
    }
    assert report.render_changes(BEFORE, AFTER, found, "json").isascii()


def test_plain_values_for_pages() -> None:
    plain = as_plain(some_changes())
    assert [set(entry) for entry in plain] == [{"kind", "ref", "label", "text", "since", "loud", "anchor"}] * 3
    assert json.loads(json.dumps(plain)) == plain


def test_removed_history_comes_first_in_every_voice() -> None:
    found = some_changes()
    for voice in report.CHANGE_VOICES:
        printed = report.render_changes(BEFORE, AFTER, found, voice)
        assert printed.index("Vote") < printed.index("Bobby"), voice
    assert "\x1b[31m" in report.render_changes(BEFORE, AFTER, found, "text", color=True)


def test_a_record_cannot_speak_to_the_terminal_the_runner_or_the_comment() -> None:
    evil = Change("fact-changed", "person/bob", "Bob\x1b[31m", "Bob\x1b[31m: ##[error]x <img src=x> [a](http://b) @everyone `c`\n# H")
    for voice in report.CHANGE_VOICES:
        printed = report.render_changes(BEFORE, AFTER, (evil,), voice)
        assert "\x1b" not in printed and "##[error]" not in printed and "\n# H" not in printed
    markdown = report.render_changes(BEFORE, AFTER, (evil,), "markdown")
    assert "<img" not in markdown and "[a](" not in markdown and "@everyone" not in markdown and "`c`" not in markdown.replace("\\`c\\`", "")


@pytest.mark.parametrize(
    "text",
    [
        "- x", "-- x", "---", "- - -", "1. x", "12345. x", "1.", "2024-10-16", "    code", "\u2003x", "===", "> q", "~~~", "# H", "+ x", "* x", "| a | b |",
        "**b** _i_ `c` ~~s~~", "<b>&amp;</b> &lt;", "![a](b) [c](d) [e]: f", "\\\\ \\-", "$x$ a$b$", "http://x.org www.x.org a@x.org", "#12 o/r#3 GH-4 gh-5",
    ],
)  # fmt: skip
def test_whatever_a_record_says_is_one_entry_of_plain_text_in_a_comment(text: str) -> None:
    """Read back by a parser of CommonMark with tables and strikethrough."""
    change = Change("fact-changed", "person/bob", text, text)
    printed = report.render_changes(BEFORE, AFTER, (change, replace(change, loud=True)), "markdown")
    made = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(printed)
    assert set(re.findall(r"<(\w+)", made)) <= {"h2", "h3", "p", "ul", "li", "strong", "code"} and made.count("<li>") == 2
    shown = html.unescape(re.sub(r"<[^>]+>", "", made)).replace("\u200b", "")
    assert [line.strip() for line in shown.splitlines()].count(text.strip()) == 2
    assert not re.search(r"(#|GH-)\d|[^\\]\$", printed, re.IGNORECASE)


def test_a_comment_is_no_longer_than_github_takes() -> None:
    many = tuple(Change("record-added", f"person/p{n}", f"P{n}", f"P{n}: new person, {'x' * 80}") for n in range(3000))
    loud = Change("record-removed", "person/gone", "Gone", "Gone: person removed", loud=True)
    printed = report.render_changes(BEFORE, AFTER, (loud, *many), "markdown")
    assert len(printed) < 65_536 and printed.index("Gone") < 600
    assert "more. `depositary diff` prints them all." in printed and "3001 changes: 3000 records added, 1 record removed." in printed


def test_every_kind_of_change_is_counted_in_words() -> None:
    found = tuple(Change(kind, "x/y", "Y", "Y: z") for kind in KINDS for _ in range(2))
    assert counted(found) == dict.fromkeys(KINDS, 2)
    assert "2 statuses changed, 2 parties changed, 2 acts recorded, 2 acts removed, 2 expectations changed" in report.summary_of_changes(found)
    assert report.summary_of_changes(found).endswith("2 contested values added, 2 contested values removed")
    assert report.summary_of_changes(()) == "No changes"
