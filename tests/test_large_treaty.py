"""A treaty of 200 parties and 1,000 acts: its facts are right and its page stays readable. Speed is in bench/large_treaty.py."""

from __future__ import annotations

import re
from functools import cache

from bench.large_treaty import ACTS, PARTIES, TODAY, large_page, large_treaty, large_world
from pipeline.derive import derive
from pipeline.model import Corpus, View
from pipeline.rules import check
from tests.building import unfolded


@cache
def derived() -> Corpus:
    return derive(large_world(), View.on(TODAY))


@cache
def page() -> str:
    return large_page(derived())


def test_it_is_as_large_as_it_says_and_breaks_no_rule() -> None:
    treaty = large_treaty()
    assert (len(treaty["parties"]), len(treaty["actions"])) == (PARTIES, ACTS)
    assert not check(derived(), TODAY).diagnostics


def test_its_facts() -> None:
    found = derived().facts.pages["treaty/many"]
    # The sixtieth deposit is 30 + 59 x 20 days after the first of January 1990.
    assert (found["status"]["value"], found["status"]["since"]) == ("in-force", "1993-04-25")
    assert (found["counts"]["bound"], found["counts"]["withdrawn"]) == (150, 50)
    assert max(point["count"] for point in found["members"]) == PARTIES
    assert found["members"][-1]["count"] == 150


def test_its_page_counts_tabulates_and_folds() -> None:
    outside = unfolded(page())
    assert "for 150 parties; 50 left" in outside
    assert len(outside) < 40_000, "what is not folded"
    assert page().count('id="action-') == ACTS, "every act has its anchor"
    words = re.sub(r"<[^>]+>", " ", page())
    for summary in ("Bound: 150", "No longer party: 50", "Every party, with its acts", "Instrument deposited: 150", "Acceded: 50"):
        assert summary in re.sub(r"\s+", " ", words), summary


def test_every_address_within_the_page_exists() -> None:
    anchors = set(re.findall(r'\bid="([^"]+)"', page()))
    assert set(re.findall(r'href="#([^"]+)"', page())) <= anchors
