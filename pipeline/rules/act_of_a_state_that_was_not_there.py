"""An act of a state before it existed or after it had ceased to exist.

Only a state that exists concludes treaties (Vienna Convention, article 6). Where another state
continues it, that one acts under its own name from then on; where others succeed it, they act
by succession. A possible contradiction is a warning.

Cure: correct the date, name the state that continued it, or correct `existed:`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline import dates
from pipeline.dates import Span
from pipeline.model import ERROR, WARNING, Corpus
from pipeline.rules.rule import Deed, Finding, date_at, deeds_of, earlier, name_of, records_of

CODE = "C441"
LEVEL = ERROR


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Acts that name a state which was not there on their day."""
    for treaty in records_of(corpus, "treaty"):
        for deed in deeds_of(corpus, treaty):
            for party in (deed.action["party"],) if deed.action.get("party") else deed.action.get("parties", ()):
                yield from _finding(corpus, deed, party)


def _finding(corpus: Corpus, deed: Deed, party: str) -> Iterator[Finding]:
    record = corpus.records.get(f"organization/{party}")
    existed = record.data.get("existed", {}) if record else {}
    begun, until = date_at(existed, "from"), None if existed.get("until") == ".." else date_at(existed, "until")
    if deed.span is None:
        return
    how, words = "", ""
    if begun and (how := _how(deed.span, begun, begun)):
        words = f"before {name_of(corpus, party)} existed, from {dates.in_words(begun.text)}"
    elif until and (how := _how(until, deed.span, until)):
        words = f"after {name_of(corpus, party)} ceased to exist, {dates.in_words(until.text)}"
    if how:
        level = ERROR if how == "certainly" else WARNING
        key = "party" if deed.action.get("party") else "parties"
        message = f"'{deed.name}' {deed.when} lies {'' if how == 'certainly' else 'possibly '}{words}"
        cure = "Correct the date, name the state that continued or succeeded it, or correct its `existed:`."
        yield Finding(deed.treaty, deed.at(key), message, cure, level, rests_on=deed.rests_on)


def _how(first: Span, second: Span, bound: Span) -> str:
    """Certainly or possibly earlier; a bound known only to the month or year contradicts nothing possibly."""
    how = earlier(first, second)
    return how if how == "certainly" or bound.exact else ""
