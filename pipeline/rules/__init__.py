"""The register of rules: a table of contents that runs. Each rule is one module of this folder.

The check room knows the whole corpus and no schema. It judges all records against the real
as-of day of a plain build, never against a view that a reader asked for.

One mistake, one message: what one rule has refused, the rules below it do not judge again, and
an error takes the place of a warning before it, at the same place or one that it rests on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from pipeline import dates
from pipeline.model import ERROR, WARNING, Corpus, Diagnostic, Pointer, Record
from pipeline.rules import (
    act_of_a_non_party,
    act_of_a_state_that_was_not_there,
    action_with_both_act_and_step,
    action_with_two_dates,
    action_without_source,
    answer_before_the_question,
    circle,
    claim_used_as_fact,
    contested_without_contest,
    derived_and_reported_day_differ,
    expectation_that_cannot_be_met,
    extension_of_no_term,
    from_after_until,
    future_fact_not_scheduled,
    in_force_before_its_rule_is_met,
    in_force_before_signed,
    later_than_its_sources,
    leaving_before_being_in,
    long_quotation,
    no_office_that_day,
    notice_against_the_exit_clause,
    notice_taken_back_in_vain,
    objection_to_nothing,
    obligation_without_citation,
    once_only_twice,
    one_origin_for_several_sources,
    parties_that_do_not_fit,
    procedure_of_another_state,
    provision_above_the_last_article,
    record_nothing_refers_to,
    reference_to_a_missing_provision,
    reservation_after_consent,
    resumption_without_suspension,
    rule_without_its_terms,
    step_out_of_order,
    step_outside_the_procedure,
    steps_that_do_not_join,
    superseded_and_still_in_force,
    text_in_another_script,
    two_people_of_one_name,
    two_provisions_with_one_anchor,
)
from pipeline.rules.rule import Finding, Place, Rule, from_module

#: In the order of precedence: a rule does not judge what rests on a place that one above it refused.
RULES: tuple[Rule, ...] = tuple(
    from_module(module)
    for module in (
        # Whether a record holds together
        action_with_both_act_and_step,
        action_with_two_dates,
        action_without_source,
        steps_that_do_not_join,
        circle,
        parties_that_do_not_fit,
        act_of_a_non_party,
        rule_without_its_terms,
        procedure_of_another_state,
        step_outside_the_procedure,
        claim_used_as_fact,
        provision_above_the_last_article,
        obligation_without_citation,
        two_provisions_with_one_anchor,
        reference_to_a_missing_provision,
        # Whether the dates can be true
        from_after_until,
        future_fact_not_scheduled,
        later_than_its_sources,
        in_force_before_signed,
        answer_before_the_question,
        expectation_that_cannot_be_met,
        in_force_before_its_rule_is_met,
        act_of_a_state_that_was_not_there,
        leaving_before_being_in,
        notice_taken_back_in_vain,
        resumption_without_suspension,
        objection_to_nothing,
        # What an editor should look at again
        step_out_of_order,
        once_only_twice,
        no_office_that_day,
        derived_and_reported_day_differ,
        reservation_after_consent,
        extension_of_no_term,
        notice_against_the_exit_clause,
        one_origin_for_several_sources,
        two_people_of_one_name,
        superseded_and_still_in_force,
        long_quotation,
        text_in_another_script,
        contested_without_contest,
        record_nothing_refers_to,
    )
)

_CODES = frozenset(rule.code for rule in RULES)

#: Findings about waivers themselves, explained in pipeline/explanations.md.
WAIVER_IS_UNUSED, WAIVER_IS_PAST = "C490", "C491"


@dataclass(slots=True)
class _Verdicts:
    """What has been found so far: the places spoken of, the waivers used, the rules that waited.

    `refused` are the places of errors, `doubted` those that errors were concluded from, `noted`
    the places of warnings. `incomplete` is true where an earlier room refused something: not
    all records are here.
    """

    found: list[Diagnostic] = field(default_factory=list)
    refused: dict[str, list[Pointer]] = field(default_factory=dict)
    doubted: set[Place] = field(default_factory=set)
    noted: set[Place] = field(default_factory=set)
    used: set[tuple[str, int]] = field(default_factory=set)
    waited: set[str] = field(default_factory=set)
    incomplete: bool = False


def check(corpus: Corpus, day: date) -> Corpus:
    """The corpus with the findings of every rule, waived ones left out, and findings about the waivers."""
    verdicts = _Verdicts(incomplete=bool(corpus.errors))
    for rule in RULES:
        if rule.only_without_errors and (verdicts.incomplete or verdicts.refused):
            verdicts.waited.add(rule.code)
        else:
            _apply(rule, corpus, day, verdicts)
    return corpus.with_diagnostics(verdicts.found + list(_waiver_findings(corpus, day, verdicts)))


def _apply(rule: Rule, corpus: Corpus, day: date, verdicts: _Verdicts) -> None:
    """Adds what one rule finds. A waived error counts as refused too: what follows from it is not said either."""
    said: dict[Place, tuple[Finding, str]] = {}
    for finding in rule.check(corpus, day):
        waiver = _waiver(finding.record, rule.code, day)
        if waiver is not None:
            verdicts.used.add((finding.record.ref, waiver))
        place = (finding.record.ref, finding.pointer)
        level = finding.level or rule.level
        if place in said or _is_settled(finding, level, verdicts):
            continue
        said[place] = (finding, level)
        if waiver is None and level == ERROR:
            verdicts.found = _without_warnings(verdicts.found, corpus, (place, *finding.rests_on))
        if waiver is None:
            verdicts.found.append(
                Diagnostic(rule.code, finding.message, finding.record.path, level, finding.help, finding.pointer, finding.on_key)
            )
    for (ref, pointer), (finding, level) in said.items():
        if level == ERROR:
            verdicts.refused.setdefault(ref, []).append(pointer)
            verdicts.doubted.update(finding.rests_on)
        else:
            verdicts.noted.add((ref, pointer))


def _without_warnings(found: list[Diagnostic], corpus: Corpus, places: tuple[Place, ...]) -> list[Diagnostic]:
    """The findings without the warnings at these places, about which something certain is said now."""
    settled = {(corpus.records[ref].path, pointer) for ref, pointer in places if ref in corpus.records}
    return [other for other in found if other.level == ERROR or (other.path, other.pointer) not in settled]


def _is_settled(finding: Finding, level: str, verdicts: _Verdicts) -> bool:
    """Whether a rule before spoke of its place, or of what it rests on. A warning before never hides an error."""
    own = (finding.record.ref, finding.pointer)
    if own[1] in verdicts.refused.get(own[0], ()) or own in verdicts.doubted:
        return True
    for place in finding.rests_on:
        ref, rested_on = place
        if place in verdicts.doubted or (level == WARNING and place in verdicts.noted):
            return True
        if any(pointer[: len(rested_on)] == rested_on for pointer in verdicts.refused.get(ref, ())):
            return True
    return False


def _waiver(record: Record, code: str, day: date) -> int | None:
    for index, waiver in enumerate(record.data.get("waive", [])):
        until = dates.parse(waiver["until"])
        if waiver["rule"] == code and until is not None and until.latest >= day:
            return index
    return None


def _waiver_findings(corpus: Corpus, day: date, verdicts: _Verdicts) -> Iterator[Diagnostic]:
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
            elif waiver["rule"] not in _CODES:
                message = f"there is no rule {waiver['rule']} that a record could waive"
                cure = "Correct the code, or delete the waiver."
                yield Diagnostic(WAIVER_IS_UNUSED, message, record.path, WARNING, cure, (*pointer, "rule"))
            elif (record.ref, index) not in verdicts.used and not _may_be_used_yet(record, waiver["rule"], verdicts):
                message = f"nothing here breaks {waiver['rule']} any more"
                yield Diagnostic(WAIVER_IS_UNUSED, message, record.path, WARNING, "Delete the waiver.", (*pointer, "rule"))



def _may_be_used_yet(record: Record, rule: str, verdicts: _Verdicts) -> bool:
    """Whether a rule may find something in a record once what is wrong is mended: it has not judged all of it."""
    is_wrong = any(finding.path == record.path and finding.level == ERROR for finding in verdicts.found)
    return verdicts.incomplete or rule in verdicts.waited or is_wrong
