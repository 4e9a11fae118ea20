"""The day on which each file last changed, as the history of the project's repository tells it.

Only where the root lies in a work tree with its whole history: that of the nearest repository above it, if it has
the root's owner, as git itself asks. Git is told where the repository is and looks nowhere else. A project that was
never committed there has no days. Whatever is missing, too large or cannot be read means no days at all.

The day is the committer's, in UTC: when the change came into this history, not when it was first written. Where
branches met, it is the latest of them, and a merge counts for the files that it changed itself. A file that was
changed and not yet committed keeps the day of its last commit: no one has the change but its editor. A file that was
renamed has changed, since its page has moved.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from pipeline import checked_file
from pipeline.load.revisions import HARMLESS, WAIT

#: What is asked for: the records, and the pages written by hand.
FOLDERS = ("seeds", "site/docs")
#: More than this is not read. A history of 100,000 records, each changed a hundred times, is about half of it.
MAX_BYTES = 1024 * 1024 * 1024
_MAX_PIECE = 64 * 1024
_BLOCK = 1024 * 1024
#: Another number for another meaning of what is kept.
_FORMAT = 1
#: Nothing of the environment reaches git: no other repository, no settings of a user, no zone, no language.
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_GRAFT_FILE": "/dev/null",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
#: Settings of the repository that would change what `git log` prints, or start another program.
_LOG = (
    "-c", "log.showRoot=true", "log", "-c", "-z", "--name-only", "--no-renames", "--no-follow", "--no-ext-diff", "--no-textconv",
    "--no-show-signature", "--no-notes", "--no-mailmap", "--no-decorate", "--no-color", "--no-relative", "-O/dev/null",
    "--format=tformat:%ct",
)  # fmt: skip
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SECONDS = re.compile(rb"[0-9]{1,12}")


def last_changes(root: Path, cache: Path) -> dict[str, str]:
    """The day of the last commit that touched each file of the records and hand-written pages, by its path from the root.

    Empty where there is no history to be trusted. What one commit tells is kept in the file `cache`.
    """
    program, top = shutil.which("git"), _top(root)
    if program is None or top is None:
        return {}
    git = (program, *HARMLESS, "-C", str(root), f"--git-dir={top / '.git'}", f"--work-tree={top}")
    commit = _newest_commit(git)
    if not commit:
        return {}
    about = {"format": _FORMAT, "commit": commit, "folder": root.relative_to(top).as_posix()}
    kept = _kept(cache, about)
    if kept is not None:
        return kept
    days = _days(git, commit)
    if days is None:
        return {}
    own = {name.removeprefix(f"{about['folder']}/"): day for name, day in days.items()}
    checked_file.write(cache, {**about, "days": own})
    return own


def _top(root: Path) -> Path | None:
    """The top of the work tree that the root lies in; None where there is none, or another user's above the root."""
    for folder in (root, *root.parents):
        try:
            owner = (folder / ".git").stat().st_uid
        except OSError:
            continue
        return folder if folder == root or owner == root.stat().st_uid else None
    return None


def _kept(cache: Path, about: Mapping[str, Any]) -> dict[str, str] | None:
    """What is kept of this commit and folder; None where there is nothing that can be used."""
    kept = checked_file.read(cache)
    if not isinstance(kept, dict) or any(kept.get(name) != value for name, value in about.items()):
        return None
    days = kept.get("days")
    usable = isinstance(days, dict) and all(isinstance(day, str) and _DAY.fullmatch(day) for day in days.values())
    return days if usable else None


def _newest_commit(git: tuple[str, ...]) -> str:
    """The id of the commit that is checked out; nothing where there is none, or where the history before it is cut off."""
    try:
        found = subprocess.run(
            (*git, "rev-parse", "--is-shallow-repository", "HEAD^{commit}", "--"),
            stdin=subprocess.DEVNULL, capture_output=True, timeout=WAIT, check=False, env=_ENVIRONMENT,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    shallow, commit = [*found.stdout.decode("ascii", "replace").split("\n"), "", ""][:2]
    return commit if found.returncode == 0 and shallow == "false" and _COMMIT.fullmatch(commit) else ""


def _days(git: tuple[str, ...], commit: str) -> dict[str, str] | None:
    """What the history up to a commit tells; None where it was not read to its end."""
    try:
        process = subprocess.Popen(
            (*git, *_LOG, commit, "--", *FOLDERS),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_ENVIRONMENT,
        )  # fmt: skip
    except OSError:
        return None
    patience = threading.Timer(WAIT, process.kill)
    patience.start()
    try:
        with process:
            try:
                days = latest_days(pieces(process.stdout)) if process.stdout else {}
            except _TooMuch:
                process.kill()
                return None
    finally:
        patience.cancel()
    return days if process.returncode == 0 else None


class _TooMuch(Exception):
    """There is more to read than a history can be expected to hold."""


def pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """What stands between the zero bytes of a stream, of bounded length and in sum."""
    rest, total = b"", 0
    while block := stream.read(_BLOCK):
        total += len(block)
        *whole, rest = (rest + block).split(b"\0")
        if total > MAX_BYTES or len(rest) > _MAX_PIECE:
            raise _TooMuch
        yield from whole
    yield rest


def latest_days(printed: Iterable[bytes]) -> dict[str, str]:
    """From seconds, each followed by the names of the files that a commit of that time touched, the latest day of each file.

    No name can be taken for a time: each has one of the folders asked for in it, and so a stroke.
    """
    latest: dict[str, int] = {}
    seconds = -1
    for piece in printed:
        text = piece.removeprefix(b"\n")
        if _SECONDS.fullmatch(text):
            seconds = int(text)
        elif text and seconds >= 0:
            name = _name(text)
            if name and latest.get(name, -1) < seconds:
                latest[name] = seconds
    found = ((name, _day(latest[name])) for name in sorted(latest))
    return {name: day for name, day in found if day}


def _name(written: bytes) -> str:
    """A file's path; nothing where it is no text, as no record's path can be."""
    try:
        return written.decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _day(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    except (OverflowError, ValueError, OSError):
        return ""
