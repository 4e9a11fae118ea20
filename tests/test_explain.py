"""Explaining: every code has a page and every page a code; a record's facts are told with their reasons."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline import explain
from pipeline.rules import RULES
from tests.helpers import WORLD, checked, make_root, run, write
from tests.worlds import PROJECT

CODE = re.compile(r"\b[YVLDCRP][0-9]{3}\b")
WRITTEN = (PROJECT / "pipeline" / "explanations.md").read_text(encoding="utf-8")


def codes_in_source() -> set[str]:
    """Every code that the pipeline's source names."""
    return {code for path in (PROJECT / "pipeline").rglob("*.py") for code in CODE.findall(path.read_text(encoding="utf-8"))}


def test_every_code_has_a_page() -> None:
    assert not codes_in_source() - set(explain.pages())


def test_every_page_has_a_code() -> None:
    assert not set(explain.pages()) - codes_in_source()


def test_rules_are_explained_in_the_rules_alone() -> None:
    headings = re.findall(r"(?m)^## ([A-Z][0-9]{3}) ", WRITTEN)
    assert headings == sorted(set(headings), key=lambda code: "YVLCRP".index(code[0]) * 1000 + int(code[1:]))
    assert not set(headings) & {rule.code for rule in RULES}
    assert len(re.findall(r"(?m)^## ", WRITTEN)) == len(headings), "a heading without a code"


@pytest.mark.parametrize("code", sorted(explain.pages()))
def test_a_page_is_a_title_and_some_sentences(code: str) -> None:
    title, text = explain.pages()[code]
    assert title and not title.endswith(".") and len(title) < 80
    assert len(text) > 100, f"{code} explains too little"
    assert all(len(line) <= 130 for line in text.splitlines()), f"{code} has a line too long for a terminal"


@pytest.mark.parametrize("code", re.findall(r"(?m)^## ([A-Z][0-9]{3}) ", WRITTEN))
def test_a_written_page_shows_how_to_mend_it(code: str) -> None:
    """With an example before and after, or in words where there is nothing to show."""
    text = explain.pages()[code][1]
    assert "# before" in text or re.search(
        r"\b(Delete|Rename|Put|Mend|Write|Correct|Look|Give|Open|Leave|divide|tell)\b", text
    ), code
    assert text.count("# before") <= text.count("# after")


def test_a_code_is_explained_however_it_is_written() -> None:
    for written in ("Y102", "y102"):
        result = run("explain", written)
        assert result.exit_code == 0 and result.output.startswith("Y102  A key stands twice in one place\n\n")


def test_a_code_needs_no_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("explain", "L301").exit_code == 0


# Records


@pytest.mark.parametrize(
    "name",
    [
        "treaty/friendship",
        "friendship",
        "seeds/treaty/friendship.yaml",
        "./seeds/treaty/friendship.yaml",
        "treaty/friendship.html",
    ],
)
def test_a_record_is_found_by_its_names(name: str, tmp_path: Path) -> None:
    result = run("explain", "--root", make_root(tmp_path), name)
    assert result.exit_code == 0 and result.output.startswith(
        "Treaty of friendship\ntreaty/friendship  (seeds/treaty/friendship.yaml)\n"
    )
    assert "in force" in result.output and "source press" in result.output


def test_every_real_record_can_be_explained() -> None:
    shown = checked(PROJECT)
    for ref in shown.records:
        told = explain.explain_record(shown, ref)
        assert told.isprintable() or set(told) & {"\n"}
        assert told.endswith("\n") and ref in told


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("treaty/frendship", "Did you mean treaty/friendship?"),
        ("treaties/frendship", "Did you mean treaty/friendship?"),
        ("treaty/beland", "Did you mean organization/beland?"),
        ("treaty/zzzzzz", "The records of the kind treaty are the files in seeds/treaty/."),
        ("Treaty of friendship", "Did you mean treaty/friendship?"),
        ("C4O1", "Did you mean C4"),
        ("Y999", "Give a code such as"),
        ("zzzzzz", "Give a code such as"),
        ("x" * 100_000, "There is no code and no record"),
        ("", "There is no code and no record"),
        ("../../etc/passwd", "There is no code and no record"),
        ("a\x1b[31mb", "There is no code and no record"),
    ],
)
def test_what_names_nothing_is_wrong_usage(name: str, says: str, tmp_path: Path) -> None:
    result = run("explain", "--root", make_root(tmp_path), name)
    assert result.exit_code == 2 and says in result.output and len(result.output) < 1000
    assert "\x1b" not in result.output


def test_a_record_that_was_set_aside_is_said_to_be(tmp_path: Path) -> None:
    root = make_root(tmp_path, {"seeds/treaty/friendship.yaml": "nmae: X\n"})
    for name in ("treaty/friendship", "friendship", "seeds/treaty/friendship.yaml"):
        result = run("explain", "--root", root, name)
        assert (result.exit_code, result.output) == (
            1,
            "Error: treaty/friendship was set aside, because its file has errors. "
            "`depositary check seeds/treaty/friendship.yaml` prints them.\n",
        )


def test_a_record_that_a_view_does_not_know_is_said_to_be_later(tmp_path: Path) -> None:
    text = WORLD["seeds/source/press.yaml"] + "date: 2001-02-03\n"
    root = make_root(tmp_path)
    write(root, {"seeds/source/press.yaml": text})
    assert run("explain", "--root", root, "--as-of", "2001-02-04", "event/signing").exit_code == 0
    result = run("explain", "--root", root, "--as-of", "2001-02-02", "event/signing")
    assert (result.exit_code, result.output) == (1, "Error: event/signing was not yet known on 2 February 2001.\n")
