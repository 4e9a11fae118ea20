"""Known since: the day on which a fact became public, from its own day and its sources.

The table of the data model (derivations, section 2), first row that fits. `presumed` marks
facts of which history books do not tell when they became known: they count from their own day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pipeline import dates
from pipeline.dates import Span
from pipeline.model import Corpus, Record, citations

_A_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Known:
    """Since when a fact is known. `day` is None for what is no news: names, identities, procedures.

    `inexact` is true where only sources dated to a month or a year tell.
    """

    day: date | None = None
    presumed: bool = False
    inexact: bool = False

    def by(self, day: date) -> bool:
        """Whether the fact was public by the end of that day."""
        return self.day is None or self.day <= day


ALWAYS = Known()


class SourceDates:
    """When each source was published, by its id; a source without a date has None."""

    def __init__(self, corpus: Corpus) -> None:
        self._spans: dict[str, Span | None] = {}
        for record in corpus.records.values():
            if record.kind == "source":
                text = record.data.get("known") or record.data.get("date")
                self._spans[record.id] = dates.parse(str(text)) if text else None

    def spans(self, sources: Any) -> list[Span]:
        """The dates of the sources of a fact, as far as they have one."""
        found = (self._spans.get(citation["source"]) for citation in citations(sources))
        return [span for span in found if span is not None]

    def published_by(self, source: str, day: date) -> bool | None:
        """Whether a source was out by the end of a day: yes, no, or None for possibly or not known."""
        span = self._spans.get(source)
        if span is None:
            return None
        if span.latest <= day:
            return True
        return None if span.earliest <= day else False

    def not_certainly_by(self, day: date, undated: bool) -> frozenset[str]:
        """The sources that were not certainly out by the end of a day; the undated ones among them if asked for."""
        return frozenset(
            source
            for source, span in self._spans.items()
            if self.published_by(source, day) is not True and (undated or span is not None)
        )


def known_since(
    own: Span | None,
    sources: Any,
    published: SourceDates,
    *,
    known: str | None = None,
    public_step: bool = False,
    public_act: bool = False,
) -> Known:
    """The day a fact became public, from its own date and its sources.

    `known` is what the editor wrote; `public_step` a step its procedure marks public;
    `public_act` a treaty's act, an event that realises one, or an appointment.
    """
    if known:
        span = dates.parse(known)
        return Known(span.latest) if span else ALWAYS
    own_day = own.start[1] if own else None
    if public_step and own_day:
        return Known(own_day)
    spans = published.spans(sources)
    if own and public_act:
        # What announced an act beforehand does not tell when the act itself became known.
        spans = [span for span in spans if span.latest >= own.earliest] or spans
    first = min((span.earliest for span in spans), default=None)
    if own_day and public_act and first and first - own_day > _A_YEAR:
        return Known(own_day, presumed=True)
    exact = [span.earliest for span in spans if span.precision == "day"]
    if exact:
        return Known(min(exact))
    if first:
        return Known(max(first, own_day) if own_day else first, inexact=True)
    return Known(own_day, presumed=True) if own_day else ALWAYS


class KnownDays:
    """Since when each event and each action of a treaty is known."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self.sources = SourceDates(corpus)
        realising = {link.target for link in corpus.links if link.inverse == "realises"}
        self.events = {r.id: self._event(r, r.ref in realising) for r in corpus.records.values() if r.kind == "event"}
        self._count_public_steps()

    def _event(self, record: Record, realises_an_act: bool) -> Known:
        own = own_span(record.data, "date")
        known = record.data.get("known")
        return known_since(own, record.data.get("sources"), self.sources, known=known, public_act=realises_an_act)

    def _count_public_steps(self) -> None:
        """An event in which a public step was taken is known since its own day."""
        for record in self._corpus.records.values():
            if record.kind != "treaty":
                continue
            for action in record.data.get("actions", []):
                event = self._corpus.records.get(f"event/{action.get('event')}")
                span = own_span(event.data, "date") if event else None
                if event and span and is_public_step(self._corpus, record, action):
                    self.events[event.id] = _earlier(self.events[event.id], Known(span.start[1]))

    def action_span(self, action: Mapping[str, Any]) -> Span | None:
        """The date of an action, its event's where it has one."""
        event = self._corpus.records.get(f"event/{action.get('event')}")
        return own_span(event.data, "date") if event else own_span(action, "date")

    def action(self, treaty: Record, action: Mapping[str, Any]) -> Known:
        """Since when an action is known."""
        if action.get("event"):
            return self.events.get(action["event"], ALWAYS)
        return known_since(
            self.action_span(action),
            action.get("sources"),
            self.sources,
            known=action.get("known"),
            public_step=is_public_step(self._corpus, treaty, action),
            public_act="act" in action,
        )


def is_public_step(corpus: Corpus, treaty: Record, action: Mapping[str, Any]) -> bool:
    """Whether an action is a step that the party's procedure marks public the day it happens."""
    for entry in treaty.data.get("parties", []):
        if entry["party"] == action.get("party") and entry.get("procedure"):
            procedure = corpus.records.get(f"procedure/{entry['procedure']}")
            steps = procedure.data["steps"] if procedure else []
            return any(step["id"] == action.get("step") and step.get("public") for step in steps)
    return False


def _earlier(first: Known, second: Known) -> Known:
    return min(first, second, key=lambda known: known.day or date.min)


def own_span(data: Mapping[str, Any], *keys: str) -> Span | None:
    """The first date written under one of these keys."""
    for key in keys:
        if isinstance(data.get(key), str):
            return dates.parse(data[key])
    return None
