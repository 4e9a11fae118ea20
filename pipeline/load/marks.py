"""Pointer to place: finds the line and column of a value by composing its file once more.

Only files that have a finding are read a second time; the fast path keeps no marks.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from pipeline.load.files import decode, read_bytes
from pipeline.model import Diagnostic, Pointer, Position

MAX_EXCERPT = 160
_MARGIN = 60


def with_positions(diagnostics: tuple[Diagnostic, ...], root: Path) -> tuple[Diagnostic, ...]:
    """The same findings, each with line, column, length and the line's text where a file has them."""
    files: dict[str, _File] = {}
    placed = []
    for diagnostic in diagnostics:
        if diagnostic.path not in files:
            files[diagnostic.path] = _File(root / diagnostic.path)
        file = files[diagnostic.path]
        position = diagnostic.position or file.locate(diagnostic.pointer, diagnostic.on_key)
        placed.append(replace(diagnostic, position=file.with_excerpt(position)))
    return tuple(placed)


class _File:
    """A file with findings: its lines, and its nodes by place. Looks each thing up once, however many findings there are."""

    def __init__(self, path: Path) -> None:
        self._text = _text(path)
        self._lines = self._text.split("\n")
        self._root: Any = None
        self._composed = False
        self._keys: dict[int, dict[str, tuple[Any, Any]]] = {}

    def locate(self, pointer: Pointer, on_key: bool) -> Position:
        """The place of the deepest part of the pointer that exists in the file."""
        if not self._composed:
            self._root, self._composed = _compose(self._text), True
        node, key_node = self._root, None
        for step in pointer:
            key_node, child = self._child(node, step)
            if child is None:
                break
            node = child
        target = key_node if on_key and key_node is not None else node
        if target is None:
            return Position(1, 1)
        mark = target.start_mark
        length = max(1, target.end_mark.column - mark.column) if target.end_mark.line == mark.line else 1
        return Position(mark.line + 1, mark.column + 1, length)

    def _child(self, node: Any, step: str | int) -> tuple[Any, Any]:
        if isinstance(node, yaml.MappingNode):
            keys = self._keys.get(id(node))
            if keys is None:
                keys = {key.value: (key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode)}
                self._keys[id(node)] = keys
            return keys.get(str(step), (None, None))
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            return node.value[step], node.value[step]
        return None, None

    def with_excerpt(self, position: Position) -> Position:
        """The position with the text of its line, of a long line the part round its column."""
        if not 0 < position.line <= len(self._lines):
            return position
        line = self._lines[position.line - 1]
        start = position.column - _MARGIN if position.column > MAX_EXCERPT - _MARGIN else 1
        return replace(position, excerpt=line[start - 1 : start - 1 + MAX_EXCERPT], excerpt_column=start)


def _text(path: Path) -> str:
    if path.is_symlink() or not path.is_file():
        return ""
    content, problem = read_bytes(str(path))
    text, unreadable = decode(content)
    if unreadable is None:
        return text
    readable = problem is None and unreadable.position.line * unreadable.position.column > 1
    return content.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n") if readable else ""


def _compose(text: str) -> Any:
    try:
        return yaml.compose(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
