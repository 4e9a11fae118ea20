"""The report: the same findings in several voices, bounded, and unable to do anything but be read."""

from __future__ import annotations

import json
import random
import re
import sys
import unicodedata
from pathlib import Path

import pytest

from pipeline import report
from pipeline.model import WARNING, Diagnostic, Position
from tests.helpers import findings, make_root, run

ONE = Diagnostic(
    "L301",
    "no person 'andrey-rudenka'",
    "seeds/treaty/x.yaml",
    help="did you mean 'andrey-rudenko'?",
    position=Position(31, 10, 14, "    by: [andrey-rudenka]"),
)
TWO = Diagnostic(
    "C420", "late: 50% of it, perhaps", "seeds/event/a.yaml", WARNING, "Look, again.", position=Position(2, 1, 4, "date: 2024")
)


def test_text_is_for_people() -> None:
    assert report.render([ONE, TWO], "text", outcome="Nothing was published.") == (
        "seeds/event/a.yaml:2:1: warning[C420] late: 50% of it, perhaps\n"
        "    2 | date: 2024\n"
        "      | ^^^^\n"
        "  help: Look, again.\n"
        "  more: depositary explain C420\n"
        "\n"
        "seeds/treaty/x.yaml:31:10: error[L301] no person 'andrey-rudenka'\n"
        "   31 |     by: [andrey-rudenka]\n"
        "      |          ^^^^^^^^^^^^^^\n"
        "  help: did you mean 'andrey-rudenko'?\n"
        "  more: depositary explain L301\n"
        "\n"
        "1 error, 1 warning in 2 files. Nothing was published.\n"
    )


def test_concise_is_for_editors() -> None:
    assert report.render([ONE, TWO], "concise") == (
        "seeds/event/a.yaml:2:1: warning C420 late: 50% of it, perhaps\n"
        "seeds/treaty/x.yaml:31:10: error L301 no person 'andrey-rudenka'\n"
    )


def test_json_is_for_programs() -> None:
    told = json.loads(report.render([ONE, TWO], "json"))
    assert told["totals"] == {"errors": 1, "warnings": 1, "files": 2}
    assert told["findings"][1] == {
        "path": "seeds/treaty/x.yaml",
        "line": 31,
        "column": 10,
        "length": 14,
        "level": "error",
        "code": "L301",
        "message": "no person 'andrey-rudenka'",
        "help": "did you mean 'andrey-rudenko'?",
        "pointer": [],
    }


def test_github_is_for_pull_requests() -> None:
    assert report.render([TWO, ONE], "github") == (
        "::error file=seeds/treaty/x.yaml,line=31,col=10,endColumn=24,title=L301::"
        "no person 'andrey-rudenka'%0Adid you mean 'andrey-rudenko'?\n"
        "::warning file=seeds/event/a.yaml,line=2,col=1,endColumn=5,title=C420::late: 50%25 of it, perhaps%0ALook, again.\n"
        "1 error, 1 warning in 2 files.\n"
    )


@pytest.mark.parametrize(
    ("diagnostics", "words"),
    [
        ([], "No findings"),
        ([ONE], "1 error in 1 file"),
        ([TWO], "1 warning in 1 file"),
        ([ONE, ONE], "1 error in 1 file"),
        ([ONE, TWO], "1 error, 1 warning in 2 files"),
    ],
)
def test_the_summary_counts(diagnostics: list[Diagnostic], words: str) -> None:
    assert report.summary(diagnostics) == words


def test_no_findings_is_said() -> None:
    assert report.render([], "text", outcome="5 files checked.") == "No findings. 5 files checked.\n"
    assert report.render([], "concise") == "" and json.loads(report.render([], "json"))["findings"] == []


def test_the_order_is_by_place_whatever_the_order_of_finding() -> None:
    many = [
        Diagnostic("C401", f"m{number}", f"seeds/{number % 7}.yaml", position=Position(number % 5 + 1, number % 3 + 1))
        for number in range(60)
    ]
    printed = {voice: report.render(many, voice) for voice in report.VOICES}
    for seed in range(5):
        random.Random(seed).shuffle(many)
        assert {voice: report.render(many + many[:9], voice) for voice in report.VOICES} == printed


# What a record can make it print


HOSTILE_TEXTS = (
    "\x1b[2J\x1b[31mred",
    "a\rb",
    "a\nb",
    "a\n::error::hello",
    "::set-output name=x::y",
    "##[add-mask]a",
    "##[stop-commands]x",
    "a%0A::warning::b",
    "\x9b31m",
    "\u202eabc",
    "\u2028",
    "\x00",
    "\x07",
    "\ud800",
    "%",
    "100%25",
    "a,b:c",
    "<script>",
    "\\u001b",
    "\u200d",
    "\U000e0041",
)


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
@pytest.mark.parametrize("voice", sorted(report.VOICES))
def test_no_text_does_anything_but_stand_there(text: str, voice: str) -> None:
    hostile = Diagnostic(
        "V201",
        f"x {text} y",
        f"seeds/{text}.yaml",
        help=f"h {text}",
        position=Position(1, 3, 5, f"{text}: {text}"),
        pointer=(text,),
    )
    for diagnostic, count in ((hostile, 1), (Diagnostic("V201", text, text, help=text, position=Position(1, 1, 1, text)), 1)):
        printed = report.render([diagnostic], voice)
        printed.encode("utf-8")
        assert not {char for char in printed if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")} - {"\n"}
        assert "##[" not in printed
        if voice == "github":
            assert len(re.findall(r"(?m)^\s*::", printed)) == count and printed.count("\n") == 2
        elif voice != "json":
            assert not re.search(r"(?m)^\s*::", printed) or text.startswith("::")
        if voice == "concise":
            assert printed.count("\n") == 1


def test_no_record_commands_the_runner_of_a_build(tmp_path: Path) -> None:
    """In a log of GitHub a line that begins with :: is a command: no line that a record has a part in does."""
    root = make_root(
        tmp_path,
        {"seeds/organization/x.yaml": 'name: "::error::a"\ntype: "::set-env name=x::y"\n"::stop::z": "##[add-matcher]a"\n'},
    )
    printed = run("check", "--root", root, "--format", "text").output
    assert "##[" not in printed and not re.search(r"(?m)^\s*::", printed)


def test_every_character_can_be_reported() -> None:
    shown = "".join(map(chr, range(sys.maxunicode + 1)))
    printed = report.printable(shown)
    assert not {char for char in printed if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    assert "한" in printed and "\U0001f1f0" in printed and "\\u001b" in printed and "\\ud800" in printed


@pytest.mark.parametrize(
    ("line", "column", "length", "carets"),
    [
        ("name: 한국어 x", 7, 3, "      ^^^^^^"),
        ("한국: x", 5, 1, "      ^"),
        ("e\u0301: x", 5, 1, "   ^"),
        ("a: b", 4, 1, "   ^"),
        ("a:", 3, 1, "  ^"),
        ("a\tb", 3, 1, "       ^"),
    ],
)
def test_carets_stand_below_what_is_meant(line: str, column: int, length: int, carets: str) -> None:
    printed = report.render([Diagnostic("V201", "m", "p", position=Position(1, column, length, line))], "text")
    assert printed.split("\n")[2] == "      | " + carets


def test_a_line_that_is_not_there_is_not_shown() -> None:
    for position in (None, Position(5, 9), Position(5, 9, 3, "short")):
        printed = report.render([Diagnostic("V201", "m", "p", help="h", position=position)], "text")
        assert "^" not in printed and "help: h" in printed


def test_color_is_only_color() -> None:
    colored = report.render([ONE, TWO], "text", color=True)
    assert "\x1b[31m" in colored and re.sub(r"\x1b\[[0-9;]*m", "", colored) == report.render([ONE, TWO], "text")


# Bounds


def test_a_message_is_bounded_whatever_it_holds() -> None:
    huge = Diagnostic(
        "V201",
        "m" * 10**6,
        "seeds/x.yaml",
        help="h" * 10**6,
        position=Position(1, 500_000, 400_000, "\x1b" * 10**6),
        pointer=("p" * 10**6, 5),
    )
    for voice in report.VOICES:
        assert len(report.render([huge], voice).encode()) < 64 * 1024


def test_the_first_finding_of_every_file_is_named() -> None:
    many = [
        Diagnostic("V201", f"m{number}", f"seeds/{number // 3:03d}.yaml", position=Position(number % 3 + 1, 1))
        for number in range(600)
    ]
    printed = report.render(many, "text")
    assert all(f"seeds/{number:03d}.yaml" in printed for number in range(200))
    assert printed.endswith("… and 400 more. `depositary check --format concise` lists them all.\n\n600 errors in 200 files.\n")


def test_three_thousand_bad_files_are_a_bounded_report_with_the_total(tmp_path: Path) -> None:
    root = make_root(
        tmp_path, {f"seeds/organization/bad-{number:04d}.yaml": "name: X\ntype: stat\ncolour: red\n" for number in range(3000)}
    )
    found = findings(root)
    assert len(found) == 6000
    sizes = {voice: len(report.render(found, voice)) for voice in report.VOICES}
    assert sizes["text"] < 200_000 and sizes["github"] < 100_000, sizes
    assert "6000 errors in 3000 files." in report.render(found, "text")
    assert "6000 errors in 3000 files. The first 200 are shown." in report.render(found, "github")
    assert report.render(found, "concise").count("\n") == 6000
    assert json.loads(report.render(found, "json"))["totals"] == {"errors": 6000, "warnings": 0, "files": 3000}


def test_two_hundred_bad_files_are_two_hundred_names(tmp_path: Path) -> None:
    kinds_of_bad = ("nmae: X\n", "name: [\n", "", "name: X\nname: Y\n", "\tname: X\n", "name: X\ntype: state\npart_of: nobody\n")
    root = make_root(tmp_path, {f"seeds/organization/bad-{number:04d}.yaml": kinds_of_bad[number % 6] for number in range(200)})
    result = run("check", "--root", root)
    assert result.exit_code == 1
    assert all(f"bad-{number:04d}.yaml" in result.output for number in range(200))


def test_a_build_is_told_in_one_line() -> None:
    counts = {"files": 9, "parsed": 1, "validated": 9, "pages": 12, "rendered": 1, "reused": 11, "exports": 40, "written": 4, "removed": 0}
    told = report.built(counts, {"api": ("a",), "search": (), "data": ("b", "c")})
    assert told == (
        "9 files read, 1 parsed, 9 validated; 12 pages: 1 rendered, 11 reused; "
        "40 exports: 3 new (api 1, data 2); 4 files written, 0 removed"
    )
    assert "40 exports: 0 new; " in report.built(counts, {"api": ()})
