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


def with_positions(diagnostics: tuple[Diagnostic, ...], root: Path) -> tuple[Diagnostic, ...]:
    """The same findings, each with line, column, length and the line's text where a file has them."""
    texts: dict[str, str] = {}
    nodes: dict[str, Any] = {}
    placed = []
    for diagnostic in diagnostics:
        path = diagnostic.path
        if path not in texts:
            texts[path] = _text(root / path)
        position = diagnostic.position
        if position is None:
            if path not in nodes:
                nodes[path] = _compose(texts[path])
            position = _locate(nodes[path], diagnostic.pointer, diagnostic.on_key)
        placed.append(replace(diagnostic, position=_with_excerpt(position, texts[path])))
    return tuple(placed)


def _text(path: Path) -> str:
    content, problem = read_bytes(str(path)) if path.is_file() and not path.is_symlink() else (b"", None)
    text, unreadable = decode(content)
    if unreadable is None:
        return text
    return content.decode("utf-8", "replace") if problem is None and b"\x00" not in content[1:4:2] else ""


def _compose(text: str) -> Any:
    try:
        return yaml.compose(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def _locate(node: Any, pointer: Pointer, on_key: bool) -> Position:
    """The place of the deepest part of the pointer that exists in the file."""
    key_node = None
    for step in pointer:
        key_node, child = _child(node, step)
        if child is None:
            break
        node = child
    target = key_node if on_key and key_node is not None else node
    if target is None:
        return Position(1, 1)
    mark = target.start_mark
    length = max(1, target.end_mark.column - mark.column) if target.end_mark.line == mark.line else 1
    return Position(mark.line + 1, mark.column + 1, length)


def _child(node: Any, step: str | int) -> tuple[Any, Any]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == step:
                return key, value
    elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None, None


def _with_excerpt(position: Position, text: str) -> Position:
    lines = text.splitlines()
    if not 0 < position.line <= len(lines):
        return position
    return replace(position, excerpt=lines[position.line - 1][:MAX_EXCERPT])
