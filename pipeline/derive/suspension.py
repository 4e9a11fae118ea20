"""Suspension of a treaty, wholly or between particular parties (Vienna Convention, articles 57 and 58)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import combinations

from pipeline import dates
from pipeline.derive.acts import Act


def suspensions(acts: Iterable[Act], day: date) -> list[Act]:
    """The acts of suspension and resumption that have taken effect by the end of a day, earliest first."""
    return [act for act in acts if act.act in ("suspension", "resumption") and _in_effect(act, day)]


def suspended_with(acts: Iterable[Act], party: str, parties: Iterable[str], day: date) -> tuple[str, ...]:
    """The parties towards which the treaty is suspended for a party, in the order of the record."""
    suspended: set[str] = set()
    for act in suspensions(acts, day):
        scope = act.between or act.parties
        if party in scope:
            others = set(scope) - {party}
            suspended = suspended | others if act.act == "suspension" else suspended - others
    return tuple(other for other in parties if other in suspended)


def wholly_suspended_by(acts: Iterable[Act], members: Iterable[str], day: date) -> Act | None:
    """The act that completed a suspension between all members, two by two; None while it holds between some of them."""
    pairs = {frozenset(pair) for pair in combinations(sorted(set(members)), 2)}
    suspended: set[frozenset[str]] = set()
    completed: Act | None = None
    for act in suspensions(acts, day):
        scope = {frozenset(pair) for pair in combinations(sorted(act.between or act.parties), 2)}
        suspended = suspended | scope if act.act == "suspension" else suspended - scope
        if not pairs or not pairs <= suspended:
            completed = None
        elif completed is None:
            completed = act
    return completed


def _in_effect(act: Act, day: date) -> bool:
    span = dates.parse(act.effect)
    return span is not None and dates.happened_by(span, day) is True
