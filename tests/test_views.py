"""The site as it stood on a day: nothing published after it shows, on any page."""

from __future__ import annotations

import html
import re
from datetime import date
from pathlib import Path

import pytest

from pipeline import dates
from pipeline.load import load
from tests.building import build_site, make_project
from tests.worlds import PROJECT

_MONTHS = "January February March April May June July August September October November December".split()
_IN_WORDS = re.compile(r"(?:(?<!\d)(\d{1,2}) )?(" + "|".join(_MONTHS) + r") (\d{4})")
_ISO = re.compile(r"(?<![\d/.-])(\d{4}-\d\d-\d\d)(?![\d-])")


def visible_text(path: Path) -> str:
    """A page's text without markup; attributes do not count, links' targets are checked apart."""
    text = path.read_text(encoding="utf-8")
    written = html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(head|svg)\b.*?</\1>", " ", text)))
    return re.sub(r"\s+", " ", re.sub(r'https?://[^\s"}]+', " ", written))  # an address in a citation is no date


def later_days(text: str, day: date) -> list[str]:
    """Dates in a text that certainly lie after a day."""
    found = []
    for number, month, year in _IN_WORDS.findall(text):
        words = f"{number} {month} {year}".strip()
        if date(int(year), _MONTHS.index(month) + 1, int(number or 1)) > day:
            found.append(words)
    found += [iso for iso in _ISO.findall(text) if date.fromisoformat(iso) > day]
    return found


@pytest.mark.parametrize("day", ["2024-06-20", "2024-10-16", "2024-11-11", "2025-04-27"])
def test_nothing_later_shows(day: str, tmp_path: Path) -> None:
    as_of = date.fromisoformat(day)
    site = build_site(make_project(tmp_path / "project", PROJECT / "seeds"), tmp_path / "out" / "site", as_of=as_of)
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 100
    for path in pages:
        text = visible_text(path)
        # A term's end follows from what was known then: it is no later fact.
        later = [words for words in later_days(text, as_of) if not re.search(rf"(Ends|Until|expires on) {words}", text)]
        if day == "2024-10-16":
            later = [words for words in later if words != "November 2024"]  # what was then expected
        if day == "2024-11-11":
            later = [words for words in later if words != "15 November 2024"]  # the end of an expected window
        assert not later, f"{path.relative_to(site)} as of {day} speaks of {later[0]}"


def test_no_later_source_has_a_page(tmp_path: Path) -> None:
    site = build_site(make_project(tmp_path / "project", PROJECT / "seeds"), tmp_path / "out" / "site", as_of=date(2024, 10, 16))
    records = load(PROJECT, PROJECT).records
    shown = [path.stem for path in (site / "source").glob("*.html") if path.stem != "index" and not path.stem.startswith("page-")]
    assert len(shown) > 60
    for identifier in shown:
        data = records[f"source/{identifier}"].data
        span = dates.parse(data.get("known") or data["date"]) if data.get("date") else None
        assert span is None or span.earliest <= date(2024, 10, 16), identifier
    assert "fn-news-global-2024-10" in shown  # the article that began it
    assert "tass-2024-10-24" not in shown


def test_the_picture_of_the_article(tmp_path: Path) -> None:
    """Signed, not in force, submitted on 14 October, the State Duma expected in November, the rest to come."""
    site = build_site(make_project(tmp_path / "project", PROJECT / "seeds"), tmp_path / "out" / "site", as_of=date(2024, 10, 16))
    text = visible_text(site / "treaty" / "russia-north-korea-2024.html")
    assert "As of 16 October 2024" in text
    assert "Signed 19 June 2024" in text
    assert "14 October 2024" in text
    assert re.search(r"State Duma ratifies[^.]*expected[^.]*November 2024", text, re.IGNORECASE)
    answer = text[: text.index("Why")]
    assert "Not in force" in answer and "In force" not in answer


def test_today_the_expectation_reads_as_met_early(tmp_path: Path) -> None:
    site = build_site(make_project(tmp_path / "project", PROJECT / "seeds"), tmp_path / "out" / "site")
    text = visible_text(site / "treaty" / "russia-north-korea-2024.html")
    assert re.search(r"State Duma ratifies\. ?Expected November 2024; ?met early, 24 October 2024", text)
    assert "In force since 4 December 2024" in text
