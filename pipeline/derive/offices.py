"""Office then: the office a person held on the day of a statement, signature or event; and whose side that is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pipeline import dates
from pipeline.dates import Span
from pipeline.labels import label
from pipeline.model import Corpus, split_reference

_MAX_CHAIN = 12


def offices_then(person: Mapping[str, Any], when: Span) -> list[dict[str, Any]]:
    """The offices held at a time, certain before possible: {office, organization, certain, index}."""
    found = []
    for index, office in enumerate(person.get("offices", [])):
        held = held_at(office, when)
        if held is not False:
            found.append(
                {"office": office["office"], "organization": office["organization"], "certain": held is True, "index": index}
            )
    return sorted(found, key=lambda entry: (not entry["certain"], entry["index"]))


def held_at(office: Mapping[str, Any], when: Span) -> bool | None:
    """Whether an office was held throughout a time: yes, no, or None for possibly.

    Attested days make the time between the first and the last of them certain.
    """
    first = _held_on(office, when.earliest)
    if when.exact:
        return first
    start, until = _bounds(office)
    if start is not None and until is not None and when.earliest < start.earliest and until.latest < when.latest:
        return None  # it began and ended within that time
    return first if _held_on(office, when.latest) is first else None


def _bounds(office: Mapping[str, Any]) -> tuple[Span | None, Span | None]:
    """The dates on which an office began and ended, as far as they are on record."""
    start, until = office.get("from"), office.get("until")
    return dates.parse(start) if start else None, dates.parse(until) if until and until != ".." else None


def _held_on(office: Mapping[str, Any], day: date) -> bool | None:
    start, until = _bounds(office)
    attested = [span for text in office.get("attested", []) if (span := dates.parse(text))]
    if start is not None and day < start.earliest:
        return False
    if until is not None and day > until.latest:
        return False
    certain_from = [span.latest for span in attested] + ([start.latest] if start else [])
    certain_until = [span.earliest for span in attested] + ([until.earliest] if until else [])
    begun = any(first <= day for first in certain_from)
    not_over = office.get("until") == ".." or any(day <= last for last in certain_until)
    return True if begun and not_over else None


def office_in_words(corpus: Corpus, person_ref: str, when: Span, wanted: str = "") -> dict[str, Any]:
    """The office to print beside a name: {text, certain, organization}; empty text where none is on record.

    `wanted` is the capacity an editor chose where several offices were held that day.
    """
    person = corpus.records.get(person_ref)
    if person is None:
        return {"text": "", "certain": False, "organization": ""}
    held = offices_then(person.data, when)
    chosen = next((entry for entry in held if entry["office"] == wanted), None)
    if wanted and chosen is None:
        return {"text": wanted, "certain": False, "organization": ""}
    entry = chosen or (held[0] if held else None)
    if entry is not None:
        return {"text": entry["office"], "certain": entry["certain"], "organization": entry["organization"]}
    return {"text": _former_or_later(person.data, when), "certain": False, "organization": ""}


def _former_or_later(person: Mapping[str, Any], when: Span) -> str:
    former, later = [], []
    for office in person.get("offices", []):
        start, until = _bounds(office)
        if until is not None and until.latest < when.earliest:
            former.append((until.latest, office["office"]))
        elif start is not None and start.earliest > when.latest:
            later.append((start.earliest, office["office"]))
    if former:
        return f"former {max(former)[1]}"
    return f"later {min(later)[1]}" if later else ""


def side_of(corpus: Corpus, speaker: str, when: Span | None, wanted: str = "") -> str:
    """The id of the state whose side a speaker is on that day, or nothing."""
    kind, identifier, _ = split_reference(speaker)
    if kind == "organization":
        return state_above(corpus, identifier)
    person = corpus.records.get(speaker)
    if person is None or when is None:
        return ""
    held = offices_then(person.data, when)
    held.sort(key=lambda entry: entry["office"] != wanted)
    return next((state for entry in held if (state := state_above(corpus, entry["organization"]))), "")


def state_above(corpus: Corpus, organization: str) -> str:
    """The id of the state an organization belongs to (itself, if it is one), or nothing."""
    for _ in range(_MAX_CHAIN):
        record = corpus.records.get(f"organization/{organization}")
        if record is None:
            return ""
        if record.data.get("type") == "state":
            return organization
        organization = record.data.get("part_of", "")
    return ""


def with_name(corpus: Corpus, person: str, when: Span | None, wanted: str = "") -> dict[str, Any]:
    """A person as a page names them: {ref, name, office, certain}."""
    ref = f"person/{person}"
    office = office_in_words(corpus, ref, when, wanted) if when else {"text": "", "certain": False}
    return {"ref": ref, "name": label(corpus, ref), "office": office["text"], "certain": office["certain"]}
