"""An extension of a treaty that has no term, or after its term had run out.

What ends on a day can be extended before that day; a treaty without a fixed term needs no
extension, and one that has ended is not prolonged but concluded anew (Vienna Convention, article 54).

Cure: correct the day, give `duration:` its term, or record a new treaty.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline import dates
from pipeline.derive.acts import Act
from pipeline.derive.membership import derive_lines
from pipeline.model import WARNING, Corpus, Record
from pipeline.rules.rule import Finding, lacks_a_record, records_of, standing_of, what_was_done

CODE = "C431"
LEVEL = WARNING


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Extensions that lengthen nothing."""
    for treaty in records_of(corpus, "treaty"):
        if not any(action.get("act") == "extension" for action in treaty.data.get("actions", [])):
            continue
        if not lacks_a_record(corpus, treaty):
            yield from _findings(corpus, treaty, day)


def _findings(corpus: Corpus, treaty: Record, day: date) -> Iterator[Finding]:
    standing = standing_of(corpus, treaty)
    acts = standing.acts
    kind = treaty.data.get("duration", {}).get("kind")
    lines = derive_lines(corpus, treaty, acts, standing.force, day)
    for act in acts:
        if act.act != "extension" or act.span is None:
            continue
        holders = act.concerns or act.parties
        over = [lines[party].term.ends for party in holders if party in lines and lines[party].term.over]
        message = ""
        if kind == "indefinite":
            message = "extended, but the treaty is without a fixed term"
        elif over and all(_after(act, text) for text in over) and len(over) == len(holders):
            message = f"extended after its term had run out, {dates.in_words(over[0])}"
        if message:
            cure = "Correct the day, or the term under `duration:`."
            rests_on = (*what_was_done(corpus, treaty), (treaty.ref, ("duration",)))
            yield Finding(treaty, ("actions", act.index, "act"), message, cure, rests_on=rests_on)


def _after(act: Act, text: str) -> bool:
    ended = dates.parse(text)
    return bool(ended and act.span and dates.before(ended, act.span))
