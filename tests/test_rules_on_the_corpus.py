"""The rules on the real records: each is broken once in the way that a rule guards against.

A break is a small edit of one real file, as an editor would make it by mistake. Exactly the
finding of the table may come of it, at exactly its line, and nothing else. An edit whose text
no longer stands in its file, exactly once, fails: so the table stays true as the records grow.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import pipeline.rules
from pipeline.load import load
from pipeline.load.events import read
from pipeline.load.marks import with_positions
from pipeline.model import ERROR, WARNING, Corpus, Diagnostic
from pipeline.rules import RULES, WAIVER_IS_PAST, WAIVER_IS_UNUSED
from pipeline.validate import validate
from tests.test_rules import PROJECT, judged

LEVELS = {rule.code: rule.level for rule in RULES} | {WAIVER_IS_UNUSED: WARNING, WAIVER_IS_PAST: ERROR}


@dataclass(frozen=True, slots=True)
class Break:
    """One mistake: `old` in `file` is replaced by `new`, and the rule `code` says so at the line `at`.

    `at` is how that line begins, after lines above it where it would not be the only one. It
    stands in the broken file, unless `place` names another. `level` is given where it is not the
    rule's own. `also` is a second finding that inevitably comes with it (code, line); its row says why.
    """

    code: str
    mistake: str
    file: str
    old: str
    new: str
    at: str
    place: str = ""
    level: str = ""
    also: tuple[tuple[str, str], ...] = ()

    @property
    def path(self) -> str:
        return f"seeds/{self.file}.yaml"

    @property
    def expected(self) -> list[tuple[str, str, str, str]]:
        """The findings by code, level, path and line as the table words it."""
        place = f"seeds/{self.place or self.file}.yaml"
        first = (self.code, self.level or LEVELS[self.code], place, self.at)
        return [first, *((code, LEVELS[code], self.path, at) for code, at in self.also)]


NATO = "treaty/north-atlantic-treaty-1949"
RIO = "treaty/rio-treaty-1947"
ANZUS = "treaty/anzus-1951"
WARSAW = "treaty/warsaw-pact-1955"
COLLECTIVE = "treaty/collective-security-treaty-1992"
CHINA = "treaty/china-soviet-union-1950"
BELARUS = "treaty/russia-belarus-2024"
IRAN = "treaty/russia-iran-2025"
LISBON = "treaty/lisbon-treaty-2007"
JAPAN = "treaty/us-japan-1960"
TAIPEI = "treaty/us-republic-of-china-1954"
PHILIPPINES = "treaty/us-philippines-1951"
FINLAND = "treaty/soviet-union-finland-1948"
BRUSSELS = "treaty/brussels-treaty-1948"

# TABLE

def ids(row: Break) -> str:
    return f"{row.code}-{row.file.partition('/')[2]}-{row.mistake.replace(' ', '-')}"


@dataclass(frozen=True, slots=True)
class World:
    """The real records, read once: valid, and what was found in them unbroken."""

    valid: Corpus
    usual: Counter[tuple[str, str, str, str]]


@pytest.fixture(scope="module")
def world() -> World:
    valid = validate(load(PROJECT, PROJECT))
    return World(valid, Counter(map(known_by, judged(valid).diagnostics)))


def known_by(finding: Diagnostic) -> tuple[str, str, str, str]:
    """A finding without its place: an edit above it moves the place, and is no new finding."""
    return finding.code, finding.level, finding.path, finding.message


def broken_text(row: Break) -> str:
    text = (PROJECT / row.path).read_text(encoding="utf-8")
    assert text.count(row.old) == 1, f"{row.path} holds {row.old!r} {text.count(row.old)} times: mend this table"
    return text.replace(row.old, row.new)


def new_findings(row: Break, world: World, root: Path) -> list[Diagnostic]:
    """What the whole corpus finds after the edit and did not find before, each with its line."""
    text = broken_text(row)
    data, unreadable = read(text)
    assert not unreadable, unreadable
    ref = row.file
    record = replace(world.valid.records[ref], data=data, digest="")
    refused = validate(Corpus(world.valid.kinds, {ref: record})).diagnostics
    assert not refused, f"a rule is not asked, the schema refuses it: {refused}"
    left = Counter(world.usual)
    found = []
    for finding in judged(replace(world.valid, records={**world.valid.records, ref: record})).diagnostics:
        if left[known_by(finding)]:
            left[known_by(finding)] -= 1
        else:
            found.append(finding)
    (root / row.path).parent.mkdir(parents=True, exist_ok=True)
    (root / row.path).write_text(text, encoding="utf-8")
    return [with_positions((finding,), root if finding.path == row.path else PROJECT)[0] for finding in found]


def line_of(at: str, text: str) -> int:
    """The number of the one line that begins as the last line of `at`, after lines that begin as those before it."""
    wanted = at.split("\n")
    lines = [line.strip() for line in text.split("\n")]
    ends = [
        end
        for end in range(len(wanted), len(lines) + 1)
        if all(line.startswith(start) for line, start in zip(lines[end - len(wanted) : end], wanted, strict=True))
    ]
    assert len(ends) == 1, f"{at!r} stands in lines {ends}: say which is meant"
    return ends[0]


@pytest.mark.parametrize("row", BREAKS, ids=ids)
def test_a_mistake_in_a_real_record_is_found_where_it_stands(row: Break, world: World, tmp_path: Path) -> None:
    found = new_findings(row, world, tmp_path)
    drawn = [(d.code, d.level, d.path, d.position.line if d.position else 0) for d in found]
    wanted = [
        (code, level, path, line_of(at, ((tmp_path if path == row.path else PROJECT) / path).read_text(encoding="utf-8")))
        for code, level, path, at in row.expected
    ]
    assert sorted(drawn) == sorted(wanted), "\n".join(f"{d.path}:{d.position}: {d.code} {d.message}" for d in found)


def test_every_rule_is_broken_once() -> None:
    """A new rule needs a line in the table."""
    assert {row.code for row in BREAKS} == set(LEVELS)


def test_what_is_certain_or_possible_is_broken_both_ways() -> None:
    modules = [module for module in vars(pipeline.rules).values() if hasattr(module, "CODE")]
    three_valued = {module.CODE for module in modules if hasattr(module, "ERROR") and hasattr(module, "WARNING")}
    assert three_valued
    for code in three_valued:
        assert {level for row in BREAKS for other, level, *_ in row.expected if other == code} == {ERROR, WARNING}, code


def test_no_two_breaks_have_one_name() -> None:
    assert len({ids(row) for row in BREAKS}) == len(BREAKS)
