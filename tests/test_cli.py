"""The command: its exit codes, its voices, its help, and that bad data never end in a traceback."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from pipeline import __version__, cli
from pipeline import build as spine
from tests.helpers import DAY, TREATY_END, WORLD, make_root, run, write
from tests.worlds import PROJECT, source_date_epoch

BAD = {"seeds/organization/bad.yaml": "nmae: X\ntype: state\n", "seeds/event/bad.yaml": "name: [\n"}
WARNED = {
    "seeds/treaty/friendship.yaml": WORLD["seeds/treaty/friendship.yaml"].replace("[ann-lee]", "[bob-lee]"),
    "seeds/person/bob-lee.yaml": "name: Bob\n",
}


def process(*arguments: str | Path, cwd: Path = PROJECT, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command as a process of its own."""
    variables = {**os.environ, "SOURCE_DATE_EPOCH": source_date_epoch(DAY), "PYTHONPATH": str(PROJECT), **environment}
    command = [sys.executable, "-m", "pipeline", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=variables, capture_output=True, check=False, timeout=60)


# Exit codes


def test_zero_where_nothing_is_wrong(tmp_path: Path) -> None:
    result = run("check", "--root", make_root(tmp_path))
    assert (result.exit_code, result.output) == (0, f"No findings. {len(WORLD)} files checked.\n")


def test_one_where_something_is_wrong(tmp_path: Path) -> None:
    result = run("check", "--root", make_root(tmp_path, BAD))
    assert result.exit_code == 1 and result.output.endswith("2 errors in 2 files.\n")


def test_a_warning_counts_only_where_it_is_told_to(tmp_path: Path) -> None:
    root = make_root(tmp_path, WARNED)
    assert run("check", "--root", root).exit_code == 0
    assert "warning[C422]" in run("check", "--root", root).output
    assert run("check", "--root", root, "--strict").exit_code == 1
    assert run("check", "--root", make_root(tmp_path / "clean"), "--strict").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["check", "--colour"], "No such option"),
        (["chekc"], "No such command"),
        (["check", "--format", "xml"], "'xml' is not one of"),
        (["check", "--as-of", "yesterday"], "'yesterday' is not a day. Write it as 2024-10-16."),
        (["check", "--as-of", "2024-10"], "Write it as 2024-10-16"),
        (["check", "--as-of", "2024-02-30"], "not a day"),
        (["check", "--root", "/nowhere/at/all"], "there is no folder /nowhere/at/all"),
        (["check", "nowhere.yaml"], "There is no file or folder nowhere.yaml."),
        (["explain"], "Missing argument"),
        (["build", "--workers", "0"], "0 is not in the range"),
        (["check", os.devnull], "is not in the project"),
    ],
)
def test_two_where_the_command_is_wrong(arguments: list[str], says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    result = run(*arguments)
    assert result.exit_code == 2 and says in result.output and "Traceback" not in result.output


def test_three_where_it_is_our_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise KeyError("something of ours")

    monkeypatch.setattr(spine, "prepare", fail)
    monkeypatch.setattr(sys, "argv", ["depositary", "check", "--root", str(make_root(tmp_path))])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    printed = capsys.readouterr().err
    assert ended.value.code == 3
    assert (
        "Traceback" in printed
        and "depositary has a bug: KeyError. Please report it with the lines above. Nothing was published." in printed
    )


def test_a_folder_that_is_no_project_is_told_what_it_lacks(tmp_path: Path) -> None:
    for made, lacking in (((), "seeds/ and schemas/"), (("schemas",), "seeds/"), (("schemas", "seeds"), "holds no schema")):
        for name in made:
            (tmp_path / name).mkdir(exist_ok=True)
        for command in (("check",), ("build",), ("explain", "treaty/x")):
            result = run(*command, "--root", tmp_path)
            assert result.exit_code == 2 and lacking in result.output and str(tmp_path) in result.output.replace("\n", "")
    assert run("check", "--root", PROJECT / "pyproject.toml").exit_code == 2


def test_what_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied", "templates/x.html")

    monkeypatch.setattr(spine, "prepare", fail)
    result = run("check", "--root", make_root(tmp_path))
    assert (result.exit_code, result.output) == (1, "Error: templates/x.html cannot be read (Permission denied).\n")


# PATH


def test_only_the_findings_below_a_path_are_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_root(tmp_path, {**BAD, "seeds/organization/asia/bad-too.yaml": "x: y\n", "seeds/organization.yaml": "name: X\n"})
    expected = {
        "seeds/organization": {"organization/bad.yaml", "asia/bad-too.yaml"},
        "seeds/organization/bad.yaml": {"organization/bad.yaml"},
        "seeds/event": {"event/bad.yaml"},
        "seeds": {"organization/bad.yaml", "asia/bad-too.yaml", "event/bad.yaml", "organization.yaml"},
        ".": {"organization/bad.yaml", "asia/bad-too.yaml", "event/bad.yaml", "organization.yaml"},
        "seeds/person": set(),
        "schemas": set(),
        "seeds/../seeds/event/": {"event/bad.yaml"},
    }
    for path, wanted in expected.items():
        result = run("check", "--root", root, "--format", "concise", root / path)
        printed = {line.partition(":")[0] for line in result.output.splitlines()}
        assert {name for name in printed if name} == {name for name in printed if any(name.endswith(end) for end in wanted)}
        assert len(printed) == len(wanted) and result.exit_code == bool(wanted), path
    monkeypatch.chdir(root / "seeds")
    assert run("check", "--root", "..", "--format", "concise", "event", "person").output.count("\n") == 1


def test_findings_elsewhere_are_counted(tmp_path: Path) -> None:
    root = make_root(tmp_path, BAD)
    result = run("check", "--root", root, root / "seeds/person")
    assert (result.exit_code, result.output) == (
        0,
        f"No findings. {len(WORLD) + 2} files checked. Elsewhere: 2 errors in 2 files; `depositary check` prints them.\n",
    )
    assert (
        "1 error in 1 file. Elsewhere: 1 error in 1 file; `depositary check` prints"
        in run("check", "--root", root, root / "seeds/event").output
    )


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links")
def test_a_path_may_lead_through_links_and_name_one(tmp_path: Path) -> None:
    root = make_root(tmp_path, BAD)
    (tmp_path / "way").symlink_to(root)
    (root / "seeds/person/link.yaml").symlink_to("nowhere")
    assert run("check", "--root", root, "--format", "concise", tmp_path / "way/seeds/event").output.startswith(
        "seeds/event/bad.yaml:"
    )
    assert "Y118" in run("check", "--root", tmp_path / "way", "--format", "concise", root / "seeds/person/link.yaml").output


# Voices


def test_each_voice(tmp_path: Path) -> None:
    root = make_root(tmp_path, BAD)
    assert "help: did you mean 'name'?" in run("check", "--root", root, "--format", "text").output
    assert run("check", "--root", root, "--format", "concise").output.splitlines() == [
        "seeds/event/bad.yaml:1:7: error Y101 a bracket [ is opened here and never closed",
        "seeds/organization/bad.yaml:1:1: error V201 unknown key 'nmae'",
    ]
    assert json.loads(run("check", "--root", root, "--format", "json").output)["totals"]["errors"] == 2
    assert run("check", "--root", root, "--format", "github").output.startswith("::error file=seeds/event/bad.yaml,line=1,")


def test_inside_github_actions_the_voice_is_github(tmp_path: Path) -> None:
    root = make_root(tmp_path, BAD)
    assert run("check", "--root", root, GITHUB_ACTIONS="true").output.startswith("::error ")
    assert run("check", "--root", root, "--format", "concise", GITHUB_ACTIONS="true").output.startswith("seeds/event")


def test_a_log_has_no_colors_and_no_bar(tmp_path: Path) -> None:
    result = process("check", "--root", make_root(tmp_path, BAD))
    assert b"\x1b" not in result.stdout + result.stderr and result.returncode == 1


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
@pytest.mark.parametrize("voice", ["text", "concise", "json", "github"])
def test_a_terminal_without_korean_is_no_reason_to_fail(encoding: str, voice: str, tmp_path: Path) -> None:
    root = make_root(tmp_path, {"seeds/organization/bad.yaml": "name: 조선 🇰🇵\ntype: 國家\nпартия: …\n"})
    result = process("check", "--root", root, "--format", voice, PYTHONIOENCODING=encoding)
    assert result.returncode == 1 and b"Traceback" not in result.stderr
    printed = result.stdout.decode("utf-8" if encoding == "ascii" else encoding)  # click takes ascii for a mistake
    assert printed.count("V205") == 1 + (voice == "text")


# Bad data


def test_no_traceback_for_bad_data_in_any_command(tmp_path: Path) -> None:
    root = make_root(
        tmp_path,
        {
            "seeds/organization/a.yaml": b"\xff\xfe\x00",
            "seeds/organization/b.yaml": "[" * 3000,
            "seeds/organization/c.yaml": "a: &a [*a]\n",
            "seeds/event/signing.yaml": "name: X\ndate: 9999-99-99\n",
            "schemas/person.schema.json": "{",
        },
    )
    for arguments in (
        ("check",),
        ("build", "--output", tmp_path / "site"),
        ("explain", "treaty/friendship"),
        ("explain", "event/signing"),
        ("explain", "nobody"),
    ):
        result = process(*arguments, "--root", root)
        assert result.returncode in (0, 1, 2) and b"Traceback" not in result.stderr, result.stderr
    assert not (tmp_path / "site").exists()


def test_a_build_with_errors_publishes_nothing_and_says_so(tmp_path: Path) -> None:
    result = process("build", "--root", make_root(tmp_path, BAD), "--output", tmp_path / "site")
    assert result.returncode == 1 and result.stderr.endswith(b"2 errors in 2 files. Nothing was published.\n")
    assert not result.stdout and not (tmp_path / "site").exists()


# Help


def commands() -> list[str]:
    return sorted(cli.cli.commands)


def test_the_help_is_for_newcomers() -> None:
    printed = run("--help").output
    for name in commands():
        assert re.search(rf"(?m)^  {name} +[A-Z]", printed), f"{name} is not in the help"
    for word in ("YAML", "seeds/", "website", "depositary check"):
        assert word in printed


@pytest.mark.parametrize("name", commands())
def test_every_command_and_option_says_what_it_does(name: str) -> None:
    command = cli.cli.commands[name]
    result = run(name, "-h")
    assert result.exit_code == 0 and result.output == run(name, "--help").output
    assert command.help and len(command.help) > 40 and command.help.rstrip().endswith(".")
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help and parameter.help.endswith("."), f"{name} {parameter.opts[0]} says nothing"
            assert parameter.is_flag or "Default:" in parameter.help, f"{name} {parameter.opts[0]} does not tell its default"


def test_alone_it_prints_its_help() -> None:
    assert "Usage: depositary [OPTIONS] COMMAND" in CliRunner().invoke(cli.cli, [], prog_name="depositary").output


def test_the_module_is_the_command(tmp_path: Path) -> None:
    root = make_root(tmp_path, BAD)
    assert process("--version").stdout.decode().strip() == f"depositary, version {__version__}"
    printed = process("check", "--format", "concise", cwd=root)
    assert printed.stdout.decode() == run("check", "--root", root, "--format", "concise").output and printed.returncode == 1
    assert b"Usage: depositary check" in process("check", "--colour").stderr


def test_the_command_reads_the_project_it_stands_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(make_root(tmp_path))
    assert run("check").exit_code == 0
    write(tmp_path / "project", {"seeds/treaty/friendship.yaml": WORLD["seeds/treaty/friendship.yaml"] + "status: in force\n"})
    result = run("check")
    assert f"seeds/treaty/friendship.yaml:{TREATY_END}:1: error[V204] 'status' is derived, never written" in result.output
    assert "more: depositary explain V204" in result.output and run("explain", "V204").exit_code == 0
