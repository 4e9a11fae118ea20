"""The records of a git revision, read into a temporary folder by the git program.

A revision is hostile input like any other: its name is never an option, and of its archive only
plain files of bounded number and size come out, below seeds/ and schemas/, through no link.
"""

from __future__ import annotations

import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

FOLDERS = ("seeds", "schemas")
MAX_FILES = 500_000
MAX_FILE_BYTES = 8 * 1024 * 1024
MAX_BYTES = 1024 * 1024 * 1024
_MAX_NAME = 200
_MAX_PATH = 1000
#: Git reads what is there and nothing else: no hook, no pager, no other machine.
HARMLESS = ("--no-pager", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "protocol.allow=never")
_GIT = ("git", *HARMLESS)
WAIT = 300


class UnreadableRevision(Exception):
    """The revision cannot be read; the message says why and what to do."""


@contextmanager
def revision_folder(root: Path, revision: str) -> Iterator[Path]:
    """A folder with seeds/ and schemas/ as they were in a revision of the repository that holds the root."""
    commit = find_commit(root, revision)
    folders = [name for name in FOLDERS if _git(root, "cat-file", "-e", f"{commit}:./{name}").returncode == 0]
    lacking = " and ".join(f"{name}/" for name in FOLDERS if name not in folders)
    if lacking:
        raise UnreadableRevision(f"the revision '{revision}' has no {lacking} in this folder; name a later one")
    with tempfile.TemporaryDirectory(prefix="depositary-") as name:
        target = Path(name).resolve()
        with subprocess.Popen(
            (*_GIT, "-C", str(root), "archive", "--format=tar", commit, "--", *folders),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        ) as process:
            try:
                written = extract(process.stdout, target) if process.stdout else set()
            except UnreadableRevision as error:
                process.kill()
                raise UnreadableRevision(f"the revision '{revision}' is not read: {error}") from None
            if process.wait() != 0:
                raise UnreadableRevision(f"git could not read the revision '{revision}'; `git fsck` says what is broken")
        _assert_complete(root, revision, commit, written)
        yield target


def find_commit(root: Path, revision: str) -> str:
    """The id of the commit that a revision names, or UnreadableRevision."""
    if not revision or revision.startswith("-") or len(revision) > _MAX_NAME or not revision.isprintable():
        raise UnreadableRevision(f"'{revision[:60]}' cannot be a revision; write a branch, a tag or a commit, such as HEAD~1")
    if _git(root, "rev-parse", "--git-dir").returncode != 0:
        raise UnreadableRevision(
            f"{root} is not in a git repository that git will read, so '{revision}' is no revision of it; name a folder instead"
        )
    found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    commit = found.stdout.decode("ascii", "replace").strip()
    if found.returncode != 0 or not commit.isalnum():
        raise UnreadableRevision(
            f"there is no project folder and no revision '{revision}'; `git branch --all`, `git tag` and `git log` list revisions"
        )
    return commit


def _git(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            (*_GIT, "-C", str(root), *arguments), stdin=subprocess.DEVNULL, capture_output=True, timeout=WAIT, check=False
        )
    except FileNotFoundError:
        raise UnreadableRevision("the program git is not installed; install it, or name two folders") from None
    except subprocess.TimeoutExpired:
        raise UnreadableRevision("git gives no answer; try again, or name two folders") from None
    except OSError as error:
        raise UnreadableRevision(f"the program git cannot be started ({error.strerror}); mend it, or name two folders") from None


def _assert_complete(root: Path, revision: str, commit: str, written: set[str]) -> None:
    """An archive leaves out what the revision's .gitattributes mark: a comparison must not take that for removed."""
    listed = _git(root, "ls-tree", "-r", "-z", "--name-only", commit, "--", *FOLDERS)
    names = {os.fsdecode(name) for name in listed.stdout.split(b"\0") if name}
    missing = sorted(names - written)
    if listed.returncode != 0 or missing:
        first = missing[0][:120] if missing else "its list of files"
        raise UnreadableRevision(
            f"the archive of '{revision}' lacks {first!r}; its .gitattributes must not leave files out (export-ignore)"
        )


def extract(stream: IO[bytes], target: Path) -> set[str]:
    """Writes the plain files of an archive into a new folder, and returns their names. Refuses the whole for anything else."""
    written: set[str] = set()
    total = 0
    try:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for member in archive:
                _assert_harmless(member)
                if member.isdir():
                    continue
                total += member.size
                if len(written) >= MAX_FILES or total > MAX_BYTES:
                    raise UnreadableRevision(f"more than {MAX_FILES} files, or {MAX_BYTES // 1024**2} MiB")
                file = archive.extractfile(member)
                _write(target, member.name, file.read(MAX_FILE_BYTES + 1) if file else b"")
                written.add(member.name)
    except tarfile.TarError as error:
        raise UnreadableRevision(f"its archive is damaged ({error})") from None
    return written


def _assert_harmless(member: tarfile.TarInfo) -> None:
    name = member.name
    if not member.isreg() and not member.isdir():
        raise UnreadableRevision(f"{name[:120]!r} is a link or a special file, and only plain files are read")
    steps = name.rstrip("/").split("/")
    if len(name) > _MAX_PATH or steps[0] not in FOLDERS or any(step in ("", ".", "..") for step in steps) or _is_odd(name):
        raise UnreadableRevision(f"{name[:120]!r} cannot be the path of a file below seeds/ or schemas/")
    if member.size > MAX_FILE_BYTES:
        raise UnreadableRevision(f"{name[:120]!r} is larger than {MAX_FILE_BYTES // 1024**2} MiB")


def _is_odd(name: str) -> bool:
    return "\\" in name or ":" in name or "\0" in name


def _write(target: Path, name: str, content: bytes) -> None:
    """Into a new file: one that is there already, under this name or one the file system takes for it, is a refusal."""
    path = target / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "xb") as file:
            file.write(content)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableRevision(f"{name[:120]!r} cannot be written ({reason})") from None
