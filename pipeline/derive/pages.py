"""Facts in the shape that pages, cards and `explain` read: plain JSON values, by record.

Nothing is decided here: the other modules of the room decide, this one writes it down.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pipeline import dates
from pipeline.derive.acts import Act
from pipeline.derive.ending import End
from pipeline.derive.expectations import Expectation, subject_in_words
from pipeline.derive.known import Known, KnownDays
from pipeline.derive.membership import Line, Notice
from pipeline.derive.offices import office_in_words, with_name
from pipeline.derive.party import PARTY_STATES, PartyState
from pipeline.derive.reservations import derive_reservations, not_between
from pipeline.derive.steps import Step
from pipeline.derive.treaty import Standing
from pipeline.model import Corpus, Record


def treaty_page(corpus: Corpus, treaty: Record, standing: Standing, days: KnownDays) -> dict[str, Any]:
    """The derived facts of a treaty's page."""
    return {
        "status": {
            "value": standing.status,
            "since": standing.since,
            "rule": standing.rule,
            "because": list(standing.because),
            "missing": list(standing.missing),
        },
        "force": {
            "state": standing.force.state,
            "since": standing.force.since,
            "rule": standing.force.rule,
            "because": list(standing.force.because),
            "missing": list(standing.force.missing),
            "to_come": standing.force.to_come,
            "derived_since": standing.force.derived_since,
            "reported_since": standing.force.reported_since,
            "reported": list(standing.force.reported),
        },
        "end": {"since": standing.end.since, "mode": standing.end.mode, "by": standing.end.by} if standing.end else None,
        "signed": signed_on(standing),
        "next": _next(standing),
        "possibly": _possibly(standing),
        "counts": _counts(standing),
        "term": _term(standing),
        "parties": [_party(state, standing.end) for state in standing.parties],
        "members": members_over_time(standing),
        "reservations": derive_reservations(standing.acts, standing.day),
        "not_between": _not_between(treaty, standing),
        "acts": [_act(corpus, treaty, act, days) for act in standing.acts],
        "expectations": [expectation_fact(corpus, treaty, entry) for entry in standing.expectations],
    }


def treaty_card(standing: Standing) -> dict[str, Any]:
    """The derived facts that other pages show of a treaty."""
    return {"status": standing.status, "since": standing.since, "signed": signed_on(standing)}


def signed_on(standing: Standing) -> str:
    """The day of the first signature, as written; empty where none is on record."""
    signed = [act.date for act in standing.acts if act.act == "signature" and act.span]
    return signed[0] if signed else ""


def _counts(standing: Standing) -> dict[str, int]:
    """How many are, or were to be, parties; are bound; have left; stand at each state."""
    states = [state.state for state in standing.parties]
    return {"parties": len(states), **{state: states.count(state) for state in PARTY_STATES}}


def _term(standing: Standing) -> dict[str, Any]:
    """The present term, where it is the same for all who are still in: its end, and how often it was renewed."""
    terms = [line.term for line in _members(standing) if not line.out]
    if standing.end is not None or len({(term.ends, term.renewals) for term in terms}) != 1 or not terms[0].ends:
        return {}
    term = terms[0]
    words = f"ends {dates.in_words(term.ends)}"
    return {"value": words, "ends": term.ends, "renewals": term.renewals, "because": list(term.because)}


def _members(standing: Standing) -> list[Line]:
    return [state.line for state in standing.parties if state.line.entered]


def members_over_time(standing: Standing) -> list[dict[str, Any]]:
    """Each day on which the number of parties changed: {date, day, count, joined, left}, earliest first.

    A day known as a range counts from its last day. After the treaty's end nothing more is told.
    """
    joined: dict[str, list[str]] = {}
    left: dict[str, list[str]] = {}
    for line in _members(standing):
        for since in line.entered:
            joined.setdefault(since, []).append(f"organization/{line.party}")
        for exit in line.left:
            left.setdefault(exit.since, []).append(f"organization/{line.party}")
    ended = dates.begun_by(standing.end.since, date.min) if standing.end else date.max
    points: list[dict[str, Any]] = []
    count = 0
    for text in sorted({*joined, *left}, key=lambda text: (dates.begun_by(text, date.min), text)):
        day = dates.begun_by(text, date.min)
        if day >= ended:
            break
        count += len(joined.get(text, ())) - len(left.get(text, ()))
        changed = {"joined": joined.get(text, []), "left": left.get(text, [])}
        points.append({"date": text, "day": day.isoformat(), "count": count, **changed})
    return points


def _notice(notice: Notice) -> dict[str, Any]:
    """A notice of withdrawal: {date, anchor, effect, revoked}."""
    revoked = notice.revoked.date if notice.revoked else ""
    return {"date": notice.act.date, "anchor": notice.act.anchor, "effect": notice.effect, "revoked": revoked}


def _not_between(treaty: Record, standing: Standing) -> list[dict[str, Any]]:
    """The pairs between which an objection keeps the treaty out of force: {between, because}, sorted."""
    return [
        {"between": [f"organization/{party}" for party in pair], "because": [act.because(treaty.ref) for act in acts]}
        for pair, acts in not_between(standing.acts, standing.day).items()
    ]


def _possibly(standing: Standing) -> list[dict[str, str]]:
    """Acts between states that may already have been done, and may not: they change no state, and are said."""
    return [
        {"label": act.label, "date": act.date, "anchor": act.anchor}
        for act in standing.acts
        if act.act and act.done_by(standing.day) is None
    ]


def where_it_stands(state: PartyState) -> dict[str, Any]:
    """A party's state with what is said beside it: {state, since, flags, exit, leaving_on, suspended_with}."""
    return {
        "state": state.state,
        "since": state.since,
        "flags": list(state.flags),
        "exit": {"since": state.exit.since, "mode": state.exit.mode} if state.exit else None,
        "leaving_on": state.leaving_on,
        "suspended_with": [f"organization/{other}" for other in state.suspended_with],
    }


def _party(state: PartyState, end: End | None) -> dict[str, Any]:
    return {
        "ref": f"organization/{state.party}",
        **where_it_stands(state),
        "until": end.since if end and state.state == "bound" else "",
        "because": list(state.because),
        "notices": [_notice(notice) for notice in state.line.notices],
        "memberships": _memberships(state.line),
        "next": _station(state.next) if state.next else None,
        "stations": [_station(step) for step in state.stations],
    }


def _memberships(line: Line) -> list[dict[str, str]]:
    """From when until when it was in, for a party that came or went more than once, or left: {from, until}."""
    ends = [exit.since for exit in line.left] + [""] * len(line.entered)
    return [{"from": since, "until": ends[number]} for number, since in enumerate(line.entered)]


def _station(step: Step) -> dict[str, Any]:
    return {
        "id": step.id,
        "label": step.label,
        "short": step.short,
        "state": step.state,
        "optional": step.optional,
        "possibly": step.possibly,
        "date": step.act.date if step.act else str((step.scheduled or {}).get("date", "")),
        "outcome": step.act.outcome if step.act else "",
        "anchor": step.act.anchor if step.act else "",
        "event": step.act.event_ref if step.act else "",
        "sources": list(step.act.sources) if step.act else list((step.scheduled or {}).get("sources", [])),
        "expected": _expected(step),
    }


def _expected(step: Step) -> dict[str, Any] | None:
    """The live expectation of a step: {window, overdue_since, ref}."""
    expected = step.expected
    return {"window": expected.window, "overdue_since": expected.overdue_since, "ref": expected.statement} if expected else None


def _next(standing: Standing) -> list[dict[str, Any]]:
    """What each party that is not done waits for: {ref, id, label, short, state, expected}."""
    if standing.status in ("ended", "in-force", "not-known", "suspended"):
        return []
    return [
        {
            "ref": f"organization/{state.party}",
            "label": state.next.label,
            "short": state.next.short,
            "state": state.next.state,
            "id": state.next.id,
            "expected": _expected(state.next),
        }
        for state in standing.parties
        if state.next is not None
    ]


def _act(corpus: Corpus, treaty: Record, act: Act, days: KnownDays) -> dict[str, Any]:
    return {
        "index": act.index,
        "anchor": act.anchor,
        "act": act.act,
        "step": act.step,
        "label": act.label,
        "party": act.party_ref,
        "date": act.date,
        "place": act.place,
        "known": known_later(act, days.action(treaty, act.data)),
        "event": act.event_ref,
        "by": [with_name(corpus, person, act.span, act.capacity) for person in act.by],
        "outcome": act.outcome,
        "votes": act.data.get("votes"),
        "scheduled": act.scheduled,
        "note": act.data.get("note", ""),
        "contested": act.data.get("contested", []),
        "sources": list(act.sources),
    }


def known_later(act: Act, known: Known) -> str:
    """The day an act became public, where that is certainly later than the act itself."""
    is_later = known.day is not None and act.span is not None and act.span.latest < known.day and not known.presumed
    return known.day.isoformat() if is_later and known.day else ""


def expectation_fact(corpus: Corpus, treaty: Record, entry: Expectation) -> dict[str, Any]:
    """One expectation as pages show it."""
    return {
        "ref": entry.statement.ref,
        "speaker": entry.statement.data["speaker"],
        "said": str(entry.statement.data["date"]),
        "treaty": treaty.ref,
        "party": f"organization/{entry.party}" if entry.party else "",
        "subject": subject_in_words(corpus, treaty, entry),
        "step": entry.step,
        "act": entry.act,
        "window": entry.window,
        "state": entry.state,
        "since": entry.since,
        "happened": entry.happened.date if entry.happened else "",
        "anchor": entry.happened.anchor if entry.happened else "",
        "revised_by": entry.revised_by,
    }


def statement_card(corpus: Corpus, statement: Record) -> dict[str, Any]:
    """The office the speaker held that day."""
    span = dates.parse(str(statement.data["date"]))
    speaker = statement.data["speaker"]
    if span is None or not speaker.startswith("person/"):
        return {"office": "", "certain": True}
    office = office_in_words(corpus, speaker, span, statement.data.get("as", ""))
    return {"office": office["text"], "certain": office["certain"]}


def statement_page(
    corpus: Corpus, statement: Record, standings: Mapping[str, Standing], card: Mapping[str, Any]
) -> dict[str, Any]:
    """What its card says, and how what the speaker expected turned out, in the order of the record."""
    judged = {
        entry.index: expectation_fact(corpus, corpus.records[ref], entry)
        for ref in sorted({f"treaty/{entry['treaty']}" for entry in statement.data.get("expects", [])})
        if ref in standings
        for entry in standings[ref].expectations
        if entry.statement.ref == statement.ref
    }
    return {**card, "expectations": [judged[index] for index in sorted(judged)]}


def person_page(corpus: Corpus, person: Record, standings: Mapping[str, Standing], statements: list[Record]) -> dict[str, Any]:
    """Signatures and acts, statements with the office held then."""
    signed = []
    for ref, standing in standings.items():
        for act in standing.acts:
            if person.id in act.by and act.span:
                office = office_in_words(corpus, person.ref, act.span, act.capacity)
                signed.append(
                    {
                        "ref": ref,
                        "label": act.label,
                        "date": act.date,
                        "anchor": act.anchor,
                        "office": office["text"],
                        "certain": office["certain"],
                    }
                )
    signed.sort(key=lambda entry: (entry["date"], entry["ref"]))
    return {"acts": signed, "statements": refs_by_date(statements), "offices": _offices(person)}


def _offices(person: Record) -> list[dict[str, Any]]:
    """Offices in the order they began, each with the days its lane is drawn between."""
    rows = []
    for index, office in enumerate(person.data.get("offices", [])):
        attested = sorted(office.get("attested", []))
        start = office.get("from") or (attested[0] if attested else "")
        until = office.get("until", "")
        rows.append(
            {
                "index": index,
                "office": office["office"],
                "ref": f"organization/{office['organization']}",
                "from": office.get("from", ""),
                "until": until,
                "attested": attested,
                "start": start,
                "ongoing": until == "..",
                "note": office.get("note", ""),
                "sources": list(office.get("sources", [])),
                "contested": office.get("contested", []),
            }
        )
    return sorted(rows, key=lambda row: (row["start"] or "9999", row["index"]))


def person_card(person: Record) -> dict[str, Any]:
    """The office to print beside a name in a list: the first of those still held, else the last one begun."""
    rows = [row for row in _offices(person) if row["start"]]
    held = sorted((row for row in rows if row["ongoing"]), key=lambda row: row["index"])
    return {"office": (held or rows[-1:])[0]["office"]} if rows else {}


def refs_by_date(records: list[Record]) -> list[str]:
    """References of dated records, earliest first."""

    def key(record: Record) -> tuple[str, str]:
        span = dates.parse(str(record.data.get("date", "")))
        return (span.start[1].isoformat() if span else "9999", record.id)

    return [record.ref for record in sorted(records, key=key)]


def organization_page(organization: Record, standings: Mapping[str, Standing], people: list[Record]) -> dict[str, Any]:
    """The organization's treaties and where it stands in each; the people who held office in it."""
    rows = []
    for ref, standing in standings.items():
        for state in standing.parties:
            if state.party == organization.id:
                rows.append(
                    {
                        "ref": ref,
                        **where_it_stands(state),
                        "did": _signed_and_consented(state),
                        "status": standing.status,
                        "status_since": standing.since,
                    }
                )
    return {
        "treaties": sorted(rows, key=lambda row: (row["since"], row["ref"])),
        "holders": _holders(organization, people),
    }


def _signed_and_consented(state: PartyState) -> list[dict[str, str]]:
    """The signature of a party and its last act towards being bound, as far as they are done: {label, date, anchor}."""
    done = [step for step in state.stations if step.state == "done" and step.act]
    told = [step for step in done if step.id == "signature"] + [step for step in done if step.id != "signature"][-1:]
    return [{"label": step.short, "date": step.act.date, "anchor": step.act.anchor} for step in told if step.act]


def _holders(organization: Record, people: list[Record]) -> list[dict[str, Any]]:
    """Who held which office here, earliest first."""
    rows = [
        {"person": person.ref, "office": row["office"], "from": row["from"], "until": row["until"], "start": row["start"]}
        for person in people
        for row in _offices(person)
        if row["ref"] == organization.ref
    ]
    return sorted(rows, key=lambda row: (row["start"] or "9999", row["person"], row["office"]))


def procedure_page(corpus: Corpus, procedure: Record, standings: Mapping[str, Standing]) -> dict[str, Any]:
    """For each treaty and party that follows the procedure, the state of each step."""
    rows = []
    for ref, standing in standings.items():
        for entry in corpus.records[ref].data.get("parties", []):
            if entry.get("procedure") == procedure.id:
                state = next(s for s in standing.parties if s.party == entry["party"])
                steps = {step.id: {"state": step.state, "date": step.act.date if step.act else ""} for step in state.stations}
                rows.append({"ref": ref, "party": f"organization/{entry['party']}", "state": state.state, "steps": steps})
    return {"treaties": sorted(rows, key=lambda row: (row["ref"], row["party"]))}


def event_page(event: Record, standings: Mapping[str, Standing], claim: dict[str, Any] | None) -> dict[str, Any]:
    """Which treaty steps the event realised, and how the claim stands where it is one."""
    realised = []
    for ref, standing in standings.items():
        for act in standing.acts:
            if act.event == event.id:
                realised.append(
                    {
                        "ref": ref,
                        "label": act.label,
                        "anchor": act.anchor,
                        "outcome": act.outcome,
                        "party": act.party_ref,
                    }
                )
    return {"realises": sorted(realised, key=lambda row: (row["ref"], row["anchor"])), "claim": claim}
