"""Measures the real site's pages in Chromium beside a stock Material for MkDocs site of the same records.

    python -m bench.pages [--repeats N] [--width PIXELS]

Both are served from loopback, compressed as hosts do, and loaded cold (a new browser context each time), ours and the
peers' in turn. Nothing outside answers: what a page asks others for is counted, and fails at once, so that the peer
does not wait for it. Milliseconds depend on the machine; bytes, requests and findings do not.

The peer is what many know: Material for MkDocs, which is in maintenance and says until when. It shows each record in
full (bench/material.py) and derives, links back and draws nothing. Its second column has navigation.prune, which
leaves most of the navigation out of each page.

Exit codes: 0 measured; 1 there is no Chromium or no Material; 2 something that was built is not right.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import importlib.metadata
import mimetypes
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench import material
from bench.browser import Quiet, browsing, chromium, served
from bench.queries import QUERIES
from bench.run import WrongOutput, run

_ROOT = Path(__file__).resolve().parent.parent
_DAY = date(2026, 1, 1)  # the day of bench.run, so that both build as of the same one
PAGES = {
    "treaty": "treaty/russia-north-korea-2024.html",
    "person": "person/dmitry-peskov.html",
    "event": "event/2024-12-04-exchange.html",
    "list": "treaty/index.html",
    "home": "index.html",
}
OURS, STOCK, PRUNED = "ours", "Material", "pruned"
_PEERS = {STOCK: "", PRUNED: "  features: [navigation.prune]\n"}
_AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
#: Every name but this machine's own is unknown, at once.
_ALONE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
_WATCH = """
window.painted = 0;
window.shifted = 0;
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.painted = one.startTime; })
  .observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => { for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifted += one.value; })
  .observe({ type: "layout-shift", buffered: true });
"""

_IS_DARK = """
() => [document.body, document.documentElement]
  .map((one) => getComputedStyle(one).backgroundColor.match(/[\\d.]+/g).map(Number))
  .filter((parts) => parts[3] !== 0)
  .some(([red, green, blue]) => red + green + blue < 200)
"""
#: What an article says beside the controls that only work with script.
_TEXT = """
() => {
  for (const control of document.querySelectorAll("article :is(form, fieldset, button, output)")) control.remove();
  return document.querySelector("article").innerText.replace(/\\s/g, "").length;
}
"""


# Serving


@functools.cache
def _compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 9, mtime=0)


class Compressed(Quiet):
    """Files of one folder: text compressed, a missing file 404, nothing printed."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))  # below the folder, whatever is asked for
        if not path.is_file():
            self.send_error(404)
            return
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        text = kind.startswith("text/") or kind.endswith(("javascript", "json", "xml"))
        content = _compressed(path) if text else path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if text else kind)
        if text:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


# Measuring


@dataclass(frozen=True, slots=True)
class Load:
    """One cold load: milliseconds to the largest paint, what moved, and what was asked for."""

    paint: float
    shift: float
    nodes: int
    requests: int
    foreign: int
    wire: dict[str, int]  # compressed bytes, by "document", "script", "style", "other"


def load(browser: Any, address: str, path: str, width: int) -> Load:
    """Loads a page in a new context."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme="light")
    page = context.new_page()
    page.add_init_script(_WATCH)
    asked: dict[str, str] = {}
    kinds: dict[str, str] = {}
    wire = {"document": 0, "script": 0, "style": 0, "other": 0}

    def finished(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "other").lower().replace("stylesheet", "style")
        wire[kind if kind in wire else "other"] += int(event["encodedDataLength"])

    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.requestWillBeSent", lambda event: asked.setdefault(event["requestId"], event["request"]["url"]))
    session.on("Network.responseReceived", lambda event: kinds.setdefault(event["requestId"], event["type"]))
    session.on("Network.loadingFinished", finished)
    page.goto(f"{address}/{path}", wait_until="load")
    page.wait_for_load_state("networkidle")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")
    paint, shift, nodes = page.evaluate("[window.painted, window.shifted, document.querySelectorAll('*').length]")
    context.close()
    addresses = [url for url in asked.values() if not url.startswith(("data:", "blob:"))]
    return Load(paint, shift, nodes, len(addresses), sum(not url.startswith(address) for url in addresses), wire)


def findings(browser: Any, address: str, path: str, width: int, scheme: str) -> tuple[list[str], bool]:
    """The names of axe's findings in a colour scheme, and whether the page is dark in it."""
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{address}/{path}", wait_until="networkidle")
    found = [one["id"] for one in Axe().run(page, options=_AXE).response["violations"]]
    dark = page.evaluate(_IS_DARK)
    context.close()
    return found, bool(dark)


def text_without_script(browser: Any, address: str, path: str, width: int) -> float:
    """How much of the article's visible text is there without script: 1 where all of it is."""
    lengths = []
    for script in (True, False):
        context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=script)
        page = context.new_page()
        page.goto(f"{address}/{path}", wait_until="networkidle")
        lengths.append(page.evaluate(_TEXT))
        context.close()
    return lengths[1] / max(lengths[0], 1)


def _ask_ours(page: Any, query: str) -> list[str]:
    page.fill("#find", "")
    page.fill("#find", query)
    page.wait_for_function("query => document.querySelector('.find [role=status]').dataset.for === query", arg=query)
    return page.evaluate("[...document.querySelectorAll('#found [data-ref]')].map((one) => one.dataset.ref.split('#')[0])")


def _ask_material(page: Any, query: str) -> list[str]:
    """Its search looks when a key goes up; the line above its results says when it has."""
    box, said = ".md-search__input", "document.querySelector('.md-search-result__meta').textContent"
    page.click(box)
    for text, pattern in (("", "Type to start"), (query, "matching document")):
        page.fill(box, text)
        page.dispatch_event(box, "keyup")
        page.wait_for_function(f"pattern => {said}.includes(pattern)", arg=pattern)
    page.wait_for_timeout(100)
    links = page.evaluate("[...document.querySelectorAll('.md-search-result__item')].map((one) => one.querySelector('a').href)")
    return [urlsplit(link).path.strip("/").removesuffix(".html") for link in links]


def missed(browser: Any, address: str, ask: Callable[[Any, str], list[str]]) -> tuple[list[str], list[str]]:
    """The queries whose record is not among the first three found, and those where it is not found at all."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{address}/{PAGES['treaty']}", wait_until="networkidle")
    answers = {query: (ref, ask(page, query)) for query, ref in QUERIES}
    page.context.close()
    low = [query for query, (ref, found) in answers.items() if ref not in found[:3]]
    return low, [query for query in low if answers[query][0] not in answers[query][1]]


# Building


def _build(folder: Path, repeats: int) -> tuple[dict[str, Path], dict[str, float]]:
    """Builds each side as often as asked, in turn and from nothing: where its site is, and its median seconds."""
    for name in ("seeds", "schemas", "templates", "site"):
        shutil.copytree(_ROOT / name, folder / OURS / name)
    corpus = material.read(folder / OURS, _DAY)
    for name, more in _PEERS.items():
        material.write(corpus, folder / name, more)
    sites = {name: folder / name / ("build/site" if name == OURS else "site") for name in (OURS, *_PEERS)}
    commands = {name: [sys.executable, "-m", "mkdocs", "build", "--quiet"] for name in _PEERS}
    commands[OURS] = [sys.executable, "-m", "pipeline", "build", "--root", str(folder / OURS)]
    seconds: dict[str, list[float]] = {name: [] for name in sites}
    for _ in range(repeats):
        for name in sites:
            for made in (folder / name / ".cache", folder / name / "build", folder / name / "site" if name != OURS else None):
                if made is not None:
                    shutil.rmtree(made, ignore_errors=True)
            seconds[name].append(run(commands[name], _ROOT if name == OURS else folder / name, folder / "log").seconds)
    for name, site in sites.items():
        for path in PAGES.values():
            if not (site / path).is_file():
                raise WrongOutput(f"{name}: there is no {path}")
    return sites, {name: statistics.median(times) for name, times in seconds.items()}


# The table


def _kilobytes(size: float) -> str:
    return f"{size / 1000:.1f} KB"


def _row(out: Callable[[str], None], title: str, cells: list[str]) -> None:
    out(f"  {title:<34}" + "".join(f"{cell:>14}" for cell in cells))


def _page_table(browser: Any, at: dict[str, str], sites: dict[str, Path], kind: str, options: argparse.Namespace) -> None:
    path, width, names = PAGES[kind], options.width, list(at)
    for name in names:
        load(browser, at[name], path, width)  # so that the server has compressed everything
    loads: dict[str, list[Load]] = {name: [] for name in names}
    for _ in range(options.repeats):
        for name in names:
            loads[name].append(load(browser, at[name], path, width))
    one = [loads[name][-1] for name in names]
    print(f"\n{kind}: {path}")
    _row(print, "", names)
    _row(print, "largest paint, median", [f"{statistics.median(each.paint for each in loads[name]):.0f} ms" for name in names])
    _row(print, "layout shift, most", [f"{max(each.shift for each in loads[name]):.3f}" for name in names])
    _row(print, "HTML, plain", [_kilobytes((sites[name] / path).stat().st_size) for name in names])
    _row(print, "HTML, compressed", [_kilobytes(each.wire["document"]) for each in one])
    _row(print, "scripts, compressed", [_kilobytes(each.wire["script"]) for each in one])
    _row(print, "style, compressed", [_kilobytes(each.wire["style"]) for each in one])
    _row(print, "everything, cold", [_kilobytes(sum(each.wire.values())) for each in one])
    _row(print, "requests", [str(each.requests) for each in one])
    _row(print, "of these to others", [str(each.foreign) for each in one])
    _row(print, "elements", [str(each.nodes) for each in one])
    light = [findings(browser, at[name], path, width, "light")[0] for name in names]
    dark = [findings(browser, at[name], path, width, "dark") for name in names]
    _row(print, "axe findings, light", [str(len(found)) for found in light])
    _row(print, "axe findings, dark", [f"{len(found)}" if is_dark else f"{len(found)}, is light" for found, is_dark in dark])
    _row(print, "text without script", [f"{text_without_script(browser, at[name], path, width):.0%}" for name in names])
    for name, found in zip(names, light, strict=True):
        if found:
            print(f"  axe on {name}: {', '.join(found)}")


def _print_search(browser: Any, at: dict[str, str]) -> None:
    print(f"\nSearch: {len(QUERIES)} queries, the record meant among the first three")
    for name, ask in ((OURS, _ask_ours), (STOCK, _ask_material)):
        low, nowhere = missed(browser, at[name], ask)
        print(f"  {name:<10}{len(QUERIES) - len(low):>3} found, {len(low) - len(nowhere)} lower down, {len(nowhere)} not at all")
        if low:
            print(f"  missed: {', '.join(low)}")


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description="Measures pages beside a stock Material site.")
    parser.add_argument("--repeats", type=int, default=5, help="loads of each page, and builds up to three. Default: 5")
    parser.add_argument("--width", type=int, default=1280, help="the browser window's width in pixels. Default: 1280")
    options = parser.parse_args()
    browser_path = chromium()
    try:
        version = importlib.metadata.version("mkdocs-material")
    except importlib.metadata.PackageNotFoundError:
        version = ""
    if browser_path is None or not version:
        print("\nPages are not measured: there is no " + ("Chromium on PATH" if version else "Material (make bench installs it)"))
        return 1
    with tempfile.TemporaryDirectory(prefix="depositary-pages-") as folder:
        try:
            sites, seconds = _build(Path(folder), min(options.repeats, 3))
        except WrongOutput as error:
            print(error, file=sys.stderr)
            return 2
        print(f"\nPages of the real records at {options.width} px, cold, from loopback; Material for MkDocs {version}")
        with ExitStack() as open_now:
            at = {name: open_now.enter_context(served(site, Compressed)) for name, site in sites.items()}
            browser = open_now.enter_context(browsing(browser_path, _ALONE))
            for kind in PAGES:
                _page_table(browser, at, sites, kind, options)
            _print_search(browser, at)
        print("\nThe whole site, built from nothing (Material validates, derives and checks nothing)")
        for side, site in sites.items():
            files = [path for path in site.resolve().rglob("*") if path.is_file()]
            size = sum(path.stat().st_size for path in files)
            print(f"  {side:<10}{seconds[side]:>7.1f} s{len(files):>8} files{size / 1e6:>9.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
