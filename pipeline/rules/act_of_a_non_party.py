"""An act or a consent of a state that is not a party.

Only a state that takes part in a treaty signs it, consents to be bound by it, withdraws from
it or takes a step towards it (Vienna Convention, articles 2(1)(f) and (g), 11 and 34: a treaty
neither obliges a third state nor gives it rights without its consent). Every organization that
an action names, and every state that the entry-into-force rule requires by name, must stand
under `parties:`. A state that continues or succeeds a party acts for it.
One organization is one finding, at the first place that names it.

Cure: correct the id, or add the party; with `signatory: false` where it joined later.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.derive.acts import treaty_parties
from pipeline.model import ERROR, Corpus, Pointer, Record
from pipeline.rules.rule import Finding, is_party, lacks_a_party, listed, name_of, nearest, records_of

CODE = "C402"
LEVEL = ERROR


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Organizations that act under a treaty, or must, without being its party."""
    for treaty in records_of(corpus, "treaty"):
        if lacks_a_party(corpus, treaty):
            continue
        parties = treaty_parties(treaty)
        places: dict[str, list[Pointer]] = {}
        for pointer, organization in named_in(treaty):
            if organization not in parties and f"organization/{organization}" in corpus.records:
                places.setdefault(organization, []).append(pointer)
        for organization, pointers in places.items():
            if not is_party(corpus, treaty, organization):
                more = f", yet named in {len(pointers)} places" if len(pointers) > 1 else ""
                message = f"{name_of(corpus, organization)} ('{organization}') is not a party to this treaty{more}"
                cure = nearest(organization, parties) or f"Name a party ({listed(parties)}), or add it under `parties:`."
                yield Finding(treaty, pointers[0], message, cure, rests_on=((treaty.ref, ("parties",)),))


def named_in(treaty: Record) -> Iterator[tuple[Pointer, str]]:
    """Every organization that an action or the entry-into-force rule names, with its place."""
    for index, action in enumerate(treaty.data.get("actions", [])):
        if action.get("party"):
            yield ("actions", index, "party"), action["party"]
        if action.get("against"):
            yield ("actions", index, "against"), action["against"]
        for key in ("parties", "between", "for"):
            for position, organization in enumerate(action.get(key, [])):
                yield ("actions", index, key, position), organization
    for position, organization in enumerate(treaty.data.get("entry_into_force", {}).get("named", [])):
        yield ("entry_into_force", "named", position), organization
