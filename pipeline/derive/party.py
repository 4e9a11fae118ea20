"""Where one party stands: its state, what is said beside it, and its strip of stations.

Articles in brackets are those of the Vienna Convention on the Law of Treaties (1969).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline import dates
from pipeline.derive.acts import APPROVAL_ACTS, Act, done
from pipeline.derive.ending import End
from pipeline.derive.entry_into_force import Force, consents, rule_of, signatories
from pipeline.derive.expectations import Expectation, live_by_act, live_by_step
from pipeline.derive.membership import Exit, Line
from pipeline.derive.steps import Expected, Situation, Step, derive_steps, next_step
from pipeline.derive.suspension import suspended_with
from pipeline.model import Corpus, Record

#: The closed list, weakest first; "withdrawn" stands for every way of leaving.
PARTY_STATES = ("none", "signed", "in-procedure", "approved-at-home", "consented", "bound", "withdrawn")

#: What is said beside a state. The closed list.
PARTY_FLAGS = ("applies-provisionally", "leaving", "suspended")

#: The joint act that each rule of entry into force ends with, and what a page calls it.
_JOINT = {
    "exchange-of-instruments": ("exchange-of-instruments", "Exchange of instruments", "Exchange"),
    "mutual-notification": ("notification", "Notification", "Notification"),
    "count": ("deposit", "Deposit of instrument", "Deposit"),
    "all-consent": ("deposit", "Deposit of instrument", "Deposit"),
}


@dataclass(frozen=True, slots=True)
class PartyState:
    """Where one party stands, and its strip of stations.

    `line` is its membership; `exit` how it left, where it has. `leaving_on` is the day a standing
    notice takes effect, as written, empty where that is not known.
    """

    party: str
    state: str
    since: str
    because: tuple[dict[str, Any], ...]
    stations: tuple[Step, ...]
    next: Step | None = None
    flags: tuple[str, ...] = ()
    line: Line = Line("")
    exit: Exit | None = None
    suspended_with: tuple[str, ...] = ()

    @property
    def leaving_on(self) -> str:
        """The day a standing notice takes effect."""
        return self.line.leaving.effect if self.line.leaving else ""


@dataclass(frozen=True, slots=True)
class Setting:
    """What the states of all parties of one treaty depend on."""

    corpus: Corpus
    treaty: Record
    acts: tuple[Act, ...]
    own: Mapping[str, tuple[Act, ...]]  # the acts of each party, and those that name it
    force: Force
    lines: Mapping[str, Line]
    end: End | None
    judged: list[Expectation]
    day: date

    @property
    def partial(self) -> bool:
        """Whether acts may be missing from the record."""
        return self.treaty.data.get("acts_on_record") == "partial"


def derive_parties(setting: Setting) -> tuple[PartyState, ...]:
    """The state of every party, in the order of the record."""
    required = signatories(setting.treaty)
    waits_for = required if rule_of(setting.treaty) == "exchange-of-instruments" else ()
    ready = all(_has_approved(setting, party) for party in waits_for)
    expected = live_by_act(setting.judged)
    return tuple(_party(setting, party, party in required, ready, expected) for party in setting.own)


def _party(setting: Setting, party: str, is_signatory: bool, ready: bool, expected: Mapping[str, Expected]) -> PartyState:
    acts, day = setting.own[party], setting.day
    line = setting.lines[party]
    left = _exit(line, setting.end)
    closed = _closed_since(left, setting.end)
    signed = bool(done(acts, "signature", day, party))
    situation = Situation(day, setting.partial, closed, live_by_step(setting.judged, party), signed or not is_signatory)
    steps = derive_steps(setting.corpus, setting.treaty, party, acts, situation)
    state, since, because = _state(setting, party, acts, steps, line, left)
    stations: list[Step] = []
    if is_signatory or signed:
        stations.append(_act_station(setting, ("signature", "Signature", "Signature"), party, expected, closed, ready=True))
    stations += steps
    stations += _joint_station(setting, party, is_signatory, expected, closed, ready)
    scope = suspended_with(setting.acts, party, tuple(setting.own), day)
    flags = _flags(setting, party, acts, line, state, scope)
    return PartyState(party, state, since, because, tuple(stations), next_step(tuple(stations)), flags, line, left, scope)


def _exit(line: Line, end: End | None) -> Exit | None:
    """How a party left before the treaty itself ended; that the treaty ended is said of the treaty."""
    if not line.out:
        return None
    last = line.left[-1]
    span = dates.parse(end.since) if end else None
    if span is None or last.day < span.start[1]:
        return last
    return last if last.day == span.start[1] and last.mode == "denunciation" else None


def _closed_since(left: Exit | None, end: End | None) -> date | None:
    """The day after which a party can take no more steps: it left, or the treaty ended."""
    span = dates.parse(end.since) if end else None
    days = ([left.day] if left else []) + ([span.start[1]] if span else [])
    return min(days, default=None)


def _flags(
    setting: Setting, party: str, acts: tuple[Act, ...], line: Line, state: str, scope: tuple[str, ...]
) -> tuple[str, ...]:
    """Provisional application [25], a standing notice [65 to 68], suspension [57, 58]."""
    applies = state not in ("bound", "withdrawn") and applies_provisionally(acts, party, setting.day)
    holds = {"applies-provisionally": applies, "leaving": line.leaving is not None, "suspended": bool(scope)}
    return tuple(name for name in PARTY_FLAGS if holds[name]) if setting.end is None else ()


def applies_provisionally(acts: tuple[Act, ...], party: str, day: date) -> bool:
    """Whether a party applies the treaty provisionally: until it says that it will not become a party (article 25)."""
    applies = False
    for act in acts:
        if party in act.parties and act.done_by(day):
            if act.act == "provisional-application":
                applies = True
            elif act.act in ("end-of-provisional-application", "notice-of-withdrawal", "withdrawal"):
                applies = False
    return applies


def _state(
    setting: Setting, party: str, acts: tuple[Act, ...], steps: tuple[Step, ...], line: Line, left: Exit | None
) -> tuple[str, str, tuple[dict[str, Any], ...]]:
    """The furthest state that acts on record support, the day of the act that made it true, and why."""
    day, ref = setting.day, setting.treaty.ref
    if left is not None:
        return "withdrawn", left.since, left.because
    given = consents(acts, party, day, setting.force.rule if setting.force.rule != "reported" else rule_of(setting.treaty))
    if line.entered:
        own = tuple(act.because(ref) for act in given if act.date == line.entered[-1])
        return "bound", line.entered[-1], own or setting.force.because
    if given:
        return "consented", given[0].date, (given[0].because(ref),)
    approved = [step.act for step in steps if step.state == "done" and step.completes and step.act]
    approved += [act for act in acts if act.act in APPROVAL_ACTS and party in act.parties and act.done_by(day)]
    if approved:
        return "approved-at-home", approved[-1].date, (approved[-1].because(ref),)
    taken = [step.act for step in steps if step.state in ("done", "rejected") and step.act]
    if taken:
        return "in-procedure", taken[0].date, tuple(act.because(ref) for act in taken)
    signed = done(acts, "signature", day, party)
    if signed:
        return "signed", signed[0].date, (signed[0].because(ref),)
    return "none", "", ()


# Stations


def _joint_station(
    setting: Setting, party: str, is_signatory: bool, expected: Mapping[str, Expected], closed: date | None, ready: bool
) -> tuple[Step, ...]:
    """The act that the rule of entry into force ends with. It can come next once every required party has approved.

    Where a party consented by another act than the usual deposit, that act stands at its station.
    """
    rule = rule_of(setting.treaty)
    if rule not in _JOINT:
        return ()
    name, words, short = _JOINT[rule]
    given = consents(setting.own[party], party, setting.day, rule)
    own = [act for act in given if act.act != name and act.act != "signature"]
    if own and not any(act.act == name for act in given):
        act = own[0]
        return (_act_station(setting, (act.act, *_CONSENT_STATION.get(act.act, (words, short))), party, expected, closed, True),)
    signed = bool(done(setting.own[party], "signature", setting.day, party))
    if not is_signatory and not signed and name == "deposit" and not given:
        name, words, short = "accession", *_CONSENT_STATION["accession"]
    if rule != "exchange-of-instruments":
        ready = _has_approved(setting, party)
    return (_act_station(setting, (name, words, short), party, expected, closed, ready),)


_CONSENT_STATION = {
    "accession": ("Accession", "Accession"),
    "succession": ("Succession", "Succession"),
    "ratification": ("Ratification", "Ratification"),
    "acceptance": ("Acceptance", "Acceptance"),
    "approval": ("Approval", "Approval"),
}


def _has_approved(setting: Setting, party: str) -> bool:
    acts = setting.own[party]
    steps = derive_steps(setting.corpus, setting.treaty, party, acts, Situation(setting.day))
    if any(step.completes for step in steps):
        return any(step.completes and step.state == "done" for step in steps)
    return bool(done(acts, "signature", setting.day, party))


def _act_station(
    setting: Setting,
    names: tuple[str, str, str],
    party: str,
    expected: Mapping[str, Expected],
    closed: date | None,
    ready: bool,
) -> Step:
    """A station that is an act between states: its name, its words, its short words."""
    name, words, short = names
    day = setting.day
    own = [act for act in setting.own[party] if act.act == name and party in act.parties]
    taken = next((act for act in own if act.done_by(day)), None)
    scheduled = next((act.scheduled for act in own if act.scheduled), None)
    expectation = expected.get(name)
    if taken is not None:
        state = "done"
    elif scheduled is not None:
        state = "scheduled"
    elif setting.partial or (setting.lines[party].entered and name != "signature"):
        state = "not-on-record"  # it is bound, so there was such an act
    elif closed is not None:
        state = "closed"
    elif not ready:
        state = "later"
    elif expectation is not None:
        state = "overdue" if expectation.overdue_since else "expected"
    else:
        state = "next"
    possibly = next((act.date for act in own if act.done_by(day) is None), "")
    return Step(
        name,
        words,
        short,
        state,
        taken,
        possibly=possibly if taken is None else "",
        scheduled=scheduled if state == "scheduled" else None,
        expected=expectation if state in ("expected", "overdue") else None,
    )
