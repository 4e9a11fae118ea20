"""Two provisions with one anchor.

Statements point at a provision by its article (treaty/x#article-4) or, where the number is not
confirmed, by its id (treaty/x#duration). Two provisions with one anchor could not be told apart.

Cure: correct one of the two, or make one provision of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.model import ERROR, Corpus, Pointer
from pipeline.rules.rule import Finding, anchors_of, records_of

CODE = "C413"
LEVEL = ERROR


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Provisions whose article or id another provision above has already."""
    for treaty in records_of(corpus, "treaty"):
        taken: dict[str, int] = {}
        for index, provision in enumerate(treaty.data.get("provisions", [])):
            for anchor in anchors_of(provision):
                first = taken.setdefault(anchor, index)
                if first != index:
                    is_article = provision.get("article") and anchor == f"article-{provision['article']}"
                    pointer: Pointer = ("provisions", index, "article" if is_article else "id")
                    message = f"the provisions {first + 1} and {index + 1} of the list share the anchor '{anchor}'"
                    yield Finding(treaty, pointer, message, "Correct one of the two, or make one provision of them.")
