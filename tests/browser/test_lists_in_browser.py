"""Lists in real Chromium: filter, sort, the address, back, CSV, without script, in print, with axe, from both kinds of address.

What must be shown is read from the page's own marks by other code than the script's.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.browser import browsing
from bench.browser import served as on_loopback
from tests.browser.test_browser import AXE, CHROMIUM, Axe, Browser, Watched
from tests.building import build_site, make_project
from tests.worlds import PROJECT

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore")]

LISTS = (
    "treaty/index.html", "person/index.html", "event/index.html", "organization/index.html", "statement/index.html",
    "procedure/index.html", "source/index.html", "source/page-2.html", "compare.html",
)
#: Which facets a page must have.
FACETS = {
    "treaty/index.html": ["status", "party", "signed", "topics", "form"],
    "person/index.html": ["organization", "office"],
    "event/index.html": ["date", "claimed"],
    "organization/index.html": ["type"],
    "statement/index.html": ["speaker", "stance", "date"],
    "procedure/index.html": [],
    "source/index.html": ["class", "publisher", "date", "language"],
    "source/page-2.html": ["class", "publisher", "date", "language"],
    "compare.html": ["obligation", "strength", "status", "article-51", "signed"],
}
WIDE = {"width": 1280, "height": 900}
SHIFTS = """() => new Promise((done) => {
  let total = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => { total += entry.value; })).observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(total), 300);
})"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real site, with an organization whose name a spreadsheet would compute."""
    folder = tmp_path_factory.mktemp("lists")
    root = make_project(folder / "project", PROJECT / "seeds")
    shutil.copytree(PROJECT / "site", root / "site")
    (root / "seeds" / "organization" / "formula.yaml").write_text('name: \'=1+1 "x", y\'\ntype: other\n', encoding="utf-8")
    return build_site(root, folder / "out" / "site")


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    """The site on loopback."""
    with on_loopback(site) as at:
        yield at


@pytest.fixture(params=["file", "http"])
def address(request: pytest.FixtureRequest, site: Path, served: str) -> str:
    """The site opened from its folder, and served."""
    return served if request.param == "http" else site.resolve().as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing(CHROMIUM) as opened:
        yield opened


@pytest.fixture
def watched(browser: Browser, address: str) -> Iterator[Watched]:
    """A wide page that in the end has complained of nothing and asked nobody else."""
    with Watched(browser, address, viewport=WIDE) as watched:
        yield watched
        assert not watched.complaints
        assert not watched.foreign


def rows(page: Any) -> list[str]:
    """The records of the rows on the page, in the order in which they stand there."""
    found = page.evaluate("[...document.querySelectorAll('[data-list] :is(.rows > li, tbody > tr:has(td))')].filter((row) => row.getClientRects().length).map((row) => row.querySelector('a').href)")
    return [re.sub(r".*/([^/]+/[^/]+)\.html.*", r"\1", href) for href in found]


def marks_of(site: Path, path: str) -> list[list[str]]:
    """For each row the marks in the page as it was built."""
    html = (site / path).read_text(encoding="utf-8")
    return [mark.split(";") for group in re.findall(r'data-rows="([^"]*)"', html) for mark in group.split("|")]


def control(page: Any, title: str) -> Any:
    return page.get_by_role("combobox", name=title, exact=True)


def spoken(page: Any) -> str:
    return re.sub(r"\s+", " ", page.locator("output").inner_text()).strip()


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("address", ["file"], indirect=True)
def test_every_choice_of_every_facet(watched: Watched, address: str, site: Path, path: str) -> None:
    page, marks = watched.page, marks_of(site, path)
    page.goto(f"{address}/{path}")
    everything = rows(page)
    assert len(everything) == len(marks) > 1
    facets = page.evaluate("[...document.querySelectorAll('[data-facet]')].map((f) => [f.name, f.dataset.facet, [...f.options].map((o) => o.value)])")
    assert [name for name, _, _ in facets] == FACETS[path]
    for at, (name, by, values) in enumerate(facets):
        for number, value in list(enumerate(values))[1:4] + list(enumerate(values))[-1:]:
            page.locator(f"fieldset select[name={name}]").select_option(value)
            fits = [(value in row[at]) if by else (str(number) in row[at].split(",")) for row in marks]
            wanted = [ref for ref, fit in zip(everything, fits, strict=True) if fit]
            assert rows(page) == wanted and wanted, f"{path}: {name}={value}"
            assert spoken(page).startswith(f"Shown: {len(wanted)}.")
        page.locator(f"fieldset select[name={name}]").select_option("")
    assert rows(page) == everything


def test_the_choice_stands_in_the_address(watched: Watched, address: str) -> None:
    page = watched.page
    page.goto(f"{address}/treaty/index.html")
    everything = rows(page)
    control(page, "Status").select_option("In force")
    in_force = rows(page)
    assert 0 < len(in_force) < len(everything) and page.url.endswith("?status=in-force")
    assert all("In force" in text for text in page.locator(".rows > li").all_inner_texts())
    control(page, "Party").select_option("North Korea")
    both = rows(page)
    assert page.url.endswith("?status=in-force&party=north-korea") and "treaty/russia-north-korea-2024" in both
    assert spoken(page) == f"Shown: {len(both)}. In force, North Korea"
    page.reload()
    assert rows(page) == both and control(page, "Party").input_value() == "north-korea"
    page.go_back()
    assert rows(page) == in_force and control(page, "Party").input_value() == ""
    page.go_back()
    assert rows(page) == everything
    page.go_forward()
    assert rows(page) == in_force
    page.locator("[data-list] a").first.click()
    page.go_back()
    assert rows(page) == in_force


def test_words_are_found_without_accents_and_typing_is_one_step_back(watched: Watched, address: str) -> None:
    page = watched.page
    page.goto(f"{address}/person/index.html")
    everything = rows(page)
    page.get_by_label("Contains").press_sequentially("PUTÍN  vladi")
    assert rows(page) == ["person/vladimir-putin"]
    assert "q=PUT%C3%8DN++vladi" in page.url
    page.go_back()
    assert rows(page) == everything and page.get_by_label("Contains").input_value() == ""


def test_sorting_and_reset(watched: Watched, address: str) -> None:
    page = watched.page
    page.goto(f"{address}/event/index.html")
    everything, heads = rows(page), page.locator(".part h2").all_inner_texts()
    assert len(heads) > 3
    control(page, "Order").select_option(label="By date, earliest first")
    days = [text[:10] for text in page.evaluate("[...document.querySelectorAll('.rows > li .when time')].map((t) => t.dateTime)")]
    assert days == sorted(days) and len(days) > 20
    assert page.locator(".part h2").all_inner_texts() == ["By date, earliest first"] and sorted(rows(page)) == sorted(everything)
    control(page, "Order").select_option(label="By name")
    names = [name.lower() for name in page.locator(".rows .entry").all_inner_texts()]
    assert names == sorted(names)
    page.get_by_role("link", name="Reset").click()
    assert rows(page) == everything and page.locator(".part h2").all_inner_texts() == heads
    assert "?" not in page.url
    page.go_back()
    assert control(page, "Order").input_value() == "name"


def test_what_is_not_on_record_comes_last_either_way(watched: Watched, address: str, site: Path) -> None:
    page = watched.page
    paths = [path.relative_to(site).as_posix() for path in sorted((site / "source").glob("page-*.html"))]
    dated = {path: [row[2] != "not-on-record" for row in marks_of(site, path)] for path in paths}
    path = next(path for path, of_rows in dated.items() if any(of_rows) and not all(of_rows))
    page.goto(f"{address}/{path}?date=not-on-record")
    without = rows(page)
    assert len(without) == dated[path].count(False)
    for order in ("date", "-date"):
        page.goto(f"{address}/{path}?sort={order}")
        assert rows(page)[-len(without):] == without


def test_the_table_is_filtered_sorted_and_saved(watched: Watched, address: str) -> None:
    page = watched.page
    page.goto(f"{address}/compare.html")
    everything = len(rows(page))
    page.get_by_label("Only treaties in force").check()
    in_force = rows(page)
    assert 0 < len(in_force) < everything and spoken(page) == f"Shown: {len(in_force)}."
    control(page, "Strength").select_option("each must assist the other")
    control(page, "Order").select_option(label="By signed, latest first")
    shown = rows(page)
    assert shown[0] == "treaty/russia-north-korea-2024"
    assert "in-force=yes" in page.url and "strength=must-assist" in page.url and "sort=-signed" in page.url
    page.reload()
    assert rows(page) == shown
    table = saved(page)
    assert [line["Record"] for line in table] == shown
    assert table[0]["Strength"] == "each must assist the other" and table[0]["Signed"] == "2024-06-19" and table[0]["Trigger"]
    page.goto(f"{address}/compare.html")
    assert {len(line) for line in saved(page)} == {len(table[0])}  # a wide cell pushes nothing aside


def saved(page: Any) -> list[dict[str, str]]:
    """The file behind the button, as a spreadsheet reads it."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV").click()
    assert waiting.value.suggested_filename.endswith(".csv")
    content = Path(waiting.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") and content.endswith(b"\r\n")
    table = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert all(None not in line and None not in line.values() for line in table)
    return table


def test_the_csv_has_the_rows_shown_and_their_facets(watched: Watched, address: str) -> None:
    page = watched.page
    page.goto(f"{address}/statement/index.html?stance=denies")
    shown = rows(page)
    table = saved(page)
    assert [line["Record"] for line in table] == shown and len(table) > 1
    assert {line["Stance"] for line in table} == {"Denies"}
    assert all(re.search(r"\d{4}", line["Date"]) and line["Speaker"] in line["Statement"] for line in table), table


def test_a_cell_of_the_csv_is_never_a_formula(watched: Watched, address: str) -> None:
    page = watched.page
    page.goto(f"{address}/organization/index.html?q=1%2B1")
    assert rows(page) == ["organization/formula"]
    assert [line["Organization"] for line in saved(page)] == ["'=1+1 \"x\", y"]


def test_a_choice_goes_along_to_the_other_pages_of_a_list(watched: Watched, address: str) -> None:
    page = watched.page
    page.goto(f"{address}/source/index.html")
    assert "of this page" in page.locator("main header").inner_text()
    control(page, "Class").select_option("Press")
    control(page, "Language").select_option("Korean")
    page.get_by_role("link", name="Next").click()
    page.wait_for_load_state()  # a click waits for the next page's address, not for its script
    assert page.url.endswith("source/page-2.html?class=press&language=ko")
    assert control(page, "Class").input_value() == "press"
    page.goto(f"{address}/source/page-2.html?date=1812")  # nothing of this page: chosen elsewhere, or by hand
    assert rows(page) == [] and spoken(page) == "Shown: 0. 1812"
    assert control(page, "Published").input_value() == "1812"


def test_an_address_made_by_others_harms_nothing(watched: Watched, address: str) -> None:
    page = watched.page
    page.goto(f"{address}/treaty/index.html?status=%3Cimg%20src=x%3E&sort=constructor&nonsense=1&q=%5B(")
    assert rows(page) == [] and page.locator("output img, option img").count() == 0
    page.get_by_role("link", name="Reset").click()
    assert len(rows(page)) > 20


def test_by_keyboard_alone(watched: Watched, address: str) -> None:
    page = watched.page
    page.goto(f"{address}/organization/index.html")
    page.get_by_label("Contains").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "type"
    page.keyboard.type("Min")
    assert page.url.endswith("?type=ministry")
    for name in ("sort", "CSV", "Reset"):
        page.keyboard.press("Tab")
        assert name in page.evaluate("document.activeElement.name || document.activeElement.textContent")
    page.keyboard.press("Enter")
    assert "?" not in page.url and page.evaluate("document.activeElement.textContent") == "Reset"


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("address", ["file"], indirect=True)
def test_without_script_the_list_is_whole_and_offers_nothing_that_does_not_work(browser: Browser, address: str, site: Path, path: str) -> None:
    with Watched(browser, address, viewport=WIDE, java_script_enabled=False) as watched:
        watched.page.goto(f"{address}/{path}?q=nothing-has-this")
        assert watched.page.locator("[data-list] :is(.rows > li, tbody > tr:has(td))").count() == len(marks_of(site, path))
        assert watched.page.locator("fieldset.filter").is_hidden()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("query", ["", "?q=a&sort=name"])
def test_axe_and_width(browser: Browser, served: str, width: int, query: str) -> None:
    with Watched(browser, served, viewport={"width": width, "height": 900}, reduced_motion="reduce") as watched:
        for path in LISTS:
            watched.page.goto(f"{served}/{path}{query}")
            found = Axe().run(watched.page, options=AXE).response["violations"]
            assert not found, f"{path}{query} at {width} px: " + "; ".join(f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found)
            assert watched.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, path
        assert not watched.complaints


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_even_where_the_script_is_slow(browser: Browser, address: str, width: int) -> None:
    def later(route: Any) -> None:
        time.sleep(0.3)
        route.continue_()

    with Watched(browser, address, viewport={"width": width, "height": 900}) as watched:
        watched.page.route("**/lists.js", later)
        for path in ("treaty/index.html", "treaty/index.html?status=ended&sort=-signed", "source/page-2.html?class=press", "compare.html?status=in-force"):
            watched.page.goto(f"{address}/{path}")
            assert watched.page.evaluate(SHIFTS) == 0, path


def test_print_shows_what_is_shown(watched: Watched, address: str) -> None:
    page = watched.page
    page.goto(f"{address}/treaty/index.html?party=north-korea")
    shown = rows(page)
    page.emulate_media(media="print")
    assert rows(page) == shown and spoken(page) == f"Shown: {len(shown)}. North Korea"
    assert page.locator("fieldset.filter").is_hidden()


def test_the_script_is_small() -> None:
    content = (PROJECT / "site" / "theme" / "js" / "lists.js").read_bytes()
    assert len(gzip.compress(content, mtime=0)) < 2700
