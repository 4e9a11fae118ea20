"""Membership: from when until when a treaty is in force for each party, its notices and how it left.

Articles in brackets are those of the Vienna Convention on the Law of Treaties (1969):
withdrawal and denunciation [54, 56, 65 to 67], a notice taken back [68], a later state [24(3)].
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline import dates
from pipeline.derive.acts import CONSENT_ACTS, Act, acts_by_party, done, reason, treaty_parties
from pipeline.derive.entry_into_force import Force, consents, in_force_after, moved_on
from pipeline.derive.terms import Term, add_months, derive_term, first_end_after_notice
from pipeline.labels import label
from pipeline.model import Corpus, Record

#: How a party leaves; denunciation stands for withdrawal as well. The closed list.
EXIT_MODES = ("denunciation", "expiry", "state-ended")

#: The acts by which a party that had left takes part again.
_COMING_BACK = CONSENT_ACTS - {"notification"}


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of withdrawal or denunciation. `effect` is a date as written, empty where it is not known."""

    act: Act
    effect: str = ""
    revoked: Act | None = None
    because: tuple[dict[str, Any], ...] = ()

    def reached(self, day: date) -> bool:
        """Whether it has certainly taken effect by the end of a day."""
        span = dates.parse(self.effect) if self.effect and self.revoked is None else None
        return span is not None and dates.happened_by(span, day) is True


@dataclass(frozen=True, slots=True)
class Exit:
    """The day a treaty ceased to be in force for a party, as written, and why.

    `mode` is one of EXIT_MODES.
    """

    since: str
    day: date
    mode: str
    because: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One party's membership on a day: the times it was in, its notices, its term.

    `entered` and `left` are in step: the n-th exit ends the n-th membership. `out` is true where
    the last thing that happened is an exit, `leaving` the standing notice that has not taken effect.
    """

    party: str
    entered: tuple[str, ...] = ()
    left: tuple[Exit, ...] = ()
    out: bool = False
    notices: tuple[Notice, ...] = ()
    leaving: Notice | None = None
    term: Term = Term()


def derive_lines(corpus: Corpus, treaty: Record, acts: tuple[Act, ...], force: Force, day: date) -> dict[str, Line]:
    """The line of every party at the end of a day, in the order of the record."""
    parties = treaty_parties(treaty)
    own = acts_by_party(acts, parties)
    bilateral = treaty.data.get("form") == "bilateral"
    notices = {party: _notices(treaty, own[party], party, force, day) for party in parties}
    standing = {party: [n.act for n in found if n.revoked is None] for party, found in notices.items()}
    everyones = [act for found in standing.values() for act in found] if bilateral else []
    lines = {}
    for party in parties:
        term = derive_term(treaty, force, _extensions(own[party], party, day), everyones or standing[party], day)
        lines[party] = _line(corpus, treaty, party, own[party], force, notices[party], term, day)
    return lines


def _extensions(acts: tuple[Act, ...], party: str, day: date) -> list[Act]:
    """The extensions that hold for a party: those that name it, or name nobody."""
    return [
        act
        for act in acts
        if act.act == "extension" and act.done_by(day) and (party in act.concerns or (not act.concerns and party in act.parties))
    ]


# Notices


def _notices(treaty: Record, acts: tuple[Act, ...], party: str, force: Force, day: date) -> tuple[Notice, ...]:
    given = done(acts, "notice-of-withdrawal", day, party)
    extensions = _extensions(acts, party, day)
    return tuple(_notice(treaty, acts, party, act, force, extensions, day) for act in given)


def _notice(
    treaty: Record, acts: tuple[Act, ...], party: str, act: Act, force: Force, extensions: list[Act], day: date
) -> Notice:
    effect, why = _effect(treaty, act, force, extensions)
    because = (act.because(treaty.ref), *why)
    for taken_back in done(acts, "revocation-of-notice", day, party):
        span = dates.parse(effect) if effect else None
        if taken_back.day >= act.day and (span is None or dates.happened_by(span, taken_back.day) is not True):
            return Notice(act, effect, taken_back, (*because, taken_back.because(treaty.ref)))
    return Notice(act, effect, None, because)


def _effect(treaty: Record, act: Act, force: Force, extensions: list[Act]) -> tuple[str, tuple[dict[str, Any], ...]]:
    """When a notice takes effect: the day on record, else by the exit clause, else at the end of the term it reaches."""
    if act.data.get("effective"):
        return str(act.data["effective"]), ()
    duration = treaty.data.get("duration", {})
    leave = duration.get("exit", {})
    if act.span is None or is_too_early(treaty, act, force):
        return "", ()
    if "notice_months" in leave:
        months = leave["notice_months"]
        text = dates.text_of_days(*moved_on(act.span.start, lambda day: add_months(day, months)))
        article = f"Article {leave['article']}: " if leave.get("article") else ""
        words = f"{article}takes effect {_months_in_words(months)} after the notice"
    elif "renewal" in duration:
        text = first_end_after_notice(treaty, force, extensions, act)
        words = "takes effect at the end of the term"
    else:
        return "", ()
    return text, (reason(words[0].upper() + words[1:], treaty.ref, duration.get("sources", []), date=text, anchor="terms"),)


def is_too_early(treaty: Record, act: Act, force: Force) -> bool:
    """Whether a notice was certainly given before the treaty allows one: its effect is then not known."""
    years = treaty.data.get("duration", {}).get("exit", {}).get("after_years")
    begun = dates.parse(force.since) if force.since else None
    if not years or begun is None or act.span is None:
        return False
    return act.span.latest < add_months(begun.earliest, 12 * years)


def _months_in_words(months: int) -> str:
    years, rest = divmod(months, 12)
    if rest or not years:
        return f"{months} month{'' if months == 1 else 's'}"
    return {1: "one year", 2: "two years"}.get(years, f"{years} years")


# Lines


def _line(
    corpus: Corpus,
    treaty: Record,
    party: str,
    acts: tuple[Act, ...],
    force: Force,
    notices: tuple[Notice, ...],
    term: Term,
    day: date,
) -> Line:
    exits = sorted(_exits(corpus, treaty, party, acts, notices, term, day), key=lambda item: item.day)
    entries = _entries(treaty, party, acts, force, exits, day)
    entered: list[str] = []
    left: list[Exit] = []
    for since, start in entries:
        over = [item for item in exits if item.day >= start]
        if len(entered) > len(left):
            continue  # it was in already
        entered.append(since)
        left += over[:1]
    if not entries:
        left = exits[-1:]
    out = bool(left) and len(left) >= len(entered)
    waiting = [notice for notice in notices if notice.revoked is None and not notice.reached(day)]
    current = [notice for notice in waiting if not left or notice.act.day >= left[-1].day]
    return Line(party, tuple(entered), tuple(left), out, notices, current[-1] if current and not out else None, term)


def _entries(
    treaty: Record, party: str, acts: tuple[Act, ...], force: Force, exits: list[Exit], day: date
) -> list[tuple[str, date]]:
    """The days the treaty entered into force for a party: the first, and one for each consent after an exit."""
    out = []
    if force.state == "in-force" and party in force.parties:
        out.append((force.parties[party], dates.begun_by(force.parties[party])))
    first = exits[0].day if exits else date.max
    for act in consents(acts, party, day):
        since = in_force_after(treaty, act, day)
        if act.day >= first and since and force.state == "in-force":
            out.append((since, dates.begun_by(since)))
    return sorted(out, key=lambda pair: pair[1])


def _exits(
    corpus: Corpus, treaty: Record, party: str, acts: tuple[Act, ...], notices: tuple[Notice, ...], term: Term, day: date
) -> list[Exit]:
    out = []
    for act in done(acts, "withdrawal", day, party):
        span = dates.parse(act.effect)
        if span is not None and dates.happened_by(span, day):
            out.append(Exit(act.effect, span.start[1], "denunciation", (act.because(treaty.ref),)))
    for notice in notices:
        is_the_end_of_the_term = term.over and notice.effect == term.ends
        if notice.reached(day) and not is_the_end_of_the_term and not _was_carried_out(notice, acts, party, day):
            out.append(Exit(notice.effect, dates.begun_by(notice.effect), "denunciation", notice.because))
    if term.over:
        out.append(Exit(term.ends, dates.begun_by(term.ends), "expiry", term.because))
    ended = _state_ended(corpus, party, day)
    return [*out, ended] if ended else out


def _was_carried_out(notice: Notice, acts: tuple[Act, ...], party: str, day: date) -> bool:
    """Whether the next withdrawal on record is this notice's effect: the party had not come back before it."""
    later = acts[acts.index(notice.act) + 1 :]
    decisive = [act for act in later if (act.act == "withdrawal" or act.act in _COMING_BACK) and party in act.parties]
    return bool(decisive) and decisive[0].act == "withdrawal" and decisive[0].done_by(day) is True


def _state_ended(corpus: Corpus, party: str, day: date) -> Exit | None:
    """A state that ceased to exist leaves, unless another continues it."""
    record = corpus.records.get(f"organization/{party}")
    if record is None or record.data.get("succeeded_by", {}).get("continuing"):
        return None
    existed = record.data.get("existed", {})
    span = dates.parse(str(existed.get("until", "")))
    if span is None or existed.get("until") == ".." or dates.happened_by(span, day) is not True:
        return None
    words = f"{label(corpus, record.ref)} ceased to exist"
    why = reason(words, record.ref, existed.get("sources", []), date=span.text)
    return Exit(span.text, span.start[1], "state-ended", (why,))
