"""Where a treaty stands: its parties' states, its status, its end, each with since and why.

Articles in brackets are those of the Vienna Convention on the Law of Treaties (1969).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline import dates
from pipeline.derive.acts import Act, acts_of, continued_by, done, reason, treaty_parties
from pipeline.derive.entry_into_force import Force, add_years, consents, derive_force, signatories
from pipeline.derive.expectations import Expectation, judge_all, live_by_act, live_by_step
from pipeline.derive.steps import Expected, Situation, Step, derive_steps, next_step
from pipeline.labels import label
from pipeline.model import Corpus, Record

#: The closed lists, weakest first.
PARTY_STATES = ("none", "signed", "in-procedure", "approved-at-home", "consented", "bound", "withdrawn")
TREATY_STATES = (
    "announced",
    "in-negotiation",
    "open-for-signature",
    "signed",
    "partly-approved",
    "awaiting-exchange",
    "awaiting-deposit",
    "awaiting-notification",
    "not-known",
    "provisionally-applied",
    "in-force",
    "suspended",
    "ended",
)

#: The joint act that each rule of entry into force ends with, and what a page calls it.
_JOINT = {
    "exchange-of-instruments": ("exchange-of-instruments", "Exchange of instruments", "Exchange"),
    "mutual-notification": ("notification", "Notification", "Notification"),
    "count": ("deposit", "Deposit of instrument", "Deposit"),
    "all-consent": ("deposit", "Deposit of instrument", "Deposit"),
}
_AWAITING = {
    "exchange-of-instruments": "awaiting-exchange",
    "mutual-notification": "awaiting-notification",
    "count": "awaiting-deposit",
    "all-consent": "awaiting-deposit",
}


@dataclass(frozen=True, slots=True)
class End:
    """When and how a treaty ended. `since` is a date as written."""

    since: str
    mode: str
    because: tuple[dict[str, Any], ...] = ()
    by: str = ""


@dataclass(frozen=True, slots=True)
class PartyState:
    """Where one party stands, and its strip of stations."""

    party: str
    state: str
    since: str
    because: tuple[dict[str, Any], ...]
    stations: tuple[Step, ...]
    next: Step | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a treaty stands on a day."""

    status: str
    since: str
    because: tuple[dict[str, Any], ...]
    missing: tuple[str, ...]
    rule: str
    force: Force
    end: End | None
    parties: tuple[PartyState, ...]
    acts: tuple[Act, ...]
    expectations: tuple[Expectation, ...] = ()


def derive_standing(
    corpus: Corpus, treaty: Record, expectations: list[Expectation], superseding: list[Record], day: date
) -> Standing:
    """Everything about one treaty on a day. `superseding` are the treaties with a relation to this one."""
    acts = acts_of(corpus, treaty)
    force = derive_force(corpus, treaty, day)
    end = derive_end(corpus, treaty, acts, force, superseding, day)
    judged = judge_all(expectations, acts, day)
    parties = tuple(_party(corpus, treaty, party, acts, force, end, judged, day) for party in treaty_parties(treaty))
    lapsed = _lapsed(parties, end, judged)
    judged = judge_all(expectations, acts, day, lapsed) if lapsed else judged
    status, since, because, missing = _status(treaty, acts, force, end, parties, day)
    return Standing(status, since, tuple(because), tuple(missing), force.rule, force, end, parties, acts, tuple(judged))


# The end [54, 59, 70]


def derive_end(
    corpus: Corpus, treaty: Record, acts: tuple[Act, ...], force: Force, superseding: list[Record], day: date
) -> End | None:
    """How the treaty ended by the end of a day, or None. A reported end goes before a derived one."""
    return (
        _reported_end(treaty, acts, day)
        or _superseded(corpus, treaty, superseding, day)
        or _expired(treaty, force, day)
        or _left_by_all(treaty, acts, force, day)
    )


def _reported_end(treaty: Record, acts: tuple[Act, ...], day: date) -> End | None:
    for act in done(acts, "termination", day):
        effective = str(act.data.get("effective", act.date))
        span = dates.parse(effective)
        if span is not None and dates.happened_by(span, day):
            return End(effective, act.data.get("mode", "unknown"), (act.because(treaty.ref),))
    return None


def _superseded(corpus: Corpus, treaty: Record, superseding: list[Record], day: date) -> End | None:
    """Article 59: all its parties are parties to a later treaty that replaces the whole of it."""
    for later in sorted(superseding, key=lambda record: record.id):
        for relation in later.data.get("relations", []):
            if relation["type"] != "supersedes" or relation["treaty"] != treaty.id or relation.get("extent") == "part":
                continue
            theirs = set(treaty_parties(later))
            if not all(theirs.intersection(continued_by(corpus, party)) for party in treaty_parties(treaty)):
                continue
            since, reasons = _relation_takes_effect(corpus, later, str(relation.get("effective", "entry-into-force")), day)
            if since:
                text = f"Replaced by {label(corpus, later.ref)}"
                first = reason(text, later.ref, relation.get("sources", []), date=since, anchor="relations")
                return End(since, "supersession", (first, *reasons), later.ref)
    return None


def _relation_takes_effect(corpus: Corpus, later: Record, effective: str, day: date) -> tuple[str, tuple[dict[str, Any], ...]]:
    if effective == "entry-into-force":
        force = derive_force(corpus, later, day)
        return (force.since, force.because) if force.state == "in-force" else ("", ())
    if effective == "signature":
        signed = done(acts_of(corpus, later), "signature", day)
        return (signed[-1].date, (signed[-1].because(later.ref),)) if signed else ("", ())
    span = dates.parse(effective)
    return (effective, ()) if span and dates.happened_by(span, day) else ("", ())


def _expired(treaty: Record, force: Force, day: date) -> End | None:
    """A fixed term without renewal ends on the eve of its anniversary; the anniversary is the first day out of force."""
    duration = treaty.data.get("duration", {})
    begun = force.certain_day()
    if duration.get("kind") != "fixed" or "renewal" in duration or "years" not in duration or begun is None:
        return None
    over = add_years(begun, duration["years"])
    if over > day:
        return None
    text = f"The term of {duration['years']} years ran out"
    why = reason(text, treaty.ref, duration.get("sources", []), date=over.isoformat(), anchor="terms")
    return End(over.isoformat(), "expiry", (why,))


def _left_by_all(treaty: Record, acts: tuple[Act, ...], force: Force, day: date) -> End | None:
    if force.state != "in-force":
        return None
    left = {party: act for act in done(acts, "withdrawal", day) for party in act.parties}
    staying = [party for party in treaty_parties(treaty) if party not in left]
    if len(staying) >= 2 or not left:
        return None
    last = max(left.values(), key=lambda act: (act.span.start[1] if act.span else date.min, act.index))
    return End(last.date, "denunciation", (last.because(treaty.ref),))


# Parties


def _party(
    corpus: Corpus,
    treaty: Record,
    party: str,
    acts: tuple[Act, ...],
    force: Force,
    end: End | None,
    judged: list[Expectation],
    day: date,
) -> PartyState:
    partial = treaty.data.get("acts_on_record") == "partial"
    closed = _closed_since(party, acts, end, day)
    expected = live_by_act(judged)
    signed = party not in signatories(treaty) or bool(done(acts, "signature", day, party))
    situation = Situation(day, partial, closed, live_by_step(judged, party), signed)
    steps = derive_steps(corpus, treaty, party, acts, situation)
    state, since, because = _party_state(treaty, party, acts, steps, force, day)
    stations = (
        _act_station("signature", "Signature", "Signature", party, acts, expected, partial, closed, True, day),
        *steps,
        *_joint_station(corpus, treaty, party, acts, expected, partial, closed, day),
    )
    return PartyState(party, state, since, because, stations, next_step(stations), _flags(party, acts, day))


def _closed_since(party: str, acts: tuple[Act, ...], end: End | None, day: date) -> date | None:
    """The day after which a party can take no more steps: it withdrew, or the treaty ended."""
    days = [act.span.start[1] for act in done(acts, "withdrawal", day, party) if act.span]
    ended = dates.parse(end.since) if end else None
    if ended is not None:
        days.append(ended.start[1])
    return min(days, default=None)


def _flags(party: str, acts: tuple[Act, ...], day: date) -> tuple[str, ...]:
    """What is said beside a party's state: provisional application [25], suspension [57], notice of withdrawal [65]."""
    provisional = suspended = leaving = False
    for act in acts:
        if party in act.parties and act.done_by(day):
            provisional = provisional or act.act == "provisional-application"
            leaving = act.act == "notice-of-withdrawal" or (leaving and act.act != "revocation-of-notice")
        if act.done_by(day) and party in act.data.get("between", ()):
            suspended = act.act == "suspension" or (suspended and act.act != "resumption")
    flags = (("applies-provisionally", provisional), ("leaving", leaving), ("suspended", suspended))
    return tuple(name for name, holds in flags if holds)


def _party_state(
    treaty: Record, party: str, acts: tuple[Act, ...], steps: tuple[Step, ...], force: Force, day: date
) -> tuple[str, str, tuple[dict[str, Any], ...]]:
    """The furthest state that acts on record support, the day of the act that made it true, and why."""
    left = done(acts, "withdrawal", day, party)
    if left:
        return "withdrawn", left[-1].date, (left[-1].because(treaty.ref),)
    if force.state == "in-force" and party in force.parties:
        return "bound", force.parties[party], force.because
    given = consents(acts, party, day, by_signature=force.rule == "signature")
    if given:
        return "consented", given[0].date, (given[0].because(treaty.ref),)
    completed = [step.act for step in steps if step.state == "done" and step.completes and step.act]
    if completed:
        return "approved-at-home", completed[-1].date, (completed[-1].because(treaty.ref),)
    taken = [step.act for step in steps if step.state in ("done", "rejected") and step.act]
    if taken:
        return "in-procedure", taken[0].date, tuple(act.because(treaty.ref) for act in taken)
    signed = done(acts, "signature", day, party)
    if signed:
        return "signed", signed[0].date, (signed[0].because(treaty.ref),)
    return "none", "", ()


def _joint_station(
    corpus: Corpus,
    treaty: Record,
    party: str,
    acts: tuple[Act, ...],
    expected: Mapping[str, Expected],
    partial: bool,
    closed: date | None,
    day: date,
) -> tuple[Step, ...]:
    """The act that the rule of entry into force ends with. It can come next once every required party has approved."""
    rule = treaty.data.get("entry_into_force", {}).get("rule", "unknown")
    if rule not in _JOINT:
        return ()
    act, words, short = _JOINT[rule]
    required = signatories(treaty) if rule == "exchange-of-instruments" else (party,)
    ready = all(_has_approved(corpus, treaty, other, acts, day) for other in required)
    return (_act_station(act, words, short, party, acts, expected, partial, closed, ready, day),)


def _has_approved(corpus: Corpus, treaty: Record, party: str, acts: tuple[Act, ...], day: date) -> bool:
    steps = derive_steps(corpus, treaty, party, acts, Situation(day))
    if any(step.completes for step in steps):
        return any(step.completes and step.state == "done" for step in steps)
    return bool(done(acts, "signature", day, party))


def _act_station(
    name: str,
    words: str,
    short: str,
    party: str,
    acts: tuple[Act, ...],
    expected: Mapping[str, Expected],
    partial: bool,
    closed: date | None,
    ready: bool,
    day: date,
) -> Step:
    own = [act for act in acts if act.act == name and party in act.parties]
    taken = next(iter(done(own, name, day)), None)
    scheduled = next((act.scheduled for act in own if act.scheduled), None)
    expectation = expected.get(name)
    if taken is not None:
        state = "done"
    elif scheduled is not None:
        state = "scheduled"
    elif partial:
        state = "not-on-record"
    elif closed is not None:
        state = "closed"
    elif not ready:
        state = "later"
    elif expectation is not None:
        state = "overdue" if expectation.overdue_since else "expected"
    else:
        state = "next"
    possibly = next((act.date for act in own if act.done_by(day) is None), "")
    return Step(
        name,
        words,
        short,
        state,
        taken,
        possibly=possibly if taken is None else "",
        scheduled=scheduled if state == "scheduled" else None,
        expected=expectation if state in ("expected", "overdue") else None,
    )


def _lapsed(parties: tuple[PartyState, ...], end: End | None, judged: list[Expectation]) -> dict[tuple[str, str, str, str], str]:
    """Since when an open expectation can no longer come true: the step was passed over, or the treaty ended."""
    out = {}
    for expectation in judged:
        if not expectation.is_open:
            continue
        if end is not None:
            out[expectation.key] = end.since
        for state in parties:
            for station in state.stations:
                if (
                    state.party == expectation.party
                    and station.id == expectation.step
                    and station.state in ("not-used", "skipped")
                ):
                    later = [other.act.date for other in state.stations if other.act and station.id in other.after]
                    out[expectation.key] = min(later, default="")
    return out


# The treaty [first row that fits]


def _status(
    treaty: Record,
    acts: tuple[Act, ...],
    force: Force,
    end: End | None,
    parties: tuple[PartyState, ...],
    day: date,
) -> tuple[str, str, list[dict[str, Any]], list[str]]:
    if end is not None:
        return "ended", end.since, list(end.because), []
    if force.state == "in-force":
        suspended = [state for state in parties if "suspended" in state.flags]
        if parties and len(suspended) == len(parties):
            act = done(acts, "suspension", day)[-1]
            return "suspended", act.date, [act.because(treaty.ref)], []
        return "in-force", force.since, list(force.because), []
    provisional = done(acts, "provisional-application", day)
    if len({party for act in provisional for party in act.parties}) >= 2:
        return (
            "provisionally-applied",
            provisional[-1].date,
            [act.because(treaty.ref) for act in provisional],
            list(force.missing),
        )
    if force.state == "not-known" and treaty.data.get("acts_on_record") == "partial":
        return "not-known", "", _furthest(treaty, acts, day), list(force.missing)
    return _before_force(treaty, acts, force, parties, day)


def _before_force(
    treaty: Record, acts: tuple[Act, ...], force: Force, parties: tuple[PartyState, ...], day: date
) -> tuple[str, str, list[dict[str, Any]], list[str]]:
    required = set(signatories(treaty))
    approved = [
        state for state in parties if state.party in required and state.state in ("approved-at-home", "consented", "bound")
    ]
    missing = list(force.missing)
    if approved:
        because = [reason for state in approved for reason in state.because]
        since = [state.since for state in approved]
        if len(approved) == len(required) and force.rule in _AWAITING:
            return _AWAITING[force.rule], max(since, key=_day_of), because, missing
        return "partly-approved", min(since, key=_day_of), because, missing
    signed = done(acts, "signature", day)
    if signed:
        have = {party for act in signed for party in act.parties}
        if required <= have:
            return "signed", signed[-1].date, [act.because(treaty.ref) for act in signed], missing
        return "open-for-signature", signed[0].date, [act.because(treaty.ref) for act in signed], missing
    for name, status in (("adoption", "open-for-signature"), ("initialling", "in-negotiation"), ("announcement", "announced")):
        found = done(acts, name, day)
        if found:
            return status, found[-1].date, [found[-1].because(treaty.ref)], missing
    return "announced", "", [], missing


def _furthest(treaty: Record, acts: tuple[Act, ...], day: date) -> list[dict[str, Any]]:
    done = [act for act in acts if act.done_by(day)]
    return [done[-1].because(treaty.ref)] if done else []


def _day_of(text: str) -> date:
    span = dates.parse(text)
    return span.start[1] if span else date.max
