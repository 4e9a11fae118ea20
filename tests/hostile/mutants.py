"""Mutants: real records changed a little, or a lot, by a seeded hand."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import Any

NASTY = (
    "\t",
    "\x00",
    "\r",
    "\ufeff",
    "\u2028",
    "\u202e",
    "\u200b",
    "\x1b[31m",
    '"',
    "'",
    "`",
    "@",
    "%",
    "&a ",
    "*a",
    "!!str ",
    "<<: ",
    "---\n",
    "...\n",
    "{",
    "}",
    "[",
    "]",
    ": ",
    ":",
    "- ",
    "? ",
    "# ",
    "|",
    ">",
    ",",
    "\\",
    "\n",
    "\n\n",
    "  ",
    " ",
    "~",
    "null",
    "true",
    "0x1F",
    "1.10",
    "2024-13-01",
    "..",
    "\ud55c",
    "\U0001f1f0",
    "e\u0301",
    "<script>",
    "{{ x }}",
    "${x}",
    "../",
    "\u00a0",
    "9" * 20,
    "x" * 3000,
    "[" * 40,
    "NO",
)
VALUES: tuple[Any, ...] = (
    "",
    " ",
    "x",
    "NO",
    "true",
    "2024",
    "2024-13-01",
    "2024-02-30",
    "2031-01-01",
    "0001",
    "9999",
    "../2024",
    "2024/..",
    "[..2024]",
    "..",
    "2024~",
    "nobody",
    "person/nobody",
    "treaty/x#y",
    "#x",
    "/",
    "a/b/c",
    "javascript:alert(1)",
    "https://a.b/",
    "x" * 5000,
    "\n",
    "a\nb",
    "<b>",
    "&amp;",
    "\U0001f600",
    "ab",
    0,
    1,
    -1,
    5,
    2024,
    10**14,
    True,
    False,
    [],
    {},
    [[]],
    [{}],
    {"a": {}},
    ["x"] * 70,
    {"source": "x"},
    [0],
    [True],
    ["x", "x"],
)


def changed_text(text: str, hand: random.Random, others: Sequence[str]) -> str:
    """The text after one to three changes."""
    for _ in range(hand.choice((1, 1, 1, 2, 3))):
        text = hand.choice(_TEXT_CHANGES)(text, hand, others)
    return text


def changed_bytes(content: bytes, hand: random.Random) -> bytes:
    """The bytes with a few of them replaced, removed or repeated."""
    found = bytearray(content)
    for _ in range(hand.randint(1, 4)):
        place = hand.randrange(len(found) + 1)
        change = hand.randrange(3)
        if change == 0:
            found[place : place + 1] = bytes([hand.randrange(256)])
        elif change == 1:
            del found[place : place + hand.choice((1, 2, 40))]
        else:
            found[place:place] = found[place : place + hand.choice((1, 3, 200))]
    return bytes(found)


def _insert(text: str, hand: random.Random, others: Sequence[str]) -> str:
    place = hand.randrange(len(text) + 1)
    return text[:place] + hand.choice(NASTY) + text[place:]


def _cut(text: str, hand: random.Random, others: Sequence[str]) -> str:
    place = hand.randrange(len(text) + 1)
    return text[:place] + text[place + hand.choice((1, 1, 2, 10, 500)) :]


def _truncate(text: str, hand: random.Random, others: Sequence[str]) -> str:
    return text[: hand.randrange(len(text) + 1)]


def _line(text: str, hand: random.Random, others: Sequence[str]) -> str:
    """A line deleted, doubled, moved, shifted, or given another's value."""
    lines = text.split("\n")
    one, two = hand.randrange(len(lines)), hand.randrange(len(lines))
    change = hand.randrange(6)
    if change == 0:
        del lines[one]
    elif change == 1:
        lines.insert(two, lines[one])
    elif change == 2:
        lines[one], lines[two] = lines[two], lines[one]
    elif change == 3:
        lines[one] = " " * hand.choice((1, 2, 4)) + lines[one]
    elif change == 4:
        lines[one] = lines[one].removeprefix(" " * hand.choice((1, 2)))
    else:
        key, colon, _ = lines[one].partition(": ")
        lines[one] = f"{key}{colon}{lines[two].partition(': ')[2]}" if colon else lines[one]
    return "\n".join(lines)


def _value(text: str, hand: random.Random, others: Sequence[str]) -> str:
    """One value, date, id or word replaced by one from this record or another."""
    pattern = hand.choice((r"\d{4}-\d\d-\d\d", r"[a-z0-9]+(?:-[a-z0-9]+)+", r"\b[a-z_]+(?=:)", r"(?<=: )[^\n]+"))
    places = list(re.finditer(pattern, text))
    sources = re.findall(pattern, hand.choice(others)) or [str(hand.choice(VALUES))]
    if not places:
        return text
    place = hand.choice(places)
    word = hand.choice((hand.choice(sources), str(hand.choice(VALUES)), _misspelt(place[0], hand)))
    return text[: place.start()] + word + text[place.end() :]


def _misspelt(word: str, hand: random.Random) -> str:
    place = hand.randrange(len(word) + 1)
    return hand.choice((word[:place] + word[place + 1 :], word[:place] + "x" + word[place:], word[::-1], word.upper()))


def _splice(text: str, hand: random.Random, others: Sequence[str]) -> str:
    """The beginning of this record and the end of another."""
    other = hand.choice(others)
    return text[: hand.randrange(len(text) + 1)] + other[hand.randrange(len(other) + 1) :]


_TEXT_CHANGES: tuple[Callable[[str, random.Random, Sequence[str]], str], ...] = (
    _insert,
    _cut,
    _truncate,
    _line,
    _line,
    _line,
    _value,
    _value,
    _value,
    _value,
    _splice,
)


def changed_data(data: Any, hand: random.Random) -> Any:
    """A deep copy of plain data with one to three values changed: the shape stays readable, the meaning does not."""
    found = _copy(data)
    for _ in range(hand.choice((1, 1, 2, 3))):
        places = list(_places(found))
        if places:
            container, key = hand.choice(places)
            _change(container, key, hand, places)
    return found


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(child) for key, child in value.items()}
    return [_copy(child) for child in value] if isinstance(value, list) else value


def _places(value: Any) -> Any:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield value, key
        yield from _places(child)


def _change(container: Any, key: Any, hand: random.Random, places: list[Any]) -> None:
    change = hand.randrange(6)
    other_container, other_key = hand.choice(places)
    if change == 0 and isinstance(container, dict):
        del container[key]
    elif change == 1 and isinstance(container, dict):
        container[hand.choice(("x", "status", "", str(key).upper(), f"{key}s", "names"))] = container.pop(key)
    elif change == 2 and isinstance(container, list):
        container.append(_copy(container[key]))
    elif change == 3:
        container[key] = _copy(other_container[other_key])
    elif change == 4 and isinstance(container[key], str) and container[key]:
        container[key] = _misspelt(container[key], hand)
    else:
        container[key] = _copy(hand.choice(VALUES))


class Plausible:
    """Changes that a schema allows, for the rooms behind it: values from the same place elsewhere, other ids, other dates."""

    DATES = (
        "0001",
        "0001-01-01",
        "9999",
        "9999-12-31",
        "../2024",
        "../0001",
        "2001/..",
        "9999/..",
        "[..2024]",
        "[2024..]",
        "2024~",
        "2024-02-29?",
        "1961-07",
        "2024-06-19",
        "2024-12-04",
        "2024-10/2024-12",
        "[2000-01..2030-12]",
        "0001/9999",
        "2026-01-01",
        "2031-05",
        "2024-10-24T00:00-12:00",
    )
    NUMBERS = (0, 1, 2, 5, 12, 400, 999, 2000, 100_000)

    def __init__(self, kinds: Any, records: Any) -> None:
        self._kinds = kinds
        self._ids: dict[str, list[str]] = {}
        self._seen: dict[tuple[str, tuple[str, ...]], list[Any]] = {}
        for record in records.values():
            self._ids.setdefault(record.kind, []).append(record.id)
            for container, key, pattern in _patterns(record.data, ()):
                self._seen.setdefault((record.kind, pattern), []).append(container[key])

    def changed(self, kind: str, data: Any, hand: random.Random) -> Any:
        """A deep copy with one to six changes."""
        found = _copy(data)
        for _ in range(hand.randint(1, 6)):
            places = list(_patterns(found, ()))
            if not places:
                break
            container, key, pattern = hand.choice(places)
            change = hand.randrange(10)
            if change == 0 and isinstance(container, dict):
                del container[key]
            elif change == 1 and isinstance(container, list):
                container.insert(hand.randrange(len(container) + 1), _copy(hand.choice(container)))
            elif change == 2 and isinstance(container, dict):
                self._add(container, kind, pattern[:-1], hand)
            else:
                container[key] = self._other(kind, pattern, container[key], hand)
        return found

    def _add(self, container: Any, kind: str, parent: tuple[str, ...], hand: random.Random) -> None:
        """A key that other records have in this place."""
        choices = sorted(
            pattern for other, pattern in self._seen if other == kind and pattern[:-1] == parent and pattern[-1] != "*"
        )
        if choices:
            pattern = hand.choice(choices)
            container[pattern[-1]] = _copy(hand.choice(self._seen[kind, pattern]))

    def _other(self, kind: str, pattern: tuple[str, ...], value: Any, hand: random.Random) -> Any:
        if pattern in self._kinds[kind].date_paths:
            return hand.choice(self.DATES)
        for reference in self._kinds[kind].references:
            if reference.pattern == pattern and isinstance(value, str):
                kinds = sorted(self._ids) if "*" in reference.kinds else [name for name in reference.kinds if name in self._ids]
                chosen = hand.choice(kinds or ["nothing"])
                identifier = hand.choice(self._ids.get(chosen, ["nobody"]))
                return identifier if len(reference.kinds) == 1 and "*" not in reference.kinds else f"{chosen}/{identifier}"
        if isinstance(value, int) and not isinstance(value, bool):
            return hand.choice(self.NUMBERS)
        return _copy(hand.choice(self._seen.get((kind, pattern), [value])))


def _patterns(value: Any, pattern: tuple[str, ...]) -> Any:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        inner = (*pattern, key if isinstance(value, dict) else "*")
        yield value, key, inner
        yield from _patterns(child, inner)
