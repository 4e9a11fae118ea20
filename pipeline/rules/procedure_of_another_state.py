"""A party that follows the procedure of another state.

How a state consents to be bound is for its own law (Vienna Convention, articles 14 and 46): the
steps of one state are not those of another, even where they bear the same names. A procedure that
names no `organization:` is meant for any state.

Cure: name the party's own procedure, one for any state, or none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.derive.acts import continued_by
from pipeline.model import ERROR, Corpus
from pipeline.rules.rule import Finding, name_of, records_of

CODE = "C446"
LEVEL = ERROR


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Procedures under `parties:` that belong to somebody else."""
    for treaty in records_of(corpus, "treaty"):
        for index, entry in enumerate(treaty.data.get("parties", [])):
            procedure = corpus.records.get(f"procedure/{entry.get('procedure')}")
            owner = procedure.data.get("organization", "") if procedure else ""
            if owner and f"organization/{owner}" in corpus.records and owner not in continued_by(corpus, entry["party"]):
                message = f"this is the procedure of {name_of(corpus, owner)}, not of {name_of(corpus, entry['party'])}"
                cure = "Name the party's own procedure, one that names no organization, or none."
                rests_on = ((treaty.ref, ("parties", index, "party")),)
                yield Finding(treaty, ("parties", index, "procedure"), message, cure, rests_on=rests_on)
