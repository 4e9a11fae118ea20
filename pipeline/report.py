"""The room that prints findings: one value, several voices. It decides nothing.

text     place, message, the line with a caret, help: for people
concise  path:line:column: level CODE message: for editors and grep
json     one JSON object for programs
github   workflow commands that become annotations beside the lines of a pull request
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence

import click

from pipeline.model import ERROR, Diagnostic, Position

#: More findings than this are counted, not printed, in the voices that people read.
MAX_SHOWN = 200


def ordered(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """By place; equal findings once."""
    unique = dict.fromkeys(diagnostics)
    return sorted(unique, key=lambda d: (d.path, _position(d).line, _position(d).column, d.code, d.message))


def _position(diagnostic: Diagnostic) -> Position:
    return diagnostic.position or Position(1, 1)


def printable(text: str) -> str:
    """Text without control characters, so that a record cannot write on a terminal."""
    return "".join(char if unicodedata.category(char) not in ("Cc", "Cf", "Zl", "Zp") else f"\\u{ord(char):04x}" for char in text)


def render(diagnostics: Sequence[Diagnostic], voice: str, color: bool = False, outcome: str = "") -> str:
    """The findings in a voice, ending in a line feed unless there is nothing to say."""
    return VOICES[voice](ordered(diagnostics), color, outcome)


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """ "3 errors, 1 warning in 2 files" """
    found = ordered(diagnostics)
    levels = Counter(diagnostic.level for diagnostic in found)
    files = len({diagnostic.path for diagnostic in found})
    parts = [f"{levels[level]} {level}{'' if levels[level] == 1 else 's'}" for level in (ERROR, "warning") if levels[level]]
    return f"{', '.join(parts)} in {files} file{'' if files == 1 else 's'}" if parts else "No findings"


def _text(found: list[Diagnostic], color: bool, outcome: str) -> str:
    blocks = [_text_block(diagnostic, color) for diagnostic in found[:MAX_SHOWN]]
    if len(found) > MAX_SHOWN:
        blocks.append(f"… and {len(found) - MAX_SHOWN} more. `--format concise` lists them all.\n")
    last = f"{summary(found)}." + (f" {outcome}" if outcome else "")
    return "\n".join([*blocks, last + "\n"])


def _text_block(diagnostic: Diagnostic, color: bool) -> str:
    position = _position(diagnostic)
    place = f"{printable(diagnostic.path)}:{position.line}:{position.column}"
    level = f"{diagnostic.level}[{diagnostic.code}]"
    if color:
        level = click.style(level, fg="red" if diagnostic.level == ERROR else "yellow", bold=True)
    lines = [f"{place}: {level} {printable(diagnostic.message)}"]
    if position.excerpt:
        lines += _excerpt(position)
    if diagnostic.help:
        lines.append(f"  help: {printable(diagnostic.help)}")
    lines.append(f"  more: depositary explain {diagnostic.code}")
    return "\n".join(lines) + "\n"


def _excerpt(position: Position) -> list[str]:
    number = str(position.line).rjust(5)
    before = position.excerpt[: position.column - 1]
    marked = position.excerpt[position.column - 1 : position.column - 1 + position.length]
    gap = " " * sum(_width(char) for char in printable(before))
    carets = "^" * max(1, sum(_width(char) for char in printable(marked)))
    shown = [f"{number} | {printable(position.excerpt)}"]
    return [*shown, f"{' ' * len(number)} | {gap}{carets}"] if position.column <= len(position.excerpt) + 1 else shown


def _width(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 0 if unicodedata.combining(char) else 1


def concise_line(diagnostic: Diagnostic) -> str:
    """`path:line:column: level CODE message`."""
    position = _position(diagnostic)
    place = f"{printable(diagnostic.path)}:{position.line}:{position.column}"
    return f"{place}: {diagnostic.level} {diagnostic.code} {printable(diagnostic.message)}"


def _concise(found: list[Diagnostic], color: bool, outcome: str) -> str:
    return "".join(f"{concise_line(diagnostic)}\n" for diagnostic in found)


def _json(found: list[Diagnostic], color: bool, outcome: str) -> str:
    rows = [
        {
            "path": d.path, "line": _position(d).line, "column": _position(d).column, "length": _position(d).length,
            "level": d.level, "code": d.code, "message": d.message, "help": d.help, "pointer": list(d.pointer),
        }
        for d in found
    ]
    return json.dumps({"findings": rows}, ensure_ascii=False, indent=2) + "\n"


def _github(found: list[Diagnostic], color: bool, outcome: str) -> str:
    """GitHub shows ten annotations of each level a step: errors first, so that the worst are among them."""
    worst_first = sorted(found, key=lambda d: d.level != ERROR)
    lines = []
    for d in worst_first:
        position = _position(d)
        properties = {
            "file": d.path, "line": str(position.line), "col": str(position.column),
            "endColumn": str(position.column + position.length), "title": f"{d.code}",
        }
        written = ",".join(f"{name}={_escape_property(value)}" for name, value in properties.items())
        message = f"{d.message}\n{d.help}" if d.help else d.message
        lines.append(f"::{d.level} {written}::{_escape_data(message)}\n")
    return "".join(lines)


def _escape_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")


VOICES: dict[str, Callable[[list[Diagnostic], bool, str], str]] = {
    "text": _text, "concise": _concise, "json": _json, "github": _github,
}
