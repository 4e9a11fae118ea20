"""A resumption without a suspension, or a suspension of what was not in force.

A treaty's operation is suspended while it is in force, between all parties or some (Vienna
Convention, articles 57 and 58), and resumes only where it was suspended. Several that were done
on one day, in one event, are one finding, at the first of them.

Cure: add the suspension, correct `between:`, or correct the day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline import dates
from pipeline.derive.acts import Act
from pipeline.derive.entry_into_force import Force
from pipeline.derive.suspension import suspended_with
from pipeline.model import ERROR, Corpus, Record
from pipeline.rules.rule import Finding, deeds_of, lacks_a_record, records_of, standing_of, what_was_done

CODE = "C443"
LEVEL = ERROR


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Resumptions of what was not suspended, and suspensions before the entry into force."""
    for treaty in records_of(corpus, "treaty"):
        names = {action.get("act") for action in treaty.data.get("actions", [])}
        if names & {"suspension", "resumption"} and not lacks_a_record(corpus, treaty):
            yield from _findings(corpus, treaty, day)


def _findings(corpus: Corpus, treaty: Record, day: date) -> Iterator[Finding]:
    standing = standing_of(corpus, treaty)
    acts, force = standing.acts, standing.force
    dated = {deed.index: (deed.dated_in.ref, deed.date_pointer) for deed in deeds_of(corpus, treaty)}
    told: set[object] = set()
    for act in sorted(acts, key=lambda act: act.index):
        message = ""
        if act.act == "resumption" and act.done_by(day) and not _was_suspended(acts, act):
            message = "resumed, but no suspension between these parties is on record before it"
        elif act.act == "suspension" and _certainly_before(act, force):
            message = f"suspended before it was in force, {dates.in_words(force.since)}"
        if message and (message, dated[act.index]) not in told:
            told.add((message, dated[act.index]))
            cure = "Add the suspension, correct `between:`, or correct the day."
            yield Finding(treaty, ("actions", act.index, "act"), message, cure, rests_on=what_was_done(corpus, treaty))


def _was_suspended(acts: tuple[Act, ...], act: Act) -> bool:
    scope = act.between or act.parties
    before = [other for other in acts if other is not act and other.day <= act.day]
    return any(set(scope) & set(suspended_with(before, party, scope, act.day)) for party in scope)


def _certainly_before(act: Act, force: Force) -> bool:
    since = dates.parse(force.since) if force.since else None
    effect = dates.parse(act.effect)
    return bool(since and effect and dates.before(effect, since))
