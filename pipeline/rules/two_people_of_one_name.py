"""Two people of one name.

The same person entered twice splits offices, signatures and statements between two pages. Names
are compared in every script, without regard to capitals, accents, hyphens, apostrophes and
spaces, aliases included.

Cure: if they are one person, move all to one record and give the other `moved_to:`. If they
are two, say so with `distinct_from:` in one of them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date

from pipeline.model import WARNING, Corpus, Pointer, Record
from pipeline.rules.rule import Finding, records_of

CODE = "C425"
LEVEL = WARNING


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """People who share a name with another and are not told apart from them; no pair twice."""
    bearers: dict[str, list[tuple[Record, Pointer, str]]] = {}
    for person in sorted(records_of(corpus, "person"), key=lambda person: person.id):
        for name, (pointer, text) in _names(person).items():
            bearers.setdefault(name, []).append((person, pointer, text))
    told: set[tuple[str, str]] = set()
    for entries in bearers.values():
        for position, (person, pointer, text) in enumerate(entries):
            fresh = [
                other for other, _, _ in entries[:position]
                if (other.id, person.id) not in told and not _told_apart(person, other)
            ]
            told.update((other.id, person.id) for other in fresh)
            for other in fresh[:1]:  # one place, one finding: the next is said when this one is mended
                message = f"'{other.id}' is also called '{text}'"
                cure = f"Make one record of the two; or add `distinct_from: [{other.id}]`."
                yield Finding(person, pointer, message, cure)


def _names(person: Record) -> dict[str, tuple[Pointer, str]]:
    """Each folded name once, with the first place it stands in."""
    data = person.data
    written: list[tuple[Pointer, str]] = [(("name",), data["name"])]
    written += [(("names", tag), text) for tag, text in data.get("names", {}).items()]
    written += [(("aliases", index), text) for index, text in enumerate(data.get("aliases", []))]
    found: dict[str, tuple[Pointer, str]] = {}
    for pointer, text in written:
        folded = fold(text)
        if folded:
            found.setdefault(folded, (pointer, text))
    return found


def fold(name: str) -> str:
    """A name without capitals, accents, hyphens, apostrophes and spaces.

    >>> fold("Kim Jong-gyu") == fold("KIM Jonggyu")
    True
    """
    if name.isascii():
        return "".join(character for character in name.casefold() if character.isalnum())
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    return "".join(character for character in letters if character.isalnum())


def _told_apart(person: Record, other: Record) -> bool:
    return other.id in person.data.get("distinct_from", ()) or person.id in other.data.get("distinct_from", ())
