"""A record that nothing refers to.

A person who neither signs nor speaks nor takes part, an organization in which no one holds an
office, a source that no fact rests on, a procedure that no party follows: each has a page to
which no other page leads. Someone who held an office stands on the page of its organization, and can
be found there. Treaties, events and statements stand for themselves. Records that
were renamed or withdrawn are left out.

The rule waits until nothing else is wrong, since a misspelt reference makes an orphan too.

Cure: refer to it where it belongs, or delete the file as long as it was never published;
afterwards write `withdrawn:`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.model import WARNING, Corpus
from pipeline.rules.rule import Finding

CODE = "C427"
LEVEL = WARNING
ONLY_WITHOUT_ERRORS = True

_WHAT_IT_WAITS_FOR = {
    "person": "no act, statement, event or procedure names this person",
    "organization": "nothing names this organization",
    "source": "no fact rests on this source",
    "procedure": "no party of a treaty follows this procedure",
}


#: Offices, on whose organizations' pages a person stands; or the mark of a page kept only for its address.
_KEYS_THAT_PLACE_IT = frozenset(("offices", "moved_to", "withdrawn"))


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """People, organizations, sources and procedures without a reference to them."""
    referred_to = {link.target for link in corpus.links if link.source != link.target}
    for record in corpus.records.values():
        message = _WHAT_IT_WAITS_FOR.get(record.kind)
        stands_elsewhere = _KEYS_THAT_PLACE_IT & record.data.keys()
        if message and record.ref not in referred_to and not stands_elsewhere:
            pointer = ("title",) if record.kind == "source" else ("name",)
            cure = "Refer to it where it belongs; or delete the file, if it was never published."
            yield Finding(record, pointer, message, cure)
