"""Step states: where one party stands in its own procedure. The closed list, first row that fits, in `_state`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipeline.derive.acts import Act, procedure_steps
from pipeline.model import Corpus, Record

#: The closed list of step states, in the order a legend prints them.
STEP_STATES = (
    "done",
    "next",
    "expected",
    "overdue",
    "scheduled",
    "later",
    "rejected",
    "blocked",
    "skipped",
    "not-used",
    "not-on-record",
    "closed",
)


@dataclass(frozen=True, slots=True)
class Expected:
    """A live expectation of a step: its window, whether it is past, and the statement it stands in."""

    window: str
    overdue_since: str
    statement: str


@dataclass(frozen=True, slots=True)
class Step:
    """One station of a party's strip."""

    id: str
    label: str
    short: str
    state: str
    act: Act | None = None
    after: tuple[str, ...] = ()
    optional: bool = False
    completes: bool = False
    scheduled: Mapping[str, Any] | None = None
    expected: Expected | None = None
    possibly: str = ""  # the date of an act that may already have been done: it changes no state, and is said


@dataclass(frozen=True, slots=True)
class Situation:
    """What the state of a step depends on beside the acts: the day and what holds for the whole treaty.

    `expected` are live expectations by step id; `closed_since` the day the party withdrew or the
    treaty ended; `signed` whether the signature that comes before all steps is done.
    """

    day: date
    partial: bool = False
    closed_since: date | None = None
    expected: Mapping[str, Expected] = field(default_factory=dict)
    signed: bool = True


def current_acts(acts: tuple[Act, ...], steps: Mapping[str, Mapping[str, Any]], day: date) -> tuple[Act, ...]:
    """The acts that count: a new submission makes what lies before it history, once it is done."""
    first = next(iter(steps), "")
    submitted = [position for position, act in enumerate(acts) if act.step and act.step == first and act.done_by(day)]
    return acts[max(submitted, default=0) :]


def party_acts(acts: tuple[Act, ...], party: str) -> tuple[Act, ...]:
    """The steps one party took, earliest first."""
    return tuple(act for act in acts if act.step and party in act.parties)


def derive_steps(corpus: Corpus, treaty: Record, party: str, acts: tuple[Act, ...], situation: Situation) -> tuple[Step, ...]:
    """The steps of a party's procedure with their states on the day, in the procedure's order."""
    steps = procedure_steps(corpus, treaty, party)
    done_or_scheduled = current_acts(party_acts(acts, party), steps, situation.day)
    done: dict[str, Act] = {}
    scheduled: dict[str, Mapping[str, Any]] = {}
    possibly: dict[str, str] = {}
    for act in done_or_scheduled:
        if act.done_by(situation.day):
            done[act.step] = act
        elif act.done_by(situation.day) is None:
            possibly[act.step] = act.date
        elif act.scheduled:
            scheduled[act.step] = act.scheduled
    found: dict[str, Step] = {}
    before = _predecessors(steps)
    for identifier, step in steps.items():
        state = _state(identifier, step, steps, before, done, scheduled, found, situation)
        found[identifier] = Step(
            id=identifier,
            label=step["label"],
            short=step.get("short", step["label"]),
            state=state,
            act=done.get(identifier),
            after=tuple(before[identifier]),
            optional=bool(step.get("optional")),
            completes=step.get("completes") == "approval",
            scheduled=scheduled.get(identifier) if state == "scheduled" else None,
            expected=situation.expected.get(identifier) if state in ("expected", "overdue") else None,
            possibly=possibly.get(identifier, "") if state != "done" else "",
        )
    return tuple(found.values())


def _predecessors(steps: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """The steps that come before each: those its `after` names, or the one above it; and all before those."""
    order = list(steps)
    direct = {
        identifier: [name for name in step.get("after", order[max(0, position - 1) : position]) if name in steps]
        for position, (identifier, step) in enumerate(steps.items())
    }
    closed: dict[str, list[str]] = {}
    for identifier in order:
        seen: list[str] = []
        waiting = list(direct[identifier])
        while waiting:
            name = waiting.pop()
            if name not in seen and name != identifier:
                seen.append(name)
                waiting += direct[name]
        closed[identifier] = [name for name in order if name in seen]
    return closed


def _state(
    identifier: str,
    step: Mapping[str, Any],
    steps: Mapping[str, Mapping[str, Any]],
    before: Mapping[str, list[str]],
    done: Mapping[str, Act],
    scheduled: Mapping[str, Mapping[str, Any]],
    found: Mapping[str, Step],
    situation: Situation,
) -> str:
    act = done.get(identifier)
    if act is not None and act.outcome == "rejected":
        return "rejected"
    if act is not None and act.outcome == "skipped":
        return "skipped"
    if act is not None:
        return "done"
    if identifier in scheduled:
        return "scheduled"
    if situation.partial:
        return "not-on-record"
    order = list(steps)
    if step.get("optional") and any(later in steps and order.index(later) > order.index(identifier) for later in done):
        return "not-used"
    if situation.closed_since is not None:
        return "closed"
    if any(name in done and done[name].outcome == "rejected" for name in before[identifier]):
        return "blocked"
    if situation.signed and all(_is_passed(name, steps, done, found) for name in before[identifier]):
        expectation = situation.expected.get(identifier)
        if expectation is None:
            return "next"
        return "overdue" if expectation.overdue_since else "expected"
    return "later"


def _is_passed(name: str, steps: Mapping[str, Mapping[str, Any]], done: Mapping[str, Act], found: Mapping[str, Step]) -> bool:
    if name in done or steps[name].get("optional"):
        return True
    return name in found and found[name].state in ("done", "not-used", "skipped")


def next_step(steps: tuple[Step, ...]) -> Step | None:
    """The step to wait for: the first that is not optional and stands next, expected, overdue or scheduled."""
    waiting = [step for step in steps if step.state in ("next", "expected", "overdue", "scheduled")]
    return next((step for step in waiting if not step.optional), waiting[0] if waiting else None)
