"""Files to text: which files are records, and their bytes, read once and without surprises.

A record is a regular file below seeds/<kind>/, named <id>.yaml. Symbolic links, special
files and files over the size limit are refused, never followed, opened or skipped in silence.
"""

from __future__ import annotations

import difflib
import os
import re
import stat
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.load.events import UNSAFE_CHARACTER
from pipeline.load.syntax import Finding
from pipeline.model import Position

MAX_BYTES = 1024 * 1024
MAX_FOLDERS = 16
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,119}")
_DEVICE = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
#: Names a record must not take, because the site puts its own pages there.
_RESERVED = frozenset(("index",))
_PAGE_OF_A_LIST = re.compile(r"page-[0-9]+")
_HIDDEN_RECORD = re.compile(r"\.[a-z0-9][^.]*\.ya?ml")


@dataclass(frozen=True, slots=True)
class SeedFile:
    """One file below seeds/: its path on disk, its path relative to the root, its kind and id."""

    absolute: str
    path: str
    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Found:
    """What lies below seeds/: record files in sorted order, and a finding for each path that cannot be one.

    `aside` are the references that refused files were meant to be, with their paths: a
    reference to one of them is not a second mistake.
    """

    files: list[SeedFile] = field(default_factory=list)
    problems: list[tuple[str, Finding]] = field(default_factory=list)
    aside: dict[str, str] = field(default_factory=dict)

    def refuse(self, path: str, finding: Finding, kinds: Iterable[str] = (), name: str = "") -> None:
        """Adds a finding, and sets aside what a file of that name would have been in these kinds."""
        self.problems.append((_printable(path), finding))
        self.set_aside(path, kinds, name)

    def set_aside(self, path: str, kinds: Iterable[str], name: str) -> None:
        """Remembers which record the file was meant to be."""
        identifier = _as_id(name.lstrip(".").partition(".")[0])
        for kind in kinds:
            self.aside.setdefault(f"{kind}/{identifier}", _printable(path))


def find(root: Path, kinds: frozenset[str], broken: frozenset[str] = frozenset()) -> Found:
    """Everything below seeds/. Records of `broken` kinds, whose schema was refused, are set aside unread."""
    found = Found()
    seeds = root / "seeds"
    if seeds.is_symlink():
        found.refuse("seeds", _at_top("Y118", "seeds is a symbolic link", "Put the folder itself here."))
        return found
    for entry in _entries(str(seeds), "seeds", found):
        path = f"seeds/{entry.name}"
        if entry.name.startswith("."):
            continue
        if entry.is_symlink():
            found.refuse(path, _link(), kinds, entry.name)
        elif not entry.is_dir(follow_symlinks=False):
            problem = _at_top("Y116", "a file outside the folder of its kind", "Move it to seeds/<kind>/.")
            found.refuse(path, problem, kinds, entry.name)
        elif entry.name in kinds:
            _walk(entry.path, path, entry.name, found)
        else:
            _other_folder(entry, path, kinds, broken, found)
    return found


def _other_folder(entry: os.DirEntry[str], path: str, kinds: frozenset[str], broken: frozenset[str], found: Found) -> None:
    """A folder of a kind without a usable schema: all its records are set aside, with one finding at most."""
    meant = entry.name
    if entry.name not in broken:
        near = difflib.get_close_matches(entry.name, sorted(kinds | broken), n=1, cutoff=0.6)
        meant = near[0] if near else entry.name
        first = f"Did you mean seeds/{meant}?" if near else f"The kinds are: {', '.join(sorted(kinds)) or 'none'}."
        cure = f"{first} If it is a new kind, add schemas/{_printable(entry.name)}.schema.json."
        found.refuse(path, _at_top("Y117", f"there is no kind '{_printable(entry.name)}'", cure))
    within = Found()
    _walk(entry.path, path, meant, within)
    for file in within.files:
        found.set_aside(file.path, (meant,), file.id)


def _entries(folder: str, path: str, found: Found) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except FileNotFoundError:
        return []
    except OSError as error:
        message = f"the folder cannot be opened ({error.strerror})"
        found.refuse(path, _at_top("Y119", message, "Check the folder and its permissions."))
        return []


def _walk(folder: str, path: str, kind: str, found: Found) -> None:
    for entry in _entries(folder, path, found):
        name = entry.name
        entry_path = f"{path}/{name}"
        if name.startswith("."):
            if _HIDDEN_RECORD.fullmatch(name):
                cure = "Take away the dot at its beginning, or move the file out of seeds/."
                found.refuse(entry_path, _at_top("Y116", "a hidden file, which is not read", cure), (kind,), name)
        elif entry.is_symlink():
            found.refuse(entry_path, _link(), (kind,), name)
        elif entry.is_dir(follow_symlinks=False):
            problem = _folder_problem(name, entry_path)
            if problem:
                found.refuse(entry_path, problem)
            else:
                _walk(entry.path, entry_path, kind, found)
        else:
            problem = _file_problem(entry)
            if problem:
                found.refuse(entry_path, problem, (kind,), name)
            else:
                found.files.append(SeedFile(entry.path, entry_path, kind, name[:-5]))


def _link() -> Finding:
    return _at_top("Y118", "a symbolic link, which is not followed", "Put the file or folder itself here.")


def _folder_problem(name: str, path: str) -> Finding | None:
    if not name.isprintable():
        return _at_top("Y115", "the folder's name cannot be read", "Use letters, digits and hyphens.")
    if path.count("/") > MAX_FOLDERS:
        return _at_top("Y111", f"more than {MAX_FOLDERS} folders inside each other", "Move the records up.")
    return None


def _file_problem(entry: os.DirEntry[str]) -> Finding | None:
    name = entry.name
    if not name.endswith(".yaml"):
        near = name.lower().endswith((".yml", ".yaml", ".yaml.txt", ".yml.txt"))
        cure = f"Name it {_as_id(name.partition('.')[0])}.yaml." if near else "Only <id>.yaml files belong below seeds/."
        return _at_top("Y116", "the file's name does not end in .yaml", cure)
    if not entry.is_file(follow_symlinks=False):
        return _at_top("Y118", "not a regular file", "Put a plain text file here.")
    return _id_problem(name[:-5])


def _id_problem(identifier: str) -> Finding | None:
    if ID.fullmatch(identifier) is None:
        cure = f"Use small letters a-z, digits and hyphens, 120 at most: {_as_id(identifier)}.yaml"
        return _at_top("Y115", "the file's name cannot be an id", cure)
    if _DEVICE.fullmatch(identifier) or identifier in _RESERVED or _PAGE_OF_A_LIST.fullmatch(identifier):
        return _at_top("Y115", f"'{identifier}' is a reserved name", "Give the file another name.")
    return None


def _as_id(name: str) -> str:
    """The id nearest to a name."""
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:120].strip("-") or "a-name"


def _printable(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def _at_top(code: str, message: str, cure: str) -> Finding:
    return Finding(code, message, cure, Position(1, 1))


def read_bytes(absolute: str) -> tuple[bytes, Finding | None]:
    """The bytes of a regular file of bounded size, or why it was not read."""
    try:
        descriptor = os.open(absolute, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                return b"", _at_top("Y118", "not a regular file", "Put a plain text file here.")
            if status.st_size > MAX_BYTES:
                return b"", _at_top("Y111", f"the file is larger than {MAX_BYTES // 1024} KiB", "Split the record.")
            return file.read(MAX_BYTES + 1), None
    except OSError as error:
        return b"", _at_top("Y119", f"the file cannot be read ({error.strerror})", "Check the file and its permissions.")


def decode(content: bytes) -> tuple[str, Finding | None]:
    """Strict UTF-8 text without unsafe characters, its lines ending in a line feed, or why it is not that."""
    encoding = _other_encoding(content[:4])
    if encoding:
        return "", _at_top("Y109", f"the file is in {encoding}", "Save it as UTF-8.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _place(content[: error.start].decode("utf-8", "replace"))
        message = f"the file is not in UTF-8: the byte 0x{content[error.start]:02X} begins no character"
        return "", Finding("Y109", message, "Save the file as UTF-8.", Position(line, column))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    unsafe = UNSAFE_CHARACTER.search(text)
    if unsafe is None:
        return text, None
    line, column = _place(text[: unsafe.start()])
    name = unicodedata.name(unsafe.group(), "a control character").lower()
    message = f"the character U+{ord(unsafe.group()):04X} ({name}) is not allowed"
    return "", Finding("Y110", message, "Delete it: it is invisible, or changes how the line reads.", Position(line, column))


def _other_encoding(beginning: bytes) -> str:
    """UTF-16 or UTF-32, where a file begins as only they do."""
    if beginning in (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff"):
        return "UTF-32"
    zeros = [byte == 0 for byte in beginning]
    if beginning[:2] in (b"\xff\xfe", b"\xfe\xff") or zeros in ([True, False] * 2, [False, True] * 2):
        return "UTF-16"
    return ""


def _place(before: str) -> tuple[int, int]:
    """Line and column, counted from 1, of what follows a text."""
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return len(lines), len(lines[-1].removeprefix("\ufeff")) + 1
