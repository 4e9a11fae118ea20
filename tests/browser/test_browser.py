"""The built site in real Chromium: axe on each page type, no overflow, no error, nothing from elsewhere.

Skipped where there is no Chromium, with the reason; in CI that is a failure.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bench.browser import browsing, chromium, served
from tests.building import TODAY, build_site, make_project
from tests.worlds import PROJECT

CHROMIUM = chromium()
if CHROMIUM is None:
    if os.environ.get("CI"):
        pytest.fail("Chromium is not installed, and in CI the browser tests must run", pytrace=False)
    pytest.skip("Chromium is not installed: apt-get install chromium", allow_module_level=True)

from axe_playwright_python.sync_playwright import Axe  # noqa: E402
from playwright.sync_api import Browser, Page  # noqa: E402

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore")]

#: One page of each type, and the ones with most on them.
PAGES = (
    "index.html", "treaty/index.html", "treaty/russia-north-korea-2024.html", "treaty/russia-north-korea-2000.html",
    "treaty/soviet-union-north-korea-1961.html", "person/dmitry-peskov.html", "event/2024-10-03-drones-over-pyongyang.html",
    "event/2024-12-04-exchange.html", "organization/russia.html", "organization/index.html",
    "treaty/north-atlantic-treaty-1949.html", "treaty/lisbon-treaty-2007.html", "treaty/anzus-1951.html", "person/index.html",
    "event/index.html", "statement/index.html", "procedure/index.html", "search.html", "in-force.html", "data.html",
    "statement/2024-10-15-peskov-article-4.html", "procedure/russia-federal-law.html", "source/tass-2024-10-24.html",
    "source/index.html", "compare.html", "parties.html", "expected.html", "disputed.html", "as-of.html", "as-of/2024-10-16.html",
    "changes.html", "about.html", "method.html", "glossary.html", "404.html",
)
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The real site, plain and as of 16 October 2024."""
    folder = tmp_path_factory.mktemp("browser")
    root = make_project(folder / "project", PROJECT / "seeds")
    shutil.copytree(PROJECT / "site", root / "site")
    return {
        "plain": build_site(root, folder / "plain" / "site", today=TODAY),
        "then": build_site(root, folder / "then" / "site", today=TODAY, as_of=date(2024, 10, 16)),
    }


@pytest.fixture(scope="module")
def address(sites: dict[str, Path]) -> Iterator[str]:
    """The plain site served on loopback."""
    with served(sites["plain"]) as at:
        yield at


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing(CHROMIUM) as opened:
        yield opened


class Watched:
    """A page of the browser with what it complained of and what it asked others for."""

    def __init__(self, browser: Browser, allowed: str, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: None if request.url.startswith((allowed, "data:")) else self.foreign.append(request.url))

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_every_page_type(address: str, browser: Browser, width: int, scheme: Any) -> None:
    with Watched(browser, address, viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce") as watched:
        for path in PAGES:
            watched.page.goto(f"{address}/{path}")
            found = Axe().run(watched.page, options=AXE).response["violations"]
            assert not found, f"{path} at {width} px, {scheme}: " + "; ".join(f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found)
            wide = watched.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{path} is {wide} px too wide at {width} px"
        assert not watched.complaints
        assert not watched.foreign


def test_the_answer_comes_first(address: str, browser: Browser) -> None:
    """Within the first 300 pixels of the main part, on a desktop and on a phone."""
    for width in (390, 1280):
        with Watched(browser, address, viewport={"width": width, "height": 900}) as watched:
            watched.page.goto(f"{address}/treaty/russia-north-korea-2024.html")
            box = watched.page.get_by_text("In force since 4 December 2024").first.bounding_box()
            assert box is not None and box["y"] < 420, box


def test_a_way_to_the_contents_stands_before_the_title_where_they_do_not_stand_beside_it(address: str, browser: Browser) -> None:
    """Without script. On a desktop the contents themselves are there, and the way to them is not."""
    for width, beside in ((320, False), (390, False), (900, False), (1280, True)):
        with Watched(browser, address, viewport={"width": width, "height": 700}, java_script_enabled=False, reduced_motion="reduce") as watched:
            watched.page.goto(f"{address}/treaty/russia-north-korea-2024.html")
            way = watched.page.get_by_role("link", name="On this page")
            steps = watched.page.get_by_role("navigation", name="On this page").get_by_role("link", name="Steps")
            assert way.count() == (0 if beside else 1), width
            if not beside:
                box, title = way.bounding_box(), watched.page.locator("h1").bounding_box()
                assert box is not None and title is not None and box["y"] + box["height"] <= title["y"] and box["height"] >= 24
                way.click()
            place = steps.bounding_box()
            assert place is not None and 0 <= place["y"] < 350, f"{width} px: {place}"


def test_the_reason_unfolds_and_names_the_exchange_in_moscow(address: str, browser: Browser) -> None:
    with Watched(browser, address, viewport={"width": 1280, "height": 900}) as watched:
        watched.page.goto(f"{address}/treaty/russia-north-korea-2024.html")
        why = watched.page.locator("details", has=watched.page.locator("summary", has_text="Why")).first
        why.locator("summary").first.click()
        text = why.inner_text()
        assert "Instruments of ratification exchanged" in text and "Moscow" in text and "Article 22" in text
        assert why.locator("a[href^='../source/']").count() > 2


def test_it_works_without_script(address: str, browser: Browser) -> None:
    with Watched(browser, address, viewport={"width": 390, "height": 900}, java_script_enabled=False) as watched:
        watched.page.goto(f"{address}/index.html")
        watched.page.get_by_role("link", name="Treaties").first.click()
        watched.page.get_by_role("link", name="Russia–North Korea").first.click()
        assert "In force" in watched.page.locator("main").inner_text()
        watched.page.goto(f"{address}/search.html")
        assert "needs JavaScript" in watched.page.locator("main").inner_text()
        assert not watched.page.locator("input").first.is_visible(), "a box that finds nothing"


def test_the_comparison_is_filtered_without_script(address: str, browser: Browser) -> None:
    with Watched(browser, address, viewport={"width": 1280, "height": 900}, java_script_enabled=False) as watched:
        watched.page.goto(f"{address}/compare.html")
        ended = watched.page.get_by_role("row", name="Soviet Union–North Korea alliance treaty (1961)")
        assert ended.is_visible()
        watched.page.get_by_label("Only treaties in force").check()
        assert not ended.is_visible()
        assert watched.page.get_by_role("row", name="Russia–North Korea partnership treaty (2024)").is_visible()


def test_it_opens_from_a_folder(sites: dict[str, Path], browser: Browser) -> None:
    with Watched(browser, "file:", viewport={"width": 1280, "height": 900}) as watched:
        for path in PAGES:
            if path == "404.html":
                continue  # a server shows it at any depth, so its addresses begin at the top; nobody opens it from a folder
            watched.page.goto((sites["plain"] / path).resolve().as_uri())
            family = watched.page.evaluate("getComputedStyle(document.body).getPropertyValue('background-color') + getComputedStyle(document.documentElement).getPropertyValue('background-color')")
            assert "251, 250, 246" in family, f"{path} has no style from file://"
        assert not watched.complaints
        assert not watched.foreign


def test_the_keyboard_reaches_the_content_first(address: str, browser: Browser) -> None:
    with Watched(browser, address, viewport={"width": 1280, "height": 900}) as watched:
        watched.page.goto(f"{address}/treaty/russia-north-korea-2024.html")
        watched.page.keyboard.press("Tab")
        assert "skip" in watched.page.evaluate("document.activeElement.textContent").lower()
        watched.page.keyboard.press("Enter")
        assert watched.page.evaluate("location.hash") == "#main"


def test_every_page_of_an_earlier_day_says_so(sites: dict[str, Path], browser: Browser) -> None:
    with Watched(browser, "file:", viewport={"width": 390, "height": 900}) as watched:
        for path in ("index.html", "treaty/russia-north-korea-2024.html", "about.html", "source/index.html"):
            watched.page.goto((sites["then"] / path).resolve().as_uri())
            assert "16 October 2024" in watched.page.locator("body").inner_text()
            assert not Axe().run(watched.page, options=AXE).response["violations"]
        assert not watched.foreign


def test_it_prints(address: str, browser: Browser) -> None:
    with Watched(browser, address) as watched:
        watched.page.goto(f"{address}/treaty/russia-north-korea-2024.html")
        assert watched.page.pdf(format="A4").startswith(b"%PDF")
