"""Dates as precise as they are known: a subset of EDTF (ISO 8601-2:2019), and three-valued comparison.

A date is read into a Span: the range its start may lie in and the range its end may lie in.
The day is always the local date as written; a time of day is kept only to be shown.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_POINT = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?:T(?P<time>\d\d:\d\d)(?P<zone>Z|[+-]\d\d:\d\d))?)?)?(?P<mark>[~?]?)",
    re.ASCII,
)
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)


@dataclass(frozen=True, slots=True)
class Span:
    """A date: `start` and `end` each lie somewhere in a closed range of days.

    For a single date both ranges are the same. `lasting` is true for `A/B`, an interval that
    goes on from the one to the other; false for `[A..B]`, one unknown day of the range.
    """

    text: str
    start: tuple[date, date]
    end: tuple[date, date]
    lasting: bool = False
    precision: str = "day"
    mark: str = ""
    time: str = ""

    @property
    def earliest(self) -> date:
        """The first day the date can touch."""
        return self.start[0]

    @property
    def latest(self) -> date:
        """The last day the date can touch."""
        return self.end[1]

    @property
    def exact(self) -> bool:
        """Whether it is one single day."""
        return self.earliest == self.latest


def _point(text: str) -> Span | None:
    match = _POINT.fullmatch(text)
    if match is None:
        return None
    year, month, day = match["year"], match["month"], match["day"]
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if day:
        last, precision = first, "day"
    elif month:
        last, precision = first.replace(day=calendar.monthrange(first.year, first.month)[1]), "month"
    else:
        last, precision = first.replace(month=12, day=31), "year"
    if match["time"] and not _time_is_valid(match["time"], match["zone"]):
        return None
    time = f"{match['time']} UTC{'' if match['zone'] == 'Z' else match['zone']}" if match["time"] else ""
    return Span(text, (first, last), (first, last), False, precision, match["mark"], time)


def _time_is_valid(time: str, zone: str) -> bool:
    hours, minutes = int(time[:2]), int(time[3:])
    offset_is_valid = zone == "Z" or (int(zone[1:3]) <= 14 and int(zone[4:]) < 60)
    return hours < 24 and minutes < 60 and offset_is_valid


def _pair(left: str, right: str, text: str, lasting: bool) -> Span | None:
    first = None if left == ".." else _point(left)
    last = None if right == ".." else _point(right)
    if (first is None and left != "..") or (last is None and right != ".."):
        return None
    if first is None and last is None:
        return None
    start = first.start if first else (date.min, last.latest)  # type: ignore[union-attr]
    end = last.end if last else (first.earliest, date.max)  # type: ignore[union-attr]
    if start[0] > end[1]:
        return None
    if not lasting:
        start = end = (start[0], end[1])
    # It has begun before it ends: of 2024-10/2024-10-05 the beginning lies in the first five days.
    start, end = (start[0], min(start[1], end[1])), (max(start[0], end[0]), end[1])
    return Span(text, start, end, lasting, "interval")


@lru_cache(maxsize=65536)
def parse(text: str) -> Span | None:
    """The span of an EDTF text, or None where it is not one.

    >>> parse("2024-10").latest
    datetime.date(2024, 10, 31)
    """
    if text.startswith("[") and text.endswith("]"):
        left, dots, right = text[1:-1].partition("..")
        return _pair(left or "..", right or "..", text, lasting=False) if dots else None
    if "/" in text:
        left, _, right = text.partition("/")
        return _pair(left, right, text, lasting=True)
    return _point(text)


def certain_day(text: str) -> date | None:
    """The day, where the text names one single day."""
    span = parse(text)
    return span.earliest if span and span.exact else None


def begun_by(text: str, otherwise: date = date.max) -> date:
    """The day by the end of which a date has certainly begun; `otherwise` for text that is no date.

    >>> begun_by("2024-10")
    datetime.date(2024, 10, 31)
    """
    span = parse(text)
    return span.start[1] if span else otherwise


def text_of_days(first: date, last: date) -> str:
    """A day that lies somewhere between two, as a date is written: a day, a month, a year, [first..last] or [..last].

    >>> text_of_days(date(2004, 9, 1), date(2004, 9, 30))
    '2004-09'
    """
    if first == last:
        return first.isoformat()
    if first == date.min:
        return f"[..{last.isoformat()}]"
    for text in (f"{first.year:04}-{first.month:02}", f"{first.year:04}"):
        span = parse(text)
        if span is not None and (span.earliest, span.latest) == (first, last):
            return text
    return f"[{first.isoformat()}..{last.isoformat()}]"


def happened_by(span: Span, day: date) -> bool | None:
    """Whether it has begun by the end of `day`: yes, no, or None for possibly."""
    if span.start[1] <= day:
        return True
    return False if span.start[0] > day else None


def before(first: Span, second: Span) -> bool | None:
    """Whether `first` lies wholly before `second`: yes, no, or None for possibly."""
    if first.latest < second.earliest:
        return True
    return False if first.earliest >= second.latest else None


def _day_in_words(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _point_in_words(span: Span) -> str:
    first = span.earliest
    plain = {
        "day": _day_in_words(first),
        "month": f"{_MONTHS[first.month - 1]} {first.year}",
        "year": str(first.year),
    }[span.precision]
    shown = f"{plain}, {span.time}" if span.time else plain
    return {"~": f"about {shown}", "?": f"{shown} (uncertain)"}.get(span.mark, shown)


def _range_in_words(left: Span, right: Span) -> str:
    a, b = left.earliest, right.earliest
    plain_days = all(span.precision == "day" and not span.mark and not span.time for span in (left, right))
    if left.text == right.text:
        return _point_in_words(left)
    if plain_days and (a.year, a.month) == (b.year, b.month):
        return f"{a.day}–{_day_in_words(b)}"
    if plain_days and a.year == b.year:
        return f"{a.day} {_MONTHS[a.month - 1]} – {_day_in_words(b)}"
    return f"{_point_in_words(left)} – {_point_in_words(right)}"


def since_in_words(text: str) -> str:
    """A date as it stands after "since", "from", "to" or "until".

    >>> since_in_words("[1961-07-06..1962-01-23]")
    'a day between 6 July 1961 and 23 January 1962'
    """
    is_bounded = text.startswith("[") and not text.endswith("..]")
    return f"a day {in_words(text)}" if is_bounded else in_words(text)


@lru_cache(maxsize=65536)
def in_words(text: str) -> str:
    """A date as an English sentence prints it; text that is no date is returned as it is.

    >>> in_words("2024-10-08/2024-10-13")
    '8–13 October 2024'
    """
    if text == "..":
        return "present"
    span = parse(text)
    if span is None:
        return text
    if span.precision != "interval":
        return _point_in_words(span)
    left, _, right = text.strip("[]").partition("/" if span.lasting else "..")
    first, last = _point(left), _point(right)
    if first is None:
        return f"by {_point_in_words(last)}"  # type: ignore[arg-type]
    if last is None:
        return f"from {_point_in_words(first)}" if span.lasting else f"{_point_in_words(first)} or later"
    if span.lasting:
        return _range_in_words(first, last)
    return f"between {_point_in_words(first)} and {_point_in_words(last)}"
