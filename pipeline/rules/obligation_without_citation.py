"""An obligation without a citation.

To say that a state must come to another's aid is the gravest thing a record can say. Such a
coding is an interpretation of the treaty's words (Vienna Convention, article 31), so a reader
must be able to hold it against them: each obligation cites the text or a source that quotes it.

Cure: add `sources:` to the obligation, with the article, such as {source: kcna-2024-06-20-text, at: Article 4}.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.model import ERROR, Corpus
from pipeline.rules.rule import Finding, records_of

CODE = "C411"
LEVEL = ERROR


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Obligations without sources."""
    for treaty in records_of(corpus, "treaty"):
        for index, provision in enumerate(treaty.data.get("provisions", [])):
            article = f"Article {provision['article']}" if provision.get("article") else "the place in the text"
            for position, obligation in enumerate(provision.get("obligations", [])):
                if not obligation.get("sources"):
                    message = f"this obligation of {obligation['kind']} cites nothing"
                    cure = f"Add `sources:` with the treaty's text and {article}."
                    yield Finding(treaty, ("provisions", index, "obligations", position), message, cure)
