"""A step taken out of the order of its procedure.

The strip of a party is its signature, the steps of its procedure, then the exchange or deposit
of its instrument. What is ratified has been signed, and what is exchanged or deposited has been
ratified (Vienna Convention, articles 14 and 16). Practice is richer than any procedure on
record, so an odd order is never refused: it is a warning, and only where one step certainly
lies before another that comes before it. A new submission begins the order anew. Of several
contradictions, the finding stands at the step that most of them share.

Cure: correct the date; correct the procedure where the state's law really has another order;
or waive the rule with a word on what happened.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline import dates
from pipeline.derive.acts import treaty_parties
from pipeline.derive.steps import Situation, derive_steps
from pipeline.model import WARNING, Corpus, Record
from pipeline.rules.rule import Deed, Finding, attempts, deeds_of, fewest_to_mend, name_of, records_of

CODE = "C420"
LEVEL = WARNING

#: The acts by which an instrument of ratification is handed over.
_HANDED_OVER = frozenset(("exchange-of-instruments", "deposit"))

#: So many deeds of one passage through a procedure are compared with each other: no state needs more.
_MOST = 300


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Steps that certainly lie before a step that comes before them."""
    for treaty in records_of(corpus, "treaty"):
        if not any("step" in action for action in treaty.data.get("actions", [])):
            continue
        deeds = [deed for deed in deeds_of(corpus, treaty) if deed.span]
        for party in treaty_parties(treaty):
            yield from _check_party(corpus, treaty, party, deeds, day)


def _check_party(corpus: Corpus, treaty: Record, party: str, deeds: list[Deed], day: date) -> Iterator[Finding]:
    steps = derive_steps(corpus, treaty, party, (), Situation(day))
    if not steps:
        return
    before = {step.id: set(step.after) for step in steps}
    completing = {step.id for step in steps if step.completes}
    own = [deed for deed in deeds if party in deed.parties]
    for attempt in attempts(own, steps[0].id):
        first = attempt[:_MOST]
        pairs = [
            (late, early) for late in first for early in first
            if _comes_after(late, early, before, completing) and _is_turned_round(late, early)
        ]
        for position, is_late in fewest_to_mend([(late.index, early.index) for late, early in pairs]):
            late, early = pairs[position]
            yield _finding(corpus, party, *((late, early) if is_late else (early, late)), "before" if is_late else "after")


def _comes_after(late: Deed, early: Deed, before: dict[str, set[str]], completing: set[str]) -> bool:
    if late.action.get("step"):
        return early.action.get("step") in before.get(late.action["step"], ()) or early.action.get("act") == "signature"
    return late.action.get("act") in _HANDED_OVER and early.action.get("step") in completing


def _is_turned_round(late: Deed, early: Deed) -> bool:
    return bool(late.span and early.span and dates.before(late.span, early.span))


def _finding(corpus: Corpus, party: str, deed: Deed, other: Deed, order: str) -> Finding:
    message = f"{name_of(corpus, party)}: '{deed.name}' {deed.when} lies {order} '{other.name}' {other.when}"
    cure = "Correct the date; or correct the procedure, if its order is really another."
    return Finding(deed.dated_in, deed.date_pointer, message, cure, rests_on=deed.rests_on + other.rests_on)
