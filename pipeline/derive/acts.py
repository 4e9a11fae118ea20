"""Acts: what was done about a treaty, each with its day, place, people and sources in one value.

A date lives once: an action with `event` takes day, place and sources from the event.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline import dates
from pipeline.dates import Span
from pipeline.labels import in_brackets, label
from pipeline.model import Corpus, Record

#: In the words of a page.
ACT_WORDS = {
    "announcement": "Announced",
    "adoption": "Text adopted",
    "initialling": "Initialled",
    "signature": "Signed",
    "exchange-of-instruments": "Instruments of ratification exchanged",
    "deposit": "Instrument deposited",
    "notification": "Notification given",
    "ratification": "Ratified",
    "acceptance": "Accepted",
    "approval": "Approved",
    "accession": "Acceded",
    "succession": "Succeeded",
    "reservation": "Reservation made",
    "withdrawal-of-reservation": "Reservation withdrawn",
    "declaration": "Declaration made",
    "objection": "Objection made",
    "withdrawal-of-objection": "Objection withdrawn",
    "provisional-application": "Applied provisionally",
    "end-of-provisional-application": "Provisional application ended",
    "suspension": "Suspended",
    "resumption": "Resumed",
    "notice-of-withdrawal": "Notice of withdrawal given",
    "revocation-of-notice": "Notice of withdrawal taken back",
    "withdrawal": "Withdrew",
    "termination": "Ended",
    "extension": "Extended",
    "entry-into-force": "Reported to enter into force",
}

#: Acts by which a party consents to be bound (Vienna Convention on the Law of Treaties, articles 11 to 16).
CONSENT_ACTS = frozenset(
    "exchange-of-instruments deposit notification ratification acceptance approval accession succession".split()
)

#: A state's own decision: it binds towards the others only with the exchange, deposit or notification of it (article 16).
APPROVAL_ACTS = frozenset(("ratification", "acceptance", "approval"))


_NAMES_IN_A_LABEL = 4

#: Parties of an act stand in its name by their ids, or where they are many by a digest of these.
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Act:
    """One action of a treaty.

    `parties` are the parties it is of: all of them where the record names none. A state that
    continues a party acts on that party's line. `between` and `concerns` are the parties that a
    suspension, a report or an extension names.
    """

    index: int
    act: str
    step: str
    parties: tuple[str, ...]
    span: Span | None
    place: str
    event: str
    by: tuple[str, ...]
    outcome: str
    sources: tuple[Any, ...]
    scheduled: Mapping[str, Any] | None
    data: Mapping[str, Any]
    label: str
    between: tuple[str, ...] = ()
    concerns: tuple[str, ...] = ()

    @property
    def day(self) -> date:
        """The day by which it had certainly begun; the last of all days where it has none."""
        return self.span.start[1] if self.span else date.max

    @property
    def effect(self) -> str:
        """The day it takes effect, as written: its own, unless the record names another."""
        return str(self.data.get("effective") or self.date)

    @property
    def date(self) -> str:
        """The day as written, or nothing where it was only announced."""
        return self.span.text if self.span else ""

    @property
    def anchor(self) -> str:
        """Where the act stands on its treaty's page."""
        return f"action-{self.index + 1}"

    @property
    def event_ref(self) -> str:
        """The reference of its event, or nothing."""
        return f"event/{self.event}" if self.event else ""

    @property
    def party_ref(self) -> str:
        """The reference of the one party it is of, or nothing."""
        return f"organization/{self.data['party']}" if self.data.get("party") else ""

    @property
    def capacity(self) -> str:
        """The capacity the editor chose; it can be meant of one person only."""
        return str(self.data.get("as", "")) if len(self.by) == 1 else ""

    def done_by(self, day: date) -> bool | None:
        """Whether it was done by the end of a day: yes, no, or None for possibly."""
        return dates.happened_by(self.span, day) if self.span else False

    def because(self, treaty: str) -> dict[str, Any]:
        """The act as a reason: what, when, where in the records, and who says so."""
        return reason(
            self.label, treaty, self.sources, date=self.date, place=self.place, anchor=self.anchor, event=self.event_ref
        )


def reason(
    text: str, ref: str, sources: Iterable[Any], *, date: str = "", place: str = "", anchor: str = "", event: str = ""
) -> dict[str, Any]:
    """One reason of a fact, in the shape that pages and `explain` read: what, when, where in the records, who says so."""
    return {
        "text": text,
        "date": date,
        "place": place,
        "ref": ref,
        "anchor": anchor,
        "event": event,
        "sources": list(sources),
    }


def done(acts: Iterable[Act], name: str, day: date, party: str = "") -> list[Act]:
    """The acts of one name done by the end of a day, earliest first; those of one party, where it is named."""
    return [act for act in acts if act.act == name and (not party or party in act.parties) and act.done_by(day)]


def continued_by(corpus: Corpus, party: str, *, without_an_act: bool = False) -> list[str]:
    """A party and those who continue or succeed it, one after the other; only those who continue it, where so asked."""
    found: list[str] = []
    while party and party not in found:
        found.append(party)
        record = corpus.records.get(f"organization/{party}")
        succession = record.data.get("succeeded_by", {}) if record else {}
        party = succession.get("organization", "") if succession.get("continuing") or not without_an_act else ""
    return found


def continuations(corpus: Corpus, parties: Iterable[str]) -> dict[str, str]:
    """For each state that continues one of these parties without an act of succession, that party."""
    out: dict[str, str] = {}
    parties = tuple(parties)
    for party in parties:
        for state in continued_by(corpus, party, without_an_act=True)[1:]:
            if state in out or state in parties:
                break
            out[state] = party
    return out


def acts_by_party(acts: Iterable[Act], parties: Iterable[str]) -> dict[str, tuple[Act, ...]]:
    """The acts of each party, and those that name it, in their order. One walk, however many parties there are."""
    out: dict[str, list[Act]] = {party: [] for party in parties}
    for act in acts:
        for party in dict.fromkeys((*act.parties, *act.between, *act.concerns)):
            if party in out:
                out[party].append(act)
    return {party: tuple(found) for party, found in out.items()}


def treaty_parties(treaty: Record) -> tuple[str, ...]:
    """The ids of the parties in the order of the record."""
    return tuple(entry["party"] for entry in treaty.data.get("parties", []))


def acts_of(corpus: Corpus, treaty: Record) -> tuple[Act, ...]:
    """All acts of a treaty, earliest first; the order of the list in the record decides nothing."""
    everyone = treaty_parties(treaty)
    lines = continuations(corpus, everyone)
    found = [_act(corpus, treaty, index, action, everyone, lines) for index, action in enumerate(treaty.data.get("actions", []))]
    return tuple(sorted(found, key=lambda act: _order(corpus, treaty, act)))


def _act(
    corpus: Corpus,
    treaty: Record,
    index: int,
    action: Mapping[str, Any],
    everyone: tuple[str, ...],
    lines: Mapping[str, str],
) -> Act:
    event = corpus.records.get(f"event/{action.get('event')}")
    place_of_date: Mapping[str, Any] = event.data if event else action
    text = place_of_date.get("date")
    named = _named(action) or everyone
    return Act(
        index=index,
        act=action.get("act", ""),
        step=action.get("step", ""),
        parties=_on_their_lines(named, lines),
        span=dates.parse(text) if isinstance(text, str) else None,
        place=str(place_of_date.get("place", "")),
        event=event.id if event else "",
        by=tuple(action.get("by", ())),
        outcome=action.get("outcome", ""),
        sources=tuple(action.get("sources", event.data.get("sources", []) if event else ())),
        scheduled=action.get("scheduled"),
        data=action,
        label=_label(corpus, treaty, action),
        between=_on_their_lines(action.get("between", ()), lines),
        concerns=_on_their_lines(action.get("for", ()), lines),
    )


def _named(action: Mapping[str, Any]) -> tuple[str, ...]:
    """The parties that an action names as its own: none where it is an act of all."""
    return (action["party"],) if action.get("party") else tuple(action.get("parties") or action.get("between", ()))


def _on_their_lines(parties: Iterable[str], lines: Mapping[str, str]) -> tuple[str, ...]:
    """The parties, a state that continues one of them standing for that one."""
    return tuple(dict.fromkeys(lines.get(party, party) for party in parties))


def _label(corpus: Corpus, treaty: Record, action: Mapping[str, Any]) -> str:
    if action.get("step"):
        step = procedure_steps(corpus, treaty, action.get("party", "")).get(action["step"])
        words = step["label"] if step else action["step"]
        return f"{words} (rejected)" if action.get("outcome") == "rejected" else words
    words = ACT_WORDS.get(action.get("act", ""), "Action")
    named = _named(action) or action.get("for", ())
    names = ", ".join(label(corpus, f"organization/{party}") for party in named[:_NAMES_IN_A_LABEL])
    if len(named) > _NAMES_IN_A_LABEL:
        names += f" and {len(named) - _NAMES_IN_A_LABEL} more"
    return f"{words} {in_brackets(names)}" if names else words


def procedure_steps(corpus: Corpus, treaty: Record, party: str) -> dict[str, Mapping[str, Any]]:
    """The steps of the procedure that a party follows, by id, in the procedure's order; none where none is named."""
    for entry in treaty.data.get("parties", []):
        if entry["party"] == party and entry.get("procedure"):
            procedure = corpus.records.get(f"procedure/{entry['procedure']}")
            return {step["id"]: step for step in procedure.data["steps"]} if procedure else {}
    return {}


def names_of_acts(treaty: Record, acts: Iterable[Act]) -> dict[int, str]:
    """A name for each act by its index, which no correction of its day, place or sources changes.

    It says what was done, by whom, towards whom; acts of which all that is the same are counted by their day.
    """
    found: dict[int, str] = {}
    seen: dict[str, int] = {}
    for act in acts:
        name = "/".join((treaty.ref, act.step or act.act or "action", *_who(act.data)))
        seen[name] = seen.get(name, 0) + 1
        found[act.index] = name if seen[name] == 1 else f"{name}/{seen[name]}"
    return found


def _who(action: Mapping[str, Any]) -> Iterator[str]:
    for key in ("party", "parties", "against", "between", "for"):
        value = action.get(key)
        if value:
            named = value if isinstance(value, str) else "+".join(sorted(value))
            yield named if len(named) <= _LONGEST_NAME else hashlib.sha256(named.encode()).hexdigest()[:16]


_ACT_ORDER = {name: position for position, name in enumerate(ACT_WORDS)}


def _order(corpus: Corpus, treaty: Record, act: Act) -> tuple[Any, ...]:
    """By day; on one day in the order of the procedure; then by what the action says, not where it stands."""
    day = act.span.start[1] if act.span else date.max
    if act.step:
        steps = list(procedure_steps(corpus, treaty, act.parties[0] if act.parties else ""))
        position = steps.index(act.step) if act.step in steps else len(steps)
        rank = (_ACT_ORDER["signature"] + 0.5, position)
    else:
        rank = (_ACT_ORDER.get(act.act, 99), 0)
    return (day, *rank, act.parties, str(sorted(act.data.items())))
