"""An action has one date, in one place.

A date lives once. An action has either its own `date:`, or an `event:` that it was done in and
that gives it date, place and sources; never both, or the two could come apart. What was only
announced has neither, and says so with `scheduled:`.

Cure: with both, delete `date:` and correct it in the event. With none, add `event:`, or
`date:` with `sources:`, or `scheduled:`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.model import ERROR, Corpus
from pipeline.rules.rule import Finding, records_of

CODE = "C404"
LEVEL = ERROR


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Actions with both a date and an event, or with no day at all."""
    for treaty in records_of(corpus, "treaty"):
        for index, action in enumerate(treaty.data.get("actions", [])):
            if "date" in action and "event" in action:
                message = f"this action has a date beside the event '{action['event']}', which has its own"
                cure = "Delete `date:`; the event's date is taken."
                yield Finding(treaty, ("actions", index, "date"), message, cure, on_key=True)
            elif not {"date", "event", "scheduled"} & set(action):
                message = "this action does not say when it was done"
                cure = "Add `event:`, or `date:` with `sources:`; or `scheduled:` where it was only announced."
                yield Finding(treaty, ("actions", index), message, cure)
