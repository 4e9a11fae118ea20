"""A treaty cannot be in force before it is signed.

A treaty enters into force in the way its own terms lay down, and nothing can be done under
those terms before the text is signed or adopted (Vienna Convention, articles 10 to 16 and 24).
The rule compares the day of each act that binds (an exchange of instruments, a deposit, a
notification, a reported entry into force) with the day of the signature.

Certainly earlier is an error; possibly earlier, because a date is not exact, is a warning.

Cure: correct one of the two dates. Where the act's date comes from an event, correct it there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline import dates
from pipeline.derive.acts import CONSENT_ACTS, acts_of
from pipeline.model import ERROR, WARNING, Corpus
from pipeline.rules.rule import Finding, place_of_date, records_of

CODE = "C401"
LEVEL = ERROR

_BINDING = CONSENT_ACTS | {"entry-into-force"}


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Binding acts that lie before the first signature."""
    for treaty in records_of(corpus, "treaty"):
        acts = acts_of(corpus, treaty)
        signed = [act for act in acts if act.act == "signature" and act.span]
        if not signed:
            continue
        first = min((act.span for act in signed if act.span), key=lambda span: span.earliest)
        for act in acts:
            if act.act not in _BINDING or act.span is None:
                continue
            earlier = dates.before(act.span, first)
            overlaps = earlier is None and act.span.earliest < first.earliest
            if earlier or overlaps:
                words = "lies" if earlier else "may lie"
                message = f"'{act.act}' on {dates.in_words(act.date)} {words} before the signature on {dates.in_words(first.text)}"
                record, pointer = place_of_date(corpus, treaty, act)
                yield Finding(record, pointer, message, "Correct this date, or that of the signature.", ERROR if earlier else WARNING)
