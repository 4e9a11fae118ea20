"""What a page says, as a reader reads it: sentences that hold for every record, and no mark that looks like an accident."""

from __future__ import annotations

import html
import re
from datetime import date
from functools import cache

from bench.large_treaty import render_with
from pipeline.derive import derive
from pipeline.model import Corpus, View
from pipeline.render import open_book, page_input, site_templates
from tests.exports import ADDRESS, real
from tests.worlds import PROJECT


def text_of(page: str) -> str:
    """A page's words without markup; the head, and what is there for programs, does not count."""
    written = html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"(?s)<(head|script|pre)\b.*?</\1>", "", page)))
    return re.sub(r"\s+", " ", written)


def pages_of(corpus: Corpus) -> dict[str, str]:
    """The words of every page of a corpus with facts, by path."""
    book = open_book(corpus, ADDRESS, site_templates([PROJECT / "templates"]))
    render = render_with(book)
    return {page.path: text_of(render(page, page_input(book, page))) for page in book.pages}


@cache
def real_pages() -> dict[str, str]:
    """What every page of the project's own records says."""
    return pages_of(derive(real(), View.on(date(2026, 1, 1))))


NESTED = re.compile(r"\([^()]*\([^()]*\)[^()]*\)")
#: Brackets within brackets that are the record's own words: a numbered paragraph of an article.
OF_THE_TEXT = re.compile(r"Article \w+\(\w+\)")


def test_no_bracket_stands_within_a_bracket() -> None:
    found = {(path, words) for path, page in real_pages().items() for words in NESTED.findall(OF_THE_TEXT.sub("Article", page))}
    assert not found
    assert "ended 31 March 2010 [uncertain]" in real_pages()["parties.html"]
    assert "(Soviet Union, Republic of China [Taiwan])" in real_pages()["treaty/china-soviet-union-1945.html"]
