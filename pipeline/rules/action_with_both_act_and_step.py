"""An action is either an act or a step.

What is done about a treaty is either an act between states, such as a signature or an exchange
of instruments (`act`), or a step inside one state, such as a vote of its parliament (`step`).
The two have different effects: an act can bind a state towards the others, a step never does
(Vienna Convention, articles 2(1)(b) and 11, speak of the international act only).

Cure: keep the one that was meant; where both were done, write two actions.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.model import ERROR, Corpus
from pipeline.rules.rule import Finding, records_of

CODE = "C403"
LEVEL = ERROR


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Actions with both an act and a step, or with neither."""
    for treaty in records_of(corpus, "treaty"):
        for index, action in enumerate(treaty.data.get("actions", [])):
            if "act" in action and "step" in action:
                message = f"this action is both the act '{action['act']}' and the step '{action['step']}'"
                cure = "Keep one of the two, or write two actions."
                yield Finding(treaty, ("actions", index, "step"), message, cure, on_key=True)
            elif "act" not in action and "step" not in action:
                message = "this action does not say what was done"
                cure = "Add `act:` for an act between states, or `step:` for a step of the party's procedure."
                yield Finding(treaty, ("actions", index), message, cure)
