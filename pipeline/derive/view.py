"""The records as a view shows them: without what was not known by K, or had not happened by D.

Everything that is later derived or rendered is a function of these reduced records, so that
nothing can leak round a corner. Where a view hides nothing, records pass unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pipeline import dates
from pipeline.dates import Span
from pipeline.derive.acts import CONSENT_ACTS
from pipeline.derive.known import ALWAYS, Known, KnownDays, known_since, own_span
from pipeline.model import Corpus, Record, View, citations

#: The terms of a treaty are known with its text.
_TERMS = ("provisions", "entry_into_force", "duration", "relations", "articles", "depositary", "languages")

#: What a rule of entry into force may ask for.
_BINDING = CONSENT_ACTS | {"signature"}


def project(corpus: Corpus, view: View) -> Corpus:
    """The corpus reduced to the view. What is hidden counts as set aside: references to it stay silent."""
    reducer = _Reducer(corpus, view)
    records = {}
    for ref, record in corpus.records.items():
        reduced = reducer.reduce(record)
        if reduced is not None:
            records[ref] = reduced
    records = {ref: record for ref, record in records.items() if record.kind != "source" or reducer.source_is_shown(record.id)}
    if all(records.get(ref) is record for ref, record in corpus.records.items()):
        return corpus
    hidden = {ref: record.path for ref, record in corpus.records.items() if ref not in records}
    return replace(corpus, records=records, rejected={**corpus.rejected, **hidden}, links=())


class _Reducer:
    def __init__(self, corpus: Corpus, view: View) -> None:
        self._corpus = corpus
        self._view = view
        self._days = KnownDays(corpus)
        self._sources = self._days.sources
        # A source without a date may be later than any day a reader asks for; a plain build asks for none.
        self._late = self._sources.not_certainly_by(view.known_by, undated=view.explicit)
        day = min(view.as_of, view.known_by)
        self._late_names = {f"source/{source}" for source in self._late}
        self._late_names |= {f"event/{event}" for event, known in self._days.events.items() if not known.by(day)}
        self._shown_late: set[str] = set()

    # What is shown

    def _in_view(self, known: Known, own: Span | None) -> bool:
        has_begun = own is None or dates.happened_by(own, self._view.as_of) is not False
        return known.by(self._view.known_by) and has_begun

    def source_is_shown(self, source: str) -> bool:
        """Whether a source was out by K, or stands beside a fact that is shown all the same."""
        return source not in self._late or source in self._shown_late

    def reduce(self, record: Record) -> Record | None:
        """The record as the view shows it, or None where it is hidden. Sources are decided at the end."""
        if record.kind == "source" or self._is_untouched(record):
            return record
        reduce_kind = {
            "event": self._event,
            "statement": lambda record: self._item(record.data),
            "treaty": self._treaty,
            "person": self._person,
        }
        data = reduce_kind.get(record.kind, self._other)(record)
        if data is None:
            return None
        return record if data == record.data else replace(record, data=data)

    def _is_untouched(self, record: Record) -> bool:
        """Nothing in the record is dated after the view, and it rests on nothing that is."""
        day = min(self._view.as_of, self._view.known_by)
        kind = self._corpus.kinds[record.kind]
        for _, _, value in kind.date_places.values_in(record.data):
            span = dates.parse(str(value))
            if span and (span.latest if not span.lasting else span.start[1]) > day:
                return False
        return not self._late_names or self._late_names.isdisjoint(self._targets(record))

    def _targets(self, record: Record) -> set[str]:
        """The events and sources that it names, whether they are there or not."""
        kind = self._corpus.kinds[record.kind]
        return {
            f"{kind.references[number].kinds[0]}/{value}"
            for number, _, value in kind.reference_places.values_in(record.data)
            if isinstance(value, str) and kind.references[number].kinds in (("source",), ("event",))
        }

    # Facts and their sources

    def _fact(self, data: Mapping[str, Any], known: Known) -> dict[str, Any]:
        """A fact that is shown, with the sources that may stand beside it."""
        out = dict(data)
        if "sources" in out:
            out["sources"] = self._citations(out["sources"], known)
        for key in ("contested", "notes", "unknown"):
            if key in out and isinstance(out[key], list):
                kept = [self._item(item) for item in out[key]]
                out[key] = [item for item in kept if item is not None]
                if not out[key]:
                    del out[key]
        withdrawn = own_span(out.get("withdrawn", {}), "date")
        if withdrawn and dates.happened_by(withdrawn, self._view.as_of) is not True:
            del out["withdrawn"]
        if "quote" in out and isinstance(out["quote"], dict):
            out["quote"] = self._fact(out["quote"], known)
        return out

    def _citations(self, sources: Any, known: Known) -> list[Any]:
        """The sources that were out. One that may have been stands where the fact cannot rest on another.

        A fact presumed known may so be left without any: the page then says that its sources are later.
        """
        kept = []
        for entry, citation in zip(sources, citations(sources), strict=True):
            source = citation["source"]
            if source in self._late:
                possibly_out = self._sources.published_by(source, self._view.known_by) is None
                if not possibly_out or not (known.presumed or known.day is None or known.inexact):
                    continue
                self._shown_late.add(source)
            kept.append(entry)
        return kept

    def _known(self, data: Mapping[str, Any], own: Span | None, *, public_act: bool = False) -> Known:
        return known_since(own, data.get("sources"), self._sources, known=data.get("known"), public_act=public_act)

    def _item(self, data: Any) -> dict[str, Any] | None:
        if not isinstance(data, dict):
            return data
        own = own_span(data, "date")
        known = self._known(data, own)
        return self._fact(data, known) if self._in_view(known, own) else None

    # Kinds

    def _event(self, record: Record) -> dict[str, Any] | None:
        known = self._days.events[record.id]
        return self._fact(record.data, known) if self._in_view(known, own_span(record.data, "date")) else None

    def _other(self, record: Record) -> dict[str, Any] | None:
        out = self._fact(record.data, ALWAYS)
        own = own_span(record.data, "date")
        known = self._known(record.data, own) if record.data.get("known") or own else ALWAYS
        if record.kind not in ("organization", "procedure") and not self._in_view(known, own):
            return None
        existed = out.get("existed")
        if isinstance(existed, dict):
            until = own_span(existed, "until")
            if until and dates.happened_by(until, self._view.as_of) is not True:
                existed = {key: value for key, value in existed.items() if key != "until"}
                out = {key: value for key, value in out.items() if key != "succeeded_by"}
            out["existed"] = self._fact(existed, Known(presumed=True))
        return out

    def _person(self, record: Record) -> dict[str, Any]:
        out = self._fact(record.data, ALWAYS)
        offices = [self._office(office) for office in record.data.get("offices", [])]
        out["offices"] = [office for office in offices if office is not None]
        if not out["offices"]:
            del out["offices"]
        if "born" in out:
            out["born"] = self._fact(out["born"], ALWAYS)
        return out

    def _office(self, office: Mapping[str, Any]) -> dict[str, Any] | None:
        attested = [day for day in office.get("attested", []) if self._day_is_past(day)]
        own = own_span(office, "from")
        if own is None and office.get("attested"):
            own = min((span for day in office["attested"] if (span := dates.parse(day))), key=lambda s: s.earliest, default=None)
        known = self._known(office, own, public_act=True)
        if not self._in_view(known, own):
            return None
        out = self._fact(office, known)
        out.pop("attested", None)
        if attested:
            out["attested"] = attested
        until = own_span(office, "until")
        if until is not None and dates.happened_by(until, min(self._view.as_of, self._view.known_by)) is not True:
            out["until"] = ".."
        return out

    def _day_is_past(self, text: str) -> bool:
        span = dates.parse(text)
        day = min(self._view.as_of, self._view.known_by)
        return span is not None and dates.happened_by(span, day) is not False

    def _treaty(self, record: Record) -> dict[str, Any] | None:
        reduced = [self._action(record, action) for action in record.data.get("actions", [])]
        actions = [action for action in reduced if action is not None]
        if record.data.get("actions") and not actions:
            return None
        terms = self._terms_known(record)
        out = self._fact(record.data, terms)
        if actions:
            out["actions"] = actions
        if self._rests_on_hidden_acts(record, reduced):
            out["acts_on_record"] = "partial"
        out["parties"] = _parties_then(record.data.get("parties", []), actions)
        for key in _TERMS:
            if key in out:
                out[key] = self._term(out[key], terms)
                if out[key] is None:
                    del out[key]
        for key, own_key in (("text", "published"), ("registration", "date")):
            if key in out:
                own = own_span(out[key], own_key)
                known = self._known(out[key], own, public_act=True)
                if self._in_view(known, own):
                    out[key] = self._fact(out[key], known)
                else:
                    del out[key]
        out.setdefault("entry_into_force", {"rule": "unknown"})
        return out

    def _rests_on_hidden_acts(self, record: Record, reduced: list[dict[str, Any] | None]) -> bool:
        """Whether the view knows a report of entry into force, and not yet an act on which it may rest."""
        if not any(action and action.get("act") == "entry-into-force" and not _is_only_scheduled(action) for action in reduced):
            return False
        for action, kept in zip(record.data["actions"], reduced, strict=True):
            if action.get("act") in _BINDING and (kept is None or _is_only_scheduled(kept)):
                own = self._days.action_span(action)
                if own is not None and dates.happened_by(own, self._view.as_of) is not False:
                    return True
        return False

    def _terms_known(self, record: Record) -> Known:
        text = own_span(record.data.get("text", {}), "published")
        if text:
            return Known(text.latest)
        signed = [self._days.action_span(action) for action in record.data.get("actions", []) if action.get("act") == "signature"]
        days = [span.start[1] for span in signed if span]
        return Known(min(days), presumed=True) if days else ALWAYS

    def _term(self, value: Any, terms: Known) -> Any:
        if not terms.by(self._view.known_by):
            return None
        if isinstance(value, list):
            return [self._term(item, terms) for item in value]
        if not isinstance(value, dict):
            return value
        # Sources of a treaty's terms may be later than its text: the terms are known with the text.
        out = self._fact(value, Known(terms.day, presumed=True))
        if "obligations" in out:
            out["obligations"] = [self._fact(entry, Known(terms.day, presumed=True)) for entry in out["obligations"]]
        return out

    def _action(self, record: Record, action: Mapping[str, Any]) -> dict[str, Any] | None:
        own = self._days.action_span(action)
        known = self._days.action(record, action)
        if self._in_view(known, own) and own is not None:
            out = self._fact(action, known)
            if "votes" in out:
                out["votes"] = self._fact(out["votes"], known)
            if "scheduled" in out:
                out["scheduled"] = self._fact(out["scheduled"], known)
            return out
        return self._scheduled(action)

    def _scheduled(self, action: Mapping[str, Any]) -> dict[str, Any] | None:
        """What was announced and not yet done: kept without the day, sources and outcome of the doing."""
        scheduled = action.get("scheduled")
        if not scheduled:
            return None
        known = known_since(None, scheduled.get("sources"), self._sources, known=scheduled.get("known"))
        if not known.by(self._view.known_by):
            return None
        kept = {key: action[key] for key in ("act", "step", "party", "parties") if key in action}
        return {**kept, "scheduled": self._fact(scheduled, known)}


def _is_only_scheduled(action: Mapping[str, Any]) -> bool:
    return "date" not in action and "event" not in action


def _parties_then(parties: list[Any], actions: list[dict[str, Any]]) -> list[Any]:
    """The parties without those that were to join later and of which no act is shown: nobody knew that they would."""
    named = {action["party"] for action in actions if "party" in action}
    for action in actions:
        for key in ("parties", "for", "between"):
            named.update(action.get(key, ()))
    return [entry for entry in parties if entry.get("signatory") is not False or entry["party"] in named]
