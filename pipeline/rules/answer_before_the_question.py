"""A statement that answers one made after it, or itself.

A statement can confirm, deny, correct, repeat, retract or reply to another only if that other
was made before it. More than a day earlier is an error; on the day before, or where a date is
not exact, a warning: a reply from Washington can bear an earlier local day than the words from
Pyongyang it replies to.

Cure: correct one of the two dates, or turn the relation round.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.model import ERROR, WARNING, Corpus, Pointer, Record
from pipeline.rules.rule import ONE_DAY_ROUND_THE_WORLD, Finding, date_at, earlier, records_of, when

CODE = "C415"
LEVEL = ERROR


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Relations of a statement to a later one, or to itself."""
    for statement in records_of(corpus, "statement"):
        for index, relation in enumerate(statement.data.get("relations", [])):
            other = corpus.records.get(f"statement/{relation['statement']}")
            pointer = ("relations", index, "statement")
            if other is not None and other.ref == statement.ref:
                yield Finding(statement, pointer, "this statement answers itself", "Name the statement that it answers.")
            elif other is not None:
                yield from _compare(statement, other, pointer)


def _compare(statement: Record, other: Record, pointer: Pointer) -> Iterator[Finding]:
    own, theirs = date_at(statement.data, "date"), date_at(other.data, "date")
    answer = earlier(own, theirs, ONE_DAY_ROUND_THE_WORLD) if own and theirs else ""
    if own and theirs and answer:
        words = "was" if answer == "certainly" else "may have been"
        message = f"'{other.id}' {words} made {when(theirs)}, after this statement, made {when(own)}"
        cure = "Correct one of the dates, or turn the relation round."
        rests_on = ((statement.ref, ("date",)), (other.ref, ("date",)))
        yield Finding(statement, pointer, message, cure, ERROR if answer == "certainly" else WARNING, rests_on=rests_on)
