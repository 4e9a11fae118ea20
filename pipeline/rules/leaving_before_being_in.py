"""A state leaves that was not in, or acts after it had left.

A state withdraws from a treaty in force for it (Vienna Convention, articles 2(1)(g) and 54); after
that it can act under the treaty again only by consenting anew. With `acts_on_record: partial`, only
what the acts on record contradict is said.

Cure: correct the day, the party, or add the act by which it had consented.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline import dates
from pipeline.derive.acts import CONSENT_ACTS, Act, acts_by_party, treaty_parties
from pipeline.derive.entry_into_force import consents, rule_of
from pipeline.model import ERROR, Corpus, Record
from pipeline.rules.rule import Finding, lacks_a_record, name_of, records_of, standing_of, what_was_done

CODE = "C445"
LEVEL = ERROR

#: What a state that has left does not do under the treaty.
_OF_MEMBERS = frozenset(
    "notice-of-withdrawal withdrawal suspension resumption extension objection provisional-application".split()
)


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Withdrawals before consent, and acts of members after they had left."""
    for treaty in records_of(corpus, "treaty"):
        names = {action.get("act") for action in treaty.data.get("actions", [])}
        if not names & {"notice-of-withdrawal", "withdrawal"} or lacks_a_record(corpus, treaty):
            continue
        standing = standing_of(corpus, treaty)
        own = acts_by_party(standing.acts, treaty_parties(treaty))
        bound = standing.force.parties
        for party, acts in own.items():
            for act, why in _problems(treaty, party, acts, bound.get(party, ""), day):
                message = f"{name_of(corpus, party)} {why}"
                cure = "Correct the day or the party, or add the act by which it had consented."
                rests_on = what_was_done(corpus, treaty)
                yield Finding(treaty, ("actions", act.index, "act"), message, cure, rests_on=rests_on)


def _problems(treaty: Record, party: str, acts: tuple[Act, ...], bound: str, day: date) -> Iterator[tuple[Act, str]]:
    given = consents(acts, party, day, rule_of(treaty))
    partial = treaty.data.get("acts_on_record") == "partial"
    entered = given[0].date if given else bound
    left: Act | None = None
    for act in acts:
        if party not in act.parties or act.span is None:
            continue
        if act.act in CONSENT_ACTS or act.act == "signature":
            left = None if left is not None and act.act in CONSENT_ACTS else left
        elif left is not None and act.act in _OF_MEMBERS and _before(left.effect, act.date):
            yield act, f"had left {dates.in_words(left.effect)}"
        elif act.act in ("withdrawal", "notice-of-withdrawal"):
            if entered and _before(act.date, entered):
                yield act, f"leaves before it had consented, {dates.in_words(entered)}"
            elif not entered and not partial and act.act == "withdrawal":
                yield act, "leaves, and no act by which it had consented is on record"
            left = act if act.act == "withdrawal" else left


def _before(first: str, second: str) -> bool:
    """Whether `first` lies certainly before `second`."""
    one, other = dates.parse(first), dates.parse(second)
    return bool(one and other and dates.before(one, other))
