"""A party that stands twice, or a bilateral treaty of other than two.

Each party has one line of its own, from signature to being bound, so it stands once under
`parties:`. A treaty is bilateral between two, and multilateral among more: the form decides how pages
speak of it, and a state that is missing under `parties:` has no line at all.

Cure: add the party that is missing, delete the one that is too much, or correct `form:`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.derive.acts import treaty_parties
from pipeline.model import ERROR, Corpus
from pipeline.rules.rule import Finding, name_of, records_of

CODE = "C447"
LEVEL = ERROR


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Parties that stand twice, and bilateral treaties without two parties."""
    for treaty in records_of(corpus, "treaty"):
        parties = treaty_parties(treaty)
        twice = [index for index, party in enumerate(parties) if party in parties[:index]]
        for index in twice:
            first = parties.index(parties[index]) + 1
            message = f"{name_of(corpus, parties[index])} stands here already, as party {first} of the list"
            yield Finding(treaty, ("parties", index, "party"), message, "Delete one of the two, or name the other party.")
        if not twice and treaty.data["form"] == "bilateral" and len(parties) != 2:
            message = f"a bilateral treaty has two parties, and this one has {len(parties)}"
            cure = "Add the other party" if len(parties) < 2 else "Write `form: multilateral`"
            yield Finding(treaty, ("parties",), message, f"{cure}, or correct the list under `parties:`.", on_key=True)
