"""What a page weighs: 40,000 bytes and no more, for a reader on a slow line.

A list or an overview is split before it grows above that. A record whose own content is larger keeps it on its page, but
folded: what is shown at first is bounded all the same.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from bench.large_treaty import render_with
from pipeline.derive import derive
from pipeline.derive.collections import in_parts
from pipeline.link import link
from pipeline.model import Corpus, View
from pipeline.render import open_book, page_input, site_templates
from tests.building import TODAY, build_site, tree, unfolded
from tests.exports import ADDRESS, real
from tests.golden.bless import DAYS, EXPECTED
from tests.worlds import PROJECT

MOST = 40_000
RECORD = re.compile(r"(?!as-of|compare|disputed|expected|parties|changes)[a-z-]+/(?!index\.html|page-\d+\.html)[^/]+\.html")


def heavy(pages: dict[str, bytes]) -> dict[str, int]:
    """The pages that weigh too much, with what counts: of a record's page only what is shown before anything is unfolded."""
    weights = {path: len(content) for path, content in pages.items() if path.endswith(".html")}
    for path in weights:
        if weights[path] > MOST and RECORD.fullmatch(path):
            weights[path] = len(unfolded(pages[path].decode()).encode())
    return {path: weight for path, weight in weights.items() if weight > MOST}


@pytest.mark.parametrize("name", sorted(DAYS))
def test_no_page_of_the_golden_world_is_heavy(name: str) -> None:
    pages = tree(EXPECTED / name)
    assert len(pages) > 20 and all(len(content) <= MOST for content in pages.values()), heavy(pages)


def test_no_page_of_the_real_records_is_heavy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an address of its own: links of a page to itself, and in its data, are then longer."""
    for folder in ("seeds", "schemas", "site"):
        shutil.copytree(PROJECT / folder, tmp_path / "project" / folder)
    monkeypatch.setenv("SITE_URL", ADDRESS.url)
    pages = tree(build_site(tmp_path / "project", tmp_path / "site", today=TODAY))
    assert ADDRESS.url.encode() in pages["treaty/index.html"] and len(pages["as-of/2024-10-16.html"]) > 1000
    assert not heavy(pages)


def test_only_a_large_treaty_weighs_more_than_that_in_all() -> None:
    whole = {path for path, page in drawn(real_facts()).items() if len(page.encode()) > MOST}
    assert whole and all(path.startswith("treaty/") and RECORD.fullmatch(path) for path in whole), whole


@cache
def real_facts() -> Corpus:
    return derive(real(), View.on(TODAY))


def drawn(corpus: Corpus, only_collections: bool = False) -> dict[str, str]:
    """The pages of a corpus with facts, by path."""
    book = open_book(corpus, ADDRESS, site_templates([PROJECT / "templates"]))
    render = render_with(book)
    return {page.path: render(page, page_input(book, page)) for page in book.pages if not (only_collections and page.ref)}


def many_times(corpus: Corpus, times: int) -> Corpus:
    """The corpus with so many of each of its records, the copies under ids of their own."""
    copies = [
        replace(record, id=f"{record.id}-copy-{number}", path=record.path.replace(".yaml", f"-copy-{number}.yaml"))
        for record in corpus.records.values()
        for number in range(2, times + 1)
    ]
    return link(replace(corpus, records={**corpus.records, **{record.ref: record for record in copies}}, links=()))


def test_lists_and_overviews_do_not_grow_with_the_collection() -> None:
    pages = drawn(derive(many_times(real(), 5), View.on(TODAY)), only_collections=True)
    assert "compare/page-5.html" in pages and "statement/page-14.html" in pages
    weights = {path: len(page.encode()) for path, page in pages.items()}
    assert not {path: weight for path, weight in weights.items() if weight > MOST}


def test_an_entry_of_many_lines_fills_more_of_a_page() -> None:
    contested = {"contested": {"values": [{"others": [1, 2, 3]}] * 10}}
    fact = in_parts("disputed", [{"claim": {}}] * 3 + [contested] * 2 + [{"claim": {}}])
    assert [len(page["entries"]) for page in (fact, *fact["parts"].values())] == [4, 2]
    longest = {"contested": {"values": [{"others": [1] * 99}]}}
    alone = in_parts("disputed", [longest, {"claim": {}}])
    assert alone["entries"] == [longest] and alone["total"] == 2, "what is too long has a page of its own"


def test_what_is_unfolded_is_told_from_what_is_not() -> None:
    page = "<p>a</p><details><summary>b</summary>c<details class='x'><summary>d</summary>e</details>f</details><p>g</p>"
    assert unfolded(page) == "<p>a</p><summary>b</summary><p>g</p>"
