"""Building sites in tests: a project from seeds, a site from a project, a tree as bytes."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

from pipeline import build as spine
from pipeline.model import View
from pipeline.publish.mkdocs import Published, run_mkdocs
from tests.worlds import PROJECT, day_of_the_records

TODAY = day_of_the_records()
_FOLDS = re.compile(r"(<details\b[^>]*>|</details>|<summary>.*?</summary>)", re.DOTALL)


def make_project(root: Path, seeds: Path) -> Path:
    """A project of these seeds with the real schemas; templates and theme come from the shipped files."""
    if not root.exists():
        shutil.copytree(seeds, root / "seeds")
        shutil.copytree(PROJECT / "schemas", root / "schemas")
    return root


def publish(root: Path, output: Path, *, today: date = TODAY, as_of: date | None = None, workers: int = 1) -> Published:
    """Builds in this process, with the root's cache."""
    project = spine.open_project(root)
    view = View.on(as_of or today, explicit=as_of is not None)
    prepared = spine.prepare(project, view, today)
    assert not prepared.corpus.errors, prepared.corpus.errors
    return run_mkdocs(prepared, output, workers)


def build_site(root: Path, output: Path, *, today: date = TODAY, as_of: date | None = None) -> Path:
    """Builds, and returns the site's folder."""
    publish(root, output, today=today, as_of=as_of)
    return output


def clean_build(root: Path, scratch: Path, *, today: date = TODAY) -> dict[str, bytes]:
    """What a build without any cache makes of the root."""
    shutil.rmtree(scratch, ignore_errors=True)
    copy = scratch / root.name
    shutil.copytree(root, copy, ignore=shutil.ignore_patterns(".cache", "build"))
    return tree(build_site(copy, scratch / "site", today=today))


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes, the marker left out."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".depositary"
    }


def unfolded(page: str) -> str:
    """What of a page is shown before the reader unfolds anything: the summary of what is folded, and not its content."""
    shown, depth = [], 0
    for piece in _FOLDS.split(page):
        if piece.startswith("<details"):
            depth += 1
        elif piece == "</details>":
            depth -= 1
        elif depth == 0 or (depth == 1 and piece.startswith("<summary")):
            shown.append(piece)
    assert depth == 0, "a fold is not closed"
    return "".join(shown)
