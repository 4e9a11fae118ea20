"""A treaty cannot be in force before it is signed.

A treaty enters into force in the way its own terms lay down, and nothing can be done under
those terms before the text is signed or adopted (Vienna Convention, articles 10 to 16 and 24).
The rule compares the day of each act that binds (an exchange of instruments, a deposit, a
notification, a reported entry into force) with the day of the first signature.

Certainly earlier is an error; possibly earlier, because a date is not exact, is a warning.
Where several acts lie before it, it is more likely the signature that stands on a wrong day, and
the one finding is there: of several signatures, at the one that most acts of those who signed
then lie before.

Cure: correct one of the two dates. Where the act's date comes from an event, correct it there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.derive.acts import CONSENT_ACTS
from pipeline.model import ERROR, WARNING, Corpus
from pipeline.rules.rule import Deed, Finding, deeds_of, earlier, records_of

CODE = "C401"
LEVEL = ERROR

_BINDING = CONSENT_ACTS | {"entry-into-force"}


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Binding acts that lie before the first signature."""
    for treaty in records_of(corpus, "treaty"):
        deeds = [deed for deed in deeds_of(corpus, treaty) if deed.span]
        signed = [deed for deed in deeds if deed.action.get("act") == "signature"]
        binding = [deed for deed in deeds if deed.action.get("act") in _BINDING]
        if signed and binding:
            yield from _compare(signed, binding)


def _first_day(deed: Deed) -> date:
    return deed.span.earliest if deed.span else date.max


def _too_early(signature: Deed, binding: list[Deed]) -> list[Deed]:
    """The binding acts of those who signed that lie certainly before they did."""
    own = [deed for deed in binding if set(deed.parties) & set(signature.parties)]
    return [deed for deed in own if deed.span and signature.span and earlier(deed.span, signature.span) == "certainly"]


def _compare(signed: list[Deed], binding: list[Deed]) -> Iterator[Finding]:
    signature = min(signed, key=_first_day)
    answers = [(deed, earlier(deed.span, signature.span)) for deed in binding if deed.span and signature.span]
    too_early = [deed for deed, answer in answers if answer == "certainly"]
    places = {(deed.dated_in.ref, deed.date_pointer) for deed in too_early}
    if len(places) > 1:
        against = [*((deed, _too_early(deed, binding)) for deed in signed), (signature, too_early)]
        late, before = max(against, key=lambda pair: len(pair[1]))
        last = max(before, key=_first_day)
        message = f"the signature {late.when} lies after {len(before)} acts that bind, the last of them '{last.name}' {last.when}"
        cure = "Correct the date of the signature, or those of the acts."
        rests_on = tuple(place for deed in (late, *before) for place in deed.rests_on)
        yield Finding(late.dated_in, late.date_pointer, message, cure, rests_on=rests_on)
        return
    for deed, answer in answers:
        if answer:
            words = "lies" if answer == "certainly" else "may lie"
            message = f"'{deed.name}' {deed.when} {words} before the signature {signature.when}"
            cure = "Correct this date, or that of the signature."
            level = ERROR if answer == "certainly" else WARNING
            yield Finding(deed.dated_in, deed.date_pointer, message, cure, level, rests_on=signature.rests_on + deed.rests_on)
