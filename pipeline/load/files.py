"""Files to text: which files are records, and their bytes, read once and without surprises.

A record is a regular file below seeds/<kind>/, named <id>.yaml. Symbolic links, special
files and files over the size limit are refused, never followed, opened or skipped in silence.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from pipeline.load.events import UNSAFE_CHARACTER
from pipeline.load.syntax import Finding
from pipeline.model import Position

MAX_BYTES = 1024 * 1024
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,119}")
_DEVICE = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
#: Names a record must not take, because the site puts its own pages there.
_RESERVED = frozenset(("index",))
_PAGE_OF_A_LIST = re.compile(r"page-[0-9]+")


@dataclass(frozen=True, slots=True)
class SeedFile:
    """One file below seeds/: its path on disk, its path relative to the root, its kind and id."""

    absolute: str
    path: str
    kind: str
    id: str


def find(root: Path, kinds: frozenset[str]) -> tuple[list[SeedFile], list[tuple[str, Finding]]]:
    """All record files in sorted order, and (path, finding) for what lies there and cannot be one."""
    files: list[SeedFile] = []
    problems: list[tuple[str, Finding]] = []
    for kind_folder in _entries(root / "seeds"):
        path = f"seeds/{kind_folder.name}"
        if kind_folder.name.startswith("."):
            continue
        if not kind_folder.is_dir(follow_symlinks=False):
            problems.append((path, _at_top("Y116", "a file outside the folder of its kind", "Move it to seeds/<kind>/.")))
        elif kind_folder.name not in kinds:
            cure = f"Add schemas/{kind_folder.name}.schema.json, or rename the folder to one of: {', '.join(sorted(kinds))}."
            problems.append((path, _at_top("Y117", f"no schema for the kind '{kind_folder.name}'", cure)))
        else:
            _walk(kind_folder.path, path, kind_folder.name, files, problems)
    return files, problems


def _entries(folder: str | Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _walk(folder: str, path: str, kind: str, files: list[SeedFile], problems: list[tuple[str, Finding]]) -> None:
    for entry in _entries(folder):
        name = entry.name
        if name.startswith("."):
            continue
        entry_path = f"{path}/{name}"
        if entry.is_symlink():
            problems.append((entry_path, _at_top("Y118", "a symbolic link", "Put the file itself here.")))
        elif entry.is_dir(follow_symlinks=False):
            _walk(entry.path, entry_path, kind, files, problems)
        elif not name.endswith(".yaml"):
            cure = "Name it <id>.yaml." if name.endswith(".yml") else "Only <id>.yaml files belong below seeds/."
            problems.append((_printable(entry_path), _at_top("Y116", "not a record's file name", cure)))
        else:
            problem = _id_problem(name[:-5])
            if problem:
                problems.append((_printable(entry_path), problem))
            else:
                files.append(SeedFile(entry.path, entry_path, kind, name[:-5]))


def _id_problem(identifier: str) -> Finding | None:
    if ID.fullmatch(identifier) is None:
        folded = unicodedata.normalize("NFKD", identifier).encode("ascii", "ignore").decode().lower()
        better = re.sub(r"[^a-z0-9]+", "-", folded).strip("-") or "a-name"
        cure = f"Use small letters a-z, digits and hyphens, 120 at most: {better[:120]}.yaml"
        return _at_top("Y115", "the file's name cannot be an id", cure)
    if _DEVICE.fullmatch(identifier) or identifier in _RESERVED or _PAGE_OF_A_LIST.fullmatch(identifier):
        return _at_top("Y115", f"'{identifier}' is a reserved name", "Give the file another name.")
    return None


def _printable(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def _at_top(code: str, message: str, cure: str) -> Finding:
    return Finding(code, message, cure, Position(1, 1))


def read_bytes(absolute: str) -> tuple[bytes, Finding | None]:
    """The bytes of a regular file of bounded size, or why it was not read."""
    try:
        descriptor = os.open(absolute, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        return b"", _at_top("Y119", f"the file cannot be opened ({error.strerror})", "Check the file and its permissions.")
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return b"", _at_top("Y118", "not a regular file", "Put a plain text file here.")
        if status.st_size > MAX_BYTES:
            return b"", _at_top("Y111", f"larger than {MAX_BYTES // 1024} KiB", "Split the record.")
        return file.read(MAX_BYTES + 1), None


def decode(content: bytes) -> tuple[str, Finding | None]:
    """Strict UTF-8 text without unsafe characters, or why it is not that."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content[1:4:2]:
        return "", _at_top("Y109", "the file is in UTF-16", "Save it as UTF-8.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = len(content[content.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8", "replace")) + 1
        message = f"byte 0x{content[error.start]:02x} is not UTF-8"
        return "", Finding("Y109", message, "Save the file as UTF-8.", Position(line, column))
    unsafe = UNSAFE_CHARACTER.search(text)
    if unsafe is None:
        return text, None
    line = text.count("\n", 0, unsafe.start()) + 1
    column = unsafe.start() - text.rfind("\n", 0, unsafe.start())
    message = f"the character U+{ord(unsafe.group()):04X} is not allowed"
    return "", Finding("Y110", message, "Delete it: it is invisible, or changes how the line reads.", Position(line, column))
