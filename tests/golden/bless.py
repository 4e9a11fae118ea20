"""Writes the golden world's output anew: `make bless`. Look at the difference before committing it."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path

from tests.building import build_site, make_project

GOLDEN = Path(__file__).resolve().parent
EXPECTED = GOLDEN / "expected"

#: The two sites of the golden world: a plain one, and one as of a day with less known.
DAYS = {"plain": (date(2003, 1, 1), None), "as-of-2001-02-10": (date(2003, 1, 1), date(2001, 2, 10))}


def build_golden(folder: Path, name: str) -> Path:
    """Builds one of the two sites below a folder and returns where it is."""
    today, as_of = DAYS[name]
    root = make_project(folder / "golden", GOLDEN / "seeds")
    return build_site(root, folder / name / "site", today=today, as_of=as_of)


def _all_but_pages(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if not name.endswith(".html") and not Path(folder, name).is_dir()]


def main() -> None:
    """Replaces expected/ by what the project makes now."""
    shutil.rmtree(EXPECTED, ignore_errors=True)
    for name in DAYS:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(build_golden(Path(folder), name), EXPECTED / name, ignore=_all_but_pages)
    print(f"Wrote {EXPECTED.relative_to(Path.cwd())}. Look at `git diff` before you commit it.")


if __name__ == "__main__":
    main()
