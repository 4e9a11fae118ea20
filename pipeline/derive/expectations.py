"""Expectations: what someone expected, and how it turned out (derivations, section 8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from pipeline import dates
from pipeline.derive.acts import ACT_WORDS, Act, procedure_steps
from pipeline.derive.steps import Expected
from pipeline.model import Corpus, Record

#: The closed list of states.
STATES = ("pending", "due", "overdue", "met", "met-early", "met-late", "met-inexactly", "lapsed", "revised")
OPEN = frozenset(("pending", "due", "overdue"))


@dataclass(frozen=True, slots=True)
class Expectation:
    """One expectation out of a statement. `party` is empty for a joint act; `window` where no time was given."""

    statement: Record
    index: int
    treaty: str
    party: str
    step: str
    act: str
    window: str
    state: str = "pending"
    since: str = ""
    happened: Act | None = None
    revised_by: str = ""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What is expected, whoever expects it and when."""
        return (self.treaty, self.party, self.step, self.act)

    @property
    def is_open(self) -> bool:
        """Whether it is still waited for."""
        return self.state in OPEN


def read_expectations(corpus: Corpus) -> dict[str, list[Expectation]]:
    """All expectations by the id of the treaty they concern, in the order of their statements."""
    out: dict[str, list[Expectation]] = {}
    statements = [
        record
        for record in corpus.records.values()
        if record.kind == "statement" and "expects" in record.data and record.is_current
    ]
    for record in sorted(statements, key=lambda r: (str(r.data.get("date")), r.id)):
        for index, entry in enumerate(record.data["expects"]):
            found = Expectation(
                record,
                index,
                entry["treaty"],
                entry.get("party", ""),
                entry.get("step", ""),
                entry.get("act", ""),
                entry.get("window", ""),
            )
            out.setdefault(found.treaty, []).append(found)
    return out


def judge(
    expectation: Expectation, acts: tuple[Act, ...], later: list[Expectation], day: date, lapsed_since: str = ""
) -> Expectation:
    """The expectation with its state on a day.

    `acts` are the treaty's; `later` the expectations of the same speaker of the same thing,
    stated afterwards; `lapsed_since` is given where it can no longer happen.
    """
    window = dates.parse(expectation.window) if expectation.window else None
    happened = _happened(expectation, acts, day)
    values: dict[str, Any] = {}
    if happened is not None and happened.span is not None:
        values = {"state": _met(happened.span, window), "since": happened.date, "happened": happened}
    elif later:
        values = {"state": "revised", "since": str(later[0].statement.data["date"]), "revised_by": later[0].statement.ref}
    elif lapsed_since:
        values = {"state": "lapsed", "since": lapsed_since}
    elif window is None or day < window.earliest:
        values = {"state": "pending"}
    elif day <= window.latest:
        values = {"state": "due", "since": window.earliest.isoformat()}
    else:
        values = {"state": "overdue", "since": (window.latest + timedelta(days=1)).isoformat()}
    return replace(expectation, **values)


def _happened(expectation: Expectation, acts: tuple[Act, ...], day: date) -> Act | None:
    said = dates.parse(str(expectation.statement.data["date"]))
    for act in acts:
        of_party = not expectation.party or expectation.party in act.parties
        is_it = (expectation.step and act.step == expectation.step) or (expectation.act and act.act == expectation.act)
        not_before = said is None or act.span is None or dates.before(act.span, said) is not True
        if is_it and of_party and act.done_by(day) and act.outcome != "rejected" and not_before:
            return act
    return None


def _met(event: dates.Span, window: dates.Span | None) -> str:
    if window is None or (window.earliest <= event.earliest and event.latest <= window.latest):
        return "met"
    if event.latest < window.earliest:
        return "met-early"
    return "met-late" if event.earliest > window.latest else "met-inexactly"


def judge_all(
    expectations: list[Expectation],
    acts: tuple[Act, ...],
    day: date,
    lapsed: Mapping[tuple[str, str, str, str], str] | None = None,
) -> list[Expectation]:
    """Every expectation of one treaty with its state. `lapsed` tells since when a thing can no longer happen."""
    judged = []
    for position, expectation in enumerate(expectations):
        speaker = expectation.statement.data["speaker"]
        later = [
            other
            for other in expectations[position + 1 :]
            if other.key == expectation.key and other.statement.data["speaker"] == speaker and other.window != expectation.window
        ]
        judged.append(judge(expectation, acts, later, day, (lapsed or {}).get(expectation.key, "")))
    return judged


def live_by_step(expectations: list[Expectation], party: str) -> dict[str, Expected]:
    """The live expectation to show at each step of a party."""
    return _live((expectation.step, expectation) for expectation in expectations if expectation.party == party)


def live_by_act(expectations: list[Expectation]) -> dict[str, Expected]:
    """The live expectation to show at each act between states."""
    return _live((expectation.act, expectation) for expectation in expectations)


def _live(expectations: Iterable[tuple[str, Expectation]]) -> dict[str, Expected]:
    """Of the open expectations of one thing, the last one stated; one with a window before one without."""
    out: dict[str, Expected] = {}
    for thing, expectation in sorted(expectations, key=lambda pair: bool(pair[1].window)):
        if thing and expectation.is_open:
            overdue = expectation.since if expectation.state == "overdue" else ""
            out[thing] = Expected(expectation.window, overdue, expectation.statement.ref)
    return out


def subject_in_words(corpus: Corpus, treaty: Record, expectation: Expectation) -> str:
    """What is expected: the step's label, or the act in words."""
    if expectation.step:
        step = procedure_steps(corpus, treaty, expectation.party).get(expectation.step)
        return str(step["label"]) if step else expectation.step
    return ACT_WORDS.get(expectation.act, expectation.act)
