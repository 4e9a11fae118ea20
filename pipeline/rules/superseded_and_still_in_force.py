"""A treaty replaced as a whole and still in force.

A treaty ends when all its parties conclude a later one that is to govern the matter in its
place; where the later one does not bind them all, the earlier goes on between the rest (Vienna
Convention, articles 59 and 30(4)). Here the later treaty is in force and replaces the earlier
as a whole, and yet the earlier has not ended.

Cure: see why. A party may be missing in the later treaty, or a successor not named; the
relation's `effective:` may be no day; or the earlier treaty really goes on: then write
`extent: part`, or waive the rule with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pipeline import dates
from pipeline.derive.acts import treaty_parties
from pipeline.labels import label
from pipeline.model import WARNING, Corpus, Record
from pipeline.rules.rule import Finding, lacks_a_party, name_of, records_of, what_was_done

CODE = "C426"
LEVEL = WARNING

_GOES_ON = frozenset(("in-force", "suspended", "provisionally-applied"))


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Treaties in force that replace another as a whole which has not ended."""
    for later in records_of(corpus, "treaty"):
        for index, relation in enumerate(later.data.get("relations", [])):
            earlier = corpus.records.get(f"treaty/{relation['treaty']}")
            if relation["type"] != "supersedes" or relation.get("extent") == "part" or earlier is None or earlier is later:
                continue
            if lacks_a_party(corpus, earlier) or lacks_a_party(corpus, later):
                continue
            if _status(corpus, later) == "in-force" and _status(corpus, earlier) in _GOES_ON and not _is_to_come(relation, day):
                why = _why(corpus, earlier, later)
                message = f"{label(corpus, earlier.ref)} is to be replaced as a whole and has not ended: {why}"
                cure = "Correct the parties or the relation; or write `extent: part`, or waive the rule and say why."
                rests_on = what_was_done(corpus, later) + what_was_done(corpus, earlier)
                yield Finding(later, ("relations", index, "treaty"), message, cure, rests_on=rests_on)


def _status(corpus: Corpus, treaty: Record) -> str:
    return str(corpus.facts.pages.get(treaty.ref, {}).get("status", {}).get("value", ""))


def _is_to_come(relation: Mapping[str, Any], day: date) -> bool:
    span = dates.parse(str(relation.get("effective", "")))
    return span is not None and dates.happened_by(span, day) is not True


def _why(corpus: Corpus, earlier: Record, later: Record) -> str:
    missing = [party for party in treaty_parties(earlier) if party not in treaty_parties(later)]
    if missing:
        names = ", ".join(name_of(corpus, party) for party in missing[:6])
        return f"not a party to the later one: {names}"
    return "its record does not show the end"
