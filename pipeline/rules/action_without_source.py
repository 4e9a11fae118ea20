"""An action needs a source.

Every fact rests on a source that a reader can look up. An action takes its sources from the
event it was done in; one with a date of its own needs `sources:` of its own. The sources of
`scheduled:` only tell that it was announced, not that it was done.

Cure: add `sources:` with the id of a file in seeds/source, or name the event.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.model import ERROR, Corpus
from pipeline.rules.rule import Finding, records_of

CODE = "C405"
LEVEL = ERROR


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Actions with neither an event nor sources, unless they were only announced."""
    for treaty in records_of(corpus, "treaty"):
        for index, action in enumerate(treaty.data.get("actions", [])):
            only_announced = "scheduled" in action and "date" not in action
            if "event" not in action and "sources" not in action and not only_announced:
                message = "this action has no source"
                cure = "Add `sources:` with the id of a file in seeds/source, or the `event:` it was done in."
                yield Finding(treaty, ("actions", index), message, cure)
