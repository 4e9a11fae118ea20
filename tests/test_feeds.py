"""Feeds and calendars, read back by feedparser and icalendar, which had no part in writing them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from typing import Any
from xml.etree import ElementTree

import feedparser
import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.derive import diary, news
from pipeline.derive.known import KnownDays
from pipeline.export.calendars import _folded, calendar
from pipeline.link import link
from pipeline.model import Corpus, Record
from pipeline.render import Book
from tests.exports import ADDRESS, NO_ADDRESS, book_as_of, book_of, files, golden, real, unchecked
from tests.worlds import BASICS, PROJECT, treaty, world

DAYS = ["2024-06-20", "2024-10-16", "2024-12-05"]


def feed(content: bytes) -> Any:
    """A feed as a reader's program sees it; it must find nothing wrong."""
    read = feedparser.parse(content)
    assert not read.bozo, read.get("bozo_exception")
    assert read.version == "atom10"
    return read


def entries(content: bytes) -> list[Any]:
    """The entries of a calendar as a reader's program sees them; it must find nothing wrong."""
    read = icalendar.Calendar.from_ical(content)
    assert not read.errors
    found = read.walk("VEVENT")
    assert not [error for entry in found for error in entry.errors]
    return list(found)


def changed(corpus: Corpus, ref: str, data: dict[str, Any]) -> Corpus:
    """The corpus with other data in one record."""
    records = {**corpus.records, ref: replace(corpus.records[ref], data=data)}
    return link(replace(corpus, records=records, links=(), diagnostics=()))


# Feeds


def test_a_feed_is_newest_first_with_permanent_names() -> None:
    read = feed(files(book_of(golden()))["feed.atom"])
    days = [entry.updated for entry in read.entries]
    assert len(days) > 5 and days == sorted(days, reverse=True)
    assert read.feed.updated == days[0]
    ids = [entry.id for entry in read.entries]
    assert len(set(ids)) == len(ids) and all(name.startswith("tag:example.org,2026:") for name in ids)
    assert read.feed.links[1].href == "https://example.org/treaties/feed.atom"


def test_updated_is_the_day_a_thing_became_known() -> None:
    read = feed(files(book_of(golden()))["treaty/border-2001.atom"])
    vote = next(entry for entry in read.entries if entry.id.endswith("border-2001/vote/aland"))
    assert vote.updated == "2001-02-20T00:00:00Z"  # a public step, known the day it is taken
    read = feed(files(book_of(golden()))["organization/aland.atom"])
    shots = next(entry for entry in read.entries if entry.id.endswith("event/2001-03-05-shots"))
    assert shots.updated == "2001-03-07T00:00:00Z"  # about the 5th, first told on the 7th
    assert shots.summary.startswith("About 5 March 2001. Beland says")


@pytest.mark.parametrize("make", [golden, real], ids=["golden", "real"])
def test_every_record_with_news_has_a_feed_of_it_and_every_link_leads_to_a_page(make: Any) -> None:
    book = book_of(make(), "2026-11-25")
    pages = {f"{ADDRESS.url}{page.path}" for page in book.pages}
    made = {path: content for path, content in files(book).items() if path.endswith(".atom")}
    assert len(made) > 10
    for path, content in made.items():
        read = feed(content)
        assert 1 <= len(read.entries) <= news.MOST
        for entry in read.entries:
            page, _, anchor = entry.link.partition("#")
            assert page in pages, f"{path} leads to {entry.link}"
            assert not anchor or anchor.startswith("action-")


def test_an_event_that_realises_an_act_is_told_once() -> None:
    content = files(book_of(golden()))["feed.atom"]
    names = [entry.id for entry in feed(content).entries]
    assert "tag:example.org,2026:treaty/border-2001/signature" in names
    assert not any("event/2001-01-10-signing" in name for name in names)
    of_bo = feed(files(book_of(golden()))["person/bo-second.atom"])
    assert [entry.id.rpartition("/")[2] for entry in of_bo.entries if "treaty/" in entry.id] == ["exchange-of-instruments", "signature"]


def test_a_claim_is_told_as_a_claim() -> None:
    titles = [entry.title for entry in feed(files(book_of(golden()))["organization/aland.atom"]).entries]
    assert any(title.startswith("Claimed (") and title.endswith(": Shots across the river") for title in titles)


def test_without_an_address_names_are_tags_and_links_relative() -> None:
    made = files(book_of(golden(), site=NO_ADDRESS))
    root = ElementTree.fromstring(made["treaty/border-2001.atom"])
    atom = "{http://www.w3.org/2005/Atom}"
    assert root.findtext(f"{atom}id") == "tag:depositary.invalid,2026:treaty/border-2001"
    assert [link.get("href") for link in root.findall(f"{atom}link")] == ["../treaty/border-2001.html"]
    assert all(not link.get("href", "").startswith(("http", "/")) for link in root.iter(f"{atom}link"))
    first = ElementTree.fromstring(made["feed.atom"]).find(f"{atom}entry/{atom}link")
    assert first is not None and not first.get("href", "").startswith(".")


@pytest.mark.parametrize("day", DAYS)
def test_a_view_holds_nothing_later(day: str) -> None:
    made = files(book_as_of(real(), day))
    plain = files(book_of(real(), "2026-11-25"))
    for path, content in made.items():
        if path.endswith(".atom"):
            read = feed(content)
            assert max(entry.updated for entry in read.entries) <= f"{day}T00:00:00Z", path
            assert feed(plain[path]).feed.id != read.feed.id
            assert "as of" in read.feed.title
        if path.endswith(".ics"):
            for entry in entries(content):
                assert entry["DTSTAMP"].dt.date() <= date.fromisoformat(day), path
                assert str(entry["STATUS"]) == "TENTATIVE" or entry["DTSTART"].dt <= date.fromisoformat(day), path


@pytest.mark.parametrize("day", DAYS)
def test_a_plain_build_of_a_day_tells_of_nothing_known_later(day: str) -> None:
    for path, content in files(book_of(real(), day)).items():
        if path.endswith(".atom"):
            assert max(entry.updated for entry in feed(content).entries) <= f"{day}T00:00:00Z", path


def test_the_day_of_a_build_is_in_no_feed_and_no_calendar() -> None:
    """Nothing happened between the two days, so nothing changes but what tells of them."""
    assert files(book_of(golden(), "2003-01-01")) == files(book_of(golden(), "2004-07-01"))


def test_editing_one_act_changes_only_the_files_that_hold_it() -> None:
    before = files(book_of(golden()))
    record = golden().records["treaty/border-2001"]
    actions = [{**action, "note": "In the old hall."} if action.get("step") == "vote" else action for action in record.data["actions"]]
    after = files(book_of(changed(golden(), record.ref, {**record.data, "actions": actions})))
    different = {path for path in before if before[path] != after[path]}
    holding = {path for path, content in before.items() if b"treaty/border-2001/vote/aland" in content}
    assert different == holding
    assert {"feed.atom", "treaty/border-2001.atom", "organization/aland.atom", "calendar.ics", "treaty/border-2001.ics"} <= holding
    assert not {"treaty/league-1970.atom", "treaty/league-1970.ics", "person/bo-second.atom"} & holding


def test_the_hash_seed_changes_no_byte() -> None:
    program = (
        "import hashlib; from tests.exports import *; made = files(book_of(real(), '2026-11-25'))\n"
        "print(hashlib.sha256(repr(sorted(made.items())).encode()).hexdigest(), len(made))"
    )
    printed = {
        subprocess.run([sys.executable, "-c", program], cwd=PROJECT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(printed) == 1
    made = files(book_of(real(), "2026-11-25"))
    assert printed == {f"{hashlib.sha256(repr(sorted(made.items())).encode()).hexdigest()} {len(made)}\n"}


# Calendars


def test_a_done_act_is_a_whole_day_of_its_own() -> None:
    found = {str(entry["UID"]): entry for entry in entries(files(book_of(golden()))["treaty/border-2001.ics"])}
    vote = found["treaty/border-2001/vote/aland@example.org"]
    assert (vote["DTSTART"].dt, vote["DTEND"].dt) == (date(2001, 2, 20), date(2001, 2, 21))
    assert type(vote["DTSTART"].dt) is date
    assert (str(vote["STATUS"]), vote["SEQUENCE"], str(vote["TRANSP"])) == ("CONFIRMED", 0, "TRANSPARENT")
    assert str(vote["URL"]) == "https://example.org/treaties/treaty/border-2001.html#action-3"
    assert found["treaty/border-2001/signature@example.org"]["SEQUENCE"] == 1  # its event has a contested day


def test_every_calendar_can_be_read_and_every_name_is_its_own() -> None:
    made = {path: content for path, content in files(book_of(real(), "2026-11-25")).items() if path.endswith(".ics")}
    assert len(made) > 20
    for path, content in made.items():
        found = entries(content)
        names = [str(entry["UID"]) for entry in found]
        assert names and len(set(names)) == len(names), path
        assert all(entry["DTEND"].dt > entry["DTSTART"].dt for entry in found), path
        lines = content.split(b"\r\n")
        assert lines.pop() == b"" and b"\n" not in b"".join(lines) and max(map(len, lines)) <= 75, path


def test_what_is_expected_is_tentative_over_its_window() -> None:
    found = entries(files(book_as_of(real(), "2024-10-16"))["treaty/russia-north-korea-2024.ics"])
    duma = next(entry for entry in found if "/expected/lower-house/" in str(entry["UID"]))
    assert (duma["DTSTART"].dt, duma["DTEND"].dt) == (date(2024, 11, 1), date(2024, 12, 1))
    assert str(duma["STATUS"]) == "TENTATIVE"
    assert str(duma["DESCRIPTION"]) == "November 2024. Expected by Leonid Slutsky, 15 October 2024."
    later = entries(files(book_as_of(real(), "2024-12-05"))["treaty/russia-north-korea-2024.ics"])
    assert not any("/expected/" in str(entry["UID"]) for entry in later)  # it happened


def exchange(act: str, more: dict[str, str] | None = None) -> Any:
    """The one entry of a treaty with this exchange of instruments."""
    book = book_of(world({**BASICS, "treaty/t": treaty(f"- {{act: exchange-of-instruments, {act}}}\n"), **(more or {})}), "2002-01-01", NO_ADDRESS)
    [entry] = entries(files(book)["treaty/t.ics"])
    return entry


def test_what_is_scheduled_keeps_its_name_when_it_is_done() -> None:
    planned = "scheduled: {date: 2002-05-01, sources: [day-2001-01-10]}"
    before = exchange(planned)
    assert (str(before["STATUS"]), before["SEQUENCE"], before["DTSTART"].dt) == ("TENTATIVE", 0, date(2002, 5, 1))
    assert before["DTSTAMP"].dt.date() == date(2001, 1, 10)  # the day it was announced
    after = exchange(f"date: 2001-12-30, sources: [undated], {planned}")
    assert (str(after["STATUS"]), after["SEQUENCE"], after["DTSTART"].dt) == ("CONFIRMED", 1, date(2001, 12, 30))
    assert before["UID"] == after["UID"]


def test_a_corrected_day_keeps_the_name_and_a_correction_on_record_raises_the_sequence() -> None:
    first = exchange("date: 2001-05-01, sources: [undated]")
    silent = exchange("date: 2001-05-02, sources: [undated]")
    loud = exchange("date: 2001-05-02, sources: [undated], contested: [{field: date, value: '2001-05-01', sources: [undated]}]")
    place = exchange("date: 2001-05-02, sources: [undated], contested: [{field: place, value: Moscow, sources: [undated]}]")
    assert first["UID"] == silent["UID"] == loud["UID"]
    assert [entry["SEQUENCE"] for entry in (first, silent, loud, place)] == [0, 0, 1, 0]


def test_a_revised_expectation_replaces_the_one_before() -> None:
    said = "speaker: person/ann\ndate: {}\nsummary: She expects it.\nabout: [treaty/t]\nstance: expects\nsources: [undated]\nexpects: [{{treaty: t, party: aland, step: vote, window: {}}}]\n"
    statements = {"statement/one": said.format("2001-01-10", "2002-03"), "statement/two": said.format("2001-02-10", "2002-06")}
    signed = treaty("- {act: signature, date: 2001-01-01, sources: [undated]}\n- {party: aland, step: submission, date: 2001-01-02, sources: [undated]}\n")
    names = {}
    for count in (1, 2):
        records = {**BASICS, "treaty/t": signed, **dict(list(statements.items())[:count])}
        found = entries(files(book_of(world(records), "2001-12-01"))["treaty/t.ics"])
        [names[count]] = [entry for entry in found if "/expected/" in str(entry["UID"])]
    assert names[1]["UID"] == names[2]["UID"]
    assert [(names[n]["SEQUENCE"], names[n]["DTSTART"].dt) for n in (1, 2)] == [(0, date(2002, 3, 1)), (1, date(2002, 6, 1))]


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2001-05", date(2001, 5, 1), date(2001, 6, 1)),
        ("'2001'", date(2001, 1, 1), date(2002, 1, 1)),
        ("2001-05-01/2001-05-03", date(2001, 5, 1), date(2001, 5, 4)),
        ("'[2001-05-01..2001-05-20]'", date(2001, 5, 1), date(2001, 5, 21)),
        ("2001-05-01T23:30Z", date(2001, 5, 1), date(2001, 5, 2)),
    ],
)
def test_a_day_that_is_not_exact_stays_as_wide_as_it_is_known(written: str, start: date, end: date) -> None:
    entry = exchange(f"date: {written}, sources: [undated]")
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (start, end)


@pytest.mark.parametrize("written", ["'[..2001-05-01]'", "'[1990..2001]'"])
def test_an_act_of_no_known_year_is_in_no_calendar(written: str) -> None:
    book = book_of(world({**BASICS, "treaty/t": treaty(f"- {{act: exchange-of-instruments, date: {written}, sources: [undated]}}\n")}), "2002-01-01")
    assert not [path for path in files(book) if path.endswith(".ics")]


def test_acts_that_say_the_same_are_counted_by_their_day_and_not_by_their_place() -> None:
    acts = [f"- {{act: declaration, party: aland, date: 2001-0{month}-01, sources: [undated]}}\n" for month in (1, 2)]
    both = [
        {(str(entry["UID"]), entry["DTSTART"].dt) for entry in entries(files(book_of(world({**BASICS, "treaty/t": treaty("".join(order))})))["treaty/t.ics"])}
        for order in (acts, acts[::-1])
    ]
    assert both[0] == both[1]
    assert {name for name, _ in both[0]} == {"treaty/t/declaration/aland@example.org", "treaty/t/declaration/aland/2@example.org"}


def test_a_calendar_of_everything_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diary, "MOST", 3)
    monkeypatch.setattr(news, "MOST", 2)
    made = files(book_of(golden()))
    days = [entry["DTSTART"].dt for entry in entries(made["calendar.ics"])]
    assert len(days) == 3 and min(days) > date(2001, 1, 1)
    assert len(feed(made["feed.atom"]).entries) == 2
    assert len(entries(made["treaty/border-2001.ics"])) == 5


# Hostile text


HOSTILE = "A\r\nEND:VEVENT\nBEGIN:VEVENT\u2028X\x85Y\x0b\x00\x1b\ud800 ]]><!--<script>alert(1)</script>&amp; \\n;,:\"'"


def hostile_book() -> Book:
    data = {ref: world(BASICS).records[ref].data for ref in BASICS}
    acts = [{"act": "signature", "date": "2001-01-01", "sources": ["undated"], "note": HOSTILE, "place": HOSTILE}]
    record = {"name": HOSTILE, "form": "bilateral", "parties": [{"party": "aland"}, {"party": "beland"}], "acts_on_record": "complete", "sources": ["undated"]}
    said = {"speaker": "person/ann", "date": "2001-01-01", "summary": HOSTILE, "about": ["treaty/t"], "sources": ["undated"]}
    return book_of(unchecked({**data, "treaty/t": {**record, "entry_into_force": {"rule": "signature"}, "actions": acts}, "statement/s": said}))


def test_hostile_text_stays_text_in_a_feed() -> None:
    for path in ("feed.atom", "treaty/t.atom"):
        content = files(hostile_book())[path]
        root = ElementTree.fromstring(content)
        names = {element.tag.partition("}")[2] for element in root.iter()}
        assert names <= {"feed", "entry", "id", "title", "subtitle", "updated", "author", "name", "rights", "link", "summary"}
        assert len(feed(content).entries) == 2
        assert "]]>" in "".join(root.itertext()) and b"]]>" not in content and b"<script" not in content
        assert not any(ord(character) < 32 and character not in "\t\n\r" for character in "".join(root.itertext()))


def test_hostile_text_stays_text_in_a_calendar() -> None:
    content = files(hostile_book())["treaty/t.ics"]
    [entry] = entries(content)
    assert content.count(b"\r\nBEGIN:VEVENT\r\n") == content.count(b"\r\nEND:VEVENT\r\n") == 1
    assert str(entry["SUMMARY"]).startswith("A END:VEVENT BEGIN:VEVENT X Y")
    assert str(entry["SUMMARY"]).endswith("\\n;,:\"': Signed")
    assert "\n" not in str(entry["DESCRIPTION"])


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=300))
def test_folding_breaks_no_character_and_loses_nothing(text: str) -> None:
    line = "SUMMARY:" + text.replace("\r", "").replace("\n", "")
    folded = _folded(line)
    assert folded.endswith(b"\r\n") and folded[:-2].replace(b"\r\n ", b"") == line.encode()
    for part in folded[:-2].split(b"\r\n"):
        assert len(part) <= 75
        part.decode()


@given(st.text(max_size=200))
def test_any_text_makes_one_entry_and_comes_back_as_words(text: str) -> None:
    row = {"id": "treaty/t/x", "ref": "treaty/t", "anchor": "", "title": text, "when": "", "text": text, "start": "2001-01-01", "end": "2001-01-01", "tentative": False, "sequence": 0, "stamp": "2001-01-01"}
    [entry] = entries(calendar(EMPTY, "calendar.ics", text, [row]))
    words = "".join(character for character in text if character.isalnum())
    assert "".join(character for character in str(entry["SUMMARY"]) if character.isalnum()) == words


EMPTY = book_of(Corpus(), site=NO_ADDRESS)


def test_known_days_are_those_of_the_table() -> None:
    """A statement and an event are told on the day the view would first show them."""
    corpus = golden()
    days = KnownDays(corpus)
    rows = book_of(corpus).corpus.facts.site["news"]["entries"]
    told = {row["ref"]: row["known"] for row in rows if row["ref"].startswith("event/")}
    assert told and all(day == days.events[ref.partition("/")[2]].day.isoformat() for ref, day in told.items())  # type: ignore[union-attr]


def test_a_withdrawn_record_is_told_no_more() -> None:
    record = golden().records["statement/2001-02-02-first-vote"]
    gone = {**record.data, "withdrawn": {"date": "2002-01-01", "reason": "Entered twice."}}
    assert any(record.ref.encode() in content for path, content in files(book_of(golden())).items() if path.endswith(".atom"))
    after = files(book_of(changed(golden(), record.ref, gone)))
    assert not any(record.ref.encode() in content for path, content in after.items() if path.endswith(".atom"))


def test_a_stranger_without_news_has_no_feed_and_no_calendar() -> None:
    corpus = unchecked({"organization/x": {"name": "X", "type": "state"}})
    assert sorted(files(book_of(corpus, site=NO_ADDRESS))) == ["_headers", "llms.txt", "robots.txt"]
    assert isinstance(corpus.records["organization/x"], Record)
