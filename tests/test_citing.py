"""Citations, read back by bibtexparser and rispy, which had no part in writing them."""

from __future__ import annotations

import html
import json
import re
from datetime import date
from itertools import accumulate
from typing import Any

import bibtexparser
import jinja2
import pytest
import rispy
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.render import add_helpers, page_input
from pipeline.render.citing import as_bibtex, as_ris, as_text
from tests.exports import ADDRESS, NO_ADDRESS, book_as_of, book_of, golden, real
from tests.worlds import BASICS, seen, world


def cite(book: Any, ref: str) -> list[dict[str, Any]]:
    """What a record's page says to cite."""
    page = next(page for page in book.pages if page.ref == ref)
    found: list[dict[str, Any]] = page_input(book, page)["cite"]
    return found


def bibtex(items: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The entries as another program reads them, which must find nothing wrong."""
    library = bibtexparser.parse_string(as_bibtex(items))
    assert not library.failed_blocks and len(library.blocks) == len(library.entries)
    return [{"ENTRYTYPE": entry.entry_type, "ID": entry.key, **{field.key: field.value for field in entry.fields}} for entry in library.entries]


def ris(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records as another program reads them."""
    found: list[dict[str, Any]] = rispy.loads(as_ris(items))
    assert all("unknown_tag" not in entry for entry in found)
    return found


def test_a_record_is_cited_after_the_document_it_rests_on() -> None:
    source, page = cite(book_of(golden()), "treaty/border-2001")
    assert source["id"] == "source-herald-2001-01-11" and source["issued"] == {"date-parts": [[2001, 1, 11]]}
    assert page == {
        "id": "treaty-border-2001", "type": "webpage", "title": "Border Treaty (2001)", "container-title": "Depositary",
        "URL": "https://example.org/treaties/treaty/border-2001.html",
    }  # fmt: skip


def test_a_document_is_cited_itself() -> None:
    [item] = cite(book_of(real(), "2026-11-25"), "source/tass-2024-10-24")
    assert (item["publisher"], item["URL"], item["language"]) == ("TASS", "https://tass.com/politics/1861381/amp", "en")
    assert "Depositary" not in as_text(item)


def test_the_original_goes_before_what_repeats_it() -> None:
    records = {
        **BASICS,
        "source/first": "title: The report\npublisher: Wire\nclass: wire\ndate: 2001-01-10\n",
        "source/second": "title: Repeated\npublisher: The Press\nclass: press\nrelays: first\n",
        "source/third": "title: Repeated again\npublisher: Blog\nclass: press\nrelays: second\n",
        "event/e": "name: It happened\ndate: 2001-01-10\nsummary: So it did.\nsources: [third]\n",
    }
    book = book_of(world(records))
    assert [item["title"] for item in cite(book, "event/e")] == ["The report", "It happened"]
    assert [item["title"] for item in cite(book, "source/third")] == ["The report", "Repeated again"]
    assert [item["title"] for item in cite(book, "source/first")] == ["The report"]


def test_what_repeats_itself_in_a_circle_does_not_hang() -> None:
    records = {f"source/{one}": f"title: {one}\npublisher: P\nclass: press\nrelays: {other}\n" for one, other in (("a", "b"), ("b", "a"))}
    assert cite(book_of(world(records)), "source/a")


def test_a_record_without_a_document_is_cited_alone() -> None:
    assert [item["id"] for item in cite(book_of(golden()), "person/ann-first")][-1] == "person-ann-first"
    assert [item["id"] for item in cite(book_of(world(BASICS)), "organization/aland")] == ["organization-aland"]


def test_a_view_is_named_and_a_plain_build_names_no_day() -> None:
    assert all("note" not in item for item in cite(book_of(golden()), "treaty/border-2001"))
    item = cite(book_as_of(golden(), "2001-02-10"), "treaty/border-2001")[-1]
    assert item["note"] == "As of 10 February 2001"
    assert "As of 10 February 2001" in as_text(item)
    from pipeline.render import open_book

    two = open_book(seen(golden(), "2001-02-10", "2001-03-10"), ADDRESS)
    assert cite(two, "treaty/border-2001")[-1]["note"] == "As of 10 February 2001, known by 10 March 2001"


def test_no_citation_depends_on_the_day_of_the_build() -> None:
    first, second = (book_of(real(), day) for day in ("2026-11-25", "2027-03-01"))
    for page in first.pages:
        if page.ref:
            assert cite_of(first, page) == cite_of(second, page)


def cite_of(book: Any, page: Any) -> Any:
    return page_input(book, page)["cite"]


def test_every_citation_of_the_real_records_can_be_read() -> None:
    for book in (book_of(real(), "2026-11-25"), book_as_of(real(), "2024-10-16", NO_ADDRESS)):
        everything: dict[str, dict[str, Any]] = {}
        for page in book.pages:
            if page.ref:
                items = cite_of(book, page)
                everything |= {item["id"]: item for item in items}
                assert items[-1]["id"] == page.ref.replace("/", "-")
        items = list(everything.values())
        read, listed = bibtex(items), ris(items)
        assert len(read) == len(listed) == len(items) > 500
        for item, entry, record in zip(items, read, listed, strict=True):
            assert (entry["ENTRYTYPE"], entry["ID"], record["id"]) == ("misc", item["id"], item["id"])
            assert record["title"] == " ".join(item["title"].split())
            assert record.get("urls") == ([item["URL"]] if "URL" in item else None)
            assert record.get("year") == (f"{item['issued']['date-parts'][0][0]:04}" if "date-parts" in item.get("issued", {}) else None)
            assert set(item) <= {"id", "type", "title", "container-title", "publisher", "author", "issued", "URL", "note", "language"}
            assert item["type"] in ("webpage", "document")


@pytest.mark.parametrize(
    ("written", "words", "year"),
    [
        ("2001-01-10", "10 January 2001", "2001"),
        ("2001-01", "January 2001", "2001"),
        ("'2001'", "2001", "2001"),
        ("2001-01-10~", "about 10 January 2001", "2001"),
        ("2001-01-10/2001-01-12", "10–12 January 2001", None),
        ("'[..2001]'", "by 2001", None),
        ("2001-01-10T12:00Z", "10 January 2001", "2001"),
    ],
)
def test_dates_are_as_exact_as_they_are_known(written: str, words: str, year: str | None) -> None:
    [item] = cite(book_of(world({"source/s": f"title: T\npublisher: P\nclass: press\ndate: {written}\n"}), "2003-01-01"), "source/s")
    assert words in as_text(item)
    assert ris([item])[0].get("year") == year
    assert bibtex([item])[0].get("year") == year


HOSTILE = "A\r\nER  - \r\nTY  - BOOK\n@book{x,\u2028y\x85z = {1}} \\input{/etc/passwd} } % $ # _ & ~ ^ {"


def test_hostile_text_begins_no_field_and_ends_no_entry() -> None:
    item = {"id": "x", "type": "webpage", "title": HOSTILE, "publisher": HOSTILE, "author": [{"literal": HOSTILE}], "URL": "https://x.org/}\n@book{y\\", "note": HOSTILE}
    [entry] = bibtex([item])
    assert entry["ENTRYTYPE"] == "misc" and set(entry) == {"ENTRYTYPE", "ID", "author", "title", "howpublished", "url", "note"}
    assert "\\input{" not in as_bibtex([item])
    assert entry["url"] == "https://x.org/%7D%20@book%7By%5C"
    [record] = ris([item])
    assert record["type_of_reference"] == "ELEC"
    assert set(record) == {"type_of_reference", "id", "authors", "title", "publisher", "urls", "notes"}
    assert "\n" not in as_text(item)


@given(st.text(max_size=200))
@example("{")
@example("} \\{ }}")
def test_any_title_makes_one_entry_and_balanced_braces(text: str) -> None:
    item = {"id": "x", "type": "webpage", "title": text}
    written = as_bibtex([item])
    depths = list(accumulate(written, lambda depth, sign: depth + (sign == "{") - (sign == "}"), initial=0))  # as BibTeX counts
    assert min(depths) == depths[-1] == 0 and depths.index(0, written.index("{") + 1) == len(written) - 1
    assert len(as_ris([item]).splitlines()) <= 4
    assert len(written.splitlines()) == 3
    json.dumps(item)


@pytest.mark.parametrize("title", ["\u00a0", " \u3000 ", "\u200b", "a\x7fb", "<b>", "“”"])
def test_a_citation_on_the_page_is_what_it_is_as_text(title: str) -> None:
    """Blank titles, those with signs that a line of text leaves out, and markup."""
    shown = jinja2.Environment(autoescape=True)
    add_helpers(shown)
    item = {"id": "x", "type": "document", "title": title, "language": "ko", "publisher": "P"}
    made = shown.from_string("{{ item|cite_text }}").render(item=item)
    assert html.unescape(re.sub(r"</?span[^>]*>", "", made)) == as_text(item)
    assert "<b>" not in made


def test_a_day_has_no_clock_in_it() -> None:
    assert date(2001, 1, 10).isoformat() not in as_bibtex(cite(book_of(golden()), "treaty/border-2001"))
