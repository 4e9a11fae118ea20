"""Something cannot end before it begins.

An office, and the time in which an organization existed, begin on `from` and end on `until`;
the days on which an office was seen held (`attested`) lie between the two. Certainly the wrong
way round is an error; possibly, because a date is not exact, is a warning: a year that may
begin too early can be written as the part of it that is meant, such as [2012-05-21..2012-12-31].

Cure: correct one of the dates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pipeline import dates
from pipeline.dates import Span
from pipeline.model import ERROR, WARNING, Corpus, Pointer, Record
from pipeline.rules.rule import Finding, date_at, earlier, when

CODE = "C407"
LEVEL = ERROR

_CURE = "Correct one of the two dates."


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Offices and organizations that end before they begin, and days outside an office."""
    for record in corpus.records.values():
        if record.kind == "person":
            for index, office in enumerate(record.data.get("offices", [])):
                yield from _check_range(record, ("offices", index), office)
        elif record.kind == "organization":
            yield from _check_range(record, ("existed",), record.data.get("existed", {}))


def _check_range(record: Record, pointer: Pointer, data: Mapping[str, Any]) -> Iterator[Finding]:
    start, until = date_at(data, "from"), date_at(data, "until")
    turned_round = earlier(until, start) if start and until else ""
    if start and until and turned_round:
        yield _finding(record, (*pointer, "until"), turned_round, "it ends", until, "before it begins", start)
    if turned_round == "certainly":
        return
    for position, text in enumerate(data.get("attested", [])):
        seen = dates.parse(text)
        place = (*pointer, "attested", position)
        if seen and start and (answer := earlier(seen, start)):
            yield _finding(record, place, answer, "it was seen held", seen, "before it begins", start)
        elif seen and until and (answer := earlier(until, seen)):
            yield _finding(record, place, answer, "it was seen held", seen, "after it ends", until)


def _finding(record: Record, place: Pointer, answer: str, what: str, seen: Span, words: str, other: Span) -> Finding:
    perhaps = "" if answer == "certainly" else "perhaps "
    message = f"{what} {when(seen)}, {perhaps}{words} {when(other)}"
    return Finding(record, place, message, _CURE, ERROR if answer == "certainly" else WARNING)
