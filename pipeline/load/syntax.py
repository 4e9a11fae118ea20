"""What the parser cannot read, in an editor's words, and at the line where the mistake was made.

The parser stops where it can go no further, which is often lines below the cause: a quotation
mark that was not closed is noticed at the next one. Each function below knows one mistake,
and gives its place, message and cure, or None where it is another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

from pipeline.model import Position


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a text, where, and what to do. It becomes a Diagnostic with the file's name."""

    code: str
    message: str
    help: str
    position: Position


@dataclass(frozen=True, slots=True)
class _Stop:
    """Where and why the parser stopped: lines and columns count from 0; `last` is the event before."""

    problem: str
    context: str
    line: int
    column: int
    context_line: int
    context_column: int
    lines: list[str]
    last: Any

    @property
    def text(self) -> str:
        """The line where it stopped."""
        return self.line_at(self.line)

    def line_at(self, number: int) -> str:
        """The text of a line, empty where there is none."""
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    def finding(self, message: str, cure: str, code: str = "Y101") -> Finding:
        """A finding where the parser stopped."""
        return Finding(code, message, cure, Position(self.line + 1, self.column + 1))

    def finding_at_context(self, message: str, cure: str, code: str = "Y101") -> Finding:
        """A finding where that begins in which the parser stopped."""
        return Finding(code, message, cure, Position(self.context_line + 1, self.context_column + 1))


def explain(error: yaml.MarkedYAMLError, text: str, last: Any) -> Finding:
    """The finding for what the parser says. `last` is the event it gave before it stopped."""
    mark = error.problem_mark or error.context_mark
    begin = error.context_mark or mark
    places = [(place.line, place.column) if place is not None else (0, 0) for place in (mark, begin)]
    stop = _Stop(str(error.problem or ""), str(error.context or ""), *places[0], *places[1], text.split("\n"), last)
    for mistake in _MISTAKES:
        finding = mistake(stop)
        if finding is not None:
            return finding
    cure = "Look at the quotation marks, the brackets and the indentation of this line and the one above."
    return stop.finding(f"the file cannot be read from here on ({stop.problem[:80] or 'not YAML'})", cure)


# The mistakes, the surest first


def _conflict(stop: _Stop) -> Finding | None:
    for number, line in enumerate(stop.lines):
        if _CONFLICT.match(line):
            cure = "Keep the lines that are right, and delete the others and the lines of <<<<<<<, ======= and >>>>>>>."
            message = "two versions of the same lines, left here by a merge in git"
            return Finding("Y101", message, cure, Position(number + 1, 1, 7))
    return None


_CONFLICT = re.compile(r"(<<<<<<<|>>>>>>>|\|\|\|\|\|\|\|) |=======$")


def _indentation_by_other_than_spaces(stop: _Stop) -> Finding | None:
    return odd_indentation(stop.text, stop.line)


def odd_indentation(text: str, line: int) -> Finding | None:
    """The finding for a line that is indented with anything but spaces. `line` counts from 0."""
    indentation = _INDENTATION.match(text)
    odd = re.search(r"[^ -]", indentation[0]) if indentation else None
    if odd is None:
        return None
    place = Position(line + 1, odd.start() + 1)
    if odd[0] == "\t":
        return Finding("Y103", "a tab in the indentation", "Indent with spaces: replace the tab.", place)
    cure = "Replace it by plain spaces. Such spaces come along when text is copied from a web page or a word processor."
    return Finding("Y103", f"a {unicodedata.name(odd[0], 'strange space').lower()} in the indentation", cure, place)


_INDENTATION = re.compile(r"(?:\s|-(?=\s))+")


def _quotation_mark_not_closed(stop: _Stop) -> Finding | None:
    cure = "Close the quotation mark at the end of the text."
    if "quoted scalar" in stop.context and stop.problem.startswith("found unexpected"):
        return stop.finding_at_context("a quotation mark is opened here and never closed", cure)
    last = stop.last
    before = stop.text[: stop.column].rstrip()[-1:]
    if type(last) is not yaml.ScalarEvent or last.style not in ("'", '"') or last.end_mark.line != stop.line:
        if before and before in "'\"" and "did not find expected key" in stop.problem:
            whole = "Put the whole text in quotes, or no part of it."
            return stop.finding("the text goes on after its closing quotation mark", whole)
        return None
    start = last.start_mark
    if start.line != stop.line:
        message = f"a quotation mark is opened here and closed only in line {stop.line + 1}, where the next one stands"
        return Finding("Y101", message, cure, Position(start.line + 1, start.column + 1))
    if "parsing a flow" in stop.context:
        return None
    if last.style == "'":
        cure = "Write an apostrophe inside single quotes twice (''), or put the text in double quotes."
    else:
        cure = 'Write \\" for a quotation mark inside the text, or put the text in single quotes.'
    return stop.finding("the text goes on after its closing quotation mark", cure)


def _backslash(stop: _Stop) -> Finding | None:
    if "quoted scalar" not in stop.context:
        return None
    cure = "Put the text in single quotes, where a backslash is only a backslash, or write it twice."
    return stop.finding("a backslash in double quotes, followed by what has no meaning", cure)


def _second_colon(stop: _Stop) -> Finding | None:
    if "mapping values are not allowed" not in stop.problem:
        return None
    before = stop.text[: stop.column]
    if re.search(r":\s", before):
        if re.search(r":\s+[\u201c-\u201e\u2018\u201a\u00ab\u300c]", before):
            cure = "The quotation marks round this text are printers' ones, which are text. Put it in plain ones: \" or '."
            return stop.finding("a second colon in one line", cure)
        return stop.finding("a second colon in one line", "Put the text in quotes if it contains a colon followed by a space.")
    if _LACKS_SPACE.match(stop.line_at(stop.line - 1)):
        return _missing_space(stop, stop.line - 1)
    bullet = _ODD_BULLET.match(stop.line_at(stop.line - 1))
    if bullet:
        place = Position(stop.line, bullet.start(1) + 1)
        return Finding("Y101", "an entry of a list begins with a hyphen and a space", "Write `- ` before the entry.", place)
    if stop.column > 1024:
        return stop.finding("a colon so far into its line ends no key", "Shorten the key. If it is a text, put it in quotes.")
    cure = "Indent it exactly like the key above. If it does belong to the text above, put that text in quotes."
    return stop.finding("this line is indented as if the text of the line above went on here, but it has a key of its own", cure)


_ODD_BULLET = re.compile(r"\s*([-\u2010-\u2015\u2022\u2023\u2043\u00b7*+]\s*)[A-Za-z_][\w-]*:\s")
_LACKS_SPACE = re.compile(r"\s*(?:- )?[A-Za-z_][\w-]*:(?=[^\s:/])(?!.*:\s)")


def _missing_space(stop: _Stop, number: int) -> Finding:
    column = stop.line_at(number).index(":") + 1
    cure = "Put a space between the colon and the value."
    return Finding("Y101", "a space is missing after the colon", cure, Position(number + 1, column))


def _line_without_colon(stop: _Stop) -> Finding | None:
    if "could not find expected ':'" not in stop.problem:
        return None
    line = stop.line_at(stop.context_line)
    if _LACKS_SPACE.match(line):
        return _missing_space(stop, stop.context_line)
    if "\uff1a" in line:
        return stop.finding_at_context("the colon in this line is a wide one", "Write a plain colon and a space.")
    cure = "Write `key: value`. If the line goes on with the text above, indent it further than the key of that text."
    return stop.finding_at_context("a line without a key and a colon", cure)


def _reserved_beginning(stop: _Stop) -> Finding | None:
    char, place = stop.text[stop.column : stop.column + 1], stop.finding
    if "mapping keys are not allowed" in stop.problem:
        char = "? and a space"
    elif re.search("an alias|an anchor", stop.context):
        char, place = stop.line_at(stop.context_line)[stop.context_column : stop.context_column + 1], stop.finding_at_context
    elif "scanning a block scalar" in stop.context:
        char, place = stop.line_at(stop.context_line)[stop.context_column : stop.context_column + 1], stop.finding_at_context
        if "indentation" in stop.problem:
            return None
    elif "cannot start any token" not in stop.problem:
        return None
    return place(f"a text cannot begin with {char}", "Put the text in quotes.")


def _list_on_the_line_of_its_key(stop: _Stop) -> Finding | None:
    if "block sequence entries are not allowed" not in stop.problem:
        return None
    cure = "Begin the list on the line below, one hyphen a line. If it is a text, put it in quotes."
    return stop.finding("a list cannot begin on the line of its key", cure)


def _brackets(stop: _Stop) -> Finding | None:
    if "nesting depth" in stop.problem:
        return too_deep(stop.line, stop.column)
    char = stop.text[stop.column : stop.column + 1]
    if "parsing a flow" in stop.context:
        opening, closing = ("{", "}") if "mapping" in stop.context or "'}'" in stop.problem else ("[", "]")
        if char and char in "]}" and char != closing:
            return stop.finding(f"the bracket {opening} is closed by {char}", f"Write {closing} here.")
        if "node content" in stop.problem:
            if char.strip():
                return stop.finding("nothing stands here, where an entry is expected", "Delete one of the commas.")
            return _bracket_left_open(stop)
        within = _indent(stop.text) > _indent(stop.line_at(stop.context_line))
        if stop.text.strip() and (stop.line == stop.context_line or within):
            message = f"a comma or a closing bracket {closing} is missing before this"
            return stop.finding(message, "Put commas between the entries.")
        return stop.finding_at_context(f"a bracket {opening} is opened here and never closed", f"Close it with {closing}.")
    if char and char in "]}" and "expected" in stop.problem:
        return stop.finding(f"a closing bracket {char} that was never opened", "Delete it, or put the text in quotes.")
    if stop.text[: stop.column].rstrip()[-1:] in ("]", "}") and "did not find expected key" in stop.problem:
        return stop.finding("the line goes on after its closing bracket", "Put it inside the bracket, or all of it in quotes.")
    return None


def _bracket_left_open(stop: _Stop) -> Finding | None:
    """The last bracket before the end of the file that has no other to close it."""
    opened: list[tuple[int, int, str]] = []
    for number, line in enumerate(stop.lines[: stop.line + 1]):
        for column, char in enumerate(line):
            if char in "[{":
                opened.append((number, column, char))
            elif char in "]}" and opened:
                opened.pop()
    if not opened:
        return None
    number, column, char = opened[-1]
    message = f"a bracket {char} is opened here and never closed"
    return Finding("Y101", message, f"Close it with {']' if char == '[' else '}'}.", Position(number + 1, column + 1))


def too_deep(line: int, column: int) -> Finding:
    """The finding for brackets, lists or keys inside each other beyond any record. Line and column count from 0."""
    cure = "Look for brackets that are not closed, or write it flatter."
    return Finding("Y111", "too many levels inside each other", cure, Position(line + 1, column + 1))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _second_document(stop: _Stop) -> Finding | None:
    return second_document(stop.line, stop.column) if "<document start>" in stop.problem else None


def second_document(line: int, column: int) -> Finding:
    """The finding for a second record in one file. Line and column count from 0."""
    cure = "One file holds one record: delete the line of --- or ..., or move what follows to a file of its own."
    return Finding("Y107", "a second record begins here", cure, Position(line + 1, column + 1, 3))


def _directive(stop: _Stop) -> Finding | None:
    if "directive" not in f"{stop.context} {stop.problem}" and "incompatible" not in stop.problem:
        return None
    line = next((number for number, text in enumerate(stop.lines) if text.startswith("%")), stop.line)
    return directive(line)


def directive(line: int) -> Finding:
    """The finding for a line that tells the parser what language follows. `line` counts from 0."""
    return Finding("Y106", "a line that begins with %", "Delete the line: nothing needs it.", Position(line + 1, 1))


def _indentation(stop: _Stop) -> Finding | None:
    if stop.column != _indent(stop.text) or "did not find expected" not in stop.problem:
        return None
    if "'-' indicator" in stop.problem:
        cure = (
            "Indent it exactly like the first key of the entry above if it belongs there; begin it with a hyphen if it is an "
            "entry of its own; indent it like the key of the list if it belongs to neither."
        )
        return stop.finding("this line stands in a list and does not begin with a hyphen", cure)
    if stop.text.lstrip().startswith("-"):
        cure = "Indent it exactly like the entries above. Where the key above has a text already, it cannot have a list too."
        return stop.finding("this entry of a list does not stand under the entries above", cure)
    if stop.text.lstrip().startswith(":"):
        return stop.finding("a colon without a key before it", "Write `key: value`.")
    return stop.finding("this line is not indented like the lines above", "Indent it exactly like the keys that it belongs with.")


_MISTAKES: tuple[Callable[[_Stop], Finding | None], ...] = (
    _conflict,
    _indentation_by_other_than_spaces,
    _quotation_mark_not_closed,
    _backslash,
    _second_colon,
    _line_without_colon,
    _reserved_beginning,
    _list_on_the_line_of_its_key,
    _brackets,
    _second_document,
    _directive,
    _indentation,
)
