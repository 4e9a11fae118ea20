"""Share cards: the picture that a network shows beside a link, with the site's name, the kind, the title and where it stands.

`render/sharing.py` says which pages have one and in what words. Here the words become lines, the lines SVG, and
the SVG a PNG: by resvg, which shapes every script and takes a letter that one font lacks from the next. It cannot
be asked how wide a text is, so widths are judged by the letter, and lines are left a little room.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from xml.sax.saxutils import escape

from pipeline.export.export import Export
from pipeline.render.pages import Book
from pipeline.render.sharing import HEIGHT, WIDTH, ShareCard, east_asian_of, letters_of, record_card, script_of, site_card

#: The colours of the site's light theme (site/theme/css/site.css); a test compares the two.
PAPER, INK, SOFT, RULE, ACCENT = "#fbfaf6", "#1a1a1a", "#57544c", "#d8d3c5", "#1d4f7c"

_LEFT, _RIGHT = 84, 1116
_TOP, _BOTTOM = 158, 566
#: Sizes of the title, with the lines it may have at each; the first that holds it is taken.
_TITLE = ((92, 1), (76, 2), (64, 3), (54, 3), (46, 4))
_LINE, _SMALL = 36, 28

#: Widths of letters in bold, in parts of the size.
_WIDTHS = {
    character: width
    for width, characters in (
        (0.27, " "), (0.31, ".,:;'’‘·-/|"), (0.39, "ijlItfJ()[]!"), (0.5, "“”\"–«»crszSzгзсэ0123456789"), (0.58, "aevxyтуa?"),
        (0.75, "ADNOQUVKHXGНОИПЦЧЛДАК&"), (0.93, "mwMжмшщыюфМФЫ@%"), (1.1, "W—ШЩЮЖ"),
    )
    for character in characters
}  # fmt: skip
_SMALL_LETTER, _CAPITAL, _WIDE = 0.65, 0.7, 1.0


def exports(book: Book) -> Iterator[Export]:
    """A card for each record of the kinds that have one, and one for all other pages; nothing where none can be printed."""
    if book.site.printer is None:
        return
    cards = [site_card(book), *(record_card(book, record) for record in book.corpus.records.values())]
    for card in cards:
        if card is not None:
            key = json.dumps([book.site.printer.renderer, asdict(card)], ensure_ascii=False)
            yield Export(card.path, lambda card=card: printed(card), key)  # type: ignore[misc]


def printed(card: ShareCard) -> bytes:
    """The card as a PNG."""
    from resvg_py import svg_to_bytes  # an extra; where it is missing there is no card to print

    return svg_to_bytes(svg_string=drawn(card), skip_system_fonts=True, font_files=[font.path for font in card.fonts])


def drawn(card: ShareCard) -> str:
    """The card as SVG."""
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">',
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>',
            *_shapes(card),
            "</svg>",
        )
    )


def _shapes(card: ShareCard) -> Iterator[str]:
    pen = _Pen.of(card)
    yield f'<rect width="{WIDTH}" height="12" fill="{ACCENT}"/>'
    own_name = "" if card.title == card.site else card.site
    yield from pen.lines([_fitted(own_name, _SMALL + 2, 700, pen.scale)], 92, _SMALL + 2, ACCENT, bold=True)
    yield from pen.lines([_fitted(card.kind, _SMALL, 300, pen.scale)], 92, _SMALL, SOFT, at_end=True)
    top = _TOP if own_name or card.kind else 12
    if top == _TOP:
        yield f'<path d="M{_LEFT} 120.5H{_RIGHT}M{_LEFT} 125.5H{_RIGHT}" stroke="{RULE}" stroke-width="1.5"/>'
    lines = wrapped(card.line, _LINE, 2, pen.scale) if card.line else []
    foot = [_fitted(card.as_of, _SMALL, _RIGHT - _LEFT, pen.scale)] if card.as_of else []
    below = _BOTTOM - len(foot) * 46
    size, title = _title(card.title, pen.scale)
    height = len(title) * size * 1.22
    room = below - len(lines) * _LINE * 1.35 - 34 - top
    yield from pen.lines(title, round(top + (room - height) / 2 + size * 0.92), size, INK, bold=True)
    yield from pen.lines(lines, round(below - (len(lines) - 1) * _LINE * 1.35), _LINE, INK)
    yield from pen.lines(foot, _BOTTOM, _SMALL, SOFT)


@dataclass(frozen=True, slots=True)
class _Pen:
    """Writes lines in the card's fonts."""

    family: str
    east_asian: str
    scale: float

    @classmethod
    def of(cls, card: ShareCard) -> _Pen:
        names = [font.name for font in card.fonts]
        letters, east_asian = letters_of(names), east_asian_of(names)
        assert letters is not None, "a card has fonts, or there is no card"
        region = _region((card.title, card.site, card.line))
        return cls(letters[2], f"{east_asian[2]} {region}" if east_asian else "", letters[3])

    def lines(
        self, lines: Iterable[str], y: int, size: int, colour: str, *, bold: bool = False, at_end: bool = False
    ) -> Iterator[str]:
        """Lines below each other, the first on the height `y`; from the right where they are read from there."""
        for number, line in enumerate(lines):
            from_right = at_end or _reads_from_right(line)
            place = f'x="{_RIGHT}" text-anchor="end"' if from_right else f'x="{_LEFT}"'
            yield (
                f'<text {place} y="{round(y + number * size * (1.22 if bold else 1.35))}" font-family="{self.family}" '
                f'font-size="{size}" font-weight="{700 if bold else 400}" fill="{colour}">{self._runs(line)}</text>'
            )

    def _runs(self, line: str) -> str:
        """The line with its East Asian parts in the family of their region: the shapes of Han differ."""
        out = []
        for is_wide, run in groupby(line, _is_wide):
            text = escape("".join(run))
            out.append(f'<tspan font-family="{self.east_asian}">{text}</tspan>' if is_wide and self.east_asian else text)
        return "".join(out)


def _region(texts: Iterable[str]) -> str:
    scripts = {script_of(character) for text in texts for character in text}
    return "KR" if "HANGUL" in scripts else "JP" if scripts & {"HIRAGANA", "KATAKANA"} else "SC"


# Lines


def _title(text: str, scale: float) -> tuple[int, list[str]]:
    """The largest size at which a title has room, and its lines."""
    for size, most in _TITLE:
        lines = _wrap(text, size, _RIGHT - _LEFT, scale)
        if len(lines) <= most and all(_width(line.rstrip(), size, scale) <= _RIGHT - _LEFT for line in lines):
            return size, _balanced(text, size, len(lines), scale)
    size, most = _TITLE[-1]
    return size, wrapped(text, size, most, scale)


def wrapped(text: str, size: int, most: int, scale: float = 1.0) -> list[str]:
    """The lines of a text, at most so many; what has no room gives way to an ellipsis."""
    lines = _wrap(text, size, _RIGHT - _LEFT, scale)
    if len(lines) <= most:
        return _balanced(text, size, len(lines), scale)
    rest = text[sum(map(len, lines[: most - 1])) :]
    return [*_stripped(lines[: most - 1]), _fitted(rest, size, _RIGHT - _LEFT, scale)]


def _balanced(text: str, size: int, count: int, scale: float) -> list[str]:
    """As many lines, as even as they can be."""
    low, high = (_RIGHT - _LEFT) // 3, _RIGHT - _LEFT
    while high - low > 8:
        middle = (low + high) // 2
        low, high = (low, middle) if len(_wrap(text, size, middle, scale)) <= count else (middle, high)
    return _stripped(_wrap(text, size, high, scale))


def _stripped(lines: Iterable[str]) -> list[str]:
    return [line.rstrip() for line in lines]


def _wrap(text: str, size: int, room: float, scale: float) -> list[str]:
    """The text in lines, each with the space it ends in."""
    lines = [""]
    for piece in _pieces(text, size, room, scale):
        longer = lines[-1] + piece
        if lines[-1] and _width(longer.rstrip(), size, scale) > room:
            lines.append(piece)
        else:
            lines[-1] = longer
    return lines


def _pieces(text: str, size: int, room: float, scale: float) -> Iterator[str]:
    """What a line cannot be broken within: words with their space, single signs of Han and kana, parts of endless words."""
    piece = ""
    for character in text:
        if piece and (_stands_alone(character) or _width(piece + character, size, scale) > room):
            yield piece
            piece = ""
        piece += character
        if character in " -–—/" or (_stands_alone(character) and len(piece) == 1):
            yield piece
            piece = ""
    if piece:
        yield piece


def _stands_alone(character: str) -> bool:
    return script_of(character) in ("CJK", "HIRAGANA", "KATAKANA")


def _fitted(text: str, size: int, room: float, scale: float) -> str:
    """The text, or as much of its beginning as has room: whole words, unless the last one is very long."""
    if _width(text, size, scale) <= room:
        return text
    while text and _width(f"{text}…", size, scale) > room:
        text = text[:-1]
    whole = text.rpartition(" ")[0]
    return f"{(whole if len(whole) > len(text) * 2 / 3 else text).rstrip(' ,;:–-')}…"


def _width(text: str, size: int, scale: float) -> float:
    return size * scale * sum(map(_width_of, text))


def _width_of(character: str) -> float:
    if character in _WIDTHS:
        return _WIDTHS[character]
    if _is_wide(character):
        return _WIDE
    if unicodedata.combining(character) or unicodedata.category(character) == "Mn":
        return 0.0
    return _CAPITAL if character.isupper() else _SMALL_LETTER


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in ("W", "F")


def _reads_from_right(line: str) -> bool:
    """Whether the first letter that has a direction is Hebrew, Arabic or the like."""
    directions = (unicodedata.bidirectional(character) for character in line)
    return next((direction in ("R", "AL") for direction in directions if direction in ("L", "R", "AL")), False)
