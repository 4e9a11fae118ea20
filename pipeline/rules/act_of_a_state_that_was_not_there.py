"""An act of a state before it existed or after it had ceased to exist.

Only a state that exists concludes treaties (Vienna Convention, article 6). Where another state
continues it, that one acts under its own name from then on; where others succeed it, they act
by succession. A possible contradiction is a warning. Where the acts of several days lie outside the
time of one state, it is more likely that time which is wrong, and the one finding is there.

Cure: correct the date, name the state that continued it, or correct `existed:`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline import dates
from pipeline.dates import Span
from pipeline.model import ERROR, WARNING, Corpus
from pipeline.rules.rule import Deed, Finding, date_at, deeds_of, earlier, listed, name_of, records_of

CODE = "C441"
LEVEL = ERROR


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Acts that name a state which was not there on their day."""
    outside: dict[tuple[str, str], list[tuple[Deed, Finding]]] = {}
    for treaty in records_of(corpus, "treaty"):
        for deed in deeds_of(corpus, treaty):
            for party in (deed.action["party"],) if deed.action.get("party") else deed.action.get("parties", ()):
                for bound, finding in _finding(corpus, deed, party):
                    outside.setdefault((party, bound), []).append((deed, finding))
    for (party, bound), found in outside.items():
        certain = [(deed, finding) for deed, finding in found if finding.level == ERROR]
        if len({(deed.dated_in.ref, deed.date_pointer) for deed, _ in certain}) > 1:
            record = corpus.records[f"organization/{party}"]
            words = "before it begins" if bound == "from" else "after it ends"
            message = f"{len(certain)} acts lie {words}: " + listed(f"'{deed.name}' {deed.when}" for deed, _ in certain)
            cure = "Correct this date, those of the acts, or name the state that continued or succeeded it."
            rests_on = tuple(place for _, finding in certain for place in finding.rests_on)
            yield Finding(record, ("existed", bound), message, cure, rests_on=rests_on)
        else:
            yield from (finding for _, finding in found)


def _finding(corpus: Corpus, deed: Deed, party: str) -> Iterator[tuple[str, Finding]]:
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
        bound = "from" if words.startswith("before") else "until"
        yield bound, Finding(deed.treaty, deed.at(key), message, cure, level, rests_on=deed.rests_on)


def _how(first: Span, second: Span, bound: Span) -> str:
    """Certainly or possibly earlier; a bound known only to the month or year contradicts nothing possibly."""
    how = earlier(first, second)
    return how if how == "certainly" or bound.exact else ""
