"""What exporters yield: one file of the site that is no page, many that are made of one thing at once, or checksums."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Export:
    """One file of the site: where it goes, and how its bytes are made.

    `key` names everything that the bytes depend on beside the engine; where it is given, an
    unchanged file is taken from the store and not made again. It is worth its cost for large files only.
    """

    path: str
    make: Callable[[], bytes]
    key: str = ""


class ExportFailed(Exception):
    """A file that cannot be made on this machine; the message names it and says what is missing."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Many files that can only be made together, and even their paths are known only then.

    `key` names everything that they depend on beside the engine. While it stays, none is made again.
    """

    name: str
    make: Callable[[], Iterable[Export]]
    key: str


@dataclass(frozen=True, slots=True)
class Checksums:
    """A file made of the SHA-256 digests of its exporter's other files, by path. It comes after them."""

    path: str
    make: Callable[[Mapping[str, str]], bytes]
