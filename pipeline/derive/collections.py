"""Facts over the whole collection, by the name of the page that shows them: plain JSON values.

A list that grows with the corpus is split: its first entries stand in the fact itself, the others
in `parts`, each of which becomes a page of its own, so that no page grows with the corpus.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from pipeline import dates
from pipeline.derive.acts import Act
from pipeline.derive.entries import anchor_of_provision
from pipeline.derive.expectations import OPEN
from pipeline.derive.pages import expectation_fact, refs_by_date, signed_on, where_it_stands
from pipeline.derive.treaty import Standing
from pipeline.labels import label, place_in_words
from pipeline.model import Corpus, Kind, Record, View, values_at

#: The home page does not grow with the corpus.
_HOME_LENGTH = 12

#: Lines on one page of a collection; a row of the comparison is many times a change's length.
_LENGTHS = {"compare": 27, "expected": 60, "disputed": 50, "parties": 170, "changes": 150, "as-of": 40}

#: No entry grows with the corpus either: of what belongs to it, so many are shown beside the full count.
_MOST = 12

#: Obligations from the strongest to the weakest: what the comparison shows of a treaty is its first one.
_OBLIGATIONS = ("defence", "offence", "neutrality", "non-aggression", "consultation")
_STRENGTHS = (
    "must-assist",
    "must-defend-own-territory",
    "assist-as-deemed-necessary",
    "act-by-constitutional-process",
    "after-joint-finding",
    "must-not-assist-aggressor",
    "must-not-attack",
    "consult",
    "unknown",
)
#: Changes told one by one, and those that are counted: records of other kinds that are new.
_TOLD = ("status-changed", "party-changed", "act-recorded", "expectation-changed", "claim-changed")
_COUNTED = ("event-added", "statement-added", "record-added")

_OPEN_FIRST = {"overdue": 0, "due": 1, "pending": 2}


def site_facts(
    corpus: Corpus, standings: Mapping[str, Standing], claims: Mapping[str, dict[str, Any]], view: View
) -> dict[str, Any]:
    """The home page's collections under `home`, and those of the pages over the whole collection, each under the page's name."""
    expectations = [
        expectation_fact(corpus, corpus.records[ref], entry)
        for ref, standing in standings.items()
        for entry in standing.expectations
    ]
    disputed = sorted((ref for ref in claims if claims[ref]["state"] == "disputed"), key=lambda ref: (claims[ref]["since"], ref))
    facts = {"home": _home(corpus, standings, claims, expectations, disputed)}
    if standings:
        facts["compare"] = compare(corpus, standings, view)
        facts["parties"] = parties(corpus, standings)
        facts["expected"] = expected(expectations)
        facts["as-of"] = {"as_of": view.as_of.isoformat(), "known_by": view.known_by.isoformat(), "days": []}
    contested = _contested(corpus, standings)
    if standings or claims or contested:
        facts["disputed"] = _disputed(corpus, claims, disputed, contested)
    return facts


def in_parts(name: str, entries: list[Any], shared: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A list as a page and the parts that follow it: {entries, number, total, count, parts}. All have what is shared."""
    chunks = _chunks(entries, _LENGTHS[name])
    pages = [
        {**(shared or {}), "entries": chunk, "number": number, "total": len(chunks), "count": len(entries)}
        for number, chunk in enumerate(chunks, start=1)
    ]
    return {**pages[0], "parts": {f"page-{page['number']}": page for page in pages[1:]}}


def _chunks(entries: list[Any], length: int) -> list[list[Any]]:
    """Entries cut where a page is full. An entry of several lines fills as many places, one too long a page of its own."""
    chunks: list[list[Any]] = [[]]
    filled = 0
    for entry in entries:
        lines = _lines(entry)
        if chunks[-1] and filled + lines > length:
            chunks.append([])
            filled = 0
        chunks[-1].append(entry)
        filled += lines
    return chunks


def _lines(entry: Any) -> int:
    """The lines that an entry takes: one, one more for each treaty of a party, and one for each value that a source gives."""
    if not isinstance(entry, dict):
        return 1
    values = entry.get("contested", {}).get("values", [])
    return 1 + len(entry.get("treaties", ())) + sum(1 + len(value["others"]) for value in values)


# The home page


def _home(
    corpus: Corpus,
    standings: Mapping[str, Standing],
    claims: Mapping[str, dict[str, Any]],
    expectations: list[dict[str, Any]],
    disputed: list[str],
) -> dict[str, Any]:
    """Treaties by their latest change, what is expected next, what expectations came to, what is disputed, the latest records."""
    waiting = sorted((e for e in expectations if e["state"] in OPEN), key=lambda e: (_window_end(e), e["ref"]))
    settled = sorted((e for e in expectations if e["state"] not in OPEN), key=lambda e: (_day(e["since"]), e["ref"]))
    latest = sorted(standings, key=lambda ref: (-_day(standings[ref].since or signed_on(standings[ref])), ref))
    return {
        "treaties": [
            {"ref": ref, "status": standings[ref].status, "since": standings[ref].since} for ref in latest[:_HOME_LENGTH]
        ],
        "treaty_count": len(standings),
        "in_force": sum(standing.status == "in-force" for standing in standings.values()),
        "complete": sum(corpus.records[ref].data.get("acts_on_record") == "complete" for ref in standings),
        "expected": waiting[:_HOME_LENGTH],
        "expected_count": len(waiting),
        "turned_out": settled[-_HOME_LENGTH // 2 :],
        "disputed": [
            {"ref": ref, **{key: claims[ref][key] for key in ("detail", "asserted_by", "denied_by")}}
            for ref in disputed[-_HOME_LENGTH // 2 :]
        ],
        "disputed_count": len(disputed),
        "other_claims": sorted(set(claims) - set(disputed))[-_HOME_LENGTH // 2 :],
        "recent_events": _latest(corpus, "event"),
        "recent_statements": _latest(corpus, "statement"),
    }


def _latest(corpus: Corpus, kind: str) -> list[str]:
    return refs_by_date([record for record in corpus.records.values() if record.kind == kind])[-_HOME_LENGTH // 2 :][::-1]


def _window_end(entry: Mapping[str, Any]) -> int:
    span = dates.parse(entry["window"])
    return span.latest.toordinal() if span else date.max.toordinal()


def _day(text: str) -> int:
    span = dates.parse(text)
    return span.start[1].toordinal() if span else 0


# The comparison


def compare(corpus: Corpus, standings: Mapping[str, Standing], view: View) -> dict[str, Any]:
    """One row a treaty, strongest obligation first; in a view of a day only what was in force, the others by status."""
    rows, others = [], []
    for ref, standing in standings.items():
        row = _compared(corpus.records[ref], standing)
        is_shown = row["in_force"] or (row["obligation"] and not view.explicit)
        (rows if is_shown else others).append(row)
    rows.sort(key=lambda row: (_strength_rank(row["obligation"]), not row["in_force"], -_day(row["since"]), row["ref"]))
    others.sort(key=lambda row: (row["status"], -_day(row["since"]), row["ref"]))
    listed = [{key: row[key] for key in ("ref", "status", "since")} for row in others[: 4 * _MOST]]
    shared = {
        "in_force": sum(row["in_force"] for row in rows),
        "others": listed,
        "other_count": len(others),
        "only_in_force": view.explicit,
    }
    return in_parts("compare", rows, shared)


def _compared(treaty: Record, standing: Standing) -> dict[str, Any]:
    coded = sorted(_coded(treaty), key=_strength_rank)
    consultation = next((entry for entry in coded if entry["kind"] == "consultation"), None)
    names = [f"organization/{state.party}" for state in standing.parties]
    duration = {key: value for key, value in treaty.data.get("duration", {}).items() if key != "note"}
    duration["sources"] = list(duration.get("sources", []))[:2]
    return {
        "ref": treaty.ref,
        "status": standing.status,
        "since": standing.since,
        "in_force": standing.status == "in-force",
        "parties": names if len(names) <= 3 else [],
        "party_count": len(names),
        "obligation": coded[0] if coded else None,
        "further": [
            {key: entry[key] for key in ("kind", "strength", "anchor", "article")}
            for entry in coded[1:_MOST]
            if entry is not consultation
        ],
        "consultation": consultation,
        "duration": duration if "kind" in duration else None,
    }


def _coded(treaty: Record) -> Iterator[dict[str, Any]]:
    """The coded obligations, each with its provision's place on the treaty's page."""
    for provision in treaty.data.get("provisions", []):
        article = str(provision.get("article", ""))
        for entry in provision.get("obligations", []):
            yield {
                **entry,
                "article": article,
                "heading": provision["heading"],
                "anchor": anchor_of_provision(provision),
                "sources": list(entry.get("sources") or provision.get("sources", []))[:2],
            }


def _strength_rank(entry: Mapping[str, Any] | None) -> tuple[int, int]:
    if entry is None:
        return (len(_OBLIGATIONS), 0)
    return (_place(_OBLIGATIONS, entry["kind"]), _place(_STRENGTHS, entry["strength"]))


def _place(words: tuple[str, ...], word: str) -> int:
    return words.index(word) if word in words else len(words)


# Expected


def expected(expectations: list[dict[str, Any]]) -> dict[str, Any]:
    """What is open, overdue first, each by the end of its window; then what is settled, newest first."""
    waiting = [entry for entry in expectations if entry["state"] in OPEN]
    settled = [entry for entry in expectations if entry["state"] not in OPEN]
    waiting.sort(key=lambda entry: (_OPEN_FIRST[entry["state"]], _window_end(entry), entry["ref"], entry["treaty"]))
    settled.sort(key=lambda entry: (-_day(entry["since"]), entry["ref"], entry["treaty"]))
    counts = {state: sum(entry["state"] == state for entry in waiting) for state in _OPEN_FIRST}
    return in_parts("expected", waiting + settled, {"open": counts, "settled_count": len(settled)})


# Disputed


def _disputed(
    corpus: Corpus, claims: Mapping[str, dict[str, Any]], disputed: Iterable[str], contested: list[dict[str, Any]]
) -> dict[str, Any]:
    """Disputed claims, latest first, then contested values by record, each with all its sides."""
    found = [{"claim": {"ref": ref, **_sides(corpus, claims[ref])}} for ref in disputed][::-1]
    shared = {"claims": len(found), "contested": sum(len(entry["values"]) for entry in contested)}
    return in_parts("disputed", [*found, *({"contested": entry} for entry in contested)], shared)


def _sides(corpus: Corpus, claim: Mapping[str, Any]) -> dict[str, Any]:
    out = {key: claim[key] for key in ("since", "detail")}
    for key in ("asserted_by", "confirmed_by", "denied_by"):
        latest = claim[key][-_MOST:]
        out[key] = [{"ref": entry["ref"], "speaker": corpus.records[entry["ref"]].data["speaker"]} for entry in latest]
        out[f"{key}_count"] = len(claim[key])
    return out


def _contested(corpus: Corpus, standings: Mapping[str, Standing]) -> list[dict[str, Any]]:
    """Every record with contested values: {ref, values}, by kind and label."""
    places = {name: places_of_contests(kind) for name, kind in corpus.kinds.items()}
    found = []
    for ref, record in corpus.records.items():
        acts = standings[ref].acts if ref in standings else ()
        values = [
            value
            for place in places[record.kind]
            for pointer, holder in values_at(record.data, place)
            if isinstance(holder, dict) and holder.get("contested")
            for value in _values(corpus, record, pointer, holder, {("actions", act.index): act for act in acts})
        ]
        if values:
            found.append({"ref": ref, "values": values[: 2 * _MOST], "count": len(values)})
    return sorted(found, key=lambda entry: (corpus.kinds[corpus.records[entry["ref"]].kind].order, label(corpus, entry["ref"])))


def places_of_contests(kind: Kind) -> list[tuple[str, ...]]:
    """Where a kind's records may hold contested values: each of these cites sources, so the references lead there."""
    patterns = [reference.pattern for reference in kind.references if "contested" in reference.pattern]
    return sorted({pattern[: pattern.index("contested")] for pattern in patterns})


def _values(
    corpus: Corpus, record: Record, pointer: tuple[str | int, ...], holder: Mapping[str, Any], acts: Mapping[Any, Act]
) -> list[dict[str, Any]]:
    """The contested values of one place: {place, anchor, field, chosen, sources, others}, one for each field."""
    act = acts.get(pointer)
    fields: dict[str, list[Any]] = {}
    for entry in holder["contested"]:
        other = {"value": entry["value"], "note": entry.get("note", ""), "sources": list(entry.get("sources", []))[:_MOST]}
        fields.setdefault(entry["field"], []).append(other)
    sources = act.sources if act else holder.get("sources") or record.data.get("sources", [])
    return [
        {
            "place": act.label if act else place_in_words(corpus, record, pointer),
            "anchor": act.anchor if act else "" if pointer else "part-contested",
            "field": field,
            "chosen": _chosen(record, holder, act, field),
            "sources": list(sources)[:_MOST],
            "others": others,
        }
        for field, others in fields.items()
    ]


def _chosen(record: Record, holder: Mapping[str, Any], act: Act | None, field: str) -> str:
    """The value that the record keeps, where the field is a path to a plain one; an act has its day from its event."""
    if act is not None and field in ("date", "place"):
        return act.date if field == "date" else act.place
    found = values_at(holder, tuple(field.split("."))) or values_at(record.data, tuple(field.split(".")))
    return str(found[0][1]) if found and isinstance(found[0][1], (str, int)) else ""


# Parties


def parties(corpus: Corpus, standings: Mapping[str, Standing]) -> dict[str, Any]:
    """Every party by name, with its treaties, latest first, and where it stands in each."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for ref, standing in standings.items():
        treaty = {"ref": ref, "status": standing.status, "status_since": standing.since, "ended": standing.end is not None}
        for state in standing.parties:
            own = {**treaty, **where_it_stands(state)}
            rows.setdefault(f"organization/{state.party}", []).append(own)
    entries = []
    for ref, treaties in sorted(rows.items(), key=lambda pair: (label(corpus, pair[0]).casefold(), pair[0])):
        treaties.sort(key=lambda row: (-_day(row["since"] or row["status_since"]), row["ref"]))
        entries.append({"ref": ref, "treaties": treaties[: 3 * _MOST], "count": len(treaties)})
    return in_parts("parties", entries, {"treaty_count": len(standings)})


# Days and what changed between them


def readers_changes(changes: list[dict[str, Any]]) -> dict[str, Any]:
    """Of all changes those that tell where treaties, expectations and claims stand; of the rest, how many of each kind."""
    told, others = [], dict.fromkeys(_COUNTED, 0)
    for change in changes:
        is_new_treaty = change["kind"] == "record-added" and change["ref"].startswith("treaty/")
        if change["kind"] in _TOLD or is_new_treaty:
            told.append(change)
        elif change["kind"] in others:
            others[change["kind"]] += 1
    return {"told": told, "others": others}


def day_extract(then: Corpus, changes: list[dict[str, Any]]) -> dict[str, Any]:
    """What a page of a day shows, from the corpus as that day's reader knew it. Small: the corpus need not be kept."""
    view, site = then.facts.view, then.facts.site
    assert view is not None
    refs = [record.ref for record in then.records.values() if record.kind == "treaty"]
    treaties = [_treaty_then(ref, then.facts.pages[ref]) for ref in refs]
    treaties.sort(key=lambda row: (-_day(row["since"]), row["ref"]))
    waiting = [entry for entry in site.get("expected", {}).get("entries", ()) if entry["state"] in OPEN]
    claims = [entry["claim"] for entry in site.get("disputed", {}).get("entries", ()) if "claim" in entry]
    return {
        "day": view.as_of.isoformat(),
        "known_by": view.known_by.isoformat(),
        "treaties": treaties,
        "in_force": sum(row["status"] == "in-force" for row in treaties),
        "expected": waiting[: 2 * _MOST],
        "disputed": [{key: claim[key] for key in ("ref", "since", "detail")} for claim in claims[:_MOST]],
        "changed": readers_changes(changes),
    }


def _treaty_then(ref: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    everyone = facts["parties"]
    waiting = {entry["ref"]: entry for entry in facts["next"]}
    counts: dict[str, int] = {}
    for party in everyone:
        counts[party["state"]] = counts.get(party["state"], 0) + 1
    few = [
        {
            **{key: party[key] for key in ("ref", "state", "since", "flags", "exit", "leaving_on", "suspended_with")},
            "next": waiting.get(party["ref"]),
            "scheduled": party["next"]["date"] if party["next"] and party["next"]["state"] == "scheduled" else "",
        }
        for party in everyone
    ]
    return {
        "ref": ref,
        "status": facts["status"]["value"],
        "since": facts["status"]["since"],
        "ended": facts["end"] is not None,
        "parties": few if len(few) <= 4 else [],
        "counts": counts,
        "party_count": len(everyone),
    }


def with_days(shown: Corpus, extracts: list[dict[str, Any]], since: list[dict[str, Any]]) -> Corpus:
    """The corpus with the pages of chosen days, earliest first; `since` is what changed after the last of them.

    Each day becomes a part of the fact `as-of`, each treaty's page learns how it stood on them, and the fact
    `changes` holds what changed from each to the next.
    """
    if "as-of" not in shown.facts.site:
        return shown
    parts: dict[str, dict[str, Any]] = {}
    stood: dict[str, list[dict[str, str]]] = {}
    for before, extract in zip([None, *extracts], extracts, strict=False):
        for part, page in _pages_of_day(extract, before["day"] if before else ""):
            parts[part] = page
            for row in page["entries"]:
                here = {"day": extract["day"], "part": part, "status": row["status"], "since": row["since"]}
                stood.setdefault(row["ref"], []).append(here)
    pages = dict(shown.facts.pages)
    pages |= {ref: {**pages[ref], "stood": rows[-_MOST:]} for ref, rows in stood.items() if ref in pages}
    days = [_day_in_brief(extract) for extract in reversed(extracts)]
    site = {**shown.facts.site, "as-of": {**shown.facts.site["as-of"], "days": days, "parts": parts}}
    site["changes"] = _changes(extracts, readers_changes(since), shown.facts.site["as-of"]["as_of"])
    return replace(shown, facts=replace(shown.facts, pages=pages, site=site))


def _day_in_brief(extract: Mapping[str, Any]) -> dict[str, Any]:
    counts = {"treaties": len(extract["treaties"]), "changes": len(extract["changed"]["told"])}
    return {"day": extract["day"], "in_force": extract["in_force"], **counts}


def _pages_of_day(extract: Mapping[str, Any], before: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The pages of one day by name: the day itself, and where there are very many treaties, more of them."""
    day = extract["day"]
    shared = {
        "title": f"As it stood on {dates.in_words(day)}",
        "view": {"as_of": day, "known_by": extract["known_by"]},
        "day": day,
        "before": before,
        "in_force": extract["in_force"],
    }
    first = in_parts("as-of", extract["treaties"], shared)
    rest = first.pop("parts")
    told = extract["changed"]["told"]
    changes = {"changes": told[: 5 * _MOST], "change_count": len(told), "others": extract["changed"]["others"]}
    yield day, {**first, **changes, "expected": extract["expected"], "disputed": extract["disputed"]}
    for name, page in rest.items():
        yield f"{day}-{name}", {**page, "changes": [], "change_count": 0, "others": {}, "expected": [], "disputed": []}


def _changes(extracts: list[dict[str, Any]], since: dict[str, Any], today: str) -> dict[str, Any]:
    """What changed between each two days, and since the last one, newest first."""
    spans = [(before["day"], after["day"], after["changed"]) for before, after in zip(extracts, extracts[1:], strict=False)]
    if today != extracts[-1]["day"]:
        spans.append((extracts[-1]["day"], today, since))
    spans.reverse()
    entries = [{"from": start, "to": end, "change": change} for start, end, changed in spans for change in changed["told"]]
    listed = [{"from": a, "to": b, "count": len(changed["told"]), "others": changed["others"]} for a, b, changed in spans]
    return in_parts("changes", entries, {"spans": listed})
