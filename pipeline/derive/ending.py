"""When and how a treaty ended: reported, superseded, or left with fewer than two parties.

Articles in brackets are those of the Vienna Convention on the Law of Treaties (1969): by its own
terms or by agreement [54], by a later treaty of the same parties [59; 30(4) between the rest].
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline import dates
from pipeline.derive.acts import Act, acts_of, continued_by, done, reason, treaty_parties
from pipeline.derive.entry_into_force import Force, derive_force
from pipeline.derive.membership import Exit, Line
from pipeline.labels import label
from pipeline.model import Corpus, Record

#: How a treaty ends: what a record may report, and what leaves it with fewer than two parties. The closed list.
END_MODES = ("expiry", "agreement", "denunciation", "supersession", "lapse", "unknown", "state-ended")


@dataclass(frozen=True, slots=True)
class End:
    """When and how a treaty ended. `since`, the first day out of force, is a date as written."""

    since: str
    mode: str
    because: tuple[dict[str, Any], ...] = ()
    by: str = ""


def derive_end(
    corpus: Corpus,
    treaty: Record,
    acts: tuple[Act, ...],
    force: Force,
    lines: Mapping[str, Line],
    superseding: list[Record],
    day: date,
) -> End | None:
    """How the treaty ended by the end of a day, or None. A reported end goes before a derived one."""
    return (
        _reported(treaty, acts, day)
        or _superseded(corpus, treaty, force, lines, superseding, day)
        or _left_with_one(force, lines)
    )


def _reported(treaty: Record, acts: tuple[Act, ...], day: date) -> End | None:
    for act in done(acts, "termination", day):
        span = dates.parse(act.effect)
        if span is not None and dates.happened_by(span, day):
            return End(act.effect, act.data.get("mode", "unknown"), (act.because(treaty.ref),))
    return None


def _superseded(
    corpus: Corpus, treaty: Record, force: Force, lines: Mapping[str, Line], superseding: list[Record], day: date
) -> End | None:
    """Article 59: all its parties are parties to a later treaty that replaces the whole of it."""
    for later in sorted(superseding, key=lambda record: record.id):
        for relation in later.data.get("relations", []):
            if relation["type"] != "supersedes" or relation["treaty"] != treaty.id or relation.get("extent") == "part":
                continue
            effective = str(relation.get("effective", "entry-into-force"))
            theirs, reasons = _bound_by(corpus, later, effective, day)
            since = _replaced_since(corpus, list(force.parties) or list(treaty_parties(treaty)), theirs, lines)
            if since:
                text = f"Replaced by {label(corpus, later.ref)}"
                first = reason(text, later.ref, relation.get("sources", []), date=since, anchor="relations")
                return End(since, "supersession", (first, *reasons), later.ref)
    return None


def _bound_by(corpus: Corpus, later: Record, effective: str, day: date) -> tuple[Mapping[str, str], tuple[dict[str, Any], ...]]:
    """For each party of the later treaty the day from which that replaces the earlier one for it; and why it is that day."""
    if effective == "entry-into-force":
        force = derive_force(corpus, later, day)
        return (force.parties, force.because) if force.state == "in-force" else ({}, ())
    if effective == "signature":
        signed = done(acts_of(corpus, later), "signature", day)
        first = {party: act.date for act in reversed(signed) for party in act.parties}
        return first, tuple(act.because(later.ref) for act in signed[-1:])
    span = dates.parse(effective)
    has_come = span is not None and dates.happened_by(span, day)
    return dict.fromkeys(treaty_parties(later), effective) if has_come else {}, ()


def _replaced_since(corpus: Corpus, parties: list[str], theirs: Mapping[str, str], lines: Mapping[str, Line]) -> str:
    """The day from which the later treaty binds each party or who follows it; empty where it does not bind one of them.

    Who had left the earlier treaty by then need not be a party to the later one.
    """
    days, elsewhere = [], []
    for party in parties:
        found = next((theirs[name] for name in continued_by(corpus, party) if name in theirs), None)
        days += [found] if found is not None else []
        elsewhere += [party] if found is None else []
    since = max(days, key=dates.begun_by, default="")
    others = [lines.get(party, Line(party)) for party in elsewhere]
    had_left = all(line.out and line.left[-1].day <= dates.begun_by(since) for line in others)
    return since if had_left else ""


def _left_with_one(force: Force, lines: Mapping[str, Line]) -> End | None:
    """The exit that left fewer than two parties. A falling number alone ends no treaty while two remain [55]."""
    if force.state != "in-force":
        return None
    members = [line for line in lines.values() if line.entered]
    staying = sum(not line.out for line in members)
    last = [line.left[-1] for line in members if line.out]
    if staying >= 2 or len(members) < 2:
        return None
    exits = sorted(last, key=lambda exit: exit.day)
    decisive: Exit = exits[len(members) - 2]  # with it the number fell from two to one
    return End(decisive.since, decisive.mode, decisive.because)
