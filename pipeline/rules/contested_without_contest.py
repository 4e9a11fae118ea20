"""A contested value that contests nothing.

Where good sources disagree, a record keeps the value it chose and, under `contested:`, the
others. A value that equals the chosen one is no other value. `field:` is the path of the field
in this record, such as `date` or `quote.text`; a value that stands elsewhere is named in plain
words, such as "date of signature". What looks like a path must lead to a field.

Cure: correct the value or the field; or delete the entry, and cite its sources for the fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pipeline import dates
from pipeline.model import WARNING, Corpus, Pointer, Record
from pipeline.rules.rule import Finding, nearest

CODE = "C429"
LEVEL = WARNING

_PATH = re.compile(r"[a-z][a-z0-9_]*(?:(?:\.|\[)[A-Za-z0-9_-]+\]?)*")
_NOTHING = object()


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Contested values that are the chosen one, and contested fields that are not there."""
    for record in corpus.records.values():
        for pointer, holder in _holders(record):
            if holder is not record.data and "event" in holder and f"event/{holder['event']}" not in corpus.records:
                continue
            places = [holder, *_elsewhere(corpus, record, holder)]
            for index, entry in enumerate(holder["contested"]):
                yield from _check_entry(record, (*pointer, "contested", index), entry, places)


def _holders(record: Record) -> Iterator[tuple[Pointer, Mapping[str, Any]]]:
    if "contested" in record.data:
        yield (), record.data
    for key in ("offices", "actions"):
        entries = record.data.get(key, [])
        for index, entry in enumerate(entries if isinstance(entries, list) else []):
            if isinstance(entry, dict) and "contested" in entry:
                yield (key, index), entry


def _elsewhere(corpus: Corpus, record: Record, holder: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Where a path may lead besides: the record, and the event that an action has its date from."""
    event = corpus.records.get(f"event/{holder.get('event')}") if holder is not record.data else None
    return [*([event.data] if event else []), *([record.data] if holder is not record.data else [])]


def _check_entry(
    record: Record, pointer: Pointer, entry: Mapping[str, Any], places: list[Mapping[str, Any]]
) -> Iterator[Finding]:
    field = entry["field"]
    if not _PATH.fullmatch(field):
        return
    steps = tuple(re.split(r"[.\[\]]+", field.rstrip("]")))
    chosen = next((found for place in places if (found := _value(place, steps)) is not _NOTHING), _NOTHING)
    if chosen is _NOTHING:
        near = nearest(field, (key for key in places[0] if key != "contested"))
        cure = near or "Write the path of a field, or say in plain words what it is."
        rests_on = ((record.ref, pointer[:-2]),) if len(pointer) > 2 else ()
        yield Finding(record, (*pointer, "field"), f"there is no field '{field}' here", cure, rests_on=rests_on)
    elif _is_same(chosen, entry["value"]):
        message = f"'{entry['value'][:60]}' is the value that the record has chosen"
        yield Finding(record, (*pointer, "value"), message, "Correct it; or delete the entry, and cite its sources for the fact.")


def _value(data: Any, steps: tuple[str, ...]) -> Any:
    for step in steps:
        if isinstance(data, dict) and step in data:
            data = data[step]
        elif isinstance(data, list) and step.isdigit() and int(step) < len(data):
            data = data[int(step)]
        else:
            return _NOTHING
    return data


def _is_same(chosen: Any, value: str) -> bool:
    if not isinstance(chosen, (str, int)):
        return False
    first, second = str(chosen).strip(), value.strip()
    one, other = dates.parse(first), dates.parse(second)
    if one and other:
        return (one.earliest, one.latest, one.mark) == (other.earliest, other.latest, other.mark)
    return first.casefold() == second.casefold()
