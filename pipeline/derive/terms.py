"""The term of a treaty: when it runs out for each party, and what renewed or extended it.

Articles in brackets are those of the Vienna Convention on the Law of Treaties (1969): a treaty
ends in conformity with its own provisions [54].
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pipeline import dates
from pipeline.derive.acts import Act, reason
from pipeline.derive.entry_into_force import Force, add_years, moved_on
from pipeline.model import Record

#: A day that may be known as a range only: the first and the last day it can be.
Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Term:
    """The term of one party. `ends` is the first day out of force, as written; empty where no end is known.

    `over` is true where that day has certainly come, and nothing carried the treaty on.
    """

    ends: str = ""
    over: bool = False
    renewals: int = 0
    because: tuple[dict[str, Any], ...] = ()


def derive_term(treaty: Record, force: Force, extensions: Iterable[Act], notices: Iterable[Act], day: date) -> Term:
    """The term as it runs for one party at the end of a day.

    `extensions` are the extensions that hold for it; `notices` the standing notices that stop a
    renewal for it. An extension of unknown length derives no end.
    """
    duration = treaty.data.get("duration", {})
    ends = _first_end(duration, force)
    if ends is None:
        return Term()
    renewal = duration.get("renewal")
    waiting = sorted(extensions, key=lambda act: act.day)
    given = tuple(notices)
    renewals = 0
    reasons: list[dict[str, Any]] = []
    while True:
        while waiting and ends is not None and waiting[0].day <= ends[1]:
            act = waiting.pop(0)
            ends = _extended(ends, act)
            reasons.append(act.because(treaty.ref))
        if ends is None:
            return Term(renewals=renewals, because=tuple(reasons))
        if ends[1] > day or ends[1].year == date.max.year:
            break
        if renewal is None or renewals >= renewal.get("times", renewals + 1) or stops_renewal(given, ends, renewal):
            break
        ends = _years_later(ends, renewal["years"])
        renewals += 1
    stopped = [act.because(treaty.ref) for act in given if renewal and stops_renewal((act,), ends, renewal)]
    text = dates.text_of_days(*ends)
    words = f"{_in_words(duration, renewals)} {'ran' if ends[1] <= day else 'runs'} out"
    why = reason(words, treaty.ref, duration.get("sources", []), date=text, anchor="terms")
    return Term(text, ends[1] <= day, renewals, (why, *reasons, *stopped))


def stops_renewal(notices: Iterable[Act], ends: Days, renewal: Mapping[str, Any]) -> bool:
    """Whether a notice was certainly given in time to stop the renewal at a term's end."""
    deadline = add_months(ends[0], -renewal.get("notice_months", 0))
    return any(act.day <= deadline for act in notices)


def first_end_after_notice(treaty: Record, force: Force, extensions: Iterable[Act], notice: Act) -> str:
    """The day on which the first term ends that a notice still reaches; empty where there is no such term."""
    term = derive_term(treaty, force, extensions, (notice,), date.max)
    return term.ends if term.over else ""


def _first_end(duration: Mapping[str, Any], force: Force) -> Days | None:
    """The end of the first term: the day after the one the treaty names, or so many years after it began."""
    if duration.get("kind") != "fixed":
        return None
    until = dates.parse(str(duration.get("until", "")))
    if until is not None:
        return moved_on((until.earliest, until.latest), _day_after)
    begun = dates.parse(force.since) if force.state == "in-force" else None
    if begun is None or "years" not in duration:
        return None
    return _years_later(begun.start, duration["years"])


def _extended(ends: Days, act: Act) -> Days | None:
    until = dates.parse(str(act.data.get("until", "")))
    if until is not None:
        return moved_on((until.earliest, until.latest), _day_after)
    years = act.data.get("years")
    return _years_later(ends, years) if years else None


def _years_later(days: Days, years: int) -> Days:
    return moved_on(days, lambda day: add_years(day, years))


def _in_words(duration: Mapping[str, Any], renewals: int) -> str:
    length = f"The term of {duration['years']} years" if "years" in duration else "The term"
    if not renewals:
        return length
    times = {1: "once", 2: "twice"}.get(renewals, f"{renewals} times")
    return f"{length}, renewed {times} by {duration['renewal']['years']} years"


def _day_after(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or earlier; the last day of the month where it lacks that day."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    if year > date.max.year:
        return date.max
    if year < date.min.year:
        return date.min
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
