"""A step that is not in the party's procedure.

How a state comes to its decision is its own law (Vienna Convention, article 46, looks at it
only where it was manifestly broken), and the record knows that law as a procedure: the ordered
steps of one state. A step of an action is the id of a step of the procedure that its party
follows; it belongs to one party, who must be named.

One missing step of a procedure is one finding, at the first action that names it.

Cure: correct the step's id, name the party, or say which procedure the party follows.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.derive.acts import continued_by
from pipeline.model import ERROR, Corpus, Record
from pipeline.rules.rule import Deed, Finding, Followed, deeds_of, listed, name_of, nearest, procedure_followed, records_of

CODE = "C406"
LEVEL = ERROR


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Steps without a party, and steps that the party's procedure does not have."""
    told: set[tuple[str, str]] = set()
    for treaty in sorted(records_of(corpus, "treaty"), key=lambda record: record.id):
        by_party: dict[str, list[Deed]] = {}
        for deed in deeds_of(corpus, treaty):
            if "step" not in deed.action or "act" in deed.action:
                continue
            if "party" in deed.action:
                by_party.setdefault(deed.action["party"], []).append(deed)
            else:
                message = f"the step '{deed.name}' does not say whose it is"
                yield Finding(treaty, deed.at("step"), message, "Add `party:`; a step is taken inside one state.")
        for party, deeds in by_party.items():
            yield from _check_party(corpus, treaty, party, deeds, told)


def _check_party(corpus: Corpus, treaty: Record, party: str, deeds: list[Deed], told: set[tuple[str, str]]) -> Iterator[Finding]:
    followed = procedure_followed(corpus, treaty, party)
    if followed is None:
        return
    if not followed.id:
        message = f"{name_of(corpus, party)} follows no procedure on record, yet takes the step '{deeds[0].name}'"
        yield Finding(treaty, followed.pointer, message, _procedure_with(corpus, party, deeds))
        return
    if followed.procedure is None:
        return
    rests_on = ((followed.procedure.ref, ("steps",)), (treaty.ref, followed.pointer))
    missing = [deed for deed in deeds if deed.name not in followed.steps]
    if len(missing) == len(deeds) > 1:
        message = f"the procedure '{followed.id}' has none of the {len(deeds)} steps that {name_of(corpus, party)} takes here"
        yield Finding(treaty, (*followed.pointer, "procedure"), message, _procedure_with(corpus, party, deeds), rests_on=rests_on)
        return
    for deed in missing:
        if (followed.id, deed.name) in told:
            continue
        told.add((followed.id, deed.name))
        message = f"the procedure '{followed.id}' has no step '{deed.name}'"
        cure = nearest(deed.name, followed.steps) or f"Its steps are: {listed(followed.steps)}."
        yield Finding(treaty, deed.at("step"), message, cure, rests_on=rests_on)


def _procedure_with(corpus: Corpus, party: str, deeds: list[Deed]) -> str:
    """Names the procedure that has all these steps, where there is one that the party may follow."""
    own = ("", *continued_by(corpus, party))
    taken = {deed.name for deed in deeds}
    for procedure in records_of(corpus, "procedure"):
        if procedure.data.get("organization", "") in own and taken <= set(Followed((), procedure.id, procedure).steps):
            return f"did you mean `procedure: {procedure.id}`?"
    return "Add `procedure:` to the party, with the id of a file in seeds/procedure that has these steps."
