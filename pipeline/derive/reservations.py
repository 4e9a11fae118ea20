"""Reservations and declarations, the objections to them, and their withdrawal.

Articles are those of the Vienna Convention on the Law of Treaties (1969): a reservation is made
when a state consents (19); another party may object (20), and may say that the treaty shall not
be in force between the two (20, paragraph 4, b; 21, paragraph 3); both may be withdrawn (22).
None of this changes the state of a party.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from pipeline.derive.acts import Act

_MADE = ("reservation", "declaration")


def derive_reservations(acts: Iterable[Act], day: date) -> list[dict[str, Any]]:
    """Every reservation and declaration by the end of a day, with the objections to it, as pages show them."""
    done = [act for act in acts if act.done_by(day)]
    return [_reservation(party, act, done) for act in done if act.act in _MADE for party in act.parties]


def not_between(acts: Iterable[Act], day: date) -> list[tuple[str, str]]:
    """The pairs of states between which the treaty is not in force, because one opposed it when it objected (21, paragraph 3).

    Each pair once, and both the pairs and the two ids in a pair in the order of the alphabet.
    """
    done = [act for act in acts if act.done_by(day)]
    pairs: set[tuple[str, str]] = set()
    for act in done:
        if act.act == "objection" and act.data.get("opposes_entry_into_force") and act.data.get("against"):
            for party in act.parties:
                against = act.data["against"]
                if _withdrawn(done, "objection", party, act) or not _stands(done, against):
                    continue
                pairs.add((min(party, against), max(party, against)))
    return sorted(pairs)


def _stands(done: list[Act], party: str) -> bool:
    """Whether a reservation of a party stands: made, and the last one not withdrawn."""
    own = [act for act in done if act.act in ("reservation", "withdrawal-of-reservation") and party in act.parties]
    return bool(own) and own[-1].act == "reservation"


def _reservation(party: str, act: Act, done: list[Act]) -> dict[str, Any]:
    withdrawn = _withdrawn(done, act.act, party, act)
    objections = [
        {
            "ref": f"organization/{other}",
            "date": objection.date,
            "anchor": objection.anchor,
            "opposes": bool(objection.data.get("opposes_entry_into_force")),
            "withdrawn": _withdrawn(done, "objection", other, objection),
        }
        for objection in done
        if objection.act == "objection" and objection.data.get("against") == party and objection.day >= act.day
        for other in objection.parties
    ]
    return {
        "ref": f"organization/{party}",
        "act": act.act,
        "date": act.date,
        "anchor": act.anchor,
        "note": act.data.get("note", ""),
        "withdrawn": withdrawn,
        "objections": objections if act.act == "reservation" else [],
        "sources": list(act.sources),
    }


def _withdrawn(done: list[Act], name: str, party: str, act: Act) -> str:
    """The day on which a party withdrew what it had made, or nothing."""
    later = [other for other in done if other.act == f"withdrawal-of-{name}" and party in other.parties and other.day >= act.day]
    against = act.data.get("against")
    return next((other.date for other in later if not against or other.data.get("against", against) == against), "")
