"""What can be done once only stands there twice.

A state signs a treaty once, deposits one instrument, accedes once; instruments are exchanged
once; a step is taken once in one passage through the procedure. It can be done again after the
party withdrew (an act), after it was rejected or after a new submission (a step). Twice on
record, it is most often one fact entered from two sources. Where one act contradicts several
others (it names no party, and so is of all), the one finding is there.

Cure: make one action of the two, with the sources of both and the other value under
`contested:`; or record what lies between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.derive.acts import CONSENT_ACTS, treaty_parties
from pipeline.model import WARNING, Corpus, Record
from pipeline.rules.rule import Deed, Finding, attempts, deeds_of, fewest_to_mend, name_of, procedure_followed, records_of

CODE = "C421"
LEVEL = WARNING

_ONCE_ONLY = CONSENT_ACTS - {"notification"} | {
    "adoption", "initialling", "signature", "withdrawal", "termination", "entry-into-force",
}
#: An act is compared with so many of the same name before it: nobody does one thing more often by mistake.
_MOST = 100
_CURE = "Make one action of the two, with the sources of both; or record what lies between them."


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Acts and steps that one party took twice."""
    for treaty in records_of(corpus, "treaty"):
        if len(treaty.data.get("actions", [])) < 2:
            continue
        deeds = [deed for deed in deeds_of(corpus, treaty) if deed.span]
        deeds.sort(key=lambda deed: (deed.span.start[1], deed.index))  # type: ignore[union-attr]
        yield from _acts(corpus, treaty, deeds)
        for party in treaty_parties(treaty):
            steps = [deed for deed in deeds if "step" in deed.action and "act" not in deed.action and party in deed.parties]
            yield from _steps(corpus, treaty, party, steps)


def _acts(corpus: Corpus, treaty: Record, deeds: list[Deed]) -> Iterator[Finding]:
    done: dict[tuple[str, str], list[Deed]] = {}
    pairs: dict[tuple[int, int], tuple[Deed, Deed, str]] = {}
    for deed in deeds:
        act = deed.action.get("act", "")
        parties = tuple(dict.fromkeys(deed.action.get("for", deed.parties)))
        if act == "withdrawal":
            done = {key: others for key, others in done.items() if key[1] not in parties or key[0] in ("adoption", "termination")}
        elif act in ("accession", "succession"):
            for party in parties:
                done.pop(("withdrawal", party), None)
        if act in _ONCE_ONLY:
            for party in parties:
                for before in done.setdefault((act, party), [])[-_MOST:]:
                    pairs.setdefault((deed.index, before.index), (deed, before, party))
                done[act, party].append(deed)
    found = list(pairs.values())
    for position, is_again in fewest_to_mend(list(pairs)):
        again, before, party = found[position]
        yield _finding(corpus, *((again, before) if is_again else (before, again)), party, "act")


def _steps(corpus: Corpus, treaty: Record, party: str, deeds: list[Deed]) -> Iterator[Finding]:
    followed = procedure_followed(corpus, treaty, party)
    if followed is None or not followed.steps:
        return
    last: list[Deed] = []
    for attempt in attempts(deeds, followed.steps[0]):
        done: dict[str, Deed] = {}
        if len(last) == 1:  # submitted anew, though nothing had happened since
            done[last[0].name] = last[0]
        for deed in attempt:
            before = done.get(deed.name)
            if before is not None and before.action.get("outcome") != "rejected":
                yield _finding(corpus, deed, before, party, "step")
            done[deed.name] = deed
        last = attempt


def _finding(corpus: Corpus, deed: Deed, other: Deed, party: str, key: str) -> Finding:
    message = f"{name_of(corpus, party)}: '{deed.name}' a second time, {deed.when}; the other is {other.when}"
    return Finding(deed.treaty, deed.at(key), message, _CURE, rests_on=deed.rests_on + other.rests_on)
