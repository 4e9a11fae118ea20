"""Answers: what is said of a record in one line where only a line is seen, as when its page is shared.

For a treaty it is the sentence its page begins with. A line holds nothing that the passing of a day changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline import dates
from pipeline.derive.changes import state_in_words
from pipeline.model import Corpus, Record

#: States that begin and are over on one day: they are told "on", the others "since".
_OF_A_DAY = ("signed", "announced", "ended")
#: States in which it need not be said whether the treaty is in force.
_TELLING = ("in-force", "not-known", "ended", "suspended", "provisionally-applied")


def answers_of(
    corpus: Corpus, pages: Mapping[str, Mapping[str, Any]], cards: Mapping[str, Mapping[str, Any]]
) -> dict[str, str]:
    """The line of each record that has one, by reference. `pages` and `cards` are the facts derived so far."""
    found = {}
    for ref, record in corpus.records.items():
        page = pages.get(ref, {})
        if record.kind == "treaty":
            found[ref] = _of_treaty(page)
        elif record.kind == "person":
            found[ref] = _of_person(page, cards.get(ref, {}))
        elif record.kind == "event":
            found[ref] = _of_event(record, page)
        elif record.kind == "organization":
            found[ref] = _of_organization(page)
    return {ref: line for ref, line in found.items() if line}


def _of_treaty(page: Mapping[str, Any]) -> str:
    status, signed = page["status"], page["signed"]
    value, coming = status["value"], page["force"]["to_come"]
    if coming and value != "ended":
        return f"Not yet in force. It enters into force {dates.in_words(coming)}."
    sentences = [_status(value, status["since"])]
    if value not in _TELLING:
        sentences.append("Not in force.")
    if signed and value != "announced" and (value, status["since"]) != ("signed", signed):
        sentences.append(f"Signed {dates.in_words(signed)}.")
    return " ".join(sentences)


def _status(value: str, since: str) -> str:
    words = state_in_words(value)
    words = words[0].upper() + words[1:]
    if not since or value == "not-known":
        return f"{words}."
    if value in _OF_A_DAY:
        return f"{words} {dates.in_words(since)}."
    return f"{words} since {dates.since_in_words(since)}."


def _of_person(page: Mapping[str, Any], card: Mapping[str, Any]) -> str:
    """The office that lists print beside the name; with its end, where that is on record."""
    office = str(card.get("office", ""))
    until = next((row["until"] for row in reversed(page["offices"]) if row["office"] == office), "")
    return f"{office}, until {dates.in_words(until)}" if until and until != ".." else office


def _of_event(event: Record, page: Mapping[str, Any]) -> str:
    when = dates.in_words(str(event.data.get("date", "")))
    line = ", ".join(filter(None, (when, str(event.data.get("place", "")))))
    claim = page.get("claim")
    if not claim:
        return line
    state = state_in_words(claim["state"])
    claimed = "Claimed" if state == "asserted" else f"Claimed, and {state}"
    return f"{claimed}. {line[:1].upper()}{line[1:]}"


def _of_organization(page: Mapping[str, Any]) -> str:
    rows = page["treaties"]
    bound = len({row["ref"] for row in rows if row["state"] == "bound" and row["status"] == "in-force"})
    total = len({row["ref"] for row in rows})
    if not total:
        return ""
    if bound:
        return f"Bound by {_treaties(bound)} in force{f', of {total} on record' if total > bound else ''}."
    return f"{_treaties(total)} on record."


def _treaties(count: int) -> str:
    return f"{count} treaty" if count == 1 else f"{count} treaties"
