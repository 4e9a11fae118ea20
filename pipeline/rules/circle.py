"""A chain that runs in a circle.

A body that is part of itself, a state that succeeds its own successor, a step that comes after
itself, a source that relays itself, a treaty whose entry into force waits for its own, a
renamed record that leads back to itself: each by one link or by several. Whoever follows such
a chain never arrives. A step without `after:` comes after the one above it. Nor can a treaty
replace or amend itself.

The finding stands at one link of the circle; the message names all of it.

Cure: cut the circle where a link is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pipeline.model import ERROR, Corpus, Pointer, Record, split_reference
from pipeline.rules.rule import Finding, records_of

CODE = "C417"
LEVEL = ERROR

#: Links of which a record has one: the kind, the place, and the words of the message.
_CHAINS: tuple[tuple[str, Pointer, str], ...] = (
    ("organization", ("part_of",), "is part of"),
    ("organization", ("succeeded_by", "organization"), "is succeeded by"),
    ("source", ("relays",), "relays"),
    ("treaty", ("entry_into_force", "treaty"), "enters into force with"),
    ("", ("moved_to",), "moved to"),
)
_CURE = "Cut the circle where a link is wrong."


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Circles of records, and of the steps of a procedure."""
    for kind, pointer, words in _CHAINS:
        onward = {record.ref: ref for record in corpus.records.values() if (ref := _onward(record, kind, pointer))}
        for circle in _circles(onward):
            names = [split_reference(ref)[1] for ref in (*circle, circle[0])]
            yield Finding(corpus.records[circle[0]], pointer, f"a circle: {f' {words} '.join(names)}", _CURE)
    for procedure in records_of(corpus, "procedure"):
        yield from _circles_of_steps(procedure)
    for treaty in records_of(corpus, "treaty"):
        for index, relation in enumerate(treaty.data.get("relations", ())):
            if split_reference(relation["treaty"])[1] == treaty.id:
                message = f"a circle: {treaty.id} {relation['type']} {treaty.id}"
                yield Finding(treaty, ("relations", index, "treaty"), message, "Name the other treaty.")


def _onward(record: Record, kind: str, pointer: Pointer) -> str:
    if kind and record.kind != kind:
        return ""
    value: Any = record.data
    for key in pointer:
        value = value.get(key) if isinstance(value, dict) else None
    if not isinstance(value, str):
        return ""
    named_kind, identifier, _ = split_reference(value)
    return f"{named_kind or record.kind}/{identifier}"


def _circles(onward: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Every circle once, beginning with its first reference in order."""
    done: set[str] = set()
    for start in sorted(onward):
        path: list[str] = []
        at = start
        while at in onward and at not in done:
            done.add(at)
            path.append(at)
            at = onward[at]
        if at in path:
            circle = path[path.index(at) :]
            first = circle.index(min(circle))
            yield (*circle[first:], *circle[:first])


def _circles_of_steps(procedure: Record) -> Iterator[Finding]:
    steps = procedure.data["steps"]
    order = [step["id"] for step in steps]
    before = {
        step["id"]: {name for name in step.get("after", order[max(0, position - 1) : position]) if name in order}
        for position, step in enumerate(steps)
    }
    reached = {name: _reach(name, before) for name in order}
    told: set[str] = set()
    for position, step in enumerate(steps):
        for index, name in enumerate(step.get("after", ())):
            if name in reached and step["id"] in reached[name] | {name} and step["id"] not in told:
                circle = [other for other in order if other in reached[step["id"]] and step["id"] in reached[other]]
                told.update(circle)
                message = f"a circle of steps, each after another: {', '.join(circle)}"
                rests_on = ((procedure.ref, ("steps",)),)
                yield Finding(procedure, ("steps", position, "after", index), message, _CURE, rests_on=rests_on)


def _reach(name: str, before: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(before[name])
    while waiting:
        other = waiting.pop()
        if other not in seen:
            seen.add(other)
            waiting += before[other]
    return seen
