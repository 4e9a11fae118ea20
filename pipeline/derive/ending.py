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
        _reported(treaty, acts, day) or _superseded(corpus, treaty, force, superseding, day) or _left_with_one(force, lines)
    )


def _reported(treaty: Record, acts: tuple[Act, ...], day: date) -> End | None:
    for act in done(acts, "termination", day):
        span = dates.parse(act.effect)
        if span is not None and dates.happened_by(span, day):
            return End(act.effect, act.data.get("mode", "unknown"), (act.because(treaty.ref),))
    return None


def _superseded(corpus: Corpus, treaty: Record, force: Force, superseding: list[Record], day: date) -> End | None:
    """Article 59: all its parties are parties to a later treaty that replaces the whole of it."""
    for later in sorted(superseding, key=lambda record: record.id):
        for relation in later.data.get("relations", []):
            if relation["type"] != "supersedes" or relation["treaty"] != treaty.id or relation.get("extent") == "part":
                continue
            since, reasons = _takes_effect(corpus, treaty, force, later, str(relation.get("effective", "entry-into-force")), day)
            if since:
                text = f"Replaced by {label(corpus, later.ref)}"
                first = reason(text, later.ref, relation.get("sources", []), date=since, anchor="relations")
                return End(since, "supersession", (first, *reasons), later.ref)
    return None


def _takes_effect(
    corpus: Corpus, treaty: Record, force: Force, later: Record, effective: str, day: date
) -> tuple[str, tuple[dict[str, Any], ...]]:
    """The day from which the later treaty has replaced this one between all parties of this one."""
    parties = list(force.parties) or list(treaty_parties(treaty))
    if effective == "entry-into-force":
        later_force = derive_force(corpus, later, day)
        days = _days_for(corpus, parties, later_force.parties) if later_force.state == "in-force" else None
        return (max(days, key=dates.begun_by), later_force.because) if days else ("", ())
    theirs = dict.fromkeys(treaty_parties(later), effective)
    if _days_for(corpus, parties, theirs) is None:
        return "", ()
    if effective == "signature":
        signed = done(acts_of(corpus, later), "signature", day)
        return (signed[-1].date, (signed[-1].because(later.ref),)) if signed else ("", ())
    span = dates.parse(effective)
    return (effective, ()) if span and dates.happened_by(span, day) else ("", ())


def _days_for(corpus: Corpus, parties: list[str], later: Mapping[str, str]) -> list[str] | None:
    """For each party the day from which the later treaty binds it or who follows it; None where it does not bind one of them."""
    days = []
    for party in parties:
        found = next((later[name] for name in continued_by(corpus, party) if name in later), None)
        if found is None:
            return None
        days.append(found)
    return days or None


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
