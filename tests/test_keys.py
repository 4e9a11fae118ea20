"""A page's key says exactly whether its input is another one: no page is made twice, and none goes stale."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.render import Renderer, Site, open_book, page_input, page_key
from pipeline.render.pages import Book
from tests.worlds import BASICS, seen, treaty, world

RECORDS = {
    **BASICS,
    "treaty/pact": treaty("- {act: signature, date: 2001-01-10, sources: [day-2001-01-10]}\n"),
    "event/meeting": "name: Meeting\ndate: 2001-01-10\nsources: [day-2001-01-10]\n",
    "statement/word": (
        "speaker: person/ann\ndate: 2001-01-10\nstance: asserts\nsummary: A word.\nabout: [event/meeting]\n"
        "sources: [day-2001-01-10]\n"
    ),
}

#: Edits: of a name, of a text on a card, of a text that stands on no card, of a source that others cite, of a link.
EDITS = {
    "a name": ("event/meeting", "name: Meeting", "name: Gathering"),
    "a card": ("statement/word", "A word.", "Another word."),
    "a body": ("event/meeting", "sources:", "place: Here\nsources:"),
    "a source": ("source/day-2001-01-10", "class: ", "note: Seen.\nclass: "),
    "a link": ("statement/word", "about: [event/meeting]", "about: [treaty/pact]"),
}


def book_of(records: Mapping[str, str]) -> Book:
    return open_book(seen(world(dict(records)), "2002-01-01"), Site())


@pytest.mark.parametrize("edit", EDITS)
def test_a_key_changes_where_the_input_does_and_nowhere_else(edit: str) -> None:
    ref, old, new = EDITS[edit]
    assert old in RECORDS[ref]
    before, after = book_of(RECORDS), book_of({**RECORDS, ref: RECORDS[ref].replace(old, new, 1)})
    changed = set()
    for page in after.pages:
        inputs = [page_input(book, page) for book in (before, after)]
        keys = [page_key("", book, page, data) for book, data in zip((before, after), inputs, strict=True)]
        assert (inputs[0] == inputs[1]) == (keys[0] == keys[1]), page.path
        if keys[0] != keys[1]:
            changed.add(page.ref)
    assert ref in changed
    assert changed != {page.ref for page in after.pages}


def test_a_key_tells_engines_pages_and_cards_apart() -> None:
    book = book_of(RECORDS)
    page = next(page for page in book.pages if page.ref == "statement/word")
    other = next(page for page in book.pages if page.ref == "event/meeting")
    data = page_input(book, page)
    assert {"event/meeting", "person/ann", "source/day-2001-01-10"} <= set(data["cards"])
    keys = {
        page_key("", book, page, data),
        page_key("new", book, page, data),
        page_key("", book, other, data),
        *(page_key("", book, page, {**data, "cards": _without(data["cards"], ref)}) for ref in data["cards"]),
    }
    assert len(keys) == 3 + len(data["cards"])


def _without(cards: Mapping[str, object], ref: str) -> dict[str, object]:
    return {name: card for name, card in cards.items() if name != ref}


def test_a_piece_made_on_one_page_is_not_used_on_the_page_of_a_record_that_it_names(tmp_path: Path) -> None:
    """There it has no link to that record; everywhere else it has one, in whichever order the pages are made."""
    (tmp_path / "event.html").write_text("{% macro line(of) %}{{ of }} {{ to('event/meeting') }} and {{ to('event/other') }}{% endmacro %}{{ fragment(line, 'At') }}", encoding="utf-8")
    book = book_of({**RECORDS, "event/other": RECORDS["event/meeting"].replace("Meeting", "Other")})
    pages = [page for page in book.pages if page.ref in ("event/meeting", "event/other")]
    inputs = {page.ref: page_input(book, page) for page in pages}
    for data in inputs.values():
        data["cards"] = {ref: book.cards[ref] for ref in inputs}
    for order in (pages, pages[::-1]):
        renderer = Renderer(book, [tmp_path], frozenset())
        made = {page.ref: renderer.render(page, inputs[page.ref]) for page in order}
        assert made == {
            "event/meeting": 'At Meeting and <a href="other.html">Other</a>',
            "event/other": 'At <a href="meeting.html">Meeting</a> and Other',
        }
