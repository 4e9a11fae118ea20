"""The golden world: a whole tiny project and its exact output, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.building import tree
from tests.golden.bless import DAYS, EXPECTED, build_golden

_CURE = "If the new output is right, run: make bless"


@pytest.mark.parametrize("name", sorted(DAYS))
def test_golden_world(name: str, tmp_path: Path) -> None:
    made = {path: content for path, content in tree(build_golden(tmp_path, name)).items() if path.endswith(".html")}
    expected = tree(EXPECTED / name)
    assert sorted(made) == sorted(expected), _CURE
    different = [path for path in made if made[path] != expected[path]]
    assert not different, f"{different} differ. {_CURE}"


def test_nothing_later_shows_in_the_earlier_world() -> None:
    for path, content in tree(EXPECTED / "as-of-2001-02-10").items():
        text = content.decode()
        for later in ("20 February 2001", "1 March 2001", "1 May 2001", "2001-03-07", "2001-05-02", "Shots"):
            assert later not in text, (path, later)
