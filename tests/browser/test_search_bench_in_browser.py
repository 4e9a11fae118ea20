"""The measurement of search in Chromium measures something. It starts a browser of its own, so it has a module of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

import tests.browser.test_browser  # noqa: F401  # skips this module where there is no Chromium, and fails in CI
from bench import search as measured
from pipeline.export.search import all_documents

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore")]


def test_the_measurement_of_search_measures(tmp_path: Path) -> None:
    book = measured.book_of(tmp_path, 150)
    documents = list(all_documents(book))
    measured.write_site(book, tmp_path / "site")
    queries = measured.queries_of(documents)
    assert len(queries) > 10
    for one in measured.ask_all(tmp_path / "site", queries[:2]):
        assert one.found and 3 <= one.files < 30 and one.after >= 0
        assert 1000 < one.bytes < measured.peer_bytes(documents)
