"""Building beside the published site, and switching to the new one in one step.

`build/site` is a symbolic link to a sibling folder `.site-<number>`. A build fills a folder
of its own and replaces the link with one rename, so that a reader sees the old site or the
new one, never a mixture; a build that fails or is killed leaves the link where it was.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # not a POSIX system: builds are not locked against each other
    fcntl = None  # type: ignore[assignment]

#: In every folder we fill; a folder without it is not ours and is left alone.
MARKER = ".depositary"


class OutputRefused(Exception):
    """The output folder is not one that depositary made; the message says what to do."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds a lock that ends with the process that holds it, so that it cannot go stale."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a", encoding="utf-8") as file:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def refuse_foreign(output: Path) -> None:
    """Raises OutputRefused where something that we did not make stands in the output's place."""
    if output.is_symlink():
        target = output.resolve()
        if _is_sibling(output, target) or not target.exists():
            return
        raise OutputRefused(
            f"{output} is a link to {target}, which depositary did not make. Choose another folder with --output."
        )
    if output.is_dir() and any(output.iterdir()) and not (output / MARKER).is_file():
        raise OutputRefused(f"{output} holds files that depositary did not make. Choose another folder with --output.")
    if output.exists() and not output.is_dir():
        raise OutputRefused(f"{output} is a file. Choose another folder with --output.")


def _is_sibling(output: Path, target: Path) -> bool:
    return target.parent == output.parent.resolve() and _pattern(output).fullmatch(target.name) is not None


def _pattern(output: Path) -> re.Pattern[str]:
    return re.compile(rf"\.{re.escape(output.name)}-[0-9]+")


def new_sibling(output: Path) -> Path:
    """An empty folder beside the output to build in. Leftovers of killed builds are removed."""
    refuse_foreign(output)
    output.parent.mkdir(parents=True, exist_ok=True)
    current = output.resolve() if output.is_symlink() else None
    numbers = [0]
    for entry in sorted(output.parent.iterdir()):
        if _pattern(output).fullmatch(entry.name):
            numbers.append(int(entry.name.rpartition("-")[2]))
            if entry.resolve() != current:
                shutil.rmtree(entry, ignore_errors=True)
    sibling = output.parent / f".{output.name}-{max(numbers) + 1}"
    sibling.mkdir()
    return sibling


def publish(sibling: Path, output: Path) -> None:
    """Makes the sibling the published site, in one step."""
    (sibling / MARKER).write_text("Made by depositary. Do not edit: the next build replaces it.\n", encoding="utf-8")
    old = output.resolve() if output.is_symlink() else None
    temporary = output.parent / f".{output.name}.link"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(sibling.name, target_is_directory=True)
    if output.is_dir() and not output.is_symlink():
        # A copy of a site we made, such as one unpacked from an archive: the one case without a single step.
        aside = output.parent / f".{output.name}-0"
        shutil.rmtree(aside, ignore_errors=True)
        os.rename(output, aside)
        old = aside
    os.replace(temporary, output)
    if old is not None and old != sibling:
        shutil.rmtree(old, ignore_errors=True)


def files_below(folder: Path) -> set[str]:
    """The paths of all files below a folder, relative to it, our marker left out."""
    found: set[str] = set()
    for place, _, names in os.walk(folder):
        below = Path(place).relative_to(folder).as_posix()
        found.update(names if below == "." else [f"{below}/{name}" for name in names])
    return found - {MARKER}
