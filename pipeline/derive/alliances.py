"""Who is bound to whom by a defence clause, how long treaties were in force, and which replaced which.

Plain JSON for the pictures: each of them is drawn from these values, and printed as text from the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline import dates
from pipeline.derive.acts import continued_by
from pipeline.derive.reservations import not_between
from pipeline.derive.treaty import Standing
from pipeline.labels import label
from pipeline.model import Corpus, Record, View

#: No page grows with the corpus: of the treaties in force the latest, of the treaties between two the first.
_MOST_ROWS = 50
_MOST_EDGES = 40
_MOST_GROUPS = 10

#: What obliges a party to help. A duty to consult, or not to help an aggressor, binds nobody to defend.
_NOT_BINDING = frozenset(("consult", "must-not-assist-aggressor", "must-not-attack", "unknown"))

#: The relation by which a later treaty takes the place of an earlier one, and what else leads from one to the other.
_CHAINED = ("supersedes", "amends", "extends", "follows")


def pictures(corpus: Corpus, standings: Mapping[str, Standing], view: View) -> dict[str, Any]:
    """The facts of the pages of pictures: the timeline, how many states are bound, and the network on its own.

    In a plain build that is the end of the year, so that the page does not change every midnight.
    """
    shown = view.as_of.isoformat() if view.explicit else ""
    bound = network(corpus, standings)
    return {
        "timeline": timeline(corpus, standings),
        "bound": len(bound["nodes"]),
        "today": drawn_up_to(view),
        "shown": shown,
        "parts": {"network": {"title": "Who is bound to whom", "network": bound, "shown": shown}} if bound["nodes"] else {},
    }


def drawn_up_to(view: View) -> str:
    """The right edge of a picture: the day a reader asked for, else the end of its year."""
    return view.as_of.isoformat() if view.explicit else f"{view.as_of.year:04}-12-31"


def has_defence_obligation(treaty: Record) -> bool:
    """Whether a provision obliges a party to come to another's defence."""
    return any(
        entry["kind"] == "defence" and entry["strength"] not in _NOT_BINDING
        for provision in treaty.data.get("provisions", [])
        for entry in provision.get("obligations", [])
    )


def network(corpus: Corpus, standings: Mapping[str, Standing]) -> dict[str, Any]:
    """The states bound by a defence clause in force: {nodes, edges, groups, suspended, not_between, left_out}.

    A treaty of two is an edge, one of more is a group of its members. `suspended` lists the
    states between which a group's treaty does not operate, `not_between` those between which an
    objection to a reservation keeps it out of force.
    """
    pairs: dict[tuple[str, str], list[dict[str, str]]] = {}
    groups, suspended, apart = [], [], []
    states: set[str] = set()
    for ref, standing in sorted(standings.items()):
        if standing.status != "in-force" or not has_defence_obligation(corpus.records[ref]):
            continue
        bound = [state.party for state in standing.parties if state.state == "bound"]
        members = sorted(f"organization/{continued_by(corpus, party, without_an_act=True)[-1]}" for party in bound)
        named = {"ref": ref, "label": label(corpus, ref)}
        states.update(members)
        if len(members) == 2:
            pairs.setdefault((members[0], members[1]), []).append(named)
        elif len(members) > 2:
            groups.append({**named, "members": members})
            suspended += [{**row, "treaty": ref} for row in _suspensions(standing)]
            pairs_apart = [pair for pair in not_between(standing.acts, standing.day) if set(pair) <= set(bound)]
            apart += [{"treaty": ref, "between": [f"organization/{party}" for party in pair]} for pair in pairs_apart]
    nodes = [{"ref": ref, "label": label(corpus, ref)} for ref in sorted(states)]
    edges = [{"a": a, "b": b, "treaties": treaties} for (a, b), treaties in sorted(pairs.items())]
    return {
        "nodes": nodes,
        "edges": edges[:_MOST_EDGES],
        "groups": groups[:_MOST_GROUPS],
        "suspended": suspended[:_MOST_GROUPS],
        "not_between": apart[:_MOST_GROUPS],
        "left_out": max(0, len(edges) - _MOST_EDGES) + max(0, len(groups) - _MOST_GROUPS),
    }


def _suspensions(standing: Standing) -> list[dict[str, Any]]:
    """Between whom a treaty is suspended: {state, others}, the state with the most others first, each pair once."""
    waiting = {state.party: list(state.suspended_with) for state in standing.parties if state.suspended_with}
    found = []
    while any(waiting.values()):
        state = min(waiting, key=lambda party: (-len(waiting[party]), party))
        others = waiting.pop(state)
        found.append({"state": f"organization/{state}", "others": [f"organization/{other}" for other in others]})
        waiting = {party: [other for other in rest if other != state] for party, rest in waiting.items()}
    return found


def timeline(corpus: Corpus, standings: Mapping[str, Standing]) -> dict[str, Any]:
    """Every treaty that was or is in force, from when until when: {rows, count, left_out, left_out_count}.

    A row is {ref, label, start, end, status, ended}: `start` and `end` are the first and the last
    day they may be, `end` None for what goes on. `left_out` are those of which no day is known.
    """
    rows, left_out = [], []
    for ref, standing in standings.items():
        start = dates.parse(standing.force.since) if standing.force.state == "in-force" else None
        if start is None:
            left_out.append(ref)
            continue
        end = dates.parse(standing.end.since) if standing.end else None
        rows.append(
            {
                "ref": ref,
                "label": label(corpus, ref),
                "start": [day.isoformat() for day in start.start],
                "end": [day.isoformat() for day in end.start] if end else None,
                "status": standing.status,
                "ended": end is not None,
            }
        )
    rows.sort(key=lambda row: (row["start"], row["ref"]))
    return {
        "rows": rows[-_MOST_ROWS:],
        "count": len(rows),
        "left_out": sorted(left_out)[:_MOST_ROWS],
        "left_out_count": len(left_out),
    }


def chains(corpus: Corpus, standings: Mapping[str, Standing]) -> dict[str, list[dict[str, Any]]]:
    """For each treaty that replaced or was replaced by another, the whole chain it belongs to, earliest first.

    A step is {ref, label, from, to, status, how}: how it gave way to the next one.
    """
    later: dict[str, list[tuple[str, str]]] = {}
    linked: dict[str, set[str]] = {}
    for ref in standings:
        for relation in corpus.records[ref].data.get("relations", []):
            earlier = f"treaty/{relation['treaty']}"
            if relation["type"] in _CHAINED and earlier in standings and earlier != ref:
                later.setdefault(earlier, []).append((ref, relation["type"]))
                linked.setdefault(earlier, set()).add(ref)
                linked.setdefault(ref, set()).add(earlier)
    out = {}
    for ref in linked:
        together = sorted(_reached(ref, linked), key=lambda other: (_signed_or_since(standings[other]), other))
        out[ref] = [_step(corpus, other, standings[other], later.get(other, [])) for other in together]
    return out


def _reached(ref: str, linked: Mapping[str, set[str]]) -> set[str]:
    found, waiting = set(), [ref]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting += linked[current]
    return found


def _signed_or_since(standing: Standing) -> str:
    days = [act.day.isoformat() for act in standing.acts if act.span and act.act == "signature"]
    return min(days, default=standing.since)


def _step(corpus: Corpus, ref: str, standing: Standing, later: list[tuple[str, str]]) -> dict[str, Any]:
    how = {"supersedes": "superseded", "amends": "amended", "extends": "extended"}.get(later[0][1], "") if later else ""
    return {
        "ref": ref,
        "label": label(corpus, ref),
        "from": standing.force.since if standing.force.state == "in-force" else "",
        "to": standing.end.since if standing.end else "",
        "status": standing.status,
        "how": how or ("ended" if standing.end else ""),
    }
