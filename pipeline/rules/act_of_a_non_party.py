"""An act or a consent of a state that is not a party.

Only a state that takes part in a treaty signs it, consents to be bound by it, withdraws from
it or takes a step towards it (Vienna Convention, articles 2(1)(f) and (g), 11 and 34: a treaty
neither obliges a third state nor gives it rights without its consent). Every organization that
an action names, and every state that the entry-into-force rule requires by name, must stand
under `parties:`. A state that continues or succeeds a party acts for it.

Cure: correct the id, or add the party; with `signatory: false` where it joined later.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.derive.acts import treaty_parties
from pipeline.model import ERROR, Corpus, Pointer, Record
from pipeline.rules.rule import Finding, is_party, listed, name_of, nearest, records_of

CODE = "C402"
LEVEL = ERROR


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Organizations that act under a treaty, or must, without being its party."""
    for treaty in records_of(corpus, "treaty"):
        parties = treaty_parties(treaty)
        if any(f"organization/{party}" not in corpus.records for party in parties):
            continue
        for pointer, organization in _named(treaty):
            known = f"organization/{organization}" in corpus.records
            if known and organization not in parties and not is_party(corpus, treaty, organization):
                message = f"{name_of(corpus, organization)} ('{organization}') is not a party to this treaty"
                cure = nearest(organization, parties) or f"Name a party ({listed(parties)}), or add it under `parties:`."
                yield Finding(treaty, pointer, message, cure)


def _named(treaty: Record) -> Iterator[tuple[Pointer, str]]:
    for index, action in enumerate(treaty.data.get("actions", [])):
        if action.get("party"):
            yield ("actions", index, "party"), action["party"]
        for key in ("parties", "between", "for"):
            for position, organization in enumerate(action.get(key, [])):
                yield ("actions", index, key, position), organization
    for position, organization in enumerate(treaty.data.get("entry_into_force", {}).get("named", [])):
        yield ("entry_into_force", "named", position), organization
