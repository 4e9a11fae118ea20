"""YAML text to plain data, from the parser's events, in the YAML 1.2 core schema and stricter.

Only `true`, `false` and canonical decimal integers are anything but text. Whatever could be
read in two ways, or could hide something from a reviewer, is refused with a reason: anchors,
aliases, merge keys, tags, directives, further documents, duplicate keys, other spellings of
numbers and of nothing. Keys are sorted, so that their order in a file has no effect anywhere.

One mistake, one finding: an alias is not refused beside its anchor, nor what a merge key names.

PyYAML's libyaml parser gives the events; it is pinned as the one parser, because the pure
Python one disagrees with it on a few files.
"""

from __future__ import annotations

import re
import sys
from typing import Any

import yaml
from yaml.cyaml import CParser

from pipeline.load import syntax
from pipeline.load.syntax import Finding
from pipeline.model import Position

MAX_DEPTH = 32
MAX_NODES = 100_000
#: A file with more findings is not read on: nobody reads them, and most follow from one mistake.
MAX_FINDINGS = 1000

_CANONICAL_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")
_OTHER_NUMBER = re.compile(
    r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
#: A # that begins a remark, and looks as if it belonged to the text before it.
_TIGHT_REMARK = re.compile(r"(?<=\S)[ \t]+#(?=[^\s#!<])")
_NOTHING = frozenset(("", "~", "null", "Null", "NULL"))
_OTHER_BOOLEAN = frozenset(("True", "TRUE", "False", "FALSE"))
#: Plain text that begins otherwise is text and nothing else.
_SUSPICIOUS_BEGINNING = frozenset("0123456789+-.~tTfFnN")
#: Characters that end a line unseen, reorder text on the screen, or have no place in text.
UNSAFE_CHARACTER = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]"
)


class _Refused(Exception):
    """Reading cannot go on after the finding just made. Never leaves this module."""


class _MergeKey(str):
    """The key << as it was written without quotes."""


class _Builder:
    """Builds one document from events; an open collection is a frame on `stack`."""

    def __init__(self, text: str) -> None:
        self.findings: list[Finding] = []
        self.has_escapes = "\\" in text
        self.lines = text.split("\n") if _TIGHT_REMARK.search(text) else []
        self.stack: list[list[Any]] = []  # [container, pending key or _NO_KEY, {key: line}]
        self.root: Any = None
        self.documents = 0
        self.nodes = 0
        self.anchors: dict[str, Finding] = {}  # anchors that were refused, by name
        self.said_by_merge_key: set[int] = set()  # findings for anchors that a merge key names

    def refuse(self, code: str, message: str, help_text: str, event: Any, length: int = 1) -> Finding:
        mark = event.start_mark
        return self.append(Finding(code, message, help_text, Position(mark.line + 1, mark.column + 1, length)))

    def append(self, finding: Finding) -> Finding:
        """Adds a finding, the last one where there are too many."""
        self.findings.append(finding)
        if len(self.findings) < MAX_FINDINGS:
            return finding
        message = f"more than {MAX_FINDINGS} mistakes in this file; those below are not listed"
        self.findings.append(Finding("Y111", message, "Mend the first ones, and check again.", finding.position))
        raise _Refused

    def add(self, value: Any, event: Any) -> None:
        if not self.stack:
            self.root = value
            return
        frame = self.stack[-1]
        container = frame[0]
        if type(container) is list:
            container.append(value)
        elif frame[1] is _NO_KEY:
            frame[1] = self._key(value, event, frame[2])
        else:
            container[frame[1]] = value
            frame[1] = _NO_KEY

    def at_key(self) -> bool:
        """Whether the next value is a key."""
        frame = self.stack[-1] if self.stack else None
        return frame is not None and frame[1] is _NO_KEY and type(frame[0]) is dict

    def _key(self, text: str, event: Any, lines: dict[str, int]) -> str:
        if text == "<<" and not event.style:
            message = "the key << copies values from elsewhere (a merge key), which is not allowed"
            self.refuse("Y105", message, "Write the values out here, and delete the & that names them.", event, 2)
            text = _MergeKey(text)
        if text in lines:
            message = f"the key '{text[:60]}' stands twice in one place: here and in line {lines[text]}"
            self.refuse("Y102", message, "Keep one of the two.", event, len(text))
        else:
            lines[text] = event.start_mark.line + 1
            if not text.isprintable():
                self._check_indentation(text, event)
        return sys.intern(text) if type(text) is str else text

    def _check_indentation(self, text: str, event: Any) -> None:
        """Refuses a key that begins with what looks like indentation: the key above then seems to have no value."""
        line = event.start_mark.line
        finding = syntax.odd_indentation(text, line) if not event.style else None
        if finding is not None:
            while self.findings and self.findings[-1].code == "Y112" and self.findings[-1].position.line == line:
                self.findings.pop()
            self.append(finding)

    def open(self, container: Any, event: Any) -> None:
        self._check_properties(event)
        if self.at_key():
            self.refuse("Y114", "a key must be text, not a list or keys of its own", "Write the key as plain text.", event)
            raise _Refused
        if len(self.stack) >= MAX_DEPTH:
            self.findings.append(syntax.too_deep(event.start_mark.line, event.start_mark.column))
            raise _Refused
        self.stack.append([container, _NO_KEY, {}])

    def close(self, event: Any) -> None:
        container = self.stack.pop()[0]
        if type(container) is dict:
            container = dict(sorted(container.items()))
        self.add(container, event)

    def scalar(self, event: Any) -> None:
        text = event.value
        was_refused = self._check_properties(event)
        if self.has_escapes and UNSAFE_CHARACTER.search(text):
            cure = "Leave it out: it is invisible, or changes how the line reads."
            self.refuse("Y110", "a backslash makes a character here that is not allowed", cure, event)
        if self.lines and text and not event.style:
            self._check_remark(event)
        if event.style or was_refused or (text and text[0] not in _SUSPICIOUS_BEGINNING):
            self.add(text, event)
        else:
            self.add(self._key_text(text, event) if self.at_key() else self._plain(text, event), event)

    def _check_remark(self, event: Any) -> None:
        """Refuses a # behind a text without quotes that may be meant as a part of it: the rest of the line would vanish."""
        mark = event.end_mark
        remark = _TIGHT_REMARK.match(self.lines[mark.line], mark.column) if mark.line < len(self.lines) else None
        if remark is not None:
            cure = "Put the whole text in quotes if the # belongs to it. If it does not, put a space behind it."
            place = Position(mark.line + 1, remark.end())
            self.append(Finding("Y112", "a # after a space begins a remark, and the text ends before it", cure, place))

    def _key_text(self, text: str, event: Any) -> str:
        """A key that might be more than text."""
        if text in _NOTHING or text in ("true", "false") or text in _OTHER_BOOLEAN or _OTHER_NUMBER.fullmatch(text):
            shown = f"'{text[:40]}'" if text else "nothing"
            cure = f'Put it in quotes: "{text[:40]}".'
            self.refuse("Y114", f"a key must be text, and {shown} is not", cure, event, max(1, len(text)))
            return f"{text}\n{event.start_mark.line}"  # refused as it is: not also for standing twice
        return text

    def _plain(self, text: str, event: Any) -> Any:
        """The value of text without quotes that might be more than text."""
        if text == "true":
            return True
        if text == "false":
            return False
        if _CANONICAL_INTEGER.fullmatch(text):
            return int(text)
        if text in _NOTHING:
            self._refuse_nothing(text, event)
        elif text in _OTHER_BOOLEAN:
            cure = f'Write {text.lower()}, or quote it: "{text}".'
            self.refuse("Y112", f"'{text}' could be read as text or as {text.lower()}", cure, event, len(text))
        elif _OTHER_NUMBER.fullmatch(text):
            self.refuse("Y112", f"'{text[:40]}' could be read as a number", f'Quote it: "{text[:40]}".', event, len(text))
        return text

    def _refuse_nothing(self, text: str, event: Any) -> None:
        if not self.stack:
            return
        _, key, lines = self.stack[-1]
        if text:
            cure = f'Delete the key, or give it a value. If it is a text, quote it: "{text}".'
            self.refuse("Y112", f"'{text}' means nothing here", cure, event, len(text))
        elif key is _NO_KEY:
            self.refuse("Y112", "an entry of this list is empty", "Write the entry, or delete its hyphen or comma.", event)
        else:
            cure = "Write a value, or delete the key. Lines that belong to it are indented further than it."
            cure = "Put a space after the colon." if ":" in key else cure
            line, column = event.start_mark.line + 1, event.start_mark.column + 1
            if self.lines and re.search(r":[ \t]+#[^\s#]", self.lines[lines.get(key, line) - 1]):
                cure = "What stands behind a # is a remark. Put the text in quotes."
            place = Position(line, column) if lines.get(key, line) == line else Position(lines[key], 1)
            self.append(Finding("Y112", f"the key '{key[:60]}' has no value", cure, place))

    def _check_properties(self, event: Any) -> bool:
        """Refuses an anchor and a tag. Whether it has."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.refuse("Y111", f"more than {MAX_NODES} values in one file", "Split the record.", event)
            raise _Refused
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            cure = "Delete it: the schema says what the value is. If it is part of the text, put the text in quotes."
            self.refuse("Y106", f"{tag[:60]} is a tag, which is not allowed", cure, event)
        if event.anchor is None:
            return event.tag is not None
        cure = "Delete it, and write the value out in each place. If it is part of the text, put the text in quotes."
        message = f"&{event.anchor[:40]} names a value to be used again (an anchor), which is not allowed"
        finding = self.refuse("Y104", message, cure, event)
        self.anchors.setdefault(event.anchor, finding)
        return True

    def alias(self, event: Any) -> None:
        """Refuses an alias, unless its anchor or a merge key was refused for it."""
        known = self.anchors.get(event.anchor)
        if any(type(frame[1]) is _MergeKey for frame in self.stack):
            self.said_by_merge_key.add(id(known))
        elif known is None:
            cure = "Write the value out. If it is a text that begins with *, put it in quotes."
            message = f"*{event.anchor[:40]} stands for a value named elsewhere (an alias), which is not allowed"
            self.anchors[event.anchor] = self.refuse("Y104", message, cure, event)
        if self.at_key():
            self.stack[-1][1] = f"*{event.anchor}"
        else:
            self.add("", event)

    def document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            self.findings.append(syntax.second_document(event.start_mark.line, event.start_mark.column))
            raise _Refused
        if event.version or event.tags:
            self.findings.append(syntax.directive(event.start_mark.line))

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
            self.alias(event)
        elif kind is yaml.DocumentStartEvent:
            self.document(event)


_NO_KEY = object()


def read(text: str) -> tuple[Any, list[Finding]]:
    """The data of a YAML text, and what is wrong with it. The data is None where nothing can be read.

    Never raises for bad text: whatever the parser raises becomes a finding.
    """
    builder = _Builder(text)
    event: Any = None
    try:
        parser = CParser(text)
        while True:
            event = parser.get_event()
            if event is None or type(event) is yaml.StreamEndEvent:
                break
            builder.feed(event)
    except _Refused:
        return None, _said_once(builder)
    except yaml.MarkedYAMLError as error:
        return None, _with_stop(_said_once(builder), syntax.explain(error, text, event))
    except (yaml.YAMLError, ValueError, RecursionError, MemoryError) as error:
        unknown = Finding("Y101", "the file cannot be read as YAML", f"The parser says: {str(error)[:120]}", Position(1, 1))
        return None, [*_said_once(builder), unknown]
    findings = _said_once(builder)
    if not findings and not builder.root and type(builder.root) is not dict:
        return None, [Finding("Y108", "the file holds no record", "Write the record, or delete the file.", Position(1, 1))]
    if not findings and type(builder.root) is not dict:
        shape = "a list" if type(builder.root) is list else "only a text"
        cure = "Begin with a key, a colon and a space, such as `name: …`."
        return None, [Finding("Y113", f"a record is made of keys with values, and this is {shape}", cure, Position(1, 1))]
    return builder.root, findings


def _said_once(builder: _Builder) -> list[Finding]:
    """The findings without what follows from others: anchors that a refused merge key names, no value beside a tag."""
    lines = {finding.position.line for finding in builder.findings if finding.code in _SHARING}
    return [
        finding for finding in builder.findings
        if id(finding) not in builder.said_by_merge_key and not (finding.code == "Y112" and finding.position.line in lines)
    ]


#: Refused for what it is, whatever stands beside it.
_SHARING = ("Y104", "Y105", "Y106")


def _with_stop(found: list[Finding], stop: Finding) -> list[Finding]:
    """The findings with the one where the parser stopped. In one line only one of them is the mistake."""
    line = stop.position.line
    if any(finding.position.line == line and finding.code in _SHARING for finding in found):
        return found
    return [finding for finding in found if finding.position.line != line] + [stop]
