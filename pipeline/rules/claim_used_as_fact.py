"""A claim used as a plain fact.

An event with `claimed: true` is only said to have happened; statements confirm or deny it. A
treaty's action is a plain fact that moves its status, so it cannot rest on such an event.

Cure: point at an event that is attested, or, where the event is attested by now, take
`claimed: true` out of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.model import ERROR, Corpus
from pipeline.rules.rule import Finding, records_of

CODE = "C412"
LEVEL = ERROR


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Treaty actions whose event is only claimed."""
    for treaty in records_of(corpus, "treaty"):
        for index, action in enumerate(treaty.data.get("actions", [])):
            event = corpus.records.get(f"event/{action.get('event')}")
            if event is not None and event.data.get("claimed"):
                message = f"the event '{event.id}' is only claimed, and cannot carry an action of a treaty"
                cure = "Point at an attested event; or, if it is attested now, delete `claimed: true` there."
                yield Finding(treaty, ("actions", index, "event"), message, cure)
