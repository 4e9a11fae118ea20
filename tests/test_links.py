"""A walk of the built site: every href, src and #anchor of every page leads somewhere, and sentences made of pieces are sentences."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.building import build_site, make_project
from tests.worlds import PROJECT


class PageReader(HTMLParser):
    """Collects a page's addresses, its ids, and ids that stand twice."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.ids: set[str] = set()
        self.twice: set[str] = set()
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name in ("href", "src", "action", "cite", "poster", "data") and value is not None:
                self.addresses.append(value)
            if name == "id" and value is not None:
                (self.twice if value in self.ids else self.ids).add(value)
                self.ids.add(value)
            if name == "style" or name.startswith("on"):
                self.inline.append(f"<{tag} {name}>")
        is_data = dict(attributes).get("type") == "application/ld+json"  # a data block: no browser runs it
        if tag == "style" or (tag == "script" and not dict(attributes).get("src") and not is_data):
            self.inline.append(f"<{tag}>")


def read(path: Path) -> PageReader:
    reader = PageReader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader


@pytest.fixture(scope="module", params=["today", "2024-10-16"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real site, plain and as of the day of the article that began it."""
    folder = tmp_path_factory.mktemp("links")
    root = folder / "project"
    make_project(root, PROJECT / "seeds")
    import shutil

    shutil.copytree(PROJECT / "site", root / "site")
    as_of = None if request.param == "today" else date.fromisoformat(request.param)
    return build_site(root, folder / "out" / "site", as_of=as_of)


def pages(site: Path) -> Iterator[tuple[str, PageReader]]:
    for path in sorted(site.rglob("*.html")):
        yield path.relative_to(site).as_posix(), read(path)


def test_every_address_leads_somewhere(site: Path) -> None:
    read_pages = dict(pages(site))
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert len(read_pages) > 250
    walked = 0
    for here, page in read_pages.items():
        assert not page.twice, f"{here} has two elements with the id {sorted(page.twice)[0]}"
        for address in page.addresses:
            parts = urlsplit(address)
            if parts.scheme:
                assert parts.scheme in ("http", "https"), f"{here}: {address}"
                continue
            from_the_top = here == "404.html"  # it is served at any depth
            assert not parts.netloc and (from_the_top or not address.startswith("/")), f"{here}: {address} does not work from a folder"
            path = unquote(parts.path).lstrip("/") if from_the_top else unquote(parts.path)
            target = posixpath.normpath(posixpath.join(posixpath.dirname(here), path)) if parts.path else here
            assert target in files, f"{here}: {address} leads nowhere"
            if parts.fragment:
                assert unquote(parts.fragment) in read_pages[target].ids, f"{here}: {address} names no place"
            walked += 1
    assert walked > 5000


def test_no_page_has_an_inline_script_or_style(site: Path) -> None:
    """So that the strict policy of later can hold."""
    for here, page in pages(site):
        assert not page.inline, f"{here}: {page.inline[0]}"


def test_every_page_can_be_reached_from_the_home_page(site: Path) -> None:
    read_pages = dict(pages(site))
    seen, waiting = set(), ["index.html"]
    while waiting:
        here = waiting.pop()
        if here in seen or here not in read_pages:
            continue
        seen.add(here)
        for address in read_pages[here].addresses:
            path = urlsplit(address).path
            if path and not urlsplit(address).scheme:
                waiting.append(posixpath.normpath(posixpath.join(posixpath.dirname(here), unquote(path))))
    assert set(read_pages) - seen == {"404.html"}


#: Elements that are words in a sentence; any other ends one.
_WORDS = re.compile(r"</?(?:a|b|i|em|strong|time|span|bdi)\b[^>]*>")
_NO_PROSE = re.compile(r"<(pre|script|svg|code)\b.*?</\1>", re.DOTALL)
#: Two spaces, two full stops, "since between", a space before a full stop.
_CLUMSY = re.compile(r"[^ \n]  +[^ \n]|[^.]\.\.(?!\.)|\b(?:since|from|to|until) between\b|\w \.(?:\s|$)")


def clumsy(page: str) -> list[str]:
    """The places of a page's text where pieces were put together badly, and headings without words."""
    main = _WORDS.sub("", _NO_PROSE.sub("x", page.partition("<main")[2].partition("</main>")[0]))
    found = re.findall(r"<h\d[^>]*>\s*</h\d>", main)
    for text in re.split(r"<[^>]+>", main):
        words = html.unescape(text).strip()
        found += [words[max(0, match.start() - 30) : match.end() + 30] for match in _CLUMSY.finditer(words)]
    return found


def test_sentences_made_of_pieces_read_as_sentences(site: Path) -> None:
    said = {path.relative_to(site).as_posix(): clumsy(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    assert {name: places for name, places in said.items() if places} == {}
    page = "<main><h2></h2><p>Bound <b>since</b> between 1 and 2 May.. So</p><p>Seen.  Held .</p></main>"
    assert len(clumsy(page)) == 5
