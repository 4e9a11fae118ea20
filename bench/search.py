"""Measures search in Chromium on a large synthetic corpus: what one query fetches, and how soon its answer stands.

    python -m bench.search [--records 100000] [--folder DIR]

The folder holds the index and one page with the search box, served from this machine, uncompressed. Queries are made
of names in the corpus: whole, half of a word, a middle word, without diacritics, and the commonest words there are.
Each is asked in a fresh page, and what it fetches counts from nothing. "after" is the time from the last byte that
arrived to the list being there.

The peer for bytes is the index that MkDocs' own search plugin would make of the same names and lines: its search
fetches all of it before the first answer.

Exit codes: 0 measured; 1 no Chromium, nothing was measured.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from mkdocs.contrib.search.search_index import SearchIndex

from bench import corpus
from bench.browser import browsing, chromium, served
from pipeline import build as spine
from pipeline.export import search
from pipeline.export.search import Document
from pipeline.model import View
from pipeline.render import Book, Renderer, Site, open_book, page_input

_ROOT = Path(__file__).resolve().parents[1]
_DAY = date(2026, 1, 1)
PAGE = "procedure/index.html"
_SAMPLED, _COMMON, _TURNS = 8, 4, 3

_ASK = """query => new Promise(done => {
    const box = document.querySelector("#find");
    const told = () => {
        if (document.querySelector(".find [role=status]")?.dataset.for !== query) return;
        const now = performance.now();
        watch.disconnect();
        const files = performance.getEntriesByType("resource").filter(file => /\\/search\\/(index|[cw]\\/)/.test(file.name));
        done({
            found: document.querySelectorAll("#found [data-ref]").length, files: files.length,
            bytes: files.reduce((sum, file) => sum + file.encodedBodySize, 0),
            after: now - Math.max(...files.map(file => file.responseEnd)),
        });
    };
    const watch = new MutationObserver(told);
    watch.observe(document, {attributes: true, childList: true, subtree: true});
    performance.setResourceTimingBufferSize(2000);
    box.focus();
    box.value = query;
    box.dispatchEvent(new InputEvent("input", {bubbles: true}));
})"""


@dataclass(frozen=True, slots=True)
class Asked:
    """One query: the bytes and files it fetched, the milliseconds after the last of them, how many results its list has."""

    query: str
    bytes: int
    files: int
    after: float
    found: int


def book_of(folder: Path, records: int) -> Book:
    """The book of a synthetic project written below a folder."""
    corpus.write(records, folder / "project")
    project = spine.open_project(folder / "project")
    prepared = spine.prepare(project, View.on(_DAY), _DAY, use_cache=False)
    return open_book(prepared.shown, Site())


def write_site(book: Book, site: Path) -> None:
    """The index, the theme, and one page with the search box below a folder."""
    shutil.copytree(_ROOT / "site" / "theme", site)
    (bundle,) = search.exports(book)
    for export in bundle.make():
        path = site / export.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(export.make())
    page = next(page for page in book.pages if page.path == PAGE)
    assets = frozenset(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    renderer = Renderer(book, [_ROOT / "templates", _ROOT / "site" / "theme"], assets)
    (site / PAGE).parent.mkdir()
    (site / PAGE).write_text(renderer.render(page, page_input(book, page)), encoding="utf-8")


def queries_of(documents: list[Document]) -> list[str]:
    """Names of records from all over the corpus and parts of them, then the commonest words."""
    queries: dict[str, None] = {}
    for document in documents[:: len(documents) // _SAMPLED][:_SAMPLED]:
        name = document.names[0][1]
        words = sorted(name.split(), key=len)
        plain = "".join(letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter))
        queries |= dict.fromkeys([name, words[-1][: len(words[-1]) // 2 + 1], words[len(words) // 2], plain])
        queries |= dict.fromkeys(other for _, other in document.names[1:3])
    words = search.words_of(documents)
    common = sorted((word for word in words if not word.startswith(search.CHOICE)), key=lambda word: -len(words[word][0]))
    return [*queries, *common[:_COMMON]]


def peer_bytes(documents: list[Document]) -> int:
    """The size of the index of MkDocs' search plugin for the same names and lines."""
    index = SearchIndex(lang=["en"], separator=r"[\s\-]+", min_search_length=3, prebuild_index=False, indexing="full")
    for document in documents:
        text = " ".join((*(name for _, name in document.names[1:]), *document.texts, document.context))
        index.add_entry_from_context(_as_page(document.ref, document.names[0][1], text))
    return len(index.generate_search_index().encode())


def _as_page(ref: str, title: str, text: str) -> Any:
    """What the plugin asks of a page."""
    return SimpleNamespace(content=text, toc=(), url=f"{ref}.html", title=title)


def ask_all(site: Path, queries: list[str]) -> Iterator[Asked]:
    """Every query in a fresh page, several times; the median of the times."""
    with served(site) as address, browsing(chromium()) as browser:
        for query in queries:
            yield _median(query, [_ask(browser, address, query) for _ in range(_TURNS)])


def _ask(browser: Any, address: str, query: str) -> dict[str, Any]:
    page = browser.new_page()
    page.goto(f"{address}/{PAGE}")
    answer = page.evaluate(_ASK, query)
    page.close()
    return answer


def _median(query: str, answers: list[dict[str, Any]]) -> Asked:
    last = answers[-1]
    return Asked(query, last["bytes"], last["files"], statistics.median(one["after"] for one in answers), last["found"])


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=100_000, metavar="N", help="how many records (100000)")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="where to work (a temporary folder)")
    options = parser.parse_args()
    if chromium() is None:
        print("There is no Chromium on PATH: search was not measured.")
        return 1
    with tempfile.TemporaryDirectory(dir=options.folder) as place:
        book = book_of(Path(place), options.records)
        documents = list(search.all_documents(book))
        write_site(book, Path(place) / "site")
        files = [path for path in (Path(place) / "site" / "search").rglob("*") if path.is_file()]
        whole, peer = sum(path.stat().st_size for path in files), peer_bytes(documents)
        print(f"\nSearch on {options.records:,} records: {len(files):,} files, {whole / 1e6:.1f} MB in all")
        print(f"MkDocs' search plugin on the same names and lines: 1 file, {peer / 1e6:.1f} MB before the first answer\n")
        print(f"{'query':<44}{'KB':>8}{'of peer':>10}{'files':>7}{'ms after':>10}{'results':>9}")
        asked = []
        for one in ask_all(Path(place) / "site", queries_of(documents)):
            asked.append(one)
            size = f"{one.bytes / 1000:>8.0f}{100 * one.bytes / peer:>8.3f} %"
            print(f"{one.query[:42]:<44}{size}{one.files:>7}{one.after:>10.0f}{one.found:>9}", flush=True)
        print(f"{'largest':<44}{max(one.bytes for one in asked) / 1000:>8.0f}{'':>17}{max(one.after for one in asked):>10.0f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
