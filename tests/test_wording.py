"""What a page says, as a reader reads it: sentences that hold for every record, and no mark that looks like an accident."""

from __future__ import annotations

import html
import re
from datetime import date
from functools import cache
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader

from bench.large_treaty import render_with
from pipeline.derive import derive
from pipeline.model import Corpus, View
from pipeline.render import add_helpers, open_book, page_input, site_templates
from tests.exports import ADDRESS, real
from tests.worlds import PROJECT


def text_of(page: str) -> str:
    """A page's words without markup; the head, and what is there for programs, does not count."""
    written = html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"(?s)<(head|script|pre)\b.*?</\1>", "", page)))
    return re.sub(r"\s+", " ", written)


def pages_of(corpus: Corpus) -> dict[str, str]:
    """Every page of a corpus with facts, by path."""
    book = open_book(corpus, ADDRESS, site_templates([PROJECT / "templates"]))
    render = render_with(book)
    return {page.path: render(page, page_input(book, page)) for page in book.pages}


@cache
def real_html() -> dict[str, str]:
    """The pages of the project's own records."""
    return pages_of(derive(real(), View.on(date(2026, 1, 1))))


@cache
def real_pages() -> dict[str, str]:
    """What they say."""
    return {path: text_of(page) for path, page in real_html().items()}


NESTED = re.compile(r"\([^()]*\([^()]*\)[^()]*\)")
#: Brackets within brackets that are the record's own words: a numbered paragraph of an article.
OF_THE_TEXT = re.compile(r"Article \w+\(\w+\)")


def test_no_bracket_stands_within_a_bracket() -> None:
    found = {(path, words) for path, page in real_pages().items() for words in NESTED.findall(OF_THE_TEXT.sub("Article", page))}
    assert not found
    assert "ended 31 March 2010 [uncertain]" in real_pages()["parties.html"]
    assert "(Soviet Union, Republic of China [Taiwan])" in real_pages()["treaty/china-soviet-union-1945.html"]


#: The day of an act, as pages write it.
DAY = r"\d{1,2} [A-Z][a-z]+ \d{4}"


@pytest.mark.parametrize(
    ("pages", "sentence"),
    [
        ("organization", r"Party to \d+ treaties, \d+ in force\."),
        ("organization", r"Party to \d+ treaties, none in force\."),
        ("organization", rf"In force since {DAY} Signature {DAY}"),
        ("organization", rf"Ended {DAY} · was bound from {DAY}"),
        ("organization", rf"Not known whether in force · signed {DAY}"),
        ("organization/nato", r"Intergovernmental organization\."),
        ("organization/aukus", r"Body\. Exists since September 2021\."),
        ("organization/soviet-union", r"Existed until 1991\. Continued by Russia\."),
        ("treaty", r"In force since [^.]+\. Which of its \d+ parties are bound is not on record\."),
        ("event", r"Notice of withdrawal given \(China\) China–Soviet Union alliance treaty \(1950\)"),
        ("event", r"State Duma ratifies: adopted, for Russia Russia–North Korea partnership treaty \(2024\)"),
        ("event/index", r"Sergei Shoigu visits Pyongyang April 2025"),
        ("person/vladimir-putin", r"18–19 June 2024 Vladimir Putin's state visit to Pyongyang 19 June 2024"),
        ("person", rf"seen in office on {DAY}\."),
        ("procedure", r"State Duma ratifies, State Duma\. It ends as adopted or rejected\. It is public on the day it happens\."),
        ("treaty", r"The treaty has \d+ articles\."),
        ("treaty", r"Where no number is given, the provision is attested, but not its place in the treaty\."),
        ("treaty", rf"Followed by Russia–North Korea friendship treaty \(2000\) \(ended {DAY}\)\."),
        ("treaty", rf"A later treaty concerns it: Treaty of Aachen \(in force since {DAY}\)\."),
        ("treaty", r"Not on record: the consent of (\w+, ){4}\w+ and \d+ more; the \d+ consents that are needed\."),
        ("compare", r"Leaving: by notice \(Article \d+\)\."),
        ("as-of", r"This site shows how things stood on 1 January 2026\."),
        ("event/index", r"more are on the other pages, where your choice still holds\."),
    ],
)
def test_a_sentence_of_the_real_records(pages: str, sentence: str) -> None:
    """Whose sentence it is may change with the records, and so may its numbers: some page of the kind says it."""
    assert [path for path, page in real_pages().items() if path.startswith(pages) and re.search(sentence, page)]


def test_no_remark_is_made_where_it_is_not_due() -> None:
    assert "Where no number is given" not in real_pages()["treaty/north-atlantic-treaty-1949.html"]
    assert not [path for path, page in real_pages().items() if path.startswith("treaty/") and ("): signed" in page or "): recommended" in page)]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["Aland"], "Aland"),
        (["Aland", "Beland"], "Aland and Beland"),
        (["Aland", "Beland", "Celand"], "Aland, Beland and Celand"),
        (["Aland", "Beland", "Celand", "Deland"], "Aland, Beland and 2 more"),
    ],
)
def test_names_are_listed_and_many_are_counted(names: list[str], words: str) -> None:
    macros = Environment(loader=FileSystemLoader(PROJECT / "templates"), trim_blocks=True, lstrip_blocks=True)
    add_helpers(macros)
    module: Any = macros.get_template("partials/macros.html").module
    assert module.listed(names, 2) == words


def test_who_speaks_and_of_what_is_a_link_on_every_page_that_says_it() -> None:
    """Also where the page does not depend on that record: on a list, or on a person's page."""
    unlinked = {
        (path, line)
        for path, page in real_html().items()
        for line in re.findall(r'<p class="about">.*?</p>|</a> <b>.*?</b>.*?<b class="stance">', page)
        if line.count("<a ") == 0 and "#" not in line
    }
    assert not unlinked and '<p class="about">On <a href="../event/' in real_html()["statement/index.html"]
