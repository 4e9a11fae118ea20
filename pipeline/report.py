"""The room that prints findings and changes: one value, several voices. It decides nothing.

text     place, message, the line with a caret, help: for people
concise  path:line:column: level CODE message: for editors and grep
json     one JSON object for programs
github   workflow commands that become annotations beside the lines of a pull request

Changes have voices of their own, text, markdown and json: what was removed comes first in each.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict

import click

from pipeline import dates
from pipeline.diff import Change, State, counted
from pipeline.model import ERROR, WARNING, Diagnostic, Position

#: More findings than this are counted, not printed, in the voices that people read.
MAX_SHOWN = 200
#: No message or help is longer than this, whatever a record or a schema holds.
MAX_MESSAGE = 4000
MAX_EXCERPT = 200
#: The beginning of a command that GitHub's runner obeys wherever it stands in a line of a log.
_LOG_COMMAND = "##["


def ordered(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """By place; equal findings once."""
    unique = dict.fromkeys(diagnostics)
    return sorted(unique, key=lambda d: (d.path, _position(d).line, _position(d).column, d.code, d.message))


def _position(diagnostic: Diagnostic) -> Position:
    return diagnostic.position or Position(1, 1)


def printable(text: str) -> str:
    """Text that a terminal or a log only shows: without control characters and without commands to a runner."""
    if not text.isprintable():
        text = "".join(char if unicodedata.category(char) not in _UNSHOWN else f"\\u{ord(char):04x}" for char in text)
    return text.replace(_LOG_COMMAND, "##\\[") if _LOG_COMMAND in text else text


_UNSHOWN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


def _bounded(text: str) -> str:
    return text if len(text) <= MAX_MESSAGE else f"{text[:MAX_MESSAGE]}…"


def render(diagnostics: Sequence[Diagnostic], voice: str, color: bool = False, outcome: str = "") -> str:
    """The findings in a voice, ending in a line feed unless there is nothing to say."""
    return VOICES[voice](ordered(diagnostics), color, outcome)


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """ "3 errors, 1 warning in 2 files" """
    found = ordered(diagnostics)
    levels = Counter(diagnostic.level for diagnostic in found)
    files = len({diagnostic.path for diagnostic in found})
    parts = [f"{levels[level]} {level}{'' if levels[level] == 1 else 's'}" for level in (ERROR, WARNING) if levels[level]]
    return f"{', '.join(parts)} in {files} file{'' if files == 1 else 's'}" if parts else "No findings"


def chosen(found: list[Diagnostic]) -> list[Diagnostic]:
    """As many as people read, in their order: the first of every file before the second of any."""
    if len(found) <= MAX_SHOWN:
        return found
    in_file: Counter[str] = Counter()
    ranks = []
    for index, diagnostic in enumerate(found):
        ranks.append((in_file[diagnostic.path], index))
        in_file[diagnostic.path] += 1
    return [found[index] for index in sorted(index for _, index in sorted(ranks)[:MAX_SHOWN])]


def _text(found: list[Diagnostic], color: bool, outcome: str) -> str:
    shown = chosen(found)
    blocks = [_text_block(diagnostic, color) for diagnostic in shown]
    if len(found) > len(shown):
        blocks.append(f"… and {len(found) - len(shown)} more. `depositary check --format concise` lists them all.\n")
    last = f"{summary(found)}." + (f" {outcome}" if outcome else "")
    return "\n".join([*blocks, last + "\n"])


def _text_block(diagnostic: Diagnostic, color: bool) -> str:
    position = _position(diagnostic)
    place = f"{printable(diagnostic.path)}:{position.line}:{position.column}"
    level = f"{diagnostic.level}[{diagnostic.code}]"
    if color:
        level = click.style(level, fg="red" if diagnostic.level == ERROR else "yellow", bold=True)
    lines = [f"{place}: {level} {printable(_bounded(diagnostic.message))}"]
    if position.excerpt:
        lines += _excerpt(position)
    if diagnostic.help:
        lines.append(f"  help: {printable(_bounded(diagnostic.help))}")
    lines.append(f"  more: depositary explain {diagnostic.code}")
    return "\n".join(lines) + "\n"


def _excerpt(position: Position) -> list[str]:
    """The line and the carets below what is meant. A part of a long line stands between dots."""
    number = str(position.line).rjust(5)
    text = position.excerpt[:MAX_EXCERPT]
    begin = position.column - position.excerpt_column
    before, marked = text[:begin], text[begin : begin + position.length]
    dots = "…" if position.excerpt_column > 1 else ""
    shown = [f"{number} | {dots}{printable(text)}"]
    if not 0 <= begin <= len(text):
        return shown
    gap = " " * (len(dots) + _columns(before))
    return [*shown, f"{' ' * len(number)} | {gap}{'^' * max(1, _columns(marked))}"]


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(_width(char) for char in printable(text))


def _width(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 0 if unicodedata.combining(char) else 1


def concise_line(diagnostic: Diagnostic) -> str:
    """`path:line:column: level CODE message`."""
    position = _position(diagnostic)
    place = f"{printable(diagnostic.path)}:{position.line}:{position.column}"
    return f"{place}: {diagnostic.level} {diagnostic.code} {printable(_bounded(diagnostic.message))}"


def _concise(found: list[Diagnostic], color: bool, outcome: str) -> str:
    return "".join(f"{concise_line(diagnostic)}\n" for diagnostic in found)


def _json(found: list[Diagnostic], color: bool, outcome: str) -> str:
    """Only ASCII, so that no terminal, log or encoding can change or obey it."""
    rows = [
        {
            "path": d.path, "line": _position(d).line, "column": _position(d).column, "length": _position(d).length,
            "level": d.level, "code": d.code, "message": _bounded(d.message), "help": _bounded(d.help),
            "pointer": [_bounded(step) if isinstance(step, str) else step for step in d.pointer],
        }
        for d in found
    ]
    levels = Counter(d.level for d in found)
    totals = {"errors": levels[ERROR], "warnings": levels[WARNING], "files": len({d.path for d in found})}
    return json.dumps({"findings": rows, "totals": totals}, indent=2).replace(_LOG_COMMAND, "##\\u005b") + "\n"


def _github(found: list[Diagnostic], color: bool, outcome: str) -> str:
    """GitHub shows ten annotations of each level a step: errors first, so that the worst are among them.

    The last line, with the totals, is for the log.
    """
    worst_first = sorted(found, key=lambda d: d.level != ERROR)
    lines = []
    for d in worst_first[:MAX_SHOWN]:
        position = _position(d)
        properties = {
            "file": printable(d.path), "line": str(position.line), "col": str(position.column),
            "endColumn": str(position.column + position.length), "title": d.code,
        }
        written = ",".join(f"{name}={_escape_property(value)}" for name, value in properties.items())
        message = "\n".join(printable(_bounded(text)) for text in (d.message, d.help) if text)
        lines.append(f"::{d.level} {written}::{_escape_data(message)}\n")
    more = f" The first {MAX_SHOWN} are shown." if len(found) > MAX_SHOWN else ""
    last = f"{summary(found)}.{more}" + (f" {outcome}" if outcome else "")
    return "".join([*lines, f"{last}\n"])


def _escape_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")


VOICES: dict[str, Callable[[list[Diagnostic], bool, str], str]] = {
    "text": _text, "concise": _concise, "json": _json, "github": _github,
}


# Changes


#: The form of the JSON; a program that reads it asks for this number.
CHANGES_VERSION = 1
#: GitHub takes no comment longer than 65536 characters.
MAX_COMMENT = 60_000
_REMOVED = "Removed from the records"
_NEW = "New records"
_HINT = "`depositary diff` prints them all."


def render_changes(before: State, after: State, found: Sequence[Change], voice: str, color: bool = False) -> str:
    """The changes from one state to another in a voice, ending in a line feed."""
    return CHANGE_VOICES[voice](before, after, found, color)


def summary_of_changes(found: Sequence[Change]) -> str:
    """ "3 changes: 1 act removed, 2 facts changed" """
    if not found:
        return "No changes"
    parts = [f"{number} {_kind_in_words(kind, number)}" for kind, number in counted(found).items()]
    return f"{len(found)} change{'' if len(found) == 1 else 's'}: {', '.join(parts)}"


def _kind_in_words(kind: str, number: int) -> str:
    noun, _, done = kind.partition("-")
    noun = {"contested": "contested value"}.get(noun, noun)
    plural = {"status": "statuses", "party": "parties"}.get(noun, f"{noun}s")
    return f"{noun if number == 1 else plural} {done}"


def _sections(found: Iterable[Change]) -> list[tuple[str, str, list[tuple[str, Change]]]]:
    """(heading, reference, [(line, change)]): what was removed; each record by its own; new records together.

    A line below a record's own heading does not say its name again.
    """
    removed: list[tuple[str, Change]] = []
    new: list[tuple[str, Change]] = []
    own: dict[str, tuple[str, list[tuple[str, Change]]]] = {}
    for change in found:
        if change.loud:
            removed.append((change.text, change))
        elif change.kind.endswith("-added") and change.kind not in ("fact-added", "contested-added"):
            new.append((change.text, change))
        else:
            own.setdefault(change.ref, (change.label, []))[1].append((change.text.removeprefix(f"{change.label}: "), change))
    sections = [(_REMOVED, "", removed)] if removed else []
    sections += [(label, ref, lines) for ref, (label, lines) in own.items()]
    return sections + ([(_NEW, "", new)] if new else [])


def _state(state: State) -> str:
    """ "HEAD~1, as of 1 January 2026; 2 errors in its records, which are compared as far as they can be read" """
    days = f", as of {dates.in_words(state.as_of)}" if state.as_of and dates.in_words(state.as_of) != state.name else ""
    known = f", known by {dates.in_words(state.known_by)}" if state.known_by != state.as_of else ""
    numbers = [(state.errors, "error"), (state.warnings, "warning")]
    findings = " and ".join(f"{number} {word}{'' if number == 1 else 's'}" for number, word in numbers if number)
    limits = ", which are compared as far as they can be read" if state.errors else ""
    return f"{state.name}{days}{known}" + (f"; {findings} in its records{limits}" if findings else "")


def _changes_text(before: State, after: State, found: Sequence[Change], color: bool) -> str:
    lines = [f"from  {printable(_state(before))}", f"to    {printable(_state(after))}", ""]
    for heading, ref, rows in _sections(found):
        loud = heading == _REMOVED and not ref
        title = f"{printable(_bounded(heading))}{f'  {printable(ref)}' if ref else ''}"
        lines.append(click.style(title, fg="red" if loud else None, bold=True) if color else title)
        lines += [f"  {'! ' if loud else ''}{printable(_bounded(text))}" for text, _ in rows]
        lines.append("")
    return "\n".join([*lines, f"{summary_of_changes(found)}.", ""])


def _changes_markdown(before: State, after: State, found: Sequence[Change], color: bool) -> str:
    """For a comment on a pull request: no longer than GitHub takes, what was removed first, nothing of a record as markup."""
    head = f"## Changes of the records\n\nFrom {_escape_markdown(_state(before))}\nto {_escape_markdown(_state(after))}.\n"
    parts, length, told = [head], len(head), 0
    for heading, ref, rows in _sections(found):
        loud = heading == _REMOVED and not ref
        title = f"### {'⚠ ' if loud else ''}{_escape_markdown(heading)}{f' (`{printable(ref)}`)' if ref else ''}\n"
        bold = "**" if loud else ""
        lines = [f"- {bold}{_escape_markdown(text)}{bold}\n" for text, _ in rows]
        fitting = _fitting(lines, MAX_COMMENT - length - len(title))
        if not fitting:
            break
        parts.append(f"{title}\n{''.join(fitting)}")
        length += len(parts[-1]) + 1
        told += len(fitting)
        if len(fitting) < len(lines):
            break
    more = [f"… and {len(found) - told} more. {_HINT}\n"] if told < len(found) else []
    return "\n".join([*parts, *more, f"{summary_of_changes(found)}.\n"])


def _fitting(lines: list[str], room: int) -> list[str]:
    """The first of the lines, as many as there is room for."""
    taken = 0
    for count, line in enumerate(lines):
        taken += len(line)
        if taken > room:
            return lines[:count]
    return lines


def _escape_markdown(text: str) -> str:
    """A record's text as text: no markup, no HTML, no mention of anybody, no link to another issue."""
    out = "".join(f"\\{char}" if char in "\\`*_{}[]()#+!|~$" else char for char in printable(_bounded(text)).lstrip())
    list_mark = _LIST_MARK.match(out)
    if list_mark:
        out = f"{out[: list_mark.end() - 1]}\\{out[list_mark.end() - 1 :]}"
    out = out.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    out = _BEFORE_A_NUMBER.sub("\\g<0>\u200b", out.replace("@", "@\u200b"))
    return out.replace("://", ":\u200b//").replace("www.", "www\u200b.")


#: What would begin a list or a line across inside the entry that the text is.
_LIST_MARK = re.compile(r"-|[0-9]+\.")
#: GitHub makes a link of these with a number behind them, escaped or not.
_BEFORE_A_NUMBER = re.compile(r"(?:#|\bGH-)(?=[0-9])", re.IGNORECASE)


def _changes_json(before: State, after: State, found: Sequence[Change], color: bool) -> str:
    """Only ASCII, so that no terminal, log or encoding can change or obey it."""
    value = {
        "version": CHANGES_VERSION, "before": asdict(before), "after": asdict(after), "counts": counted(found),
        "changes": [asdict(change) for change in found],
    }
    return json.dumps(value, indent=2).replace(_LOG_COMMAND, "##\\u005b") + "\n"


CHANGE_VOICES: dict[str, Callable[[State, State, Sequence[Change], bool], str]] = {
    "text": _changes_text, "markdown": _changes_markdown, "json": _changes_json,
}


# Builds


def built(counts: Mapping[str, int], fresh: Mapping[str, Sequence[str]]) -> str:
    """What a build did, in one line. `fresh` are by exporter the files that the last build did not have."""
    new = {word: len(paths) for word, paths in fresh.items() if paths}
    told = f" ({', '.join(f'{word} {number}' for word, number in new.items())})" if new else ""
    return (
        f"{counts['files']} files read, {counts['parsed']} parsed, {counts['validated']} validated; "
        f"{counts['pages']} pages: {counts['rendered']} rendered, {counts['reused']} reused; "
        f"{counts['exports']} exports: {sum(new.values())} new{told}; "
        f"{counts['written']} files written, {counts['removed']} removed"
    )
