"""An article that the treaty does not have.

`articles:` says how many articles the treaty has; no provision, and no article that is named
for the entry into force, the duration or the exit, can bear a higher number. Of a number such
as 42(7) or 5bis the leading digits count.

One number too high is one finding, at the first place that names it; where several are, it is
more likely the number of articles that is wrong, and the one finding is there.

Cure: correct the number, or the number of articles. A provision whose number is not confirmed
has an `id:` and a heading, and no `article:`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from pipeline.model import ERROR, Corpus, Pointer, values_at
from pipeline.rules.rule import Finding, listed, records_of

CODE = "C410"
LEVEL = ERROR

_PLACES: tuple[tuple[str, ...], ...] = (
    ("provisions", "*", "article"), ("entry_into_force", "article"), ("duration", "article"), ("duration", "exit", "article"),
)


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Article numbers above the number of articles."""
    for treaty in records_of(corpus, "treaty"):
        last = treaty.data.get("articles")
        above: dict[str, Pointer] = {}
        for pointer, article in _articles(treaty.data) if last else ():
            digits = re.match(r"[0-9]+", article)
            if digits and int(digits[0]) > last:
                above.setdefault(article, pointer)
        if len(above) > 1:
            message = f"{last} articles, yet the articles {listed(above)} are named here"
            yield Finding(treaty, ("articles",), message, "Correct `articles:`, or the numbers.")
            continue
        for article, pointer in above.items():
            message = f"there is no article {article}: the treaty has {last} articles"
            yield Finding(treaty, pointer, message, "Correct the number, or `articles:`.")


def _articles(data: Any) -> Iterator[tuple[Pointer, str]]:
    for pattern in _PLACES:
        yield from values_at(data, pattern)
