"""A notice of withdrawal that comes, or takes effect, too soon.

A party withdraws in conformity with the provisions of the treaty (Vienna Convention, article 54(a)):
not before the years that its exit clause asks for, and with effect only after the period of notice.
Without an earlier day on record the effect of a notice given too soon is not known.

Cure: correct the day of the notice, its `effective:`, or `duration.exit`; or waive the rule where the state
did so all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline import dates
from pipeline.derive.acts import Act
from pipeline.derive.membership import is_too_early
from pipeline.derive.terms import add_months
from pipeline.model import WARNING, Corpus, Record
from pipeline.rules.rule import Finding, lacks_a_record, records_of, standing_of, what_was_done

CODE = "C432"
LEVEL = WARNING


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Notices that the exit clause contradicts."""
    for treaty in records_of(corpus, "treaty"):
        if "exit" not in treaty.data.get("duration", {}) or lacks_a_record(corpus, treaty):
            continue
        standing = standing_of(corpus, treaty)
        for act in standing.acts:
            if act.act != "notice-of-withdrawal" or act.span is None:
                continue
            key, message = "act", ""
            if is_too_early(treaty, act, standing.force):
                years = treaty.data["duration"]["exit"]["after_years"]
                since = dates.in_words(standing.force.since)
                message = f"notice given less than {years} years after the entry into force, {since}"
            elif _takes_effect_too_soon(treaty, act):
                months = treaty.data["duration"]["exit"]["notice_months"]
                key, message = "effective", f"takes effect less than {months} months after the notice"
            if message:
                cure = "Correct the day, `effective:` or `duration.exit`; or waive the rule and say that it was done so."
                rests_on = ((treaty.ref, ("duration",)), *what_was_done(corpus, treaty))
                yield Finding(treaty, ("actions", act.index, key), message, cure, rests_on=rests_on)


def _takes_effect_too_soon(treaty: Record, act: Act) -> bool:
    months = treaty.data["duration"]["exit"].get("notice_months")
    effect = dates.parse(str(act.data.get("effective", "")))
    return bool(months and effect and act.span and effect.latest < add_months(act.span.earliest, months))
