"""Who acted or spoke held no office that day.

A treaty is signed, and a statement binds a side, by virtue of an office: heads of state and of
government and ministers for foreign affairs represent their state without full powers, others
by what their office or full powers allow (Vienna Convention, article 7). The record derives the
capacity of a person from the offices they held that day. Where it has none, or not certainly,
the page can print a bare name or a guess only.

One gap is one warning, at the first act or statement that falls into it. Where several who acted
together held no office that day, it is one warning too: the day itself may be wrong.

Cure: add the office with `from:` and `until:`, or the day to its `attested:`; or correct the
date, the person or `as:`. Waive the rule where someone spoke as a private person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipeline.dates import Span
from pipeline.derive.offices import offices_then
from pipeline.labels import label
from pipeline.model import WARNING, Corpus, Pointer, Record
from pipeline.rules.rule import Finding, Place, date_at, deeds_of, listed, nearest, records_of, when

CODE = "C422"
LEVEL = WARNING

_CURE_FOR_SEVERAL = "Correct the date; or add their offices with `from:` and `until:`, or the day to their `attested:`."


@dataclass(frozen=True, slots=True)
class _Use:
    """A person acting or speaking on a day, in the capacity `wanted` where the record says so."""

    person: Record
    when: Span
    wanted: str
    record: Record
    pointer: Pointer
    rests_on: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class _Gap:
    """What is missing: `key` is the same for all uses that one cure would mend."""

    key: tuple[str, ...]
    message: str
    cure: str


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """People who act or speak without an office that is certain for the day."""
    first: dict[tuple[str, ...], tuple[_Use, _Gap]] = {}
    days: dict[tuple[str, ...], set[str]] = {}
    for use in sorted(_uses(corpus), key=lambda use: (use.when.earliest, use.record.ref, str(use.pointer))):
        gap = _gap(corpus, use)
        if gap is not None:
            # A record that waives the rule speaks for itself only.
            waives = any(waiver["rule"] == CODE for waiver in use.record.data.get("waive", []))
            key = (*gap.key, use.record.ref) if waives else gap.key
            first.setdefault(key, (use, gap))
            days.setdefault(key, set()).add(use.when.text)
    together: dict[tuple[object, ...], list[tuple[_Use, _Gap, str]]] = {}
    for key, (use, gap) in first.items():
        more = len(days[key]) - 1
        others = f", and on {more} other day{'s' if more > 1 else ''}" if more else ""
        of_that_day = use.pointer[:2] if use.pointer[0] == "actions" and gap.key[1:2] in (("none",), ("perhaps",)) else key
        together.setdefault((use.record.ref, of_that_day), []).append((use, gap, others))
    for found in together.values():
        use, gap, _ = found[0]
        message = "; ".join(gap.message + others for _, gap, others in found)
        rests_on = (*use.rests_on, *((use.person.ref, ("offices",)) for use, _, _ in found))
        cure = gap.cure if len(found) == 1 else _CURE_FOR_SEVERAL
        yield Finding(use.record, use.pointer, message, cure, rests_on=rests_on)


def _uses(corpus: Corpus) -> Iterator[_Use]:
    for statement in records_of(corpus, "statement"):
        person = corpus.records.get(statement.data["speaker"])
        said = date_at(statement.data, "date")
        if person is not None and "moved_to" not in person.data and person.kind == "person" and said is not None:
            pointer = ("as",) if "as" in statement.data else ("speaker",)
            yield _Use(person, said, statement.data.get("as", ""), statement, pointer, ((statement.ref, ("date",)),))
    for treaty in records_of(corpus, "treaty"):
        for deed in deeds_of(corpus, treaty):
            by = deed.action.get("by", [])
            for position, identifier in enumerate(by):
                person = corpus.records.get(f"person/{identifier}")
                if person is not None and "moved_to" not in person.data and deed.span is not None:
                    wanted = deed.action.get("as", "") if len(by) == 1 else ""
                    yield _Use(person, deed.span, wanted, treaty, deed.at("by", position), deed.rests_on)


def _gap(corpus: Corpus, use: _Use) -> _Gap | None:
    offices = [office["office"] for office in use.person.data.get("offices", [])]
    name, then = label(corpus, use.person.ref), when(use.when)
    if not offices:
        return _Gap((use.person.ref,), f"no office of {name} is on record, such as {then}", _cure(use))
    if use.wanted and use.wanted not in offices:
        message = f"'{use.wanted}' is not among the offices of {name} on record, such as {then}"
        cure = nearest(use.wanted, offices) or f"On record are: {listed(offices)}."
        return _Gap((use.person.ref, "as", use.wanted), message, cure)
    held = offices_then(use.person.data, use.when)
    entry = next((entry for entry in held if entry["office"] == use.wanted), None) if use.wanted else held[0] if held else None
    if entry is None:
        what = f"the office '{use.wanted}'" if use.wanted else "any office"
        message = f"{name} did not hold {what} on record {then}"
        return _Gap((use.person.ref, "none", use.wanted), message, _cure(use))
    if not entry["certain"]:
        message = f"it is not certain that {name} was '{entry['office']}' {then}"
        return _Gap((use.person.ref, "perhaps", entry["office"]), message, _cure(use))
    return None


def _cure(use: _Use) -> str:
    return f"Add the office in {use.person.path} with `from:` and `until:`, or the day to its `attested:`; or correct the date."
