"""Hostile files and mutants: no exception, no hang, one clear finding each, and two validators of one mind."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline import explain, report
from pipeline import validate as validating
from pipeline.load import load
from pipeline.load.events import read
from pipeline.load.files import decode
from pipeline.model import Corpus, Diagnostic
from tests import hostile
from tests.helpers import assert_sound, checked, errors, make_root, write
from tests.hostile.mutants import Plausible, changed_bytes, changed_data, changed_text
from tests.worlds import PROJECT, kinds

CASES = hostile.everything()


# Hostile files


@pytest.fixture(scope="module")
def hostile_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One project with every hostile file in it."""
    return make_root(tmp_path_factory.mktemp("hostile"), {path: case.content for path, case in CASES.items()})


@pytest.fixture(scope="module")
def hostile_corpus(hostile_root: Path) -> Corpus:
    """What becomes of it."""
    return checked(hostile_root)


def test_each_hostile_file_has_exactly_its_error(hostile_corpus: Corpus) -> None:
    by_path: dict[str, list[Diagnostic]] = {}
    for diagnostic in hostile_corpus.diagnostics:
        by_path.setdefault(diagnostic.path, []).append(diagnostic)
    wrong = []
    for path, case in CASES.items():
        found = by_path.pop(path, [])
        places = [(diagnostic.code, diagnostic.position.line if diagnostic.position else 0) for diagnostic in found]
        if places != ([(case.code, case.line)] if case.code else []) or (case.code and case.says not in found[0].message):
            wrong.append(f"{path}: {case.content[:60]!r} should be {case.code or 'right'} in line {case.line}, is {found[:3]}")
    assert not wrong, f"{len(wrong)} of {len(CASES)} wrong:\n" + "\n".join(wrong[:20])
    assert not by_path, f"findings in files that are right: {by_path}"
    assert len(CASES) >= 650, f"only {len(CASES)} hostile files"


def test_every_finding_about_them_is_sound(hostile_corpus: Corpus, hostile_root: Path) -> None:
    assert assert_sound(hostile_corpus.diagnostics, hostile_root) == sum(bool(case.code) for case in CASES.values())


def test_no_hostile_file_writes_on_the_terminal(hostile_corpus: Corpus) -> None:
    for voice in report.VOICES:
        printed = report.render(hostile_corpus.diagnostics, voice)
        unprintable = {char for char in printed if not char.isprintable()} - {"\n"}
        assert not unprintable - set("\u00a0\u2003\u3000"), f"{voice} prints {unprintable}"


def test_without_the_compiled_validator_the_findings_are_the_same(
    hostile_corpus: Corpus, hostile_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validating, "jsonschema_rs", None)
    without = checked(hostile_root)
    assert without.diagnostics == hostile_corpus.diagnostics
    assert without.records == hostile_corpus.records


# Mutants


@pytest.fixture(scope="module")
def seeds() -> dict[str, str]:
    """The real records, at most four hundred of them."""
    paths = sorted((PROJECT / "seeds").rglob("*.yaml"))
    chosen = random.Random(0).sample(paths, min(400, len(paths)))
    return {path.relative_to(PROJECT).as_posix(): path.read_text(encoding="utf-8") for path in sorted(chosen)}


@pytest.fixture(scope="module")
def real(seeds: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The same, loaded."""
    return load(make_root(tmp_path_factory.mktemp("real"), world=seeds), PROJECT)


def run(root: Path, seeds: dict[str, str], mutants: dict[str, str | bytes]) -> Corpus:
    """The whole check over the records with some of them mutated. None is lost: each is accepted or has an error."""
    write(root, {**seeds, **mutants})
    corpus = checked(root)
    assert_sound(corpus.diagnostics, root)
    accepted = {record.path for record in corpus.records.values()}
    refused = {diagnostic.path for diagnostic in errors(corpus.diagnostics)}
    lost = sorted(path for path in mutants if path not in accepted | refused)
    assert not lost, f"neither accepted nor refused: {lost}"
    return corpus


def test_mutated_texts(seeds: dict[str, str], tmp_path: Path) -> None:
    root, texts = make_root(tmp_path, world={}), list(seeds.values())
    tried = accepted = 0
    for seed in range(14):
        hand = random.Random(seed)
        mutants: dict[str, str | bytes] = {}
        for path, text in seeds.items():
            if hand.random() < 0.6:
                mutants[path] = changed_bytes(text.encode(), hand) if hand.random() < 0.1 else changed_text(text, hand, texts)
        corpus = run(root, seeds, mutants)
        kept = [record for record in corpus.records.values() if record.path in mutants]
        for record in kept:
            _assert_nothing_is_lost((root / record.path).read_bytes(), record.data)
        tried, accepted = tried + len(mutants), accepted + len(kept)
    assert tried > 2_000 and accepted > 200, f"{tried} mutated texts, {accepted} of them accepted"


def _assert_nothing_is_lost(content: bytes, data: Any) -> None:
    """Every scalar of an accepted file is in its data, letter for letter, and nothing else is."""
    text, problem = decode(content)
    assert problem is None
    assert _letters(data) == yaml.load(text, Loader=yaml.CBaseLoader)


def _letters(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _letters(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_letters(child) for child in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_mutated_data(seeds: dict[str, str], real: Corpus, tmp_path: Path) -> None:
    root = make_root(tmp_path, world={})
    tried = 0
    for seed in range(6):
        hand = random.Random(seed)
        mutants: dict[str, str | bytes] = {
            record.path: json.dumps(changed_data(record.data, hand)) for record in real.records.values() if hand.random() < 0.3
        }
        run(root, seeds, mutants)
        tried += len(mutants)
    assert tried > 500, f"{tried} records with mutated data"


def test_plausible_mutants(seeds: dict[str, str], real: Corpus, tmp_path: Path) -> None:
    """Records that a schema accepts and no editor would write: for link, derive, the rules and explain."""
    root, plausible = make_root(tmp_path, world={}), Plausible(real.kinds, real.records)
    tried = accepted = explained = 0
    for seed in range(10):
        hand = random.Random(seed)
        mutants: dict[str, str | bytes] = {
            record.path: json.dumps(plausible.changed(record.kind, record.data, hand))
            for record in real.records.values()
            if hand.random() < (0.7 if record.kind in ("treaty", "procedure") else 0.25)
        }
        corpus = run(root, seeds, mutants)
        for ref, record in corpus.records.items():
            if record.kind == "treaty":
                explained += bool(explain.explain_record(corpus, ref))
        tried, accepted = tried + len(mutants), accepted + sum(record.path in mutants for record in corpus.records.values())
    assert tried > 600 and accepted > 500 and explained > 10, (
        f"{tried} plausible mutants, {accepted} accepted, {explained} explained"
    )


def test_the_two_validators_are_of_one_mind(real: Corpus) -> None:
    """Both say yes or no to the same, on the real records, on their mutants and on the data of hostile files."""
    if validating.jsonschema_rs is None:
        pytest.skip("jsonschema-rs is not installed: there is one validator only")
    judges = {name: (validating.compiled(kind), validating.explaining_validator(kind)) for name, kind in kinds().items()}
    plausible = Plausible(real.kinds, real.records)
    counts = {True: 0, False: 0}

    def compare(kind: str, data: Any) -> None:
        fast, slow = judges[kind]
        said = fast(data)
        assert said == slow.is_valid(data), f"the compiled validator says {said} to this {kind}: {data}"
        counts[said] += 1

    hand = random.Random(0)
    for record in real.records.values():
        compare(record.kind, record.data)
        for _ in range(3):
            compare(record.kind, changed_data(record.data, hand))
        compare(record.kind, plausible.changed(record.kind, record.data, hand))
    for case in CASES.values():
        text, problem = decode(case.content)
        data, found = read(text) if problem is None else (None, [problem])
        if not found:
            compare(case.kind, data)
    assert counts[True] > 700 and counts[False] > 700, f"{counts[True]} accepted and {counts[False]} refused by both"


def test_every_refusal_is_explained(real: Corpus) -> None:
    """Whatever a validator refuses has at least one finding, with a message and a cure of its own."""
    hand = random.Random(1)
    explained = 0
    for record in real.records.values():
        kind = real.kinds[record.kind]
        validator, data = validating.explaining_validator(kind), changed_data(record.data, hand)
        found = validating.explain_errors(validator.iter_errors(data), record, kind.schema)
        assert bool(found) == (not validator.is_valid(data)), data
        for diagnostic in found:
            assert diagnostic.message and diagnostic.help and diagnostic.code != "V299", diagnostic
        explained += len(found)
    assert explained > 100, f"{explained} refusals explained"
