"""The diary: dated acts, and those that are scheduled or expected, as stretches of days for a calendar.

What is only scheduled, expected or possibly done is tentative. `sequence` says how often an entry is known to
have been corrected. Nothing remembers earlier builds, so only what the records themselves show counts: each
other day that they hold for an act (a contested one, or the day it had been scheduled for), and each earlier
expectation of the same speaker of the same thing. A day that an editor corrected without a trace raises nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from pipeline import dates
from pipeline.dates import Span
from pipeline.derive.acts import Act, names_of_acts
from pipeline.derive.expectations import Expectation, subject_in_words
from pipeline.derive.known import KnownDays, known_since
from pipeline.derive.news import act_in_words
from pipeline.derive.treaty import Standing
from pipeline.labels import label
from pipeline.model import Corpus, Record, View

#: A calendar of the whole collection holds what is to come, and so many days of the past, the latest.
MOST = 600

_A_YEAR = timedelta(days=366)


def diary_of(corpus: Corpus, standings: Mapping[str, Standing], days: KnownDays, view: View) -> dict[str, Any]:
    """The latest entries of all, and those `of` each treaty that has any, by their days.

    An entry is {id, ref, anchor, title, when, text, start, end, tentative, sequence, stamp}; `end` is its last day.
    """
    of = {ref: _of_treaty(corpus, corpus.records[ref], standing, days, view) for ref, standing in standings.items()}
    of = {ref: sorted(rows, key=_order) for ref, rows in of.items() if rows}
    everything = sorted((row for rows in of.values() for row in rows), key=_order)
    tentative = [row for row in everything if row["tentative"]]
    past = [row for row in everything if not row["tentative"]]
    return {"entries": sorted([*past[-MOST:], *tentative[-MOST:]], key=_order), "of": of}


def _order(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return (row["start"], row["end"], row["id"])


def _of_treaty(
    corpus: Corpus, treaty: Record, standing: Standing, days: KnownDays, view: View
) -> list[dict[str, Any]]:
    names = names_of_acts(treaty, standing.acts)
    rows = [_act(corpus, treaty, act, names[act.index], days, view) for act in standing.acts]
    return [row for row in (*rows, *_expected(corpus, treaty, standing)) if row is not None]


def _act(
    corpus: Corpus, treaty: Record, act: Act, name: str, days: KnownDays, view: View
) -> dict[str, Any] | None:
    """An act that was done, or possibly was, or is scheduled; nothing where its day is not known to within a year."""
    title = f"{label(corpus, treaty.ref)}: {act_in_words(corpus, act)}"
    text = str(act.data.get("note", ""))
    if act.span is None:
        planned = act.scheduled or {}
        known = known_since(None, planned.get("sources"), days.sources, known=planned.get("known")).day
        span = dates.parse(str(planned.get("date", "")))
        return _row(treaty, act.anchor, name, f"{title} (scheduled)", text, span, known, tentative=True)
    done = act.done_by(view.as_of)
    if done is False or act.span.latest - act.span.earliest > _A_YEAR:
        return None
    known = days.action(treaty, act.data).day
    shown = title if done else f"{title} (possibly)"
    return _row(treaty, act.anchor, name, shown, text, act.span, known, tentative=not done, sequence=_other_days(corpus, act))


def _other_days(corpus: Corpus, act: Act) -> int:
    """How many other days for the act are on record: contested ones, and the day it had been scheduled for."""
    event = corpus.records.get(act.event_ref)
    contested = [*act.data.get("contested", ()), *(event.data.get("contested", ()) if event else ())]
    return sum(entry["field"] == "date" for entry in contested) + (act.scheduled is not None)


def _expected(corpus: Corpus, treaty: Record, standing: Standing) -> Iterator[dict[str, Any] | None]:
    """What is still expected and has a window, the latest of each speaker."""
    earlier: dict[tuple[str, ...], int] = {}
    found: dict[tuple[str, ...], dict[str, Any] | None] = {}
    for entry in standing.expectations:
        speaker = str(entry.statement.data["speaker"])
        key = (speaker, *entry.key)
        sequence = earlier.get(key, 0)
        earlier[key] = sequence + 1
        if entry.is_open:
            found[key] = _expectation(corpus, treaty, entry, speaker, sequence)
    yield from found.values()


def _expectation(corpus: Corpus, treaty: Record, entry: Expectation, speaker: str, sequence: int) -> dict[str, Any] | None:
    name = "/".join(part for part in (treaty.ref, "expected", entry.step or entry.act, entry.party, "by", speaker) if part)
    said = dates.parse(str(entry.statement.data["date"]))
    window = dates.parse(entry.window) if entry.window else None
    title = f"{label(corpus, treaty.ref)}: {subject_in_words(corpus, treaty, entry)} (expected)"
    text = f"Expected by {label(corpus, speaker)}, {dates.in_words(str(entry.statement.data['date']))}."
    known = said.start[1] if said else None
    return _row(entry.statement, "", name, title, text, window, known, tentative=True, sequence=sequence, since=known)


def _row(
    record: Record,
    anchor: str,
    name: str,
    title: str,
    text: str,
    span: Span | None,
    known: date | None,
    *,
    tentative: bool,
    sequence: int = 0,
    since: date | None = None,
) -> dict[str, Any] | None:
    """An entry, or nothing where its days have no bounds. A window without a beginning begins when it was spoken of."""
    if span is None or span.latest == date.max:
        return None
    start = max(since, span.earliest) if since and span.earliest == date.min else span.earliest
    if start == date.min or start > span.latest:
        return None
    return {
        "id": name,
        "ref": record.ref,
        "anchor": anchor,
        "title": title,
        "when": "" if span.exact else dates.in_words(span.text),
        "text": text,
        "start": start.isoformat(),
        "end": span.latest.isoformat(),
        "tentative": tentative,
        "sequence": sequence,
        "stamp": (known or start).isoformat(),
    }
