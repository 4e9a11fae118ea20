"""What a rule is: one module with a code, a level, a page and a function from the corpus to findings.

A rule module has
- a docstring: the first line is its title, the rest its page (`depositary explain CODE`);
- CODE, a letter and three digits; LEVEL, "error" or "warning";
- check(corpus, day): yields Findings. `corpus` has links and facts of the whole record as of
  `day`, the real as-of day of a plain build. Bad data has been set aside before; a rule never
  raises for what an editor can write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from types import ModuleType

from pipeline.derive.acts import Act
from pipeline.model import Corpus, Pointer, Record


@dataclass(frozen=True, slots=True)
class Finding:
    """One break of a rule: the record, the place in it, what is wrong, and the cure.

    `level` is given only where it differs from the rule's own: a certain contradiction is an
    error, a possible one a warning.
    """

    record: Record
    pointer: Pointer
    message: str
    help: str
    level: str = ""
    on_key: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the register holds it."""

    code: str
    level: str
    title: str
    page: str
    check: Callable[[Corpus, date], Iterator[Finding]]


def from_module(module: ModuleType) -> Rule:
    """The rule that a module is."""
    title, _, page = (module.__doc__ or "").strip().partition("\n")
    return Rule(module.CODE, module.LEVEL, title.rstrip("."), page.strip(), module.check)


def place_of_date(corpus: Corpus, treaty: Record, act: Act) -> tuple[Record, Pointer]:
    """Where the day of an act is written: in its event, or in the action itself."""
    if act.event:
        return corpus.records[f"event/{act.event}"], ("date",)
    return treaty, ("actions", act.index, "date")


def records_of(corpus: Corpus, kind: str) -> Iterator[Record]:
    """The records of one kind, in order."""
    return (record for record in corpus.records.values() if record.kind == kind)
