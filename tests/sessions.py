"""The terminal sessions in README.md and CONTRIBUTING.md, run for real in a copy of the project.

In a document, a `yaml` block that begins with `# seeds/<kind>/<id>.yaml` is a file, and a `console`
block is a session: `$ command` and what it prints. A line `…` stands for any number of lines.
`<!-- before: command -->` above a session is run first and not shown: the mistake it begins with.
`python -m tests.sessions` (`make bless`) writes the output anew where it has changed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.worlds import PROJECT, day_of_the_records, source_date_epoch

DOCUMENTS = ("README.md", "CONTRIBUTING.md")
COPIED = ("seeds", "schemas", "templates", "site")
ANYTHING = "…"
#: What a session shows but a test cannot repeat: it would install the project, or change the shell.
NOT_RUN = ("make ", "source ")

_FENCE = re.compile(r"((?:^<!-- before: .* -->\n)*)^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_BEFORE = re.compile(r"^<!-- before: (.*) -->$", re.MULTILINE)
_FILE = re.compile(r"# (seeds/[a-z]+/[a-z0-9-]+\.yaml)\n")
#: What differs from day to day and says nothing: places in files that grow, counts of records, seconds, versions.
_VOLATILE = (
    (re.compile(r"(\.yaml):\d+:\d+:"), r"\1:L:C:"),
    (re.compile(r"^ *\d* \|"), "L |"),
    (re.compile(r"\d+\.\d+ s$"), "T s"),
    (re.compile(r"\d+(?= (files|parsed|validated|pages|rendered|reused|exports|removed)\b)"), "N"),
    (re.compile(r"\d+ new( \([a-z0-9, ]+\))?"), "N new"),
    (re.compile(r"Python \d[\d.]*"), "Python V"),
)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: language, text, the heading (level two) it stands under, where its text begins, what to run first."""

    language: str
    text: str
    section: str
    start: int
    before: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The path of the record that it is, where it is one."""
        match = _FILE.match(self.text)
        return match[1] if match else ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One command of a session and the lines it is said to print."""

    command: str
    shown: list[str]


def blocks(document: str) -> list[Block]:
    """The fenced blocks of a document, in order."""
    text = (PROJECT / document).read_text(encoding="utf-8")
    found = []
    for match in _FENCE.finditer(text):
        headings = ["", *re.findall(r"^## (.+)$", text[: match.start()], re.MULTILINE)]
        found.append(Block(match[2], match[3], headings[-1], match.start(3), tuple(_BEFORE.findall(match[1]))))
    return found


def turns(text: str) -> list[Turn]:
    """The commands of a session, each with its output."""
    found: list[Turn] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append(Turn(line[2:], []))
        else:
            found[-1].shown.append(line)
    return found


def copy_project(folder: Path) -> Path:
    """A copy of the project to work in."""
    for name in COPIED:
        shutil.copytree(PROJECT / name, folder / name)
    return folder


def run(command: str, folder: Path) -> tuple[list[str], str]:
    """The lines a command prints in a folder, and what it says on the side."""
    environment = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "HOME": str(folder), "LC_ALL": "C.UTF-8", "SOURCE_DATE_EPOCH": source_date_epoch(day_of_the_records()),
    }
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=120
    )
    return done.stdout.splitlines(), done.stderr


def played(document: str, folder: Path) -> Iterator[tuple[Block, Turn, list[str], str]]:
    """Plays a document in a copy: writes its files, runs its commands, in order."""
    copy_project(folder)
    for block in blocks(document):
        if block.file:
            (folder / block.file).write_text(block.text, encoding="utf-8")
        for command in block.before:
            run(command, folder)
        if block.language == "console":
            for turn in turns(block.text):
                if not turn.command.startswith(NOT_RUN):
                    yield block, turn, *run(turn.command, folder)


def steady(line: str) -> str:
    """A line without what differs from day to day."""
    for pattern, replacement in _VOLATILE:
        line = pattern.sub(replacement, line)
    return line.rstrip()


def agrees(shown: list[str], printed: list[str]) -> bool:
    """Whether what is shown is what was printed."""
    pattern = "".join(r"(?:.*\n)*?" if line == ANYTHING else re.escape(steady(line)) + r"\n" for line in shown)
    return re.fullmatch(pattern, "".join(f"{steady(line)}\n" for line in printed)) is not None


def rewritten(document: str) -> str:
    """The document with the output of its sessions as it is now."""
    text = (PROJECT / document).read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        results = list(played(document, Path(folder)))
    for block in reversed([block for block in blocks(document) if block.language == "console"]):
        lines = []
        for turn in turns(block.text):
            printed = next((printed for owner, own, printed, _ in results if owner == block and own == turn), None)
            kept = printed is None or ANYTHING in turn.shown or agrees(turn.shown, printed)
            lines += [f"$ {turn.command}", *(turn.shown if kept else printed or [])]
        text = text[: block.start] + "".join(f"{line}\n" for line in lines) + text[block.start + len(block.text) :]
    return text


def main() -> None:
    """Writes the output of all sessions anew."""
    for document in DOCUMENTS:
        (PROJECT / document).write_text(rewritten(document), encoding="utf-8")
    print(f"Wrote the sessions of {' and '.join(DOCUMENTS)}.")


if __name__ == "__main__":
    main()
