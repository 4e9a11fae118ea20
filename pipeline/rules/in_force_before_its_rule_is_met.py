"""Reported in force before the treaty's own rule is met.

A treaty enters into force in the manner and on the date that it lays down itself, and where it
is silent, when all negotiating states have consented to be bound (Vienna Convention, article
24, paragraphs 1 and 2). A reported entry into force that is certainly earlier than the acts
which the rule needs contradicts them; so does one in a record that claims to have all acts and
lacks one of these. Where acts are known in part only, a missing act proves nothing.

A missing act, or a late one, is one finding, at the first report that it contradicts.

Cure: correct the reported day, the day of the act, or the rule; add the missing act; or say
`acts_on_record: partial`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline import dates
from pipeline.derive.entry_into_force import Force
from pipeline.model import ERROR, Corpus, Record
from pipeline.rules.rule import Deed, Finding, Place, deeds_of, lacks_a_record, records_of, standing_of, what_was_done

CODE = "C416"
LEVEL = ERROR


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Reports of entry into force that come before the rule of entry into force allows it."""
    for treaty in records_of(corpus, "treaty"):
        reports = reports_of(corpus, treaty, day)
        if not reports or lacks_a_record(corpus, treaty):
            continue
        force = standing_of(corpus, treaty).force
        rests_on = what_it_rests_on(corpus, treaty)
        told: set[str] = set()
        for report in sorted(reports, key=lambda report: (report.span.earliest if report.span else day, report.index)):
            met = day_derived_for(treaty, force, report)
            if met in told:
                continue
            if force.state == "not-yet":
                told.add(met)
                missing = "; ".join(force.missing[:4])
                message = f"reported in force {report.when}, but the rule '{force.rule}' still lacks {missing}"
                cure = "Add the missing act, correct the rule, or write `acts_on_record: partial`."
                yield Finding(treaty, report.at("act"), message, cure, rests_on=rests_on)
            elif met and _is_before(report, met):
                told.add(met)
                message = f"reported in force {report.when}, before its rule and acts allow it: {dates.in_words(met)}"
                cure = "Correct this day, the days of the acts that the rule needs, or the rule."
                yield Finding(report.dated_in, report.date_pointer, message, cure, rests_on=rests_on)


def _is_before(report: Deed, met: str) -> bool:
    span = dates.parse(met)
    return bool(report.span and span and dates.before(report.span, span))


def reports_of(corpus: Corpus, treaty: Record, day: date) -> list[Deed]:
    """The reported entries into force that have happened by a day."""
    if not any(action.get("act") == "entry-into-force" for action in treaty.data.get("actions", [])):
        return []
    found = [deed for deed in deeds_of(corpus, treaty) if deed.action.get("act") == "entry-into-force"]
    return [deed for deed in found if deed.span and dates.happened_by(deed.span, day)]


def day_derived_for(treaty: Record, force: Force, report: Deed) -> str:
    """The day that the rule alone gives for those whom a report is about, or nothing where it cannot tell."""
    if force.rule == "count" and treaty.data.get("acts_on_record") == "partial":
        return ""  # consents that are not on record may have met the rule before
    if not force.derived_since or "for" not in report.action:
        return force.derived_since
    days = {force.parties.get(party, "") for party in report.action["for"]}
    return days.pop() if len(days) == 1 else ""


def what_it_rests_on(corpus: Corpus, treaty: Record) -> tuple[Place, ...]:
    """Everything in the records from which the day is derived."""
    return (*((treaty.ref, (key,)) for key in ("entry_into_force", "parties")), *what_was_done(corpus, treaty))
