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

#: What is listed, with the objections to it.
MADE = ("reservation", "declaration")


def derive_reservations(acts: Iterable[Act], day: date) -> list[dict[str, Any]]:
    """Every reservation and declaration by the end of a day, with the objections to it, as pages show them."""
    done = [act for act in acts if act.done_by(day)]
    return [_reservation(party, act, done) for act in done if act.act in MADE for party in act.parties]


def not_between(acts: Iterable[Act], day: date) -> dict[tuple[str, str], list[Act]]:
    """The pairs of states between which the treaty is not in force, because one opposed it when it objected (21, paragraph 3).

    Each with what that rests on: the objections that stand, and the reservations that they answer.
    """
    done = [act for act in acts if act.done_by(day)]
    pairs: dict[tuple[str, str], list[Act]] = {}
    for act in done:
        against = str(act.data.get("against", ""))
        if act.act != "objection" or not act.data.get("opposes_entry_into_force") or not against:
            continue
        answered = _standing_reservations(done, against, act)
        for party in act.parties if answered else ():
            if not _withdrawn(done, "objection", party, act):
                rests_on = pairs.setdefault((min(party, against), max(party, against)), [])
                rests_on += [other for other in (act, *answered) if other not in rests_on]
    return dict(sorted(pairs.items()))


def _standing_reservations(done: list[Act], party: str, objection: Act) -> list[Act]:
    """The reservations of a party that an objection answers: made by then, and not withdrawn."""
    own = [act for act in done if act.act == "reservation" and party in act.parties and act.day <= objection.day]
    return [act for act in own if not _withdrawn(done, act.act, party, act)]


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
