"""News: what became known of treaties, people and organizations, by the day it became known.

One thing is one entry: an event that realises an act is told by the act. Entries are plain facts;
feeds make their words of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline import dates
from pipeline.derive.acts import Act, names_of_acts
from pipeline.derive.known import Known, KnownDays, known_since, own_span
from pipeline.derive.treaty import Standing
from pipeline.labels import label
from pipeline.model import Corpus, Record, View

#: A feed holds so many entries, the newest: it does not grow with the corpus.
MOST = 40

#: Kinds whose records have news of their own.
_FOLLOWED = ("treaty", "person", "organization")


def news_of(
    corpus: Corpus, standings: Mapping[str, Standing], claims: Mapping[str, str], days: KnownDays, view: View
) -> dict[str, Any]:
    """The newest entries of all, and those `of` each record that has any.

    An entry is {id, ref, anchor, title, date, place, text, known}; `known` is the day it became public.
    """
    last_day = min(view.as_of, view.known_by)
    realising = {act.event_ref for standing in standings.values() for act in standing.acts if act.done_by(view.as_of)}
    linked = _followed_by_source(corpus)
    told = [*_acts(corpus, standings, linked, days, view), *_records(corpus, realising, claims, linked, days)]
    told = [(known, row, refs) for known, row, refs in told if known.day is not None and known.day <= last_day]
    told.sort(key=lambda one: (one[0].day, _own_day(one[1]), one[1]["id"]), reverse=True)
    of: dict[str, list[dict[str, Any]]] = {}
    for _, row, refs in told:
        for ref in sorted(refs):
            rows = of.setdefault(ref, [])
            if len(rows) < MOST:
                rows.append(row)
    return {"entries": [row for _, row, _ in told[:MOST]], "of": of}


_Told = tuple[Known, dict[str, Any], set[str]]


def _acts(
    corpus: Corpus, standings: Mapping[str, Standing], linked: Mapping[str, set[str]], days: KnownDays, view: View
) -> Iterator[_Told]:
    for ref, standing in standings.items():
        treaty, title = corpus.records[ref], label(corpus, ref)
        names = names_of_acts(treaty, standing.acts)
        for act in standing.acts:
            if act.done_by(view.as_of):
                row = {
                    "id": names[act.index],
                    "ref": ref,
                    "anchor": act.anchor,
                    "title": f"{title}: {act_in_words(corpus, act)}",
                    "date": act.date,
                    "place": act.place,
                    "text": str(act.data.get("note", "")),
                }
                refs = {ref, *_of_act(act), *linked.get(act.event_ref, ())}
                yield from _with_known(days.action(treaty, act.data), row, {found for found in refs if found in corpus.records})


def act_in_words(corpus: Corpus, act: Act) -> str:
    """The act's label, with the party whose step it is: a step's own words name none."""
    return f"{act.label}, {label(corpus, act.party_ref)}" if act.step and act.party_ref else act.label


def _of_act(act: Act) -> Iterator[str]:
    yield from (f"organization/{party}" for party in (*act.parties, *act.between, *act.concerns))
    yield from (f"person/{person}" for person in act.by)


def _records(
    corpus: Corpus,
    realising: set[str],
    claims: Mapping[str, str],
    linked: Mapping[str, set[str]],
    days: KnownDays,
) -> Iterator[_Told]:
    """Statements, and events that realise no act."""
    for ref, record in corpus.records.items():
        if record.kind not in ("event", "statement") or not record.is_current or ref in realising:
            continue
        name = label(corpus, ref)
        row = {
            "id": ref,
            "ref": ref,
            "anchor": "",
            "title": f"Claimed ({claims[ref]}): {name}" if ref in claims else name,
            "date": str(record.data.get("date", "")),
            "place": str(record.data.get("place", "")),
            "text": str(record.data.get("summary", "")),
        }
        yield from _with_known(_known(record, days), row, linked.get(ref, set()))


def _known(record: Record, days: KnownDays) -> Known:
    if record.kind == "event":
        return days.events[record.id]
    return known_since(own_span(record.data, "date"), record.data.get("sources"), days.sources, known=record.data.get("known"))


def _with_known(known: Known, row: dict[str, Any], refs: set[str]) -> Iterator[_Told]:
    if known.day is not None:
        yield known, {**row, "known": known.day.isoformat()}, refs


def _followed_by_source(corpus: Corpus) -> dict[str, set[str]]:
    """The treaties, people and organizations that each event and statement names."""
    out: dict[str, set[str]] = {}
    for link in corpus.links:
        source, target = corpus.records.get(link.source), corpus.records.get(link.target)
        if source and target and source.kind in ("event", "statement") and target.kind in _FOLLOWED:
            out.setdefault(link.source, set()).add(link.target)
    return out


def _own_day(row: Mapping[str, Any]) -> str:
    span = dates.parse(row["date"])
    return span.start[1].isoformat() if span else ""

