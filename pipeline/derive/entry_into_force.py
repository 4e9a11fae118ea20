"""Entry into force: each rule evaluated over the acts on record (Vienna Convention, article 24).

The answer is one of: in force since a day; not yet, with what is missing; not known. A reported
day stands beside the derived one and never silently overrides it.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from pipeline import dates
from pipeline.derive.acts import APPROVAL_ACTS, CONSENT_ACTS, Act, acts_by_party, acts_of, reason, treaty_parties
from pipeline.labels import label
from pipeline.model import Corpus, Record

#: Whether a treaty has entered into force. The closed list.
FORCE_STATES = ("in-force", "not-yet", "not-known")

_MAX_CHAIN = 5


@dataclass(frozen=True, slots=True)
class Force:
    """Whether a treaty is in force. `since` is a date as written; `derived_since` what the rule alone gives."""

    state: str  # one of FORCE_STATES
    since: str = ""
    rule: str = ""
    because: tuple[dict[str, Any], ...] = ()
    missing: tuple[str, ...] = ()
    derived_since: str = ""
    reported_since: str = ""
    reported: tuple[dict[str, Any], ...] = ()
    parties: Mapping[str, str] = field(default_factory=dict)  # party -> the day it is in force for it
    to_come: str = ""  # the day it enters into force, where only a delay is still running

    def certain_day(self) -> date | None:
        """The day by which it certainly is in force."""
        span = dates.parse(self.since) if self.since else None
        return span.start[1] if span else None


@dataclass(frozen=True, slots=True)
class _Question:
    corpus: Corpus
    treaty: Record
    acts: tuple[Act, ...]
    rule: Mapping[str, Any]
    day: date
    depth: int
    by_party: Mapping[str, tuple[Act, ...]]

    def done(self, *names: str) -> list[Act]:
        return [act for act in self.acts if act.act in names and act.done_by(self.day)]

    def consents_of(self, party: str) -> tuple[Act, ...]:
        return consents(self.by_party[party], party, self.day, self.rule["rule"])

    def name(self, party: str) -> str:
        return label(self.corpus, f"organization/{party}")


@dataclass(frozen=True, slots=True)
class _Answer:
    """A rule's answer: the acts that met it, the day they did, what is missing; `known` false where it cannot tell."""

    met_on: date | None = None
    met_text: str = ""
    acts: tuple[Act, ...] = ()
    missing: tuple[str, ...] = ()
    known: bool = True


#: Rules under which the states' own ratifications bind only once they are exchanged, or the others are notified (article 16).
_JOINED = frozenset(("exchange-of-instruments", "mutual-notification"))


def consents(acts: Iterable[Act], party: str, day: date, rule: str = "") -> tuple[Act, ...]:
    """The acts by which a party had consented to be bound by the end of a day, earliest first (articles 11 to 16).

    `rule` is the treaty's rule of entry into force: it says whether a signature, or a
    ratification by itself, binds.
    """
    return tuple(act for act in acts if party in act.parties and act.done_by(day) and _binds(act, rule))


def _binds(act: Act, rule: str) -> bool:
    if act.act == "signature":
        return rule == "signature" or bool(act.data.get("definitive"))
    if act.act in APPROVAL_ACTS and rule in _JOINED:
        return False
    return act.act in CONSENT_ACTS


def rule_of(treaty: Record) -> str:
    """The name of the treaty's rule of entry into force."""
    return str(treaty.data.get("entry_into_force", {}).get("rule", "unknown"))


def in_force_after(treaty: Record, act: Act, day: date) -> str:
    """The day a treaty that is in force already enters into force for who consents later (article 24, paragraph 3).

    A date as written; empty where that day has not certainly come.
    """
    delay = treaty.data.get("entry_into_force", {}).get("delay", {})
    if act.span is None or add_delay(act.day, delay) > day:
        return ""
    return _delayed(act.date, delay)


def signatories(treaty: Record) -> tuple[str, ...]:
    """The parties that were to sign: all but those marked as joining later."""
    return tuple(entry["party"] for entry in treaty.data.get("parties", []) if entry.get("signatory") is not False)


def derive_force(corpus: Corpus, treaty: Record, day: date, depth: int = 0, acts: tuple[Act, ...] | None = None) -> Force:
    """Whether, since when and why a treaty is in force at the end of a day. `acts` are its own, where they are at hand."""
    rule = treaty.data.get("entry_into_force", {"rule": "unknown"})
    acts = acts_of(corpus, treaty) if acts is None else acts
    question = _Question(corpus, treaty, acts, rule, day, depth, acts_by_party(acts, treaty_parties(treaty)))
    answer = RULES[rule["rule"]](question)
    force = _from_answer(question, answer)
    return _with_reported(question, force)


def _from_answer(question: _Question, answer: _Answer) -> Force:
    rule = question.rule
    name = rule["rule"]
    if not answer.known or (answer.missing and question.treaty.data.get("acts_on_record") == "partial"):
        return Force("not-known", rule=name, missing=answer.missing)
    if answer.missing or answer.met_on is None:
        return Force("not-yet", rule=name, missing=answer.missing)
    delay = rule.get("delay", {})
    since = add_delay(answer.met_on, delay)
    text = _delayed(answer.met_text, delay)
    if since > question.day:
        return Force("not-yet", rule=name, missing=(f"the delay until {dates.since_in_words(text)}",), to_come=text)
    because = [act.because(question.treaty.ref) for act in answer.acts] + [_rule_reason(question)]
    parties = _in_force_for(question, since, text)
    return Force("in-force", text, name, tuple(because), derived_since=text, parties=parties)


_RULE_WORDS = {
    "signature": "in force on signature",
    "exchange-of-instruments": "in force on the exchange of instruments of ratification",
    "mutual-notification": "in force on the later of the notifications",
    "all-consent": "in force when every signatory has consented to be bound",
    "count": "in force when enough states have consented to be bound",
    "fixed-date": "in force on a fixed date",
    "other-treaty": "in force together with another treaty",
    "unknown": "the rule of entry into force is not known",
}


def _rule_reason(question: _Question) -> dict[str, Any]:
    rule = question.rule
    article = f"Article {rule['article']}: " if rule.get("article") else ""
    words = f"{article}{_RULE_WORDS[rule['rule']]}"
    return reason(words[0].upper() + words[1:], question.treaty.ref, rule.get("sources", []), anchor="terms")


def _in_force_for(question: _Question, since: date, text: str) -> dict[str, str]:
    """The day for each party that has consented: the treaty's, or its own later consent's (article 24, paragraph 3)."""
    out = {}
    for party in treaty_parties(question.treaty):
        own = question.consents_of(party)
        if question.rule["rule"] in ("fixed-date", "other-treaty") and not own:
            out[party] = text
        elif own:
            later = in_force_after(question.treaty, own[0], question.day)
            if later:
                out[party] = text if dates.begun_by(later) <= since else later
    return out


def _with_reported(question: _Question, force: Force) -> Force:
    """Reported days beside the derived one; the reported one decides only where nothing can be derived."""
    reports = [act for act in question.acts if act.act == "entry-into-force" and act.done_by(question.day)]
    if not reports:
        return force
    first = reports[0]
    reasons = tuple(act.because(question.treaty.ref) for act in reports)
    named = {party: act.date for act in reversed(reports) for party in act.concerns}
    force = replace(force, reported_since=first.date, reported=reasons)
    if force.state == "in-force":
        force = replace(force, parties={**named, **force.parties})
        return force if first.concerns else _narrowed(force, first, reasons[0])
    if force.state == "not-yet" and not first.concerns:
        return _possibly_met(question, force, first, reasons)
    if force.state != "not-known":
        return force
    since = first.span.start[1] if first.span else date.max
    # A report that names nobody is of all who signed; where a number was enough, nobody knows of whom.
    parties = named or ({} if question.rule["rule"] == "count" else dict.fromkeys(signatories(question.treaty), first.date))
    later = {party: day for party, day in _in_force_for(question, since, first.date).items() if party not in parties}
    # What is missing is what was missing on that day: consents of later years say nothing about it.
    missing = RULES[question.rule["rule"]](replace(question, day=since)).missing if since <= question.day else force.missing
    parties = {**parties, **later}
    return replace(force, state="in-force", since=first.date, rule="reported", because=reasons, parties=parties, missing=missing)


def _possibly_met(question: _Question, force: Force, report: Act, because: tuple[dict[str, Any], ...]) -> Force:
    """In force as of a reported day that lies in a stretch in which acts may have met the rule, though it is not over yet.

    So the days up to the end of that stretch tell the same as those after it. Without such a report nothing changes.
    """
    if question.rule["rule"] == "other-treaty":
        return force
    begun = tuple(act for act in question.acts if act.done_by(question.day) is not False)
    by_party = acts_by_party(begun, treaty_parties(question.treaty))
    later = replace(question, acts=begun, by_party=by_party, day=date.max)
    likely = _from_answer(later, RULES[question.rule["rule"]](later))
    if likely.state != "in-force":
        return force
    narrowed = _narrowed(likely, report, because[0])
    return force if narrowed is likely else replace(narrowed, reported_since=report.date, reported=because)


def _narrowed(force: Force, report: Act, because: dict[str, Any]) -> Force:
    """A day that the acts give only within a stretch is the reported one, where that lies in it."""
    derived = dates.parse(force.since)
    if derived is None or report.span is None or derived.exact or not report.span.exact:
        return force
    if not derived.earliest <= report.span.earliest <= derived.latest:
        return force
    parties = {party: report.date if since == force.since else since for party, since in force.parties.items()}
    return replace(force, since=report.date, because=(*force.because, because), parties=parties)


def add_delay(day: date, delay: Mapping[str, int]) -> date:
    """A day later by so many days, or the first day of the month after so many months."""
    if "months" in delay:
        months = day.month + delay["months"]
        year, month = day.year + months // 12, months % 12 + 1
        return date(year, month, 1) if year <= date.max.year else date.max
    return day + min(timedelta(days=delay.get("days", 0)), date.max - day)


def _delayed(text: str, delay: Mapping[str, int]) -> str:
    """A date as written, later by a delay: a month or a range stays as inexact as it was."""
    span = dates.parse(text) if delay else None
    return dates.text_of_days(*moved_on(span.start, lambda day: add_delay(day, delay))) if span else text


def moved_on(days: tuple[date, date], move: Callable[[date], date]) -> tuple[date, date]:
    """The first and the last day of a stretch, both moved on; a stretch without a beginning stays without."""
    first, last = days
    return (first if first == date.min < last else move(first), move(last))


def add_years(day: date, years: int) -> date:
    """The anniversary; 28 February for a 29 February that the year lacks."""
    year = min(day.year + years, date.max.year)
    return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))


# The rules, one function each: what must be on record, and on which day it was complete


def _last(acts: list[Act]) -> tuple[date | None, str]:
    """The day of the last act. Of acts that may have been the last, the one whose day is known best."""
    days = [(act.span.start[1], act.span.start[0], act.date) for act in acts if act.span]
    latest, _, text = max(days, default=(None, None, ""))
    return latest, text


def _signature(question: _Question) -> _Answer:
    signed = question.done("signature")
    missing = [party for party in signatories(question.treaty) if not any(party in act.parties for act in signed)]
    day, text = _last(signed)
    return _Answer(day, text, tuple(signed), tuple(f"the signature of {question.name(party)}" for party in missing))


def _exchange(question: _Question) -> _Answer:
    done = question.done("exchange-of-instruments")
    if not done:
        return _Answer(missing=("the exchange of instruments of ratification",))
    day, text = _last(done[:1])
    return _Answer(day, text, (done[0],))


def _all_of(question: _Question, found: Mapping[str, Act | None], words: str) -> _Answer:
    missing = tuple(f"{words} of {question.name(party)}" for party, act in found.items() if act is None)
    acts = [act for act in found.values() if act is not None]
    day, text = _last(acts)
    return _Answer(day, text, tuple({act.index: act for act in acts}.values()), missing)


def _mutual_notification(question: _Question) -> _Answer:
    notified = question.done("notification")
    found = {party: next((act for act in notified if party in act.parties), None) for party in signatories(question.treaty)}
    return _all_of(question, found, "the notification")


def _all_consent(question: _Question) -> _Answer:
    found = {party: next(iter(question.consents_of(party)), None) for party in signatories(question.treaty)}
    return _all_of(question, found, "the consent")


def _count(question: _Question) -> _Answer:
    rule = question.rule
    pool = treaty_parties(question.treaty) if rule.get("of") == "parties" else signatories(question.treaty)
    needed = _number_needed(rule.get("count", len(pool)), len(pool))
    first = {party: own[0] for party in pool if (own := question.consents_of(party))}
    ordered = sorted(first.items(), key=lambda pair: (pair[1].day, pair[0]))
    named = [party for party in rule.get("named", []) if party not in first]
    missing = [f"the consent of {question.name(party)}" for party in named]
    if len(ordered) < needed:
        short = f"{needed - len(ordered)} of the {needed}" if ordered else f"the {needed}"
        missing.append(f"{short} consents that are needed")
    if missing:
        return _Answer(missing=tuple(missing))
    counted = [act for party, act in ordered[:needed]] + [first[party] for party in rule.get("named", [])]
    day, text = _last(counted)
    return _Answer(day, text, tuple({act.index: act for act in counted}.values()))


def _number_needed(count: int | str, pool: int) -> int:
    if count == "majority":
        return pool // 2 + 1
    if count == "two-thirds":
        return -(-2 * pool // 3)
    return int(count)


def _fixed_date(question: _Question) -> _Answer:
    span = dates.parse(question.rule.get("date", ""))
    if span is None:
        return _Answer(missing=("the date",), known=False)
    if dates.happened_by(span, question.day) is not True:
        return _Answer(missing=(f"the date itself: {dates.in_words(span.text)}",))
    return _Answer(span.start[1], span.text)


def _other_treaty(question: _Question) -> _Answer:
    other = question.corpus.records.get(f"treaty/{question.rule.get('treaty')}")
    if other is None or question.depth >= _MAX_CHAIN:
        return _Answer(known=False)
    force = derive_force(question.corpus, other, question.day, question.depth + 1)
    if force.state != "in-force":
        return _Answer(missing=(f"the entry into force of {label(question.corpus, other.ref)}",), known=force.state == "not-yet")
    return _Answer(force.certain_day(), force.since)


def _unknown(_question: _Question) -> _Answer:
    return _Answer(known=False)


RULES: Mapping[str, Callable[[_Question], _Answer]] = {
    "signature": _signature,
    "exchange-of-instruments": _exchange,
    "mutual-notification": _mutual_notification,
    "all-consent": _all_consent,
    "count": _count,
    "fixed-date": _fixed_date,
    "other-treaty": _other_treaty,
    "unknown": _unknown,
}
