"""Where a treaty stands: its parties, its end, its status, each with since and why.

Articles in brackets are those of the Vienna Convention on the Law of Treaties (1969).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline import dates
from pipeline.derive.acts import Act, acts_by_party, acts_of, done, treaty_parties
from pipeline.derive.ending import End, derive_end
from pipeline.derive.entry_into_force import Force, derive_force, signatories
from pipeline.derive.expectations import Expectation, judge_all
from pipeline.derive.membership import Line, derive_lines
from pipeline.derive.party import PartyState, Setting, derive_parties
from pipeline.derive.suspension import suspensions, wholly_suspended_by
from pipeline.model import Corpus, Record

#: The closed list, weakest first.
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

_AWAITING = {
    "exchange-of-instruments": "awaiting-exchange",
    "mutual-notification": "awaiting-notification",
    "count": "awaiting-deposit",
    "all-consent": "awaiting-deposit",
}


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
    day: date
    expectations: tuple[Expectation, ...] = ()


def derive_standing(
    corpus: Corpus, treaty: Record, expectations: list[Expectation], superseding: list[Record], day: date
) -> Standing:
    """Everything about one treaty on a day. `superseding` are the treaties with a relation to this one."""
    acts = acts_of(corpus, treaty)
    force = derive_force(corpus, treaty, day, acts=acts)
    lines = derive_lines(corpus, treaty, acts, force, day)
    end = derive_end(corpus, treaty, acts, force, lines, superseding, day)
    judged = judge_all(expectations, acts, day)
    own = acts_by_party(acts, treaty_parties(treaty))
    parties = derive_parties(Setting(corpus, treaty, acts, own, force, lines, end, judged, day))
    lapsed = _lapsed(parties, end, judged)
    judged = judge_all(expectations, acts, day, lapsed) if lapsed else judged
    status, since, because, missing = _status(treaty, acts, force, lines, end, parties, day)
    return Standing(
        status, since, tuple(because), tuple(missing), force.rule, force, end, parties, acts, day, tuple(judged)
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
            if state.party != expectation.party:
                continue
            if state.exit is not None:
                out.setdefault(expectation.key, state.exit.since)
            for station in state.stations:
                if station.id == expectation.step and station.state in ("not-used", "skipped"):
                    later = [other.act.date for other in state.stations if other.act and station.id in other.after]
                    out[expectation.key] = min(later, key=dates.begun_by, default="")
    return out


# The treaty [first row that fits]


def _status(
    treaty: Record,
    acts: tuple[Act, ...],
    force: Force,
    lines: Mapping[str, Line],
    end: End | None,
    parties: tuple[PartyState, ...],
    day: date,
) -> tuple[str, str, list[dict[str, Any]], list[str]]:
    if end is not None:
        return "ended", end.since, list(end.because), []
    if force.state == "in-force":
        return _in_force_or_suspended(treaty, acts, force, lines, day)
    applying = [state.party for state in parties if "applies-provisionally" in state.flags]
    provisional = [act for act in done(acts, "provisional-application", day) if set(act.parties) & set(applying)]
    if len(applying) >= 2:
        return (
            "provisionally-applied",
            provisional[-1].date,
            [act.because(treaty.ref) for act in provisional],
            list(force.missing),
        )
    if force.state == "not-known" and treaty.data.get("acts_on_record") == "partial":
        return "not-known", "", _furthest(treaty, acts, day), list(force.missing)
    return _before_force(treaty, acts, force, parties, day)


def _in_force_or_suspended(
    treaty: Record, acts: tuple[Act, ...], force: Force, lines: Mapping[str, Line], day: date
) -> tuple[str, str, list[dict[str, Any]], list[str]]:
    members = [line.party for line in lines.values() if line.entered and not line.out]
    act = wholly_suspended_by(acts, members, day) if suspensions(acts, day) else None
    if act is not None:
        return "suspended", act.effect, [act.because(treaty.ref)], []
    missing = list(force.missing) if force.rule == "reported" else []
    return "in-force", force.since, list(force.because), missing


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
            return _AWAITING[force.rule], max(since, key=dates.begun_by), because, missing
        return "partly-approved", min(since, key=dates.begun_by), because, missing
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
    found = [act for act in acts if act.done_by(day)]
    return [found[-1].because(treaty.ref)] if found else []
