"""A reservation later than the consent it belongs to.

A state formulates a reservation when signing, ratifying, accepting, approving or acceding (Vienna
Convention, article 19). One made certainly after the state had consented to be bound is a late
reservation, or a wrong date; a declaration has no such limit.

Cure: correct the date; write `act: declaration`; or waive the rule and say why a late one was admitted.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline import dates
from pipeline.derive.entry_into_force import consents, rule_of
from pipeline.model import WARNING, Corpus
from pipeline.rules.rule import Finding, lacks_a_record, name_of, records_of, standing_of, what_was_done

CODE = "C430"
LEVEL = WARNING


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Reservations certainly later than the first consent of who made them."""
    for treaty in records_of(corpus, "treaty"):
        if not any(action.get("act") == "reservation" for action in treaty.data.get("actions", [])):
            continue
        if lacks_a_record(corpus, treaty):
            continue
        acts = standing_of(corpus, treaty).acts
        for act in acts:
            if act.act != "reservation" or act.span is None:
                continue
            for party in act.parties:
                given = [other for other in consents(acts, party, day, rule_of(treaty)) if other.span]
                if given and all(dates.before(other.span, act.span) for other in given if other.span):
                    message = f"{name_of(corpus, party)} made it after it had consented, {dates.in_words(given[-1].date)}"
                    cure = "Correct the date, write `act: declaration`, or waive the rule and say why a late one was admitted."
                    rests_on = what_was_done(corpus, treaty)
                    yield Finding(treaty, ("actions", act.index, "act"), message, cure, rests_on=rests_on)
