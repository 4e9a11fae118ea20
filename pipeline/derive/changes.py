"""What two states of the records are compared by, where it takes treaty law or a kind's name to say it.

Derived facts as comparable values in words; which entry of a list is the same act; which field
a derived fact already tells of. The comparison itself is made in pipeline/diff.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline import dates
from pipeline.derive.entries import anchor_of_provision
from pipeline.derive.expectations import OPEN
from pipeline.labels import in_brackets, label
from pipeline.model import Corpus, Record, citations

#: States that their own name does not say well in a sentence.
_STATE_WORDS = {
    "not-known": "not known whether in force",
    "awaiting-exchange": "awaiting the exchange of instruments",
    "awaiting-deposit": "awaiting deposit of the instruments",
    "awaiting-notification": "awaiting notification",
    "provisionally-applied": "applied provisionally",
    "none": "no act on record",
    "met-inexactly": "met, the day not exact",
}
_ADDITIONS = {"statement": "statement-added", "event": "event-added"}


@dataclass(frozen=True, slots=True)
class Told:
    """One derived fact, comparable between two states.

    `key` says which fact of the record it is, in references and words that do not depend on any
    order; `value` is what is compared; `subject`, `words` and `when` make the sentence. `gone` is
    said where the fact is there no more; where it is empty nothing is said. `is_history` says that
    its going is a loss. `of` are the records that must stand in both states for a change of it to
    be told; `within` is the key of the fact it belongs to, whose going tells of this one's.
    """

    group: str
    ref: str
    key: tuple[str, ...]
    value: str
    words: str
    subject: str = ""
    since: str = ""
    when: str = ""
    gone: str = ""
    is_history: bool = False
    anchor: str = ""
    sources: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


def facts_told(corpus: Corpus) -> dict[tuple[str, str, tuple[str, ...]], Told]:
    """Every derived fact that a comparison tells of, by group, record and key."""
    found: dict[tuple[str, str, tuple[str, ...]], Told] = {}
    for ref, page in corpus.facts.pages.items():
        kind = corpus.records[ref].kind if ref in corpus.records else ""
        if kind == "treaty":
            told: Iterable[Told] = (_status(ref, page), *_parties(corpus, ref, page), *_expectations(corpus, ref, page))
        elif kind == "event" and page.get("claim"):
            told = (_claim(ref, page["claim"]),)
        else:
            continue
        for fact in told:
            found.setdefault((fact.group, fact.ref, fact.key), fact)
    return found


def _status(ref: str, page: Mapping[str, Any]) -> Told:
    status = page["status"]
    return Told(
        "status", ref, (), status["value"], state_in_words(status["value"]), since=status["since"], when=_since(status["since"]),
        sources=_sources(status["because"]), of=(ref,),
    )


def _parties(corpus: Corpus, ref: str, page: Mapping[str, Any]) -> Iterator[Told]:
    for party in page["parties"]:
        name = label(corpus, party["ref"])
        yield Told(
            "party", ref, (party["ref"],), party["state"], state_in_words(party["state"]), subject=name, since=party["since"],
            when=_since(party["since"]), gone="no longer on record as a party", is_history=True,
            sources=_sources(party["because"]), of=(ref,),
        )
        for flag in party.get("flags", ()):
            words = state_in_words(str(flag))
            yield Told(
                "party", ref, (party["ref"], str(flag)), str(flag), words, subject=name, gone=f"no longer {words}",
                of=(ref,), within=(party["ref"],),
            )


def _expectations(corpus: Corpus, ref: str, page: Mapping[str, Any]) -> list[Told]:
    """Sorted, so that of two expectations that cannot be told apart the same one is taken whatever their order."""
    entries = sorted(page["expectations"], key=lambda entry: (entry["ref"], entry["window"], entry["state"]))
    return [_expectation(corpus, ref, entry) for entry in entries]


def _expectation(corpus: Corpus, ref: str, entry: Mapping[str, Any]) -> Told:
    of_party = f" {in_brackets(label(corpus, entry['party']))}" if entry["party"] else ""
    window = f" for {dates.in_words(entry['window'])}" if entry["window"] else ""
    settled = entry["state"] not in OPEN
    when = f", {dates.in_words(entry['since'])}" if settled and entry["since"] else _since(entry["since"])
    return Told(
        "expectation", ref, (entry["ref"], entry["party"], entry["step"], entry["act"]),
        entry["state"], state_in_words(entry["state"]),
        subject=f"{entry['subject']}{of_party}, expected by {label(corpus, entry['speaker'])}{window}",
        since=entry["since"], when=when, anchor=entry["anchor"],
        sources=source_ids(corpus.records[entry["ref"]].data.get("sources")) if entry["ref"] in corpus.records else (),
        # What is newly expected is told with the statement it stands in, unless it has turned out already.
        of=(ref,) if settled else (ref, entry["ref"]),
    )


def _claim(ref: str, claim: Mapping[str, Any]) -> Told:
    """Compared by its state and the sides it rests on, not by their names."""
    sides = {entry["ref"]: (name, entry["side"]) for name in ("denied_by", "confirmed_by") for entry in claim[name]}
    decisive = sorted({sides.get(reason["ref"], ("", "")) for reason in claim["because"]}) if claim["detail"] else []
    detail = f" {in_brackets(claim['detail'])}" if claim["detail"] else ""
    return Told(
        "claim", ref, (), repr((claim["state"], decisive)), f"{state_in_words(claim['state'])}{detail}",
        since=claim["since"], when=_since(claim["since"]), gone="no longer recorded as a claim",
        sources=_sources(claim["because"]), of=(ref,),
    )


def state_in_words(state: str) -> str:
    """A state's word as a sentence prints it."""
    return _STATE_WORDS.get(state, state.replace("-", " "))


def _since(text: str) -> str:
    return f", since {dates.since_in_words(text)}" if text else ""


def _sources(because: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(source for reason in because for source in source_ids(reason.get("sources"))))


def source_ids(sources: Any) -> tuple[str, ...]:
    """The ids of the sources that a list cites, each once, in its order."""
    return tuple(dict.fromkeys(str(citation["source"]) for citation in cited(sources)))


def cited(entries: Any) -> list[dict[str, Any]]:
    """The citations of a list; a kind of its own may call other things `sources`, which are none."""
    listed = entries if isinstance(entries, (list, tuple)) else ()
    return citations([entry for entry in listed if isinstance(entry, str) or (isinstance(entry, dict) and "source" in entry)])


# Acts


def is_act(record: Record, field: str) -> bool:
    """Whether the entries of a field are acts."""
    return record.kind == "treaty" and field == "actions"


def act_keys(entry: Mapping[str, Any]) -> tuple[str, str]:
    """By what an act is known again: what, whose and in which event or on which day; failing that, what and whose."""
    parties = entry.get("parties")
    named = sorted(map(str, parties)) if isinstance(parties, list) else parties
    what = repr((entry.get("act"), entry.get("step"), entry.get("party"), named))
    return f"{what} {entry.get('event') or entry.get('date')}", what


def is_done(entry: Mapping[str, Any]) -> bool:
    """Whether an act has a day of its own or an event; otherwise it is only scheduled."""
    return bool(entry.get("event") or entry.get("date"))


def act_fact(corpus: Corpus, ref: str, index: int) -> dict[str, Any]:
    """The act at an index of the record's list: {name, words, since, anchor, sources}."""
    act = next((act for act in corpus.facts.pages[ref]["acts"] if act["index"] == index), None)
    if act is None:
        return {"name": "action", "words": "an action", "since": "", "anchor": "", "sources": ()}
    of_party = f" {in_brackets(label(corpus, act['party']))}" if act["step"] and act["party"] else ""
    name = f"{act['label']}{of_party}"
    scheduled = str((act.get("scheduled") or {}).get("date", ""))
    when = f", scheduled for {dates.in_words(scheduled)}" if scheduled else ""
    when = f", {dates.in_words(act['date'])}" if act["date"] else when
    return {
        "name": name,
        "words": f"{name}{when}",
        "since": act["date"] or scheduled,
        "anchor": act["anchor"],
        "sources": source_ids(act["sources"] or (act.get("scheduled") or {}).get("sources")),
    }


# Records


def addition(record: Record) -> str:
    """The kind of change that a new record of its kind is."""
    return _ADDITIONS.get(record.kind, "record-added")


def told_of(record: Record, field: str, entry: Any, *, removed: bool) -> str:
    """The record whose derived facts tell of an entry that was added to a field or removed from it; empty where none do."""
    if (record.kind, field) in (("treaty", "parties"), ("event", "claimed")):
        return record.ref
    if (record.kind, field) == ("statement", "expects") and not removed:
        return f"treaty/{entry.get('treaty')}" if isinstance(entry, Mapping) else ""
    return ""


def anchor_of(record: Record, field: str, entry: Mapping[str, Any]) -> str:
    """Where an entry of a field stands on the record's page; empty where it has no place of its own."""
    if record.kind == "treaty" and field == "provisions":
        return anchor_of_provision(entry)
    return ""
