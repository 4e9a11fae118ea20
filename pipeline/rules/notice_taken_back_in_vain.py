"""A notice of withdrawal taken back that was never given, or had taken effect.

A notice may be revoked at any time before it takes effect (Vienna Convention, article 68). A
revocation without a notice before it, or certainly after the effect of the last one, revokes nothing.

Cure: add the notice, correct the day, or record a new accession.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline import dates
from pipeline.derive.membership import derive_lines
from pipeline.model import ERROR, Corpus, Record
from pipeline.rules.rule import Finding, lacks_a_record, name_of, records_of, standing_of, what_was_done

CODE = "C442"
LEVEL = ERROR


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Revocations of a notice that stand against no notice."""
    for treaty in records_of(corpus, "treaty"):
        acts = treaty.data.get("actions", [])
        if any(action.get("act") == "revocation-of-notice" for action in acts) and not lacks_a_record(corpus, treaty):
            yield from _findings(corpus, treaty, day)


def _findings(corpus: Corpus, treaty: Record, day: date) -> Iterator[Finding]:
    standing = standing_of(corpus, treaty)
    acts = standing.acts
    lines = derive_lines(corpus, treaty, acts, standing.force, day)
    for act in acts:
        if act.act != "revocation-of-notice" or not act.done_by(day):
            continue
        for party in act.parties:
            notices = lines[party].notices if party in lines else ()
            if any(notice.revoked is act for notice in notices):
                continue
            given = [notice for notice in notices if notice.act.day <= act.day]
            if given and given[-1].effect:
                why = f"the notice had taken effect {dates.in_words(given[-1].effect)}"
            else:
                why = "no notice of withdrawal is on record before it"
            cure = "Add the notice, correct the day, or record how the party came back: accession."
            message = f"{name_of(corpus, party)} takes back a notice, but {why}"
            yield Finding(treaty, ("actions", act.index, "act"), message, cure, rests_on=what_was_done(corpus, treaty))
