"""Nothing on a page moves after it was painted: no layout shift while it loads, is filtered by its address, or is scrolled.

Behaviour, not seconds: how soon a page is painted is measured by bench/pages.py. Skipped where there is no Chromium,
with the reason; in CI that is a failure.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench import pages
from tests.browser.test_browser import PAGES, Browser, Watched, address, browser, sites  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore")]

#: Lists whose address filters or sorts them, and a search that stands in the address.
CHOSEN = (
    "treaty/index.html?status=in-force", "treaty/index.html?status=ended&sort=name", "treaty/index.html?q=nothing-is-called-so",
    "person/index.html?q=kim", "event/index.html?sort=-year", "source/index.html?q=tass", "compare.html?in-force=yes",
    "treaty/russia-north-korea-2024.html#article-4", "search.html#q=Peskow", "search.html#q=treaty&kind=treaty",
)  # fmt: skip

#: Chromium notes every shift with the elements that moved; ours are added up, and what moved is said.
WATCH = """
window.moved = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    const names = entry.sources.map(({ node }) => node && (node.nodeType === 1 ? node : node.parentElement)?.outerHTML?.slice(0, 80));
    window.moved.push([entry.value, ...names]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""


def moved(page: Any) -> list[Any]:
    """Every shift so far, after two more frames."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0))))")
    return page.evaluate("window.moved")


def scroll(page: Any) -> None:
    """Down to the end in steps of most of a screen, each drawn before the next, and back to the top."""
    page.evaluate(
        """async () => {
          const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
          for (let at = 0; at < 12 && scrollY + innerHeight < document.documentElement.scrollHeight; at++) {
            scrollBy(0, innerHeight * 0.8);
            await frame();
          }
          scrollTo(0, document.documentElement.scrollHeight);
          await frame();
          scrollTo(0, 0);
          await frame();
        }"""
    )


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves(address: str, browser: Browser, width: int) -> None:  # noqa: F811
    with Watched(browser, address, viewport={"width": width, "height": 900}) as watched:
        watched.page.add_init_script(WATCH)
        for path in (*PAGES, *CHOSEN):
            watched.page.goto("about:blank")  # so that another anchor loads the page anew
            watched.page.goto(f"{address}/{path}")
            watched.page.wait_for_load_state("networkidle")
            scroll(watched.page)
            assert moved(watched.page) == [], f"{path} at {width} px"
        assert not watched.complaints


def test_a_shift_is_seen(address: str, browser: Browser) -> None:  # noqa: F811
    with Watched(browser, address, viewport={"width": 390, "height": 900}) as watched:
        watched.page.add_init_script(WATCH)
        watched.page.goto(f"{address}/glossary.html")
        assert moved(watched.page) == []
        watched.page.evaluate("document.querySelector('main').prepend(Object.assign(document.createElement('p'), { textContent: 'late' }))")
        # A function, not an expression: the browser would evaluate an expression anew with every frame, which the pages' policy refuses.
        watched.page.wait_for_function("() => window.moved.length")


# What `make bench` measures


def test_a_page_asks_for_its_style_its_script_and_its_icon(sites: dict[str, Path], browser: Browser) -> None:  # noqa: F811
    with pages.served(sites["plain"], pages.Compressed) as at:
        for path in (pages.PAGES["treaty"], pages.PAGES["person"], pages.PAGES["event"], pages.PAGES["home"]):
            loaded = pages.load(browser, at, path, 1280)
            assert loaded.requests <= 4 and loaded.foreign == 0 and loaded.shift == 0 and loaded.paint > 0
            assert loaded.wire["script"] < 10_000 and loaded.wire["style"] < 20_000 and loaded.wire["document"] > 1000
        assert pages.text_without_script(browser, at, pages.PAGES["list"], 390) == 1
        assert pages.findings(browser, at, pages.PAGES["event"], 390, "dark") == ([], True)


def test_what_is_wrong_is_measured(tmp_path: Path, browser: Browser) -> None:  # noqa: F811
    (tmp_path / "page.html").write_text(
        '<!doctype html><html lang="en"><title>T</title><link rel="icon" href="data:,"><img src="http://other.invalid/x.png">'
        "<article><p style='color:#ccc'>Pale<script>document.write('<p>by script</p>')</script></article></html>", encoding="utf-8",
    )  # fmt: skip
    with pages.served(tmp_path, pages.Compressed) as at:
        loaded = pages.load(browser, at, "page.html", 390)
        assert (loaded.requests, loaded.foreign) == (2, 1)
        found, dark = pages.findings(browser, at, "page.html", 390, "dark")
        assert "color-contrast" in found and not dark
        assert pages.text_without_script(browser, at, "page.html", 390) < 1
