"""What a rule is: one module with a code, a level, a page and a function from the corpus to findings.

A rule module has
- a docstring: the first line is its title, the rest its page (`depositary explain CODE`);
- CODE, a letter and three digits; LEVEL, "error" or "warning";
- check(corpus, day): yields Findings. `corpus` has links and facts of the whole record as of
  `day`, the real as-of day of a plain build. Bad data has been set aside before; a rule never
  raises for what an editor can write, and is silent where a record it needs was set aside;
- where it judges the corpus as a whole, ONLY_WITHOUT_ERRORS = True: it then waits until
  nothing else is wrong.

Below are the few things that several rules need: comparison of dates, the actions of a
treaty, every dated fact, and the nearest word for a help text.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import ModuleType
from typing import Any

from pipeline import dates
from pipeline.dates import Span
from pipeline.derive.acts import continued_by, treaty_parties
from pipeline.derive.treaty import Standing
from pipeline.labels import label
from pipeline.model import Corpus, Pointer, Record

#: A place in the records: a reference and a pointer.
Place = tuple[str, Pointer]

#: Two records of one moment may bear neighbouring local days (Pyongyang and Washington).
ONE_DAY_ROUND_THE_WORLD = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """One break of a rule: the record, the place in it, what is wrong, and the cure.

    `level` is given only where it differs from the rule's own: a certain contradiction is an
    error, a possible one a warning. `rests_on` are the other places that the finding was
    concluded from: where a rule before this one refused one of them, it is not said again.
    """

    record: Record
    pointer: Pointer
    message: str
    help: str
    level: str = ""
    on_key: bool = False
    rests_on: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the register holds it."""

    code: str
    level: str
    title: str
    page: str
    check: Callable[[Corpus, date], Iterator[Finding]]
    only_without_errors: bool = False


def from_module(module: ModuleType) -> Rule:
    """The rule that a module is."""
    title, _, page = (module.__doc__ or "").strip().partition("\n")
    waits = getattr(module, "ONLY_WITHOUT_ERRORS", False)
    return Rule(module.CODE, module.LEVEL, title.rstrip("."), page.strip(), module.check, waits)


def records_of(corpus: Corpus, kind: str) -> Iterator[Record]:
    """The records of one kind that still count, in order."""
    return (record for record in corpus.records.values() if record.kind == kind and record.is_current)


# Dates


def earlier(first: Span, second: Span, grace: int = 0) -> str:
    """Whether `first` lies before `second`: "certainly", "possibly", or "" for no.

    Possibly: they overlap, and `first` can begin earlier than `second` can. `grace` is a
    number of days by which a certain answer becomes a possible one.
    """
    gap = (second.earliest - first.latest).days
    if gap > grace:
        return "certainly"
    if gap > 0:
        return "possibly"
    overlaps = dates.before(first, second) is None and first.earliest < second.earliest
    return "possibly" if overlaps else ""


def when(span: Span) -> str:
    """A date as a sentence goes on: "on 4 December 2024", "in May 2024", "between May and July 2024".

    >>> when(dates.parse("2024-05"))
    'in May 2024'
    """
    words = dates.in_words(span.text)
    if span.mark == "~" or span.precision == "interval":
        return words
    return f"on {words}" if span.precision == "day" else f"in {words}"


def date_at(data: Mapping[str, Any], key: str) -> Span | None:
    """The date written under a key, where one is."""
    text = data.get(key)
    return dates.parse(text) if isinstance(text, str) else None


# The actions of a treaty


@dataclass(frozen=True, slots=True)
class Deed:
    """One action of a treaty, with its day and the place where that day is written."""

    treaty: Record
    index: int
    action: Mapping[str, Any]
    span: Span | None
    dated_in: Record
    date_pointer: Pointer

    @property
    def name(self) -> str:
        """The act, or the step."""
        return str(self.action.get("act") or self.action.get("step") or "")

    @property
    def when(self) -> str:
        """Its day as a sentence goes on: "on 4 December 2024", "in May 2024"."""
        return when(self.span) if self.span else "on a day not known"

    @property
    def parties(self) -> tuple[str, ...]:
        """Whose it is: all parties of the treaty where none is named."""
        if self.action.get("party"):
            return (self.action["party"],)
        return tuple(self.action.get("parties") or self.action.get("between") or treaty_parties(self.treaty))

    @property
    def rests_on(self) -> tuple[Place, ...]:
        """The places that say what was done and when."""
        own = tuple((self.treaty.ref, self.at(key)) for key in ("act", "step", "event", "party"))
        return ((self.dated_in.ref, self.date_pointer), *own)

    def at(self, *keys: str | int) -> Pointer:
        """A place in the action."""
        return ("actions", self.index, *keys)


def deeds_of(corpus: Corpus, treaty: Record) -> list[Deed]:
    """All actions of a treaty, in the order of the record. Those with an event have its day."""
    found = []
    for index, action in enumerate(treaty.data.get("actions", [])):
        event = corpus.records.get(f"event/{action.get('event')}")
        dated_in, pointer = (event, ("date",)) if event else (treaty, ("actions", index, "date"))
        data = event.data if event else action
        found.append(Deed(treaty, index, action, date_at(data, "date"), dated_in, pointer))
    return found


def what_was_done(corpus: Corpus, treaty: Record) -> tuple[Place, ...]:
    """The places that say what was done about a treaty and when: its actions, and the days of their events."""
    return ((treaty.ref, ("actions",)), *((deed.dated_in.ref, deed.date_pointer) for deed in deeds_of(corpus, treaty)))


def attempts(deeds: list[Deed], first_step: str) -> list[list[Deed]]:
    """What a party did, cut at each new submission: a deed belongs to the last one it is not certainly before.

    What lies before the first submission belongs to it; each list is in the order of its days.
    """
    ordered = sorted((deed for deed in deeds if deed.span), key=_last_first_day)
    submissions = [deed for deed in ordered if deed.action.get("step") == first_step]
    found: list[list[Deed]] = [[deed] for deed in submissions] or [[]]
    for deed in ordered:
        if deed not in submissions:
            possible = [index for index, first in enumerate(submissions) if not _is_certainly_before(deed, first)]
            found[possible[-1] if possible else 0].append(deed)
    return [sorted(attempt, key=_last_first_day) for attempt in found]


def _last_first_day(deed: Deed) -> tuple[date, int]:
    return (deed.span.start[1] if deed.span else date.max, deed.index)


def _is_certainly_before(deed: Deed, other: Deed) -> bool:
    return bool(deed.span and other.span and dates.before(deed.span, other.span))


def fewest_to_mend(pairs: Sequence[tuple[int, int]]) -> Iterator[tuple[int, bool]]:
    """Of pairs that contradict each other, few that are in all of them: always the one that most of the pairs left share.

    Each is given by the first pair it stands in, and whether it is the first of that pair. Quick however many pairs there are.

    >>> list(fewest_to_mend([(1, 2), (3, 2), (4, 5)]))
    [(0, False), (2, True)]
    """
    within: dict[int, list[int]] = {}
    for position in reversed(range(len(pairs))):
        for index in pairs[position]:
            within.setdefault(index, []).append(position)  # the first pair stands last, where it is taken away
    shared = {index: len(positions) for index, positions in within.items()}
    waiting = set(range(len(pairs)))
    while waiting:
        most = max(shared.values())
        places = []
        for index in (index for index, count in shared.items() if count == most):
            while within[index][-1] not in waiting:
                within[index].pop()
            places.append(within[index][-1])
        position = min(places)
        is_first = shared[pairs[position][0]] == most
        yield position, is_first
        for settled in waiting.intersection(within[pairs[position][not is_first]]):
            waiting.remove(settled)
            for index in pairs[settled]:
                shared[index] -= 1


def lacks_a_party(corpus: Corpus, treaty: Record) -> bool:
    """Whether the record of a party is not there: set aside, or a reference already refused."""
    return any(f"organization/{party}" not in corpus.records for party in treaty_parties(treaty))


def lacks_a_record(corpus: Corpus, treaty: Record) -> bool:
    """Whether the record of a party or of an event is not there."""
    events = (f"event/{action['event']}" for action in treaty.data.get("actions", []) if action.get("event"))
    return lacks_a_party(corpus, treaty) or any(event not in corpus.records for event in events)


def is_party(corpus: Corpus, treaty: Record, organization: str) -> bool:
    """Whether it is a party, or continues or succeeds one (so that the party's acts are its own)."""
    return any(organization in continued_by(corpus, party) for party in treaty_parties(treaty))


def standing_of(corpus: Corpus, treaty: Record) -> Standing:
    """What was derived of a treaty for the day that rules judge by: its acts, and whether it is in force."""
    standing: Standing = corpus.facts.standings[treaty.ref]
    return standing


@dataclass(frozen=True, slots=True)
class Followed:
    """The procedure of one party of a treaty: `procedure` is None where none is named, or it is not there."""

    pointer: Pointer
    id: str
    procedure: Record | None

    @property
    def steps(self) -> list[str]:
        """The ids of its steps."""
        return [step["id"] for step in self.procedure.data["steps"]] if self.procedure else []


def procedure_followed(corpus: Corpus, treaty: Record, party: str) -> Followed | None:
    """What a party's entry says about its procedure, or None where it is no party."""
    for index, entry in enumerate(treaty.data.get("parties", [])):
        if entry["party"] == party:
            name = entry.get("procedure", "")
            return Followed(("parties", index), name, corpus.records.get(f"procedure/{name}"))
    return None


def anchors_of(provision: Mapping[str, Any]) -> list[str]:
    """What a reference to a provision may name after the #: its article, or its id."""
    article = [f"article-{provision['article']}"] if provision.get("article") else []
    return article + ([provision["id"]] if provision.get("id") else [])


# Every dated fact


@dataclass(frozen=True, slots=True)
class DatedFact:
    """A fact with its own date. `claimed`: it is only claimed; `scheduled`: it was announced beforehand."""

    record: Record
    pointer: Pointer
    span: Span
    sources: Any
    what: str
    claimed: bool = False
    scheduled: bool = False


def dated_facts(corpus: Corpus) -> Iterator[DatedFact]:
    """Events, statements, the actions of treaties, publication and registration, notes."""
    scheduled = _scheduled_events(corpus)
    # A treaty that was set aside may hold the very action that marks an event as scheduled.
    unsure = any(ref.startswith("treaty/") for ref in corpus.rejected)
    for record in corpus.records.values():
        if not record.is_current:
            continue
        if record.kind == "event":
            marked = unsure or record.id in scheduled
            yield from _fact(record, record.data, (), "date", "event", bool(record.data.get("claimed")), marked)
        elif record.kind == "statement":
            yield from _fact(record, record.data, (), "date", "statement")
        elif record.kind == "treaty":
            for index, action in enumerate(record.data.get("actions", [])):
                if not action.get("event"):
                    yield from _fact(record, action, ("actions", index), "date", "action", False, "scheduled" in action)
            yield from _fact(record, record.data.get("text", {}), ("text",), "published", "publication")
            yield from _fact(record, record.data.get("registration", {}), ("registration",), "date", "registration")
        for index, note in enumerate(record.data.get("notes", [])):
            yield from _fact(record, note, ("notes", index), "date", "note")


def _fact(
    record: Record, data: Mapping[str, Any], pointer: Pointer, key: str, what: str, claimed: bool = False, scheduled: bool = False
) -> Iterator[DatedFact]:
    span = date_at(data, key)
    if span is not None:
        yield DatedFact(record, (*pointer, key), span, data.get("sources"), what, claimed, scheduled)


def _scheduled_events(corpus: Corpus) -> frozenset[str]:
    return frozenset(
        action["event"]
        for treaty in records_of(corpus, "treaty")
        for action in treaty.data.get("actions", [])
        if action.get("event") and "scheduled" in action
    )


# Words


def nearest(word: str, choices: Iterable[str]) -> str:
    """The nearest of several words, as a question; nothing where none is near."""
    near = difflib.get_close_matches(word, list(choices), n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else ""


def name_of(corpus: Corpus, organization: str) -> str:
    """An organization as a message names it."""
    return label(corpus, f"organization/{organization}")


def listed(words: Iterable[str]) -> str:
    """A short list for a help text."""
    found = list(words)
    return ", ".join(found[:12]) + (" …" if len(found) > 12 else "")
