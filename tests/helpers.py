"""Project folders for tests of reading and checking: files in, findings out."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from click.testing import CliRunner, Result

from pipeline import build as spine
from pipeline import cli, report
from pipeline.load import load
from pipeline.model import Corpus, Diagnostic, View
from tests.worlds import PROJECT, source_date_epoch

#: The as-of day of these tests.
DAY = date(2026, 1, 1)

#: A few records that others can refer to; nothing is wrong with them.
WORLD = {
    "seeds/organization/aland.yaml": "name: Aland\ntype: state\nids: {iso3166: 'AL'}\n",
    "seeds/organization/beland.yaml": "name: Beland\ntype: state\n",
    "seeds/person/ann-lee.yaml": (
        "name: Ann Lee\noffices:\n"
        "  - {office: President, organization: aland, from: 2000-01-01, until: 2002-01-01, sources: [press]}\n"
    ),
    "seeds/event/signing.yaml": "name: Signing\ndate: 2001-02-03\nsummary: They sign.\nsources: [press]\n",
    "seeds/procedure/two-steps.yaml": "name: Two steps\nsources: [press]\nsteps:\n  - {id: vote, label: Vote}\n",
    "seeds/source/press.yaml": "title: The news\npublisher: The Press\nclass: press\n",
    "seeds/treaty/friendship.yaml": (
        "name: Treaty of friendship\nform: bilateral\nparties: [{party: aland, procedure: two-steps}, {party: beland}]\n"
        "acts_on_record: partial\n"
        "entry_into_force: {rule: signature}\nactions:\n  - {act: signature, event: signing, by: [ann-lee]}\nsources: [press]\n"
    ),
}

#: The line behind the last one of the treaty.
TREATY_END = WORLD["seeds/treaty/friendship.yaml"].count("\n") + 1


def make_root(folder: Path, files: Mapping[str, str | bytes] | None = None, world: Mapping[str, str] | None = None) -> Path:
    """A project with the real schemas, the small world (or another) and these files."""
    root = folder / "project"
    if not root.exists():
        shutil.copytree(PROJECT / "schemas", root / "schemas")
        (root / "seeds").mkdir()
        write(root, WORLD if world is None else world)
    write(root, files or {})
    return root


def write(root: Path, files: Mapping[str, str | bytes]) -> None:
    """Puts files into a folder, their line ends as given."""
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content if isinstance(content, bytes) else content.encode())


def git(root: Path, *arguments: str, **environment: str) -> str:
    """What the git program prints in a folder, without the settings of whoever runs the test."""
    settings = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false")
    variables = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, **environment}
    done = subprocess.run(["git", *settings, "-C", str(root), *arguments], capture_output=True, check=True, env=variables)
    return done.stdout.decode().strip()


def loaded(root: Path) -> Corpus:
    """A project, read and nothing more."""
    return load(root, PROJECT)


def checked(root: Path, day: date = DAY) -> Corpus:
    """Everything up to the check, every finding with its place, without a cache."""
    return spine.prepare(spine.open_project(root), View.on(day), day, use_cache=False).corpus


def findings(root: Path) -> list[Diagnostic]:
    """All findings of a project, in the order of the report."""
    return report.ordered(checked(root).diagnostics)


def errors(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Those of the findings that forbid publishing."""
    return [diagnostic for diagnostic in found if diagnostic.level == "error"]


def only(found: Iterable[Diagnostic]) -> Diagnostic:
    """The one error there is."""
    found = errors(found)
    assert len(found) == 1, "\n".join(report.concise_line(diagnostic) for diagnostic in found) or "no error at all"
    return found[0]


def place(diagnostic: Diagnostic) -> tuple[str, int, int]:
    """Where a finding stands."""
    assert diagnostic.position is not None, diagnostic
    return diagnostic.path, diagnostic.position.line, diagnostic.position.column


def number_of_lines(path: Path) -> int:
    """How many lines a file has; at least one, so that an empty file and a folder have a first."""
    if path.is_symlink() or not path.is_file():
        return 1
    text = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return max(1, text.count(b"\n") + (not text.endswith(b"\n")))


def assert_sound(found: Iterable[Diagnostic], root: Path, lines: dict[str, int] | None = None) -> int:
    """Every finding names a path and a line that exist, says what to do, and is short. Returns how many there were."""
    known = {} if lines is None else lines
    count = 0
    for diagnostic in found:
        count += 1
        path, line, column = place(diagnostic)
        assert os.path.lexists(root / path), f"{path} does not exist"
        if path not in known:
            known[path] = number_of_lines(root / path)
        assert 1 <= line <= known[path] + 1, f"{path} has {known[path]} lines, not {line}"
        assert column >= 1
        assert diagnostic.message and diagnostic.help, f"{diagnostic.code} says too little: {diagnostic}"
        assert len(report.render([diagnostic], "text").encode()) < 64 * 1024
    return count


def run(*arguments: str | Path, **environment: str) -> Result:
    """The command in this process, as of a fixed day; an exception in it is an exception of the test."""
    variables = {"SOURCE_DATE_EPOCH": source_date_epoch(DAY), "GITHUB_ACTIONS": "", **environment}
    return CliRunner().invoke(cli.cli, [str(argument) for argument in arguments], env=variables, catch_exceptions=False)
