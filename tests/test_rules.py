"""The rules, by their cases: tests/rules/<CODE>/{good,bad}/<case>/seeds/<kind>/<id>.yaml.

A case is a whole small world. In a bad one the expected findings are drawn in the YAML itself:
`# <- C401` at the end of the line where the finding must stand; nothing else may be found. In a
good one nothing may be found at all. `# allow C427` in a file allows that code anywhere in the case.
"""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import pipeline.rules
from pipeline.derive import derive
from pipeline.link import link
from pipeline.load import load
from pipeline.load.events import read
from pipeline.load.marks import with_positions
from pipeline.model import ERROR, WARNING, Corpus, Diagnostic, Kind, Pointer, Record, View
from pipeline.rules import RULES, WAIVER_IS_PAST, WAIVER_IS_UNUSED, check
from pipeline.rules.rule import fewest_to_mend
from pipeline.validate import compiled, validate
from tests.helpers import WORLD, findings, make_root, only, write
from tests.worlds import PROJECT, day_of_the_records

CASES = PROJECT / "tests" / "rules"
TODAY = date(2026, 1, 1)

_EXPECTED = re.compile(r"#\s*<-\s*((?:[A-Z][0-9]{3}[ ,]*)+)$")
_ALLOWED = re.compile(r"#\s*allow\s+([A-Z][0-9]{3})")


def cases(verdict: str = "*") -> list[Path]:
    return sorted(CASES.glob(f"C*/{verdict}/*"))


def name_of_case(case: Path) -> str:
    return case.relative_to(CASES).as_posix()


def judged(corpus: Corpus, today: date = TODAY) -> Corpus:
    """Linked, derived and checked; the records are valid already."""
    return check(derive(link(corpus), View.on(today)), today)


def places(corpus: Corpus, today: date = TODAY) -> set[tuple[str, str, Pointer]]:
    """The findings of a corpus by code, file and place."""
    return {(d.code, d.path, d.pointer) for d in judged(corpus, today).diagnostics}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with the project's schemas, into which each case puts its seeds."""
    folder = tmp_path_factory.mktemp("case")
    shutil.copytree(PROJECT / "schemas", folder / "schemas")
    return folder


def run(case: Path, root: Path) -> tuple[Diagnostic, ...]:
    """The findings of a case, each with its place."""
    shutil.rmtree(root / "seeds", ignore_errors=True)
    shutil.copytree(case / "seeds", root / "seeds")
    return with_positions(judged(validate(load(root, PROJECT))).diagnostics, root)


def lines_of(case: Path) -> Iterator[tuple[str, int, str]]:
    for path in sorted((case / "seeds").rglob("*.yaml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            yield path.relative_to(case).as_posix(), number, line


def expected(case: Path) -> set[tuple[str, int, str]]:
    """Where findings are drawn: path, line, code."""
    return {
        (path, number, code)
        for path, number, line in lines_of(case)
        if (mark := _EXPECTED.search(line))
        for code in re.findall(r"[A-Z][0-9]{3}", mark[1])
    }


def allowed(case: Path) -> set[str]:
    return {mark[1] for _, _, line in lines_of(case) if (mark := _ALLOWED.search(line))}


@pytest.mark.parametrize("case", cases(), ids=name_of_case)
def test_case(case: Path, root: Path) -> None:
    found = [d for d in run(case, root) if d.code not in allowed(case)]
    drawn = [(d.path, d.position.line if d.position else 0, d.code) for d in found]
    assert set(drawn) == expected(case), "\n".join(f"{d.path}:{d.position}: {d.code} {d.message}" for d in found)
    assert len(drawn) == len(set(drawn)), "one mistake was told twice"
    for finding in found:
        assert finding.level in (ERROR, WARNING)
        assert finding.message and not finding.message.endswith("."), finding.message
        assert finding.help, f"{finding.code} names no cure"
        assert len(finding.message) < 1000


@pytest.mark.parametrize("case", cases(), ids=name_of_case)
def test_a_bad_case_expects_its_own_code_and_a_good_one_nothing(case: Path) -> None:
    codes = {code for _, _, code in expected(case)}
    if case.parent.name == "bad":
        assert case.parent.parent.name in codes
    else:
        assert not codes


# The register


def modules() -> dict[str, ModuleType]:
    """The modules of the folder, by name, but for the two that are no rules."""
    folder = Path(pipeline.rules.__file__).parent
    names = sorted(path.stem for path in folder.glob("*.py") if path.stem not in ("rule", "__init__"))
    return {name: getattr(pipeline.rules, name, None) for name in names}


def test_every_module_is_registered_once() -> None:
    codes = {name: module.CODE for name, module in modules().items() if module}
    assert set(codes) == set(modules()), "a module is not in the register"
    assert sorted(codes.values()) == sorted(rule.code for rule in RULES)


def test_codes_are_unique_and_say_the_level() -> None:
    codes = [rule.code for rule in RULES]
    assert len(codes) == len(set(codes))
    for rule in RULES:
        assert re.fullmatch(r"C4[0-9]{2}", rule.code)
        assert rule.level == (WARNING if "C420" <= rule.code < "C440" else ERROR), rule.code


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_has_a_title_a_page_and_cases(rule: Any) -> None:
    assert rule.title and not rule.title.endswith(".")
    assert "Cure:" in rule.page
    for verdict in ("good", "bad"):
        assert list((CASES / rule.code / verdict).glob("*/seeds/*/*.yaml")), f"{rule.code} has no {verdict} case"


def test_every_folder_of_cases_is_of_a_code_in_use() -> None:
    known = {rule.code for rule in RULES} | {WAIVER_IS_UNUSED, WAIVER_IS_PAST}
    assert {path.name for path in CASES.iterdir()} == known


# The real records


@pytest.fixture(scope="module")
def real() -> Corpus:
    return judged(validate(load(PROJECT, PROJECT)), day_of_the_records())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_real_records_break_no_rule(real: Corpus, rule: Any) -> None:
    found = with_positions(tuple(d for d in real.diagnostics if d.code == rule.code and d.level == ERROR), PROJECT)
    assert not found, "\n".join(f"{d.path}:{d.position.line if d.position else 0}: {d.message}" for d in found)


def seeds_of_2024() -> Corpus:
    """The real records without what other curators may have left open elsewhere."""
    corpus = validate(load(PROJECT, PROJECT))
    assert "treaty/russia-north-korea-2024" in corpus.records
    return replace(corpus, diagnostics=())


def with_value(corpus: Corpus, ref: str, value: Any, *pointer: str | int) -> Corpus:
    """The corpus with one value changed."""

    def changed(data: Any, steps: Pointer) -> Any:
        if not steps:
            return value
        copy = dict(data) if isinstance(data, dict) else list(data)
        copy[steps[0]] = changed(copy[steps[0]], steps[1:])  # type: ignore[index]
        return copy

    record = corpus.records[ref]
    return replace(corpus, records={**corpus.records, ref: replace(record, data=changed(record.data, pointer))})


@pytest.mark.parametrize(("day", "code"), [("2024-05-04", "C401"), ("2025-05-04", "C408")])
def test_an_exchange_on_a_wrong_day_is_one_finding(day: str, code: str) -> None:
    real = seeds_of_2024()
    moved = with_value(real, "event/2024-12-04-exchange", day, "date")
    assert places(moved) - places(real) == {(code, "seeds/event/2024-12-04-exchange.yaml", ("date",))}


# What was set aside, and what an editor can leave out


@cache
def kinds() -> dict[str, Kind]:
    return dict(load(PROJECT, PROJECT).kinds)


@cache
def records_of_case(case: Path) -> dict[str, Record]:
    """The records of a case, read without a temporary root."""
    found = {}
    for path in sorted((case / "seeds").glob("*/*.yaml")):
        data, problems = read(path.read_text(encoding="utf-8"))
        assert not problems
        record = Record(path.parent.name, path.stem, f"seeds/{path.parent.name}/{path.name}", data)
        found[record.ref] = record
    return found


def set_aside(records: dict[str, Record], ref: str) -> Corpus:
    """The records as the check room sees them after one was refused by a room before."""
    others = {other: record for other, record in records.items() if other != ref}
    path = records[ref].path
    return Corpus(kinds(), others, {ref: path}, diagnostics=(Diagnostic("V299", "set aside by a test", path),))


@pytest.mark.parametrize("case", cases("good"), ids=name_of_case)
def test_a_record_set_aside_is_the_only_finding(case: Path) -> None:
    """A mistake in one file is no mistake in another that refers to it."""
    records = records_of_case(case)
    for ref in records:
        found = places(set_aside(records, ref))
        assert [code for code, _, _ in found] == ["V299"], f"without {ref}: {found}"


def test_a_real_record_set_aside_is_no_mistake_of_another(real: Corpus) -> None:
    records = dict(real.records)
    usual = {(d.code, d.path, d.pointer) for d in real.diagnostics}
    for ref in random.Random(7).sample(sorted(records), min(30, len(records))):
        found = {finding for finding in places(set_aside(records, ref), day_of_the_records()) if finding[0] != "V299"}
        assert found <= usual, f"without {ref}: {found - usual}"


def leaves(data: Any, pointer: Pointer = ()) -> Iterator[Pointer]:
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in pairs:
        yield (*pointer, key)
        yield from leaves(value, (*pointer, key))


def without(data: Any, pointer: Pointer) -> Any:
    copy = dict(data) if isinstance(data, dict) else list(data)
    if len(pointer) == 1:
        del copy[pointer[0]]  # type: ignore[arg-type]
    else:
        copy[pointer[0]] = without(copy[pointer[0]], pointer[1:])  # type: ignore[index]
    return copy


@pytest.mark.parametrize("case", cases(), ids=name_of_case)
def test_no_rule_raises_for_what_the_schemas_let_pass(case: Path) -> None:
    """Every key and entry of every record, left out in turn."""
    records = records_of_case(case)
    accepts = {name: compiled(kind) or (lambda data: True) for name, kind in kinds().items()}
    for ref, record in records.items():
        for pointer in leaves(record.data):
            data = without(record.data, pointer)
            if accepts[record.kind](data):
                judged(Corpus(kinds(), {**records, ref: replace(record, data=data)}))


def test_of_many_contradictions_the_fewest_to_mend_are_told() -> None:
    """Against the plain way: take what most pairs share, the first of a pair before the second, until none is left."""
    hand = random.Random(4)
    for _ in range(300):
        numbers = range(hand.randint(2, 9))
        pairs = list(dict.fromkeys(tuple(hand.sample(numbers, 2)) for _ in range(hand.randint(0, 20))))
        expected, left = [], list(pairs)
        while left:
            shared = {index: sum(index in pair for pair in left) for pair in left for index in pair}
            most = max(shared.values())
            pair = next(pair for pair in left if most in (shared[pair[0]], shared[pair[1]]))
            is_first = shared[pair[0]] == most
            expected.append((pairs.index(pair), is_first))
            left = [other for other in left if pair[not is_first] not in other]
        assert list(fewest_to_mend(pairs)) == expected


def test_the_order_of_records_decides_no_place() -> None:
    for case in cases("bad"):
        records = list(records_of_case(case).items())
        usual = places(Corpus(kinds(), dict(records)))
        for seed in range(4):
            random.Random(f"{case.name} {seed}").shuffle(records)
            assert places(Corpus(kinds(), dict(records))) == usual, case


# Cures


def test_a_procedure_of_another_state_is_not_offered(tmp_path: Path) -> None:
    step = "  - {step: vote, party: beland, date: 2001-03-01, sources: [press]}\n"
    treaty = WORLD["seeds/treaty/friendship.yaml"].replace("sources: [press]\n", f"{step}sources: [press]\n")
    root = make_root(tmp_path, {"seeds/treaty/friendship.yaml": treaty})
    assert only(findings(root)).help == "did you mean `procedure: two-steps`?"
    procedure = WORLD["seeds/procedure/two-steps.yaml"]
    write(root, {"seeds/procedure/two-steps.yaml": f"organization: aland\n{procedure}"})
    finding = only(findings(root))
    assert finding.code == "C406" and finding.help.startswith("Add `procedure:` to the party")


def test_who_moved_on_is_not_asked_for_an_office(tmp_path: Path) -> None:
    """That the reference is to be rewritten is said already."""
    moved = {
        "seeds/person/ann-b-lee.yaml": WORLD["seeds/person/ann-lee.yaml"],
        "seeds/person/ann-lee.yaml": "name: Ann Lee\nmoved_to: person/ann-b-lee\n",
    }
    assert [finding.code for finding in findings(make_root(tmp_path, moved))] == ["L303"]


def test_a_waiver_of_no_rule_says_so(tmp_path: Path) -> None:
    waiver = "name: Beland\ntype: state\nwaive: [{rule: C999, reason: r, until: 2030-01-01}]\n"
    [finding] = findings(make_root(tmp_path, {"seeds/organization/beland.yaml": waiver}))
    assert (finding.code, finding.message) == ("C490", "there is no rule C999 that a record could waive")
