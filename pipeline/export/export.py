"""What an export is: one file of the site that is not a page, made from the book."""

from __future__ import annotations

from collections.abc import Callable
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
