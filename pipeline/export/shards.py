"""Cuts a map of many keys into small files by the digits of its keys: a tree that splits only where a file grows too large.

What stands in a file, and where it ends, follows from the keys and values below its own digits alone. So a
change of one value changes one file, or splits or joins the one it is in, and leaves the others as they are.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

#: The digit after which a key ends: it sorts before every other one.
END = "-"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One file to be: the digits that all its keys begin with, and the keys from `start` up to `stop`."""

    name: str
    start: int
    stop: int


def leaves(paths: Sequence[str], sizes: Sequence[int], limit: int) -> Iterator[Leaf]:
    """The files for keys with these sorted digits and these sizes. A file is above the limit only where it has one key."""
    totals = [0]
    for size in sizes:
        totals.append(totals[-1] + size)
    yield from _below("", 0, len(paths), paths, totals, limit)


def _below(name: str, start: int, stop: int, paths: Sequence[str], totals: list[int], limit: int) -> Iterator[Leaf]:
    if totals[stop] - totals[start] <= limit or name.endswith(END):
        yield Leaf(name, start, stop)
        return
    depth = len(name)
    while start < stop:
        digit = paths[start][depth] if len(paths[start]) > depth else END
        end = bisect_left(paths, name + digit + "~", start, stop) if digit != END else _end_of(name, start, stop, paths)
        yield from _below(name + digit, start, end, paths, totals, limit)
        start = end


def _end_of(name: str, start: int, stop: int, paths: Sequence[str]) -> int:
    while start < stop and paths[start] == name:
        start += 1
    return start


def tree(names: Sequence[str]) -> str:
    """The names of all files in one short text: for each digit of a node its child, "(" and ")" round what is split further.

    >>> tree(["0", "10", "1a"])
    '01(0a)'
    """
    if list(names) in ([], [""]):
        return ""
    text, above = "", ""
    for name in names:
        shared = _shared(above[:-1], name) if above else 0
        text += ")" * (len(above) - 1 - shared if above else 0)
        text += "(".join(name[shared:])
        above = name
    return text + ")" * (len(above) - 1)


def _shared(above: str, name: str) -> int:
    length = 0
    while length < min(len(above), len(name) - 1) and above[length] == name[length]:
        length += 1
    return length


def utf16_path(word: str) -> str:
    """The digits of a word: four for each unit of its letters, as a browser counts them."""
    return word.encode("utf-16-be").hex()


def octal_path(identifier: str, alphabet: str) -> str:
    """The digits of an identifier: two for each of its letters."""
    return "".join(f"{alphabet.index(letter):02o}" for letter in identifier)
