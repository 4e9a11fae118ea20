"""A rule of entry into force, or a term, that does not say what it needs.

`rule: count` needs `count:` (a number, majority, two-thirds), `rule: fixed-date` its `date:`,
`rule: other-treaty` its `treaty:`; `kind: fixed` needs `years:` or `until:`. Without them the
treaty enters into force, and ends, in the manner and on the date that it provides (Vienna
Convention, articles 24(1) and 54), and nothing says which that is.

Cure: add what is missing; or write `rule: unknown`, `kind: unknown`, where the sources do not tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.model import ERROR, Corpus
from pipeline.rules.rule import Finding, records_of

CODE = "C440"
LEVEL = ERROR

_NEEDED = {"count": "count", "fixed-date": "date", "other-treaty": "treaty"}


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Entry-into-force rules and fixed terms without the value they turn on."""
    for treaty in records_of(corpus, "treaty"):
        force = treaty.data.get("entry_into_force", {})
        needed = _NEEDED.get(force.get("rule", ""))
        if needed and needed not in force:
            message = f"the rule '{force['rule']}' needs `{needed}:`, and it is not there"
            yield Finding(treaty, ("entry_into_force", "rule"), message, f"Add `{needed}:`, or write `rule: unknown`.")
        duration = treaty.data.get("duration", {})
        if duration.get("kind") == "fixed" and not {"years", "until"} & set(duration):
            message = "a fixed term needs its length in `years:` or its last day in `until:`"
            yield Finding(treaty, ("duration", "kind"), message, "Add `years:` or `until:`, or write `kind: unknown`.")
