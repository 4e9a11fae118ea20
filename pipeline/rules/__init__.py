"""The register of rules: a table of contents that runs. Each rule is one module of this folder.

The check room knows the whole corpus and no schema. It judges all records against the real
as-of day of a plain build, never against a view that a reader asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline import dates
from pipeline.model import ERROR, WARNING, Corpus, Diagnostic, Record
from pipeline.rules import in_force_before_signed
from pipeline.rules.rule import Rule, from_module

RULES: tuple[Rule, ...] = tuple(
    from_module(module)
    for module in (
        in_force_before_signed,
    )
)

#: Findings about waivers themselves, explained in pipeline/explanations/.
WAIVER_IS_UNUSED, WAIVER_IS_PAST = "C490", "C491"


def check(corpus: Corpus, day: date) -> Corpus:
    """The corpus with the findings of every rule, waived ones left out, and findings about the waivers."""
    used: set[tuple[str, int]] = set()
    found = []
    for rule in RULES:
        for finding in rule.check(corpus, day):
            waiver = _waiver(finding.record, rule.code, day)
            if waiver is not None:
                used.add((finding.record.ref, waiver))
                continue
            found.append(
                Diagnostic(
                    rule.code, finding.message, finding.record.path, finding.level or rule.level,
                    finding.help, finding.pointer, finding.on_key,
                )
            )
    return corpus.with_diagnostics(found + list(_waiver_findings(corpus, used, day)))


def _waiver(record: Record, code: str, day: date) -> int | None:
    for index, waiver in enumerate(record.data.get("waive", [])):
        until = dates.parse(waiver["until"])
        if waiver["rule"] == code and until is not None and until.latest >= day:
            return index
    return None


def _waiver_findings(corpus: Corpus, used: set[tuple[str, int]], day: date) -> Iterator[Diagnostic]:
    for record in corpus.records.values():
        for index, waiver in enumerate(record.data.get("waive", [])):
            until = dates.parse(waiver["until"])
            pointer = ("waive", index)
            if until is not None and until.latest < day:
                message = f"the waiver of {waiver['rule']} ended on {dates.in_words(waiver['until'])}"
                yield Diagnostic(
                    WAIVER_IS_PAST, message, record.path, ERROR, "Mend what it waives, or give it a new reason and day.",
                    (*pointer, "until"),
                )
            elif (record.ref, index) not in used:
                message = f"nothing here breaks {waiver['rule']} any more"
                yield Diagnostic(WAIVER_IS_UNUSED, message, record.path, WARNING, "Delete the waiver.", (*pointer, "rule"))
