"""The steps of a procedure do not join.

`after:` names the steps that come before a step, by their ids in the same procedure; and since
actions and expectations name a step by its id, no two steps can share one.

One missing id is one finding, at the first `after:` that names it.

Cure: correct the id. Where two steps share one, the others that name it are judged afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.model import ERROR, Corpus, Record
from pipeline.rules.rule import Finding, listed, nearest, records_of

CODE = "C418"
LEVEL = ERROR


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Ids that two steps share, and `after` that names no step."""
    for procedure in records_of(corpus, "procedure"):
        doubles = list(_doubles(procedure))
        yield from doubles or _strays(procedure)


def _doubles(procedure: Record) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for index, step in enumerate(procedure.data["steps"]):
        other = first.setdefault(step["id"], index)
        if other != index:
            message = f"the steps {other + 1} and {index + 1} share the id '{step['id']}'"
            yield Finding(procedure, ("steps", index, "id"), message, "Give one of them an id of its own.")


def _strays(procedure: Record) -> Iterator[Finding]:
    order = [step["id"] for step in procedure.data["steps"]]
    told: set[str] = set()
    for index, step in enumerate(procedure.data["steps"]):
        for position, name in enumerate(step.get("after", ())):
            if name not in order and name not in told:
                told.add(name)
                others = [other for other in order if other != step["id"]]
                cure = nearest(name, others) or f"The steps are: {listed(others)}."
                yield Finding(procedure, ("steps", index, "after", position), f"there is no step '{name}' here", cure)
