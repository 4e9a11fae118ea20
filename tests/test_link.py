"""References: what they mean, where they lead, and what is said of those that lead nowhere."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pipeline.link import back_links, link, resolve
from pipeline.model import Corpus, Kind, Record, Reference
from tests.helpers import checked, errors, findings, make_root, only, write

STATE = "name: X\ntype: state\n"
SAID = "speaker: {speaker}\ndate: 2001-02-03\nabout: [{about}]\nsummary: s\nstance: asserts\nsources: [press]\n"


def about(tmp_path: Path, text: str, kind: str = "organization") -> tuple[str, str, str]:
    """Code, message and help of the one finding about a record."""
    finding = only(findings(make_root(tmp_path, {f"seeds/{kind}/x.yaml": text})))
    return finding.code, finding.message, finding.help


@pytest.mark.parametrize(
    ("text", "code", "message", "cure"),
    [
        ("alandd", "L301", "no organization 'alandd'", "did you mean 'aland'?"),
        ("Aland", "L301", "no organization 'Aland'", "did you mean 'aland'?"),
        ("zzz", "L301", "no organization 'zzz'", "Write the id of a file in seeds/organization/, or add that record."),
        ("aland.yaml", "L301", "no organization 'aland.yaml'", "did you mean 'aland'?"),
        (
            "ann-lee",
            "L301",
            "no organization 'ann-lee'",
            "There is person/ann-lee, but it is not of the kind organization. "
            "Write the id of a file in seeds/organization/, or add that record.",
        ),
        (
            "person/ann-lee",
            "L302",
            "'person/ann-lee' is of the kind person; the kind organization is wanted here",
            "There is person/ann-lee, but it is not of the kind organization. "
            "Write the id of a file in seeds/organization/, or add that record.",
        ),
        ("organisation/aland", "L302", "there is no kind 'organisation'", "did you mean 'aland'?"),
        ("seeds/organization/aland.yaml", "L302", "there is no kind 'seeds/organization'", "did you mean 'aland'?"),
        ("/aland", "L302", "'/aland' does not say of which kind it is", "Write organization/aland."),
        (
            "aland#x",
            "L304",
            "'aland#x' names a place inside a record, which cannot stand here",
            "Leave out the # and what follows.",
        ),
        (
            "y" * 150,
            "L301",
            "no organization '" + "y" * 80 + "…'",
            "Write the id of a file in seeds/organization/, or add that record.",
        ),
    ],
)
def test_a_reference_that_leads_nowhere_is_one_finding(text: str, code: str, message: str, cure: str, tmp_path: Path) -> None:
    assert about(tmp_path, f"{STATE}part_of: {text}\n") == (code, message, cure)


@pytest.mark.parametrize(
    ("speaker", "target", "code", "message", "cure"),
    [
        ("ann-lee", "treaty/friendship", "L302", "'ann-lee' does not say of which kind it is", "Write person/ann-lee."),
        (
            "nobody",
            "treaty/friendship",
            "L302",
            "'nobody' does not say of which kind it is",
            "Write <kind>/nobody, where <kind> is person or organization.",
        ),
        (
            "treaty/friendship",
            "treaty/friendship",
            "L302",
            "'treaty/friendship' is of the kind treaty; the kind person or organization is wanted here",
            "There is treaty/friendship, but it is not of the kind person or organization. "
            "Write the id of a file in seeds/person/ or seeds/organization/, or add that record.",
        ),
        ("Ann Lee", "treaty/friendship", "L302", "'Ann Lee' does not say of which kind it is", "Write person/ann-lee."),
        (
            "Ann Smith",
            "treaty/friendship",
            "L302",
            "'Ann Smith' does not say of which kind it is",
            "Write <kind>/<id>, where <kind> is person or organization.",
        ),
        ("person/ann-lee/", "treaty/friendship", "L301", "no person 'ann-lee'", "did you mean 'person/ann-lee'?"),
        ("person/ann-le", "treaty/friendship", "L301", "no person 'ann-le'", "did you mean 'person/ann-lee'?"),
        ("person/ann-lee", "treaty/frendship#article-4", "L301", "no treaty 'frendship'", "did you mean 'treaty/friendship'?"),
    ],
)
def test_where_several_kinds_may_stand(speaker: str, target: str, code: str, message: str, cure: str, tmp_path: Path) -> None:
    assert about(tmp_path, SAID.format(speaker=speaker, about=target), "statement") == (code, message, cure)


def test_a_name_a_code_or_an_address_in_the_place_of_an_id(tmp_path: Path) -> None:
    root = make_root(
        tmp_path,
        {
            "seeds/organization/old.yaml": f"{STATE}names: {{ru: Старая}}\n",
            "seeds/source/paper.yaml": "title: Paper\npublisher: P\nclass: press\nurl: https://a.b/c\n",
        },
    )
    for text, cure in (("Старая", "did you mean 'old'?"), ("AL", "did you mean 'aland'?")):
        write(root, {"seeds/organization/x.yaml": f"{STATE}part_of: {text}\n"})
        assert only(errors(findings(root))).help == cure
    for sources, message, cure in (
        ("https://a.b/c", "'https://a.b/c' is an address, and the id of a record is wanted here", "did you mean 'paper'?"),
        ("paper press", "no source 'paper press'", "Put a comma between the ids: paper, press."),
    ):
        write(root, {"seeds/organization/x.yaml": f"{STATE}sources: ['{sources}']\n"})
        finding = only(errors(findings(root)))
        assert (finding.message, finding.help) == (message, cure)


def test_a_record_that_many_places_name_was_not_misspelt_in_each(tmp_path: Path) -> None:
    bodies = {f"seeds/organization/x{number}.yaml": f"{STATE}part_of: alando\n" for number in range(3)}
    helps = {finding.help for finding in errors(findings(make_root(tmp_path, bodies)))}
    assert helps == {
        "3 places name it: bring back seeds/organization/alando.yaml from git, or write it. If it was renamed: did you mean 'aland'?"
    }


def test_a_record_that_has_moved(tmp_path: Path) -> None:
    root = make_root(tmp_path, {"seeds/organization/old.yaml": f"{STATE}moved_to: organization/aland\n"})
    assert not errors(findings(root))
    write(root, {"seeds/organization/x.yaml": f"{STATE}part_of: old\n"})
    finding = only(findings(root))
    assert (finding.code, finding.message, finding.help) == (
        "L303",
        "'old' has moved to 'organization/aland'",
        "Write aland instead.",
    )


def test_links_know_both_ends(tmp_path: Path) -> None:
    corpus = checked(
        make_root(
            tmp_path, {"seeds/statement/x.yaml": SAID.format(speaker="person/ann-lee", about="treaty/friendship#article-4")}
        )
    )
    found = {
        (entry.target, entry.inverse, entry.fragment, entry.pointer) for entry in corpus.links if entry.source == "statement/x"
    }
    assert ("person/ann-lee", "statements", "", ("speaker",)) in found
    assert any(target == "treaty/friendship" and fragment == "article-4" for target, _, fragment, _ in found)
    sources = {entry.source for entry in back_links(corpus.links)["person/ann-lee"]}
    assert {"statement/x", "treaty/friendship"} <= sources


@pytest.mark.parametrize(
    ("text", "kinds", "meant"),
    [
        ("a", ("x",), "x/a"),
        ("x/a", ("x",), "x/a"),
        ("y/a", ("x",), "y/a"),
        ("x/a#f", ("x",), "x/a"),
        ("a#f", ("x",), "x/a"),
        ("a", ("x", "y"), "/a"),
        ("a", ("*",), "/a"),
        ("x/a", ("*",), "x/a"),
        ("", ("x",), "x/"),
        ("../a", ("x",), "../a"),
        ("x/../a", ("x",), "x/../a"),
    ],
)
def test_what_a_reference_means(text: str, kinds: tuple[str, ...], meant: str) -> None:
    assert resolve(text, kinds) == meant


# Without a disk


def corpus_of(records: Mapping[str, Any], rejected: Mapping[str, str] | None = None) -> Corpus:
    """Things that refer to things."""
    references = (Reference(("many", "*"), ("thing",), "seen_by", "Seen by"), Reference(("one",), ("thing",)))
    kind = Kind("thing", "Thing", "Things", "", {}, "", references=references)
    found = {f"thing/{name}": Record("thing", name, f"seeds/thing/{name}.yaml", data) for name, data in records.items()}
    return Corpus({"thing": kind}, found, rejected or {})


def test_a_record_set_aside_is_silent_and_not_linked() -> None:
    corpus = link(corpus_of({"a": {"one": "b", "many": ["b", "a"]}}, {"thing/b": "seeds/thing/b.yaml"}))
    assert not corpus.diagnostics and [entry.target for entry in corpus.links] == ["thing/a"]


def test_values_that_are_no_text_are_no_references() -> None:
    assert not link(corpus_of({"a": {"one": 5, "many": [True, [], {}]}})).diagnostics


def test_twenty_thousand_dangling_references_are_looked_for_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    whole = difflib.get_close_matches

    def match(*arguments: Any, **options: Any) -> Any:
        nonlocal compared
        compared += 1
        return whole(*arguments, **options)

    monkeypatch.setattr(difflib, "get_close_matches", match)
    same = link(corpus_of({"a": {"many": ["nobody"] * 20_000}}))
    assert len(same.diagnostics) == 20_000 and compared == 1
    different = link(corpus_of({"a": {"many": [f"nobody-{number}" for number in range(20_000)]}}))
    assert len(different.diagnostics) == 20_000 and compared <= 301
    assert all(diagnostic.help for diagnostic in different.diagnostics)


def test_linking_twice_changes_nothing(tmp_path: Path) -> None:
    corpus = checked(make_root(tmp_path))
    assert link(corpus).links == corpus.links
