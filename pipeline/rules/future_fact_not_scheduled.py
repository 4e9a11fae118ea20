"""A fact of a day that has not come.

Records tell what was done, seen from the day of the build. An action that is only announced is
written with `scheduled:`, and keeps that entry when it is done; an event to come is marked by
the `scheduled:` of the treaty action that points at it. What someone expects is not a fact
but a statement with `expects:`. Nothing can have been said on a day to come.

A date that is not exact is left alone as long as a part of it has come.

Cure: correct the date, or mark the action as scheduled.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline import dates
from pipeline.model import ERROR, Corpus
from pipeline.rules.rule import Finding, dated_facts

CODE = "C409"
LEVEL = ERROR

_CURES = {
    "action": "Correct the date, or write it under `scheduled:` with the source that announces it.",
    "event": "Correct the date, or add `scheduled:` to the treaty action that points at this event.",
}


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Facts dated after the day of the build that are not marked as scheduled."""
    for fact in dated_facts(corpus):
        if not fact.scheduled and dates.happened_by(fact.span, day) is False:
            today = dates.in_words(day.isoformat())
            message = f"this {fact.what} is dated {dates.in_words(fact.span.text)}, which has not come by {today}"
            yield Finding(fact.record, fact.pointer, message, _CURES.get(fact.what, "Correct the date."))
