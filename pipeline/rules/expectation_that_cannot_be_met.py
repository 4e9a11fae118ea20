"""An expectation that nothing could meet.

What a speaker expects is either a step of one party's procedure or an act between states, in a
window of time that is not over when it is said. An expectation without either, or of a step
that the party's procedure does not have, would stay overdue for ever.

A window that ended more than a day before the words were said is an error; on the day before,
or where the day of the words is not exact, it is a warning.

Cure: correct the step, the party or the window.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pipeline import dates
from pipeline.model import ERROR, WARNING, Corpus, Pointer, Record
from pipeline.rules.act_of_a_non_party import named_in
from pipeline.rules.rule import (
    ONE_DAY_ROUND_THE_WORLD,
    Finding,
    date_at,
    deeds_of,
    is_party,
    lacks_a_party,
    listed,
    name_of,
    nearest,
    procedure_followed,
    records_of,
    when,
)

CODE = "C419"
LEVEL = ERROR


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Expectations of nothing, of two things, of an unknown step, or of a time already past."""
    for statement in records_of(corpus, "statement"):
        for index, expected in enumerate(statement.data.get("expects", [])):
            pointer = ("expects", index)
            yield from _check_subject(corpus, statement, pointer, expected)
            yield from _check_window(statement, pointer, expected)


def _check_subject(corpus: Corpus, statement: Record, pointer: Pointer, expected: Mapping[str, Any]) -> Iterator[Finding]:
    if "act" in expected and "step" in expected:
        message = f"this expects both the act '{expected['act']}' and the step '{expected['step']}'"
        yield Finding(statement, (*pointer, "step"), message, "Keep one of the two, or write two expectations.", on_key=True)
    elif "act" not in expected and "step" not in expected:
        cure = "Add `step:` with `party:`, or `act:`."
        yield Finding(statement, pointer, "this does not say what is expected", cure)
    elif "step" in expected and "party" not in expected:
        message = f"the step '{expected['step']}' does not say whose it is"
        yield Finding(statement, (*pointer, "step"), message, "Add `party:`; a step is taken inside one state.")
    elif "party" in expected:
        yield from _check_party(corpus, statement, pointer, expected)


def _check_party(corpus: Corpus, statement: Record, pointer: Pointer, expected: Mapping[str, Any]) -> Iterator[Finding]:
    treaty = corpus.records.get(f"treaty/{expected['treaty']}")
    party, step = expected["party"], expected.get("step", "")
    if treaty is None or f"organization/{party}" not in corpus.records:
        return
    followed = procedure_followed(corpus, treaty, party)
    if followed is None:
        if not lacks_a_party(corpus, treaty) and not is_party(corpus, treaty, party):
            parties = [entry["party"] for entry in treaty.data.get("parties", [])]
            message = f"{name_of(corpus, party)} ('{party}') is not a party to '{treaty.id}'"
            cure = nearest(party, parties) or f"Its parties are: {listed(parties)}."
            rests_on = tuple((treaty.ref, place) for place, organization in named_in(treaty) if organization == party)
            yield Finding(statement, (*pointer, "party"), message, cure, rests_on=rests_on)
    elif step and not followed.id:
        message = f"{name_of(corpus, party)} follows no procedure on record in '{treaty.id}', so it has no step '{step}'"
        cure = "Add `procedure:` to the party in the treaty, or expect an `act:`."
        yield Finding(statement, (*pointer, "step"), message, cure, rests_on=((treaty.ref, followed.pointer),))
    elif step and followed.procedure is not None and step not in followed.steps:
        message = f"the procedure '{followed.id}' has no step '{step}'"
        cure = nearest(step, followed.steps) or f"Its steps are: {listed(followed.steps)}."
        taken = tuple((treaty.ref, deed.at("step")) for deed in deeds_of(corpus, treaty) if deed.action.get("step") == step)
        rests_on = ((treaty.ref, followed.pointer), (followed.procedure.ref, ("steps",)), *taken)
        yield Finding(statement, (*pointer, "step"), message, cure, rests_on=rests_on)


def _check_window(statement: Record, pointer: Pointer, expected: Mapping[str, Any]) -> Iterator[Finding]:
    said, window = date_at(statement.data, "date"), date_at(expected, "window")
    if said is None or window is None:
        return
    is_certain = (said.earliest - window.latest).days > ONE_DAY_ROUND_THE_WORLD
    if is_certain or window.latest < said.latest:
        words = "was" if is_certain else "may have been"
        message = f"the time it is expected in ({dates.in_words(window.text)}) {words} over when this was said {when(said)}"
        cure = "Correct the window, or the date of the statement."
        rests_on = ((statement.ref, ("date",)),)
        yield Finding(statement, (*pointer, "window"), message, cure, ERROR if is_certain else WARNING, rests_on=rests_on)
