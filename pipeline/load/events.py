"""YAML text to plain data, from the parser's events, in the YAML 1.2 core schema and stricter.

Only `true`, `false` and canonical decimal integers are anything but text. Whatever could be
read in two ways, or could hide something from a reviewer, is refused with a reason: anchors,
aliases, merge keys, tags, further documents, duplicate keys, other spellings of numbers and
of nothing. Keys are sorted, so that their order in a file has no effect anywhere.

PyYAML's libyaml parser gives the events; it is pinned as the one parser, because the pure
Python one disagrees with it on a few files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.cyaml import CParser

from pipeline.model import Position

MAX_DEPTH = 32
MAX_NODES = 100_000

_CANONICAL_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")
_OTHER_NUMBER = re.compile(
    r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
_NOTHING = frozenset(("", "~", "null", "Null", "NULL"))
_OTHER_BOOLEAN = frozenset(("True", "TRUE", "False", "FALSE"))
#: Characters that end a line unseen, reorder text on the screen, or have no place in text.
UNSAFE_CHARACTER = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a text, where, and what to do. It becomes a Diagnostic with the file's name."""

    code: str
    message: str
    help: str
    position: Position


class _Refused(Exception):
    """Reading cannot go on after the finding it carries. Never leaves this module."""


class _Builder:
    """Builds one document from events; an open collection is a frame on `stack`."""

    def __init__(self, has_escapes: bool) -> None:
        self.findings: list[Finding] = []
        self.has_escapes = has_escapes
        self.stack: list[list[Any]] = []  # [container, pending key or _NO_KEY, {key: line}]
        self.root: Any = None
        self.documents = 0
        self.nodes = 0

    def refuse(self, code: str, message: str, help_text: str, event: Any, length: int = 1) -> None:
        mark = event.start_mark
        self.findings.append(Finding(code, message, help_text, Position(mark.line + 1, mark.column + 1, length)))

    def add(self, value: Any, event: Any) -> None:
        if not self.stack:
            self.root = value
            return
        frame = self.stack[-1]
        container = frame[0]
        if type(container) is list:
            container.append(value)
        elif frame[1] is _NO_KEY:
            frame[1] = self._key(value, event, frame)
        else:
            container[frame[1]] = value
            frame[1] = _NO_KEY

    def _key(self, value: Any, event: Any, frame: list[Any]) -> str:
        if type(value) is not str:
            self.refuse("Y114", "a key must be text", "Put the key in quotes.", event)
            value = repr(value)
        if value == "<<" and not event.style:
            self.refuse("Y105", "a merge key (<<)", "Write the values out where they belong.", event, 2)
        lines = frame[2]
        if value in lines:
            self.refuse(
                "Y102",
                f"the key '{value[:60]}' stands twice in one place",
                f"Its first place is line {lines[value]}. Keep one of the two.",
                event,
                len(value),
            )
        lines[value] = event.start_mark.line + 1
        return value

    def open(self, container: Any, event: Any) -> None:
        self._check_properties(event)
        if self.stack and self.stack[-1][1] is _NO_KEY and type(self.stack[-1][0]) is dict:
            self.refuse("Y114", "a key must be text, not a list or a map", "Write the key as plain text.", event)
            raise _Refused
        if len(self.stack) >= MAX_DEPTH:
            self.refuse("Y111", f"nested more than {MAX_DEPTH} levels deep", "Close the brackets, or write it flatter.", event)
            raise _Refused
        self.stack.append([container, _NO_KEY, {}])

    def close(self, event: Any) -> None:
        container = self.stack.pop()[0]
        if type(container) is dict:
            container = dict(sorted(container.items()))
        self.add(container, event)

    def scalar(self, event: Any) -> None:
        self._check_properties(event)
        text = event.value
        if self.has_escapes and UNSAFE_CHARACTER.search(text):
            self.refuse("Y110", "an escape makes a character that is not allowed", "Leave the character out.", event)
        is_key = self.stack and self.stack[-1][1] is _NO_KEY and type(self.stack[-1][0]) is dict
        value = text if event.style or (is_key and text == "<<") else self._plain(text, event)
        self.add(value, event)

    def _plain(self, text: str, event: Any) -> Any:
        if text == "true":
            return True
        if text == "false":
            return False
        if text in _NOTHING:
            what = f"'{text}'" if text else "an empty value"
            self.refuse("Y112", f"{what} means nothing here", "Leave the key out, or give it a value.", event, max(1, len(text)))
            return ""
        first = text[0]
        if first in "0123456789+-." and len(text) < 400:
            if _CANONICAL_INTEGER.fullmatch(text):
                return int(text)
            if _OTHER_NUMBER.fullmatch(text):
                self.refuse("Y112", f"'{text[:40]}' could be read as a number", f'Quote it: "{text[:40]}".', event, len(text))
        elif text in _OTHER_BOOLEAN:
            self.refuse(
                "Y112", f"'{text}' could be read as text or as {text.lower()}",
                f'Write {text.lower()}, or quote it: "{text}".', event, len(text),
            )
        return text

    def _check_properties(self, event: Any) -> None:
        if event.anchor is not None:
            self.refuse("Y104", f"an anchor (&{event.anchor[:40]})", "Write the value out in each place.", event)
        if event.tag is not None:
            self.refuse("Y106", f"a tag ({event.tag[:60]})", "Leave the tag out: the schema says what the value is.", event)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.refuse("Y111", f"more than {MAX_NODES} values in one file", "Split the record.", event)
            raise _Refused

    def feed(self, event: Any) -> None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self.scalar(event)
        elif kind is yaml.MappingStartEvent:
            self.open({}, event)
        elif kind is yaml.SequenceStartEvent:
            self.open([], event)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self.close(event)
        elif kind is yaml.AliasEvent:
            self.refuse("Y104", f"an alias (*{event.anchor[:40]})", "Write the value out in each place.", event)
            self.add("", event)
        elif kind is yaml.DocumentStartEvent:
            self.documents += 1
            if self.documents > 1:
                self.refuse("Y107", "a second document in one file", "One file holds one record: remove the --- line.", event, 3)
                raise _Refused


_NO_KEY = object()


def read(text: str) -> tuple[Any, list[Finding]]:
    """The data of a YAML text, and what is wrong with it. The data is None where nothing can be read.

    Never raises for bad text: whatever the parser raises becomes a finding.
    """
    builder = _Builder("\\" in text)
    try:
        parser = CParser(text)
        while True:
            event = parser.get_event()
            if event is None or type(event) is yaml.StreamEndEvent:
                break
            builder.feed(event)
    except _Refused:
        return None, builder.findings
    except yaml.MarkedYAMLError as error:
        return None, [*builder.findings, _syntax_finding(error, text)]
    except (yaml.YAMLError, ValueError, RecursionError, MemoryError) as error:
        unknown = Finding("Y101", "the file cannot be read as YAML", f"The parser says: {str(error)[:120]}", Position(1, 1))
        return None, [*builder.findings, unknown]
    if builder.root is None and not builder.findings:
        return None, [Finding("Y108", "the file is empty", "Write a record, or delete the file.", Position(1, 1))]
    if not builder.findings and type(builder.root) is not dict:
        message = "a record is a list of keys with values, and this is not"
        return None, [Finding("Y113", message, "Begin with a key such as `name:`.", Position(1, 1))]
    return builder.root, builder.findings


def _syntax_finding(error: yaml.MarkedYAMLError, text: str) -> Finding:
    problem = error.problem or ""
    mark = error.problem_mark or error.context_mark
    in_quotes = "quoted scalar" in (error.context or "")
    if in_quotes and error.context_mark is not None:
        mark = error.context_mark
        message, cure = "a quotation mark is opened and not closed", "Close the quotation mark, or put the text on one line."
    elif mark is not None and _character_at(text, mark) == "\t":
        message, cure = "a tab", "YAML is indented with spaces: replace the tab."
    elif "mapping values are not allowed" in problem:
        message, cure = "a second colon in one line", "Put the text in quotes if it contains a colon followed by a space."
    elif "could not find expected ':'" in problem:
        message, cure = "a line without a colon", "Write `key: value`, or indent the line to belong to the one above."
    elif "did not find expected" in problem:
        message = f"the structure breaks here ({problem[:80]})"
        cure = "Check the indentation of this line and the ones above, and that brackets and quotes are closed."
    else:
        message, cure = f"not YAML: {problem[:100] or 'cannot be read'}", "Check the quotes and the indentation."
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    return Finding("Y103" if message == "a tab" else "Y101", message, cure, Position(line, column))


def _character_at(text: str, mark: Any) -> str:
    lines = text.split("\n")
    if mark.line >= len(lines):
        return ""
    before, at = lines[mark.line][: mark.column], lines[mark.line][mark.column : mark.column + 1]
    return "\t" if at == "\t" or (before and before.strip(" ") == "\t") else at
