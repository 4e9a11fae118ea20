"""The derived and the reported day of entry into force differ.

The day on which a treaty enters into force follows from its own rule and the acts on record
(Vienna Convention, article 24); a source may also report the day. Where the reported day is
certainly later than the derived one, the page shows both, and an editor should know. (A
reported day that is earlier contradicts the acts: that is an error of its own, C416.)

Cure: correct the wrong one of the two; or waive the rule, with the reason why both stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline import dates
from pipeline.model import WARNING, Corpus
from pipeline.rules.in_force_before_its_rule_is_met import day_derived_for, reports_of, what_it_rests_on
from pipeline.rules.rule import Finding, lacks_a_record, records_of, standing_of

CODE = "C423"
LEVEL = WARNING


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Reports of entry into force that are later than what the rule gives."""
    for treaty in records_of(corpus, "treaty"):
        reports = reports_of(corpus, treaty, day)
        if not reports or lacks_a_record(corpus, treaty):
            continue
        force = standing_of(corpus, treaty).force
        for report in reports:
            derived = day_derived_for(treaty, force, report)
            span = dates.parse(derived) if derived else None
            if span and report.span and dates.before(span, report.span):
                message = f"reported in force {report.when}, while its rule and acts give {dates.in_words(derived)}"
                cure = "Correct the one that is wrong; or waive the rule, and say why both stand."
                rests_on = what_it_rests_on(corpus, treaty) + report.rests_on
                yield Finding(report.dated_in, report.date_pointer, message, cure, rests_on=rests_on)
