"""The strip in every state of the closed list, with one, two, seven and nine stations, in real Chromium.

No real treaty has them all, so the facts of one page of the golden world are exchanged for rows that do.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from pipeline.derive.steps import STEP_STATES
from pipeline.render import Renderer, page_input
from tests.browser.test_browser import AXE, Axe, Browser, Watched, browser  # noqa: F401
from tests.exports import book_of, golden
from tests.worlds import PROJECT

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore")]

NAMES = ("Signature", "Submission", "State Duma", "Federation Council", "Constitutional Court", "Great People's Hural", "Exchange of instruments")
DAYS = {"done": "2001-01-10", "scheduled": "2001-02-20", "rejected": "2001-02-21", "expected": "2001-03", "overdue": "2001-03"}
ROWS = (
    ("done", "skipped", "next", "later", "later"),
    ("done", "done", "rejected", "blocked", "blocked", "blocked", "blocked"),
    ("done", "not-used", "scheduled", "expected", "later", "overdue"),
    ("done", "not-on-record", "closed"),
    ("not-on-record",),
    ("done", "next"),
    ("done", "done", "done", "done", "done", "next", "later", "later", "later"),
)


def station(number: int, state: str) -> dict[str, Any]:
    expected = {"window": "2001-03", "ref": "statement/none", "overdue_since": "2001-04-01"} if state in ("expected", "overdue") else None
    name = NAMES[number % len(NAMES)]
    return {
        "id": f"step-{number}", "label": f"{name} in full", "short": name, "state": state, "optional": state in ("skipped", "not-used"),
        "possibly": "", "date": DAYS.get(state, ""), "outcome": "rejected" if state == "rejected" else "",
        "anchor": "action-1" if state in ("done", "rejected") else "", "event": "", "sources": [], "expected": expected,
    }  # fmt: skip


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Pages with at most four of the rows each, as a treaty of few parties has them."""
    site = tmp_path_factory.mktemp("strip") / "site"
    shutil.copytree(PROJECT / "site" / "theme", site)
    book = book_of(golden())
    renderer = Renderer(book, [PROJECT / "templates", PROJECT / "site" / "theme"], frozenset())
    renderer.exists = lambda path: True  # type: ignore[method-assign]
    page = next(page for page in book.pages if page.ref == "treaty/border-2001")
    data = page_input(book, page)
    party = data["facts"]["parties"][0]
    made = []
    for start in range(0, len(ROWS), 4):
        rows = [{**party, "stations": [station(*pair) for pair in enumerate(row)]} for row in ROWS[start : start + 4]]
        path = site / "treaty" / f"strip-{start}.html"
        path.parent.mkdir(exist_ok=True)
        path.write_text(renderer.render(page, {**data, "facts": {**data["facts"], "parties": rows}}), encoding="utf-8")
        made.append(path)
    return made


def test_the_rows_have_every_state() -> None:
    assert {state for row in ROWS for state in row} == set(STEP_STATES)


@pytest.mark.parametrize("scheme", ["light", "dark", "forced"])
@pytest.mark.parametrize("width", [320, 390, 1280, 1920])
def test_every_state_reads_as_a_word_and_a_shape(pages: list[Path], browser: Browser, width: int, scheme: str) -> None:  # noqa: F811
    options: dict[str, Any] = {"forced_colors": "active"} if scheme == "forced" else {"color_scheme": scheme}
    shown = []
    with Watched(browser, "file:", viewport={"width": width, "height": 900}, **options) as watched:
        for path in pages:
            watched.page.goto(path.resolve().as_uri())
            stops = watched.page.locator(".strip li")
            for number in range(stops.count()):
                stop = stops.nth(number)
                assert stop.locator("svg.shape[aria-hidden=true] use").count() == 1
                shown.append(stop.inner_text())
            found = Axe().run(watched.page, options=AXE).response["violations"]
            assert not found, f"{path.name} at {width} px, {scheme}: {[violation['id'] for violation in found]}"
            wide = watched.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{path.name} is {wide} px too wide at {width} px"
            boxes = watched.page.evaluate(
                "[...document.querySelectorAll('.strip ol')].map(list => [...list.children].map(stop => {"
                "const box = stop.getBoundingClientRect(); return [box.left, box.top, box.right, box.bottom]}))"
            )
            for row in boxes:
                assert not any(overlap(one, other) for at, one in enumerate(row) for other in row[at + 1 :]), f"stations overlap at {width} px"
    text = "\n".join(shown)
    words = {state: state.replace("-", " ") for state in STEP_STATES} | {"scheduled": "scheduled for"}
    assert not [state for state, word in words.items() if word not in text], text


def overlap(one: list[float], other: list[float]) -> bool:
    return one[0] < other[2] - 1 and other[0] < one[2] - 1 and one[1] < other[3] - 1 and other[1] < one[3] - 1


def test_a_long_way_keeps_seven_stations_and_says_what_it_leaves_out(pages: list[Path], browser: Browser) -> None:  # noqa: F811
    with Watched(browser, "file:", viewport={"width": 1280, "height": 900}) as watched:
        watched.page.goto(pages[1].resolve().as_uri())
        rows = watched.page.locator(".strip ol")
        assert [rows.nth(number).locator("li").count() for number in range(rows.count())] == [1, 2, 7]
        assert "2 further steps in the table" in watched.page.locator(".strip").inner_text()
