"""An objection without a reservation to object to.

An objection answers a reservation of another state (Vienna Convention, article 20): it names that
state under `against:`, and follows the reservation. With `acts_on_record: partial` the reservation
may be missing from the record; one that is there must still come first.

Cure: add `against:`, or the reservation, or correct the date.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline import dates
from pipeline.model import ERROR, Corpus
from pipeline.rules.rule import Deed, Finding, deeds_of, name_of, records_of

CODE = "C444"
LEVEL = ERROR


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Objections without a reservation to object to."""
    for treaty in records_of(corpus, "treaty"):
        deeds = deeds_of(corpus, treaty)
        partial = treaty.data.get("acts_on_record") == "partial"
        for deed in deeds:
            if deed.name == "objection":
                message = _problem(corpus, deed, deeds, partial)
                if message:
                    cure = "Name the state under `against:`, add its reservation, or correct the date."
                    yield Finding(treaty, deed.at("act"), message, cure, rests_on=deed.rests_on)


def _problem(corpus: Corpus, deed: Deed, deeds: list[Deed], partial: bool) -> str:
    against = deed.action.get("against", "")
    if not against:
        return "an objection is made to the reservation of a state: it must say which"
    made = [other for other in deeds if other.name == "reservation" and against in other.parties]
    if not made:
        return "" if partial else f"no reservation of {name_of(corpus, against)} is on record"
    first = min((other.span for other in made if other.span), key=lambda span: span.earliest, default=None)
    if first and deed.span and dates.before(deed.span, first):
        return f"made before the reservation of {name_of(corpus, against)}, {dates.in_words(first.text)}"
    return ""
