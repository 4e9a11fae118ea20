"""A fact that is later than every source that reports it.

A source cannot report as past what had not happened when it was published. Where all sources
of a fact were published before the day the fact bears, one of the dates is wrong, or the
source that tells of it is missing. What is only claimed, and what was scheduled, is left out:
sources may well speak of it beforehand.

Certain (an error) where every source is dated and lies more than a day earlier; possible
(a warning) where a source is undated beside those, or lies on the day before, since local days
differ round the world.

Cure: correct the date of the fact or of the source, or cite the source that reports it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline import dates
from pipeline.derive.known import SourceDates
from pipeline.model import ERROR, WARNING, Corpus, citations
from pipeline.rules.rule import ONE_DAY_ROUND_THE_WORLD, DatedFact, Finding, dated_facts

CODE = "C408"
LEVEL = ERROR


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Facts whose sources were all published before they happened."""
    published = SourceDates(corpus)
    for fact in dated_facts(corpus):
        if not fact.claimed and not fact.scheduled and fact.sources:
            yield from _compare(corpus, fact, published)


def _compare(corpus: Corpus, fact: DatedFact, published: SourceDates) -> Iterator[Finding]:
    cited = citations(fact.sources)
    spans = published.spans(fact.sources)
    if not spans or any(f"source/{citation['source']}" not in corpus.records for citation in cited):
        return
    gap = min((fact.span.earliest - span.latest).days for span in spans)
    if gap <= 0:
        return
    is_certain = gap > ONE_DAY_ROUND_THE_WORLD and len(spans) == len(cited)
    last = max(spans, key=lambda span: span.latest)
    words = "is" if is_certain else "may be"
    own, theirs = dates.in_words(fact.span.text), dates.in_words(last.text)
    message = f"this {fact.what}, dated {own}, {words} later than its last source, published {theirs}"
    cure = "Correct the date, or cite the source that reports it."
    yield Finding(fact.record, fact.pointer, message, cure, ERROR if is_certain else WARNING)
