"""Share cards: the picture and the words that a network shows beside a link, and a site without them."""

from __future__ import annotations

import json
import re
import shutil
import struct
import sys
import zlib
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import build as spine
from pipeline.export import share_cards, site_files
from pipeline.model import Font, Printer
from pipeline.render import page_input
from pipeline.render.pages import Book, open_book, page_key
from pipeline.render.sharing import (
    FONT_NAMES,
    HEIGHT,
    SITE_CARD,
    WIDTH,
    ShareCard,
    fonts_for,
    in_words,
    readable,
    record_card,
    site_card,
)
from tests.building import build_site, make_project, tree
from tests.exports import ADDRESS, NO_ADDRESS, book_as_of, book_of, golden, real, unchecked
from tests.worlds import PROJECT

SEEDS = PROJECT / "tests" / "golden" / "seeds"
#: A machine as it may be; no such files are there, and nothing here opens them.
PAPER_PRINTER = Printer(
    "resvg-py 0.0",
    tuple(
        Font(name, f"/fonts/{name}", name)
        for name in (
            "NotoSerif-Bold", "NotoSerif-Regular", "NotoSerifCJK-Bold", "NotoSerifCJK-Regular", "NotoNaskhArabic-Bold",
            "NotoNaskhArabic-Regular", "NotoSerifHebrew-Bold", "NotoSerifHebrew-Regular",
        )
    ),
)  # fmt: skip
KOREAN = "조선민주주의인민공화국과 로씨야련방사이의 포괄적인 전략적동반자관계에 관한 조약"
TITLES = (
    "NATO",
    "Treaty between the United Kingdom of Great Britain and Northern Ireland and the Federal Republic of Germany on friendship " * 2,
    KOREAN,
    "Договор о всеобъемлющем стратегическом партнёрстве между Российской Федерацией и Корейской Народно-Демократической Республикой",
    "中华人民共和国和朝鲜民主主义人民共和国友好合作互助条约",
    "معاهدة الدفاع المشترك (1950)",
    "אמנת השלום",
    '</text><script>alert("1")</script>&amp;]]><!--',
    "a\x00b\x07c\ud800d\uffffe\u202ef\u2066g\nh",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3,
    "e" + "\u0301" * 250,
    "ﷺ 🚢 ⛵ ½ ª ʼ",
)


@pytest.fixture(scope="session")
def printer() -> Printer:
    """What this machine prints with."""
    pytest.importorskip("resvg_py", reason="share cards need the extra: pip install 'depositary[cards]'")
    found = spine.card_printer(FONT_NAMES)
    assert found is not None
    if not fonts_for(["a"], found):
        pytest.skip("no known font for letters on this machine: install fonts-noto-core")
    return found


def book_with(printer: Printer | None, day: str = "2003-01-01") -> Book:
    return book_of(golden(), day, replace(ADDRESS, printer=printer))


def card_of(title: str, printer: Printer = PAPER_PRINTER, line: str = "In force since 1 July 2001.") -> ShareCard:
    words = [readable(text) for text in ("Depositary", "Treaty", title, line, "")]
    return ShareCard("treaty/x.png", *words, fonts_for(words, printer))


def pixels(png: bytes) -> tuple[int, int, list[bytes]]:
    """The size of a PNG with four bytes a pixel, and its rows; the filters are undone."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height, depth, color = struct.unpack(">IIBB", png[16:26])
    assert (depth, color) == (8, 6)
    packed, at = b"", 8
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        packed += png[at + 8 : at + 8 + length] if name == b"IDAT" else b""
        at += 12 + length
    raw, rows, above = zlib.decompress(packed), [], bytes(width * 4)
    for start in range(0, len(raw), width * 4 + 1):
        row = bytearray(raw[start + 1 : start + 1 + width * 4])
        _unfilter(raw[start], row, above)
        above = bytes(row)
        rows.append(above)
    return width, height, rows


def _unfilter(kind: int, row: bytearray, above: bytes) -> None:
    for index in range(len(row)):
        left, up, corner = (row[index - 4], above[index], above[index - 4]) if index >= 4 else (0, above[index], 0)
        if kind == 4:
            guess = left + up - corner
            best = min((left, up, corner), key=lambda value: abs(guess - value))
        else:
            best = (0, left, up, (left + up) // 2)[kind]
        row[index] = (row[index] + best) & 255


# The picture


def test_a_card_is_a_png_of_the_size_networks_ask_for(printer: Printer) -> None:
    png = share_cards.printed(card_of("ANZUS", printer))
    width, height, rows = pixels(png)
    assert (width, height, len(rows)) == (WIDTH, HEIGHT, HEIGHT) == (1200, 630, 630)
    assert rows[300][:4] == bytes.fromhex("fbfaf6ff") and rows[0][:4] == bytes.fromhex("1d4f7cff")
    assert len(png) < 80_000


def test_the_same_words_make_the_same_bytes_and_others_do_not(printer: Printer) -> None:
    one, again, other = (share_cards.printed(card_of(title, printer)) for title in ("Treaty of Åland", "Treaty of Åland", "Treaty of Oland"))
    assert one == again != other
    assert share_cards.printed(card_of("Treaty of Åland", printer, "Ended 1991.")) != one


@pytest.mark.parametrize("title", TITLES, ids=range(len(TITLES)))
def test_every_title_is_printed_within_the_margins(printer: Printer, title: str) -> None:
    card = card_of(title, printer)
    if not card.fonts:
        pytest.skip("no font for this script on this machine")
    _, _, rows = pixels(share_cards.printed(card))
    paper = bytes.fromhex("fbfaf6ff")
    outer = (slice(0, 60 * 4), slice(1150 * 4, 1200 * 4))
    assert all(row[part] == paper * ((part.stop - part.start) // 4) for row in rows[12:] for part in outer), "over the margin"
    assert any(row != paper * WIDTH for row in rows[140:500]), "the title is not there"


def test_letters_of_every_script_are_drawn_and_not_boxes(printer: Printer) -> None:
    """Two words of one length in one script differ, which two rows of boxes would not."""
    for one, other in (("조약", "관한"), ("条约", "日本"), ("мир", "год"), ("עם", "אם"), ("عهد", "سلم"), ("მთა", "ზღვ"), ("तट", "मन")):
        cards = [card_of(word, printer) for word in (one, other)]
        if all(card.fonts for card in cards):
            assert share_cards.printed(cards[0]) != share_cards.printed(cards[1]), one


def test_the_colours_are_the_sites() -> None:
    light = (PROJECT / "site/theme/css/site.css").read_text(encoding="utf-8").partition("@media")[0]
    theme = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", light))
    assert [theme[name] for name in ("paper", "ink", "soft", "line", "accent")] == [
        share_cards.PAPER, share_cards.INK, share_cards.SOFT, share_cards.RULE, share_cards.ACCENT,
    ]  # fmt: skip


# The words


def texts(card: ShareCard) -> list[Any]:
    """The text elements of a card's drawing, read by an XML parser."""
    return list(ElementTree.fromstring(share_cards.drawn(card)).iter("{http://www.w3.org/2000/svg}text"))


@pytest.mark.parametrize("title", TITLES, ids=range(len(TITLES)))
def test_a_title_is_text_whatever_is_in_it(title: str) -> None:
    words = ["".join(node.itertext()) for node in texts(card_of(title))]
    assert words[:2] == ["Depositary", "Treaty"] and words[-1] == "In force since 1 July 2001."
    shown = "".join(words[2:-1]).replace(" ", "")
    assert 1 <= len(words[2:-1]) <= 4
    assert shown == readable(title).replace(" ", "") or (shown.endswith("…") and readable(title).replace(" ", "").startswith(shown[:-1]))


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=400), st.text(max_size=300))
def test_no_words_break_a_card(title: str, line: str) -> None:
    card = card_of(title, line=line)
    assert len(texts(card if card.fonts else replace(card, fonts=PAPER_PRINTER.fonts))) <= 8


def test_words_that_deceive_are_left_out() -> None:
    assert readable("a\u202eb\u200fc\x00 \n\td") == "abc d"
    assert readable("№ 5 🚢 © ⛵") == "№ 5 ©"
    assert readable("e" + "\u0300" * 90 + "x") == "è" + "\u0300" * 3 + "x"


def test_a_long_title_is_set_smaller_and_ends_at_a_word() -> None:
    sizes = [int(texts(card_of("Treaty " * count))[2].get("font-size")) for count in (1, 6, 12, 18, 40)]
    assert sizes == sorted(sizes, reverse=True) and len(set(sizes)) > 2
    lines = ["".join(node.itertext()) for node in texts(card_of("Народно-Демократической " * 12))[2:-1]]
    assert ("Народно-Демократической " * 12).replace(" ", "").startswith("".join(lines).replace(" ", "").removesuffix("…"))
    assert not any("- " in line for line in lines)
    last = "".join(texts(card_of("Friendship treaty " * 16))[-2].itertext())
    assert last.removesuffix("…").split()[-1] in ("Friendship", "treaty")


def test_lines_are_even_and_korean_words_whole() -> None:
    lines = share_cards.wrapped("Treaty of friendship and cooperation of the two states", 64, 3)
    assert len(lines) == 2 and abs(len(lines[0]) - len(lines[1])) < 8
    assert set(" ".join(share_cards.wrapped(KOREAN, 64, 3)).split()) == set(KOREAN.split())


def test_what_is_read_from_the_right_stands_at_the_right() -> None:
    anchors = [node.get("text-anchor") for node in texts(card_of("معاهدة 1950"))]
    assert anchors == [None, "end", "end", None]


def test_han_is_drawn_in_the_shapes_of_its_region() -> None:
    families = {title: re.findall('<tspan font-family="([^"]+)"', share_cards.drawn(card_of(title))) for title in ("条约", "条約の", "條約 조약")}
    assert families["条约"] == ["Noto Serif CJK SC"]
    assert set(families["条約の"]) == {"Noto Serif CJK JP"}
    assert set(families["條約 조약"]) == {"Noto Serif CJK KR"}


# Which pages have one


def test_the_schema_says_which_kinds_have_cards() -> None:
    book = book_with(PAPER_PRINTER)
    paths = [export.path for export in share_cards.exports(book)]
    assert len(paths) == len(set(paths)) and SITE_CARD in paths
    assert {path.partition("/")[0] for path in paths} - {SITE_CARD} == {kind.name for kind in book.kinds if kind.share}
    for share in (False, True):
        kinds = {name: replace(kind, share=share) for name, kind in book.corpus.kinds.items()}
        found = {export.path for export in share_cards.exports(replace(book, corpus=replace(book.corpus, kinds=kinds)))}
        current = {f"{ref}.png" for ref, record in book.corpus.records.items() if record.is_current}
        assert found == {SITE_CARD} | (current if share else set()), "a kind needs no line of its own"


def test_no_card_is_in_the_way_of_a_page() -> None:
    book = book_with(PAPER_PRINTER)
    paths = {export.path for export in share_cards.exports(book)}
    assert not paths & {page.path for page in book.pages}
    assert all(path == SITE_CARD or f"{path.removesuffix('.png')}.html" in {page.path for page in book.pages} for path in paths)


def test_a_moved_or_withdrawn_record_has_the_card_of_the_site() -> None:
    there = {"name": "A", "type": "state"}
    corpus = unchecked({"organization/a": there, "organization/b": {**there, "withdrawn": {"date": "2001", "reason": "r"}}, "organization/c": {**there, "moved_to": "a"}})
    book = book_of(corpus, site=replace(ADDRESS, printer=PAPER_PRINTER))
    assert [bool(record_card(book, corpus.records[f"organization/{name}"])) for name in "abc"] == [True, False, False]
    page = next(page for page in book.pages if page.path == "organization/b.html")
    assert page_input(book, page)["shell"]["share"]["image"]["address"].endswith(f"/{SITE_CARD}")


def test_a_script_without_a_font_has_no_card_and_no_page_that_names_one() -> None:
    corpus = unchecked({"organization/a": {"name": "ประเทศไทย", "type": "state"}, "organization/b": {"name": "대한민국", "type": "state"}})
    book = book_of(corpus, site=replace(ADDRESS, printer=PAPER_PRINTER))
    assert {export.path for export in share_cards.exports(book)} == {SITE_CARD, "organization/b.png"}
    page = next(page for page in book.pages if page.path == "organization/a.html")
    assert page_input(book, page)["shell"]["share"]["image"]["address"].endswith(f"/{SITE_CARD}")
    assert not list(share_cards.exports(book_with(Printer("resvg-py 0.0", ()))))


@pytest.mark.parametrize("site", [ADDRESS, replace(NO_ADDRESS, printer=PAPER_PRINTER)], ids=["no-printer", "no-address"])
def test_without_a_renderer_or_an_address_nothing_is_said_or_made(site: Any) -> None:
    book = book_of(golden(), site=site)
    assert not list(share_cards.exports(book))
    assert all(page_input(book, page)["shell"]["share"]["image"] is None for page in book.pages)


def test_the_key_covers_words_renderer_and_fonts() -> None:
    def keys(printer: Printer, day: str = "2003-01-01") -> dict[str, str]:
        return {export.path: export.key for export in share_cards.exports(book_with(printer, day))}

    before = keys(PAPER_PRINTER)
    assert all(before.values()) and keys(PAPER_PRINTER) == before
    assert not set(keys(replace(PAPER_PRINTER, renderer="resvg-py 0.1")).values()) & set(before.values())
    fonts = tuple(replace(font, digest="other") if font.name == "NotoSerifHebrew-Bold" else font for font in PAPER_PRINTER.fonts)
    assert keys(replace(PAPER_PRINTER, fonts=fonts)) == before, "a font that is not used changes nothing"
    fonts = tuple(replace(font, digest="other") if font.name == "NotoSerif-Bold" else font for font in PAPER_PRINTER.fonts)
    assert not set(keys(replace(PAPER_PRINTER, fonts=fonts)).values()) & set(before.values())
    assert keys(PAPER_PRINTER, "2001-02-10")["treaty/border-2001.png"] != before["treaty/border-2001.png"]


def test_a_page_is_made_anew_where_its_picture_says_something_else() -> None:
    books = [book_with(PAPER_PRINTER), book_with(None)]
    page = next(page for page in books[0].pages if page.path == "treaty/border-2001.html")
    assert len({page_key("engine", book, page, page_input(book, page)) for book in books}) == 2


def test_a_card_in_a_view_names_its_day() -> None:
    book = book_as_of(golden(), "2001-02-10", replace(ADDRESS, printer=PAPER_PRINTER))
    card = record_card(book, book.corpus.records["treaty/border-2001"])
    assert card is not None and card.as_of == "As of 10 February 2001" and in_words(card).endswith("As of 10 February 2001.")
    assert "".join(texts(card)[-1].itertext()) == card.as_of


# Answers


def test_a_card_says_of_a_treaty_what_its_page_begins_with(tmp_path: Path) -> None:
    """The first sentence of each treaty's page is in its line, on days of several states."""
    site = build_site(make_project(tmp_path / "project", PROJECT / "seeds"), tmp_path / "out" / "site", today=date(2026, 11, 25))
    answers = book_of(real(), "2026-11-25").corpus.facts.site["answers"]
    treaties = [ref for ref, record in real().records.items() if record.kind == "treaty"]
    assert treaties
    for ref in treaties:
        page = (site / f"{ref}.html").read_text(encoding="utf-8")
        first = re.search(r'<p class="answer">\s*<strong>(.*?)</strong>', page, re.DOTALL)
        assert first is not None
        said = re.split(r", for \d|\.", re.sub(r"<[^>]+>", "", first[1]))[0].strip()
        assert answers[ref].startswith(said), (said, answers[ref])


@pytest.mark.parametrize(
    ("day", "line"),
    [
        ("2024-06-18", "Announced"), ("2024-06-20", "Signed 19 June 2024. Not in force."),
        ("2024-11-12", "Awaiting the exchange of instruments since 11 November 2024. Not in force. Signed 19 June 2024."),
        ("2024-12-05", "In force since 4 December 2024. Signed 19 June 2024."),
    ],
)  # fmt: skip
def test_the_line_follows_the_day(day: str, line: str) -> None:
    assert book_as_of(real(), day).corpus.facts.site["answers"]["treaty/russia-north-korea-2024"].startswith(line)


def test_people_events_and_organizations_have_lines() -> None:
    answers = book_of(real(), "2026-11-25").corpus.facts.site["answers"]
    assert answers["person/alexander-lukashenko"] == "President of Belarus"
    assert answers["event/1944-12-10-moscow-signing"] == "10 December 1944, Moscow"
    assert answers["organization/albania"] == "Bound by 1 treaty in force, of 2 on record."
    assert answers["organization/georgia"] == "1 treaty on record."
    assert any(line.startswith("Claimed") for ref, line in answers.items() if ref.startswith("event/"))
    assert all(0 < len(line) < 160 for line in answers.values())


# Fonts and the renderer


def test_fonts_are_found_below_folders_and_told_apart_by_content(tmp_path: Path) -> None:
    pytest.importorskip("resvg_py", reason="without the renderer no font is looked for")
    (tmp_path / "a" / "noto").mkdir(parents=True)
    (tmp_path / "b").mkdir()
    for path, content in (("a/noto/NotoSerif-Bold.ttf", b"1"), ("b/NotoSerif-Bold.ttf", b"2"), ("a/Other.ttf", b""), ("a/NotoSerif-Bold.txt", b""), ("b/NotoSans-Regular.OTF", b"3")):
        (tmp_path / path).write_bytes(content)
    folders = (tmp_path / "a", tmp_path / "b", tmp_path / "nothing")
    found = spine.card_printer(FONT_NAMES, folders)
    assert found is not None and re.fullmatch(r"resvg-py \d+\.\d+.*", found.renderer)
    assert [(font.name, Path(font.path).parent.name) for font in found.fonts] == [("NotoSerif-Bold", "noto"), ("NotoSans-Regular", "b")]
    (tmp_path / "a/noto/NotoSerif-Bold.ttf").write_bytes(b"4")
    again = spine.card_printer(FONT_NAMES, folders)
    assert again is not None and again.fonts[0].digest != found.fonts[0].digest and again.fonts[1] == found.fonts[1]


def test_a_font_is_looked_for_by_its_name() -> None:
    fits = ["NotoSerif-Bold", "NotoSerifCJK-Regular", "NotoSansThai-Bold", "NotoNaskhArabic-Regular", "DejaVuSerif", "LiberationSerif-Bold"]
    assert [name for name in [*fits, "NotoSerif-BoldItalic", "Noto", "Arial", "NotoSansMono-Light"] if FONT_NAMES.fullmatch(name)] == fits


# The site


class Head(HTMLParser):
    """What a page's head says of it: by property or name, and its policy."""

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        name = found.get("property") or found.get("name") or found.get("http-equiv")
        if tag == "meta" and name:
            assert name not in self.said, f"{name} twice"
            self.said[name] = found["content"]


def head(content: bytes) -> dict[str, str]:
    parser = Head()
    parser.feed(content.decode())
    return parser.said


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The golden world with the project's own configuration, hand-written pages and theme."""
    made = make_project(tmp_path / "project", SEEDS)
    shutil.copytree(PROJECT / "site", made / "site")
    return made


def test_pages_name_their_cards_and_each_is_there(printer: Printer, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", ADDRESS.url)
    site = tree(build_site(root, tmp_path / "out" / "site"))
    pages = {path: head(content) for path, content in site.items() if path.endswith(".html")}
    named = {said["og:image"] for said in pages.values()}
    assert named == {f"{ADDRESS.url}{path}" for path in site if path.endswith(".png")}
    said = pages["treaty/border-2001.html"]
    assert said["og:image"] == f"{ADDRESS.url}treaty/border-2001.png" and said["og:url"] == f"{ADDRESS.url}treaty/border-2001.html"
    assert (said["og:image:width"], said["og:image:height"], said["og:image:type"]) == ("1200", "630", "image/png")
    assert said["twitter:card"] == "summary_large_image" and said["og:type"] == "article" and said["og:site_name"] == "Depositary"
    assert said["og:image:alt"].startswith(f"Treaty: {said['og:title']}. ")
    assert pages["about.html"]["og:image"] == pages["index.html"]["og:image"] == f"{ADDRESS.url}{SITE_CARD}"
    assert pages["index.html"]["og:type"] == "website"
    assert all(found["Content-Security-Policy"] == site_files.POLICY for found in pages.values())
    assert "img-src 'self' data:;" in site_files.POLICY
    assert all(pixels(content)[:2] == (1200, 630) for path, content in site.items() if path.endswith("border-2001.png"))


def test_a_second_build_prints_nothing(printer: Printer, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", ADDRESS.url)
    printed: list[str] = []
    monkeypatch.setattr(share_cards, "printed", lambda card: printed.append(card.path) or card.title.encode())
    first = tree(build_site(root, tmp_path / "out" / "site"))
    assert SITE_CARD in printed and "treaty/border-2001.png" in printed
    printed.clear()
    assert tree(build_site(root, tmp_path / "out" / "site")) == first and not printed
    path = root / "seeds/treaty/border-2001.yaml"
    path.write_text(re.sub(r"(?m)^(short_name|name): .*$", r"\1: Another name", path.read_text(encoding="utf-8")), encoding="utf-8")
    build_site(root, tmp_path / "out" / "site")
    assert printed == ["treaty/border-2001.png"]


@pytest.mark.parametrize("broken", [False, True], ids=["absent", "broken"])
def test_the_site_is_whole_without_the_renderer(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: bool) -> None:
    monkeypatch.setenv("SITE_URL", ADDRESS.url)
    monkeypatch.delitem(sys.modules, "resvg_py", raising=False)
    if broken:
        (tmp_path / "libraries").mkdir()
        (tmp_path / "libraries" / "resvg_py.py").write_text("raise ImportError('a library of the system is missing')", encoding="utf-8")
        monkeypatch.syspath_prepend(str(tmp_path / "libraries"))
    else:
        monkeypatch.setitem(sys.modules, "resvg_py", None)
    site = tree(build_site(root, tmp_path / "out" / "site"))
    assert not [path for path in site if path.endswith(".png")]
    pages = {path: head(content) for path, content in site.items() if path.endswith(".html")}
    assert set(site) >= {"index.html", "treaty/border-2001.html", "sitemap.xml", "feed.atom"}
    for path, said in pages.items():
        assert not [name for name in said if name.startswith(("og:image", "twitter:"))], path
        assert said["og:title"] and said["og:url"] == f"{ADDRESS.url}{path}" and said["og:description"], path


def test_a_site_without_an_address_says_what_it_knows(root: Path, tmp_path: Path) -> None:
    site = tree(build_site(root, tmp_path / "out" / "site"))
    assert not [path for path in site if path.endswith(".png")]
    said = head(site["treaty/border-2001.html"])
    assert said["og:title"] and "og:url" not in said and "og:image" not in said
    answer = open_book(book_of(golden(), "2026-01-01").corpus, NO_ADDRESS).corpus.facts.site["answers"]["treaty/border-2001"]
    assert said["og:description"].startswith(answer)
    assert head(site["person/ann-first.html"])["og:description"] == "President of Aland, until 1 January 2002."
    assert head(site["index.html"])["og:description"] == "Where treaties stand, why, and who says so."


def test_hostile_words_stay_in_their_attributes() -> None:
    name = '"><script>alert(1)</script>'
    corpus = unchecked({"organization/a": {"name": name, "type": "state"}})
    book = book_of(corpus, site=replace(ADDRESS, name=name, printer=PAPER_PRINTER))
    card, of_site = record_card(book, corpus.records["organization/a"]), site_card(book)
    assert card is not None and of_site is not None and in_words(card) == f"Organization: {name}."
    assert all("<script" not in share_cards.drawn(one) for one in (card, of_site))
    page = next(page for page in book.pages if page.path == "organization/a.html")
    assert json.loads(json.dumps(page_input(book, page)))["shell"]["share"]["image"]["alt"] == in_words(card)


def test_the_day_of_the_build_is_on_no_card() -> None:
    words = [[in_words(card) for card in map(lambda record, book=book: record_card(book, record), book.corpus.records.values()) if card]
             for book in (book_with(PAPER_PRINTER, date(2030, 1, 1).isoformat()), book_with(PAPER_PRINTER, "2031-06-01"))]
    assert words[0] == words[1] != []
