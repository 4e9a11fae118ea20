"""Search in real Chromium: thirty queries from a folder and from a server, the keyboard, filters, axe, the strict policy.

Skipped where there is no Chromium, with the reason; in CI that is a failure.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from bench.queries import QUERIES
from tests.browser.test_browser import AXE, Axe, Browser, Watched, address, browser  # noqa: F401
from tests.building import TODAY, build_site, make_project
from tests.worlds import PROJECT

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("search")
    root = make_project(folder / "project", PROJECT / "seeds")
    shutil.copytree(PROJECT / "site", root / "site")
    return {"plain": build_site(root, folder / "plain" / "site", today=TODAY)}


def ask(page: Any, query: str) -> list[str]:
    """The addresses' records in the list, in order: a click is the only way to learn them, so the cards are read instead."""
    page.fill("#find", "")
    page.fill("#find", query)
    page.wait_for_function("q => document.querySelector('.find [role=status]').dataset.for === q", arg=query)
    return page.evaluate("[...document.querySelectorAll('#found [data-ref]')].map(option => option.dataset.ref)")


@pytest.mark.parametrize("scheme", ["file", "http"])
def test_thirty_queries(sites: dict[str, Path], address: str, browser: Browser, scheme: str) -> None:  # noqa: F811
    base = sites["plain"].resolve().as_uri() if scheme == "file" else address
    with Watched(browser, base, viewport={"width": 1280, "height": 900}) as watched:
        watched.page.goto(f"{base}/treaty/russia-north-korea-2000.html")
        missed = {query: found[:3] for query, ref in QUERIES if ref not in (found := ask(watched.page, query))[:3]}
        assert len(QUERIES) == 30 and not missed
        assert not watched.complaints and not watched.foreign


@pytest.mark.parametrize(
    ("query", "marks"),
    [
        ("Kim Jong", ["Kim", "Jong"]), ("pesk", ["Pesk"]), ("김정은", ["김정은"]), ("조약", ["조약"]), ("ПЕСКОВ", ["Песков"]), ("susa", ["Şuşa"]),
        ("Peskow", []),
    ],
)  # fmt: skip
def test_what_the_query_names_is_marked(address: str, browser: Browser, query: str, marks: list[str]) -> None:  # noqa: F811
    with Watched(browser, address, viewport={"width": 1280, "height": 900}) as watched:
        watched.page.goto(f"{address}/index.html")
        assert ask(watched.page, query)
        found = watched.page.evaluate("[...document.querySelectorAll('#found mark')].map(mark => mark.textContent)")
        assert set(marks) <= set(found) and bool(found) == bool(marks), found
        texts = watched.page.evaluate("[...document.querySelectorAll('#found [data-ref]')].map(option => option.textContent)")
        assert all("undefined" not in text and "[object" not in text for text in texts)
        assert not Axe().run(watched.page, options=AXE).response["violations"]
        assert not watched.complaints


@pytest.mark.parametrize("query", ["zzzz", "없는말", "<script>", "\\", "%", "'\"", "a" * 200])
def test_what_is_not_there_is_not_found(sites: dict[str, Path], browser: Browser, query: str) -> None:  # noqa: F811
    with Watched(browser, "file:", viewport={"width": 1280, "height": 900}) as watched:
        watched.page.goto((sites["plain"] / "index.html").resolve().as_uri())
        found = ask(watched.page, query)
        assert not found and "Nothing found" in watched.page.locator(".find [role=status]").inner_text()
        assert not watched.complaints and not watched.foreign


def test_the_index_is_loaded_only_when_asked(address: str, browser: Browser) -> None:  # noqa: F811
    with Watched(browser, address, viewport={"width": 1280, "height": 900}) as watched:
        asked: list[str] = []
        watched.page.on("request", lambda request: asked.append(request.url) if "/search/" in request.url else None)
        watched.page.goto(f"{address}/index.html")
        watched.page.wait_for_load_state("networkidle")
        assert not asked
        watched.page.focus("#find")
        ask(watched.page, "Peskow")
        assert asked and len(asked) < 25


def test_by_keyboard_alone(address: str, browser: Browser) -> None:  # noqa: F811
    with Watched(browser, address, viewport={"width": 1280, "height": 900}) as watched:
        page = watched.page
        page.goto(f"{address}/person/dmitry-peskov.html")
        for _ in range(3):
            page.keyboard.press("Tab")
        box = page.get_by_role("combobox", name="Search")
        assert page.evaluate("document.activeElement.id") == "find" and box.get_attribute("aria-expanded") == "false"
        page.keyboard.type("Kim Jong")
        page.wait_for_function("() => document.querySelector('.find [role=status]').dataset.for === 'Kim Jong'")
        assert box.get_attribute("aria-expanded") == "true" and page.get_by_role("listbox").is_visible()
        assert "results" in page.locator(".find [role=status]").inner_text()
        assert box.get_attribute("aria-activedescendant") is None
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowUp")
        chosen = page.get_by_role("option", selected=True)
        assert chosen.count() == 1 and chosen.get_attribute("id") == box.get_attribute("aria-activedescendant") == "found-0"
        page.keyboard.press("ArrowUp")
        assert page.get_by_role("option", selected=True).inner_text().startswith("All ")
        page.keyboard.press("Escape")
        assert box.get_attribute("aria-expanded") == "false" and box.input_value() == "Kim Jong" and not page.get_by_role("listbox").is_visible()
        page.keyboard.press("ArrowDown")
        page.get_by_role("listbox").wait_for(state="visible")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/person/kim-jong-un.html")
        assert not watched.complaints


def test_enter_without_a_choice_leads_to_the_search_page(sites: dict[str, Path], browser: Browser) -> None:  # noqa: F811
    with Watched(browser, "file:", viewport={"width": 1280, "height": 900}) as watched:
        page = watched.page
        page.goto((sites["plain"] / "event" / "index.html").resolve().as_uri())
        page.fill("#find", "Пескова")
        page.press("#find", "Enter")
        page.get_by_role("link", name="Dmitry Peskov").first.wait_for()
        assert "search.html#q=" in page.url and page.input_value("#q") == "Пескова"
        assert not watched.complaints


def test_filters_stand_in_the_address(sites: dict[str, Path], browser: Browser) -> None:  # noqa: F811
    with Watched(browser, "file:", viewport={"width": 1280, "height": 900}) as watched:
        page, count = watched.page, watched.page.locator("#count")
        page.goto((sites["plain"] / "search.html").resolve().as_uri())
        page.wait_for_selector("#year option:nth-child(2)", state="attached")
        page.select_option("#party", label="North Korea")
        page.wait_for_function("() => document.querySelector('#count').textContent")
        page.select_option("#kind", "treaty")
        page.select_option("#status", "in-force")
        page.wait_for_function("() => document.querySelectorAll('#results li').length < 6")
        names = page.locator("#results .entry").all_inner_texts()
        assert "Russia–North Korea partnership treaty (2024)" in names and "China–North Korea alliance treaty (1961)" in names
        assert "Soviet Union–North Korea alliance treaty (1961)" not in names and f"{len(names)} results" in count.inner_text()
        page.select_option("#year", "2024")
        page.wait_for_function("() => document.querySelectorAll('#results li').length === 1")
        assert "party=organization%2Fnorth-korea" in page.url and "year=2024" in page.url
        other = watched.context.new_page()
        other.goto(page.url)
        other.wait_for_selector("#results li")
        assert other.locator("#results li").count() == 1 and other.input_value("#status") == "in-force"
        page.select_option("#year", "")
        page.select_option("#status", "")
        page.select_option("#kind", "statement")
        page.get_by_role("button", name="More results").click()
        page.wait_for_function("() => document.querySelectorAll('#results li').length > 20")
        assert page.evaluate("document.activeElement.closest('li') === document.querySelectorAll('#results li')[20]")
        assert not watched.complaints


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_axe_finds_nothing(address: str, browser: Browser, width: int, scheme: Any) -> None:  # noqa: F811
    with Watched(browser, address, viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce") as watched:
        page = watched.page
        page.goto(f"{address}/treaty/russia-north-korea-2024.html")
        if width < 1280:
            assert not page.locator("#find").is_visible()
            page.get_by_role("link", name="Search").click()
        assert page.locator("#find").is_visible()
        for query in ("strategic", "Kim Jong", "zzzz"):
            ask(page, query)
            page.keyboard.press("ArrowDown")
            check(page, f"{query} at {width}")
        page.goto(f"{address}/search.html#q=Korea&kind=source")
        page.wait_for_selector("#results li")
        check(page, f"search page at {width}")
        assert not watched.complaints and not watched.foreign


def check(page: Any, what: str) -> None:
    found = Axe().run(page, options=AXE).response["violations"]
    assert not found, f"{what}: " + "; ".join(f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{what}: {wide} px too wide"


def test_without_script_a_link_leads_to_the_lists(address: str, browser: Browser) -> None:  # noqa: F811
    with Watched(browser, address, viewport={"width": 390, "height": 900}, java_script_enabled=False) as watched:
        watched.page.goto(f"{address}/index.html")
        watched.page.get_by_role("link", name="Search").click()
        watched.page.locator("main").get_by_role("link", name="People").click()
        assert watched.page.locator("h1").inner_text() == "People"
