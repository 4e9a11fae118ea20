"""What a network shows where a page is shared: its title, a sentence, and a picture, the share card.

Which pages have a card is decided here, so that a page never names a picture that is not made: those of the
kinds whose schema says `share`, and one for all other pages. A card needs a printer (a renderer and fonts, which
the machine may have or not), a site that knows its address, and fonts for all scripts of its words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.model import Font, Printer, Record
from pipeline.render.citing import as_of_words

if TYPE_CHECKING:
    from pipeline.render.pages import Book

#: The size that networks ask for.
WIDTH, HEIGHT = 1200, 630
#: The card of every page that has none of its own.
SITE_CARD = "share-card.png"

#: Fonts for Latin, Greek and Cyrillic, the first that is there: file names in bold and in regular, the family,
#: and how wide it runs beside the first.
LETTERS = (
    ("NotoSerif-Bold", "NotoSerif-Regular", "Noto Serif", 1.0),
    ("DejaVuSerif-Bold", "DejaVuSerif", "DejaVu Serif", 1.12),
    ("LiberationSerif-Bold", "LiberationSerif-Regular", "Liberation Serif", 0.9),
)
#: Fonts for Chinese, Japanese and Korean, the first that is there; a family has the ending of a region behind it.
EAST_ASIAN = (
    ("NotoSerifCJK-Bold", "NotoSerifCJK-Regular", "Noto Serif CJK"),
    ("NotoSansCJK-Bold", "NotoSansCJK-Regular", "Noto Sans CJK"),
)
#: Noto has a font for each other script, named by it; of these the first that is there.
_OTHER = ("NotoSerif{}", "NotoNaskh{}", "NotoSans{}")
#: Names of all these, without the many condensed, light and italic ones.
FONT_NAMES = re.compile(
    r"Noto(Serif|Sans|Naskh)[A-Za-z]*-(Bold|Regular)|DejaVuSerif(-Bold)?|LiberationSerif-(Bold|Regular)"
)

_WITH_LETTERS = ("LATIN", "GREEK", "CYRILLIC")
_IN_EAST_ASIA = ("CJK", "HANGUL", "HIRAGANA", "KATAKANA", "FULLWIDTH", "HALFWIDTH")
#: First words of letters that no one script has for itself: ʼ, ª, º, µ.
_OF_NO_SCRIPT = ("MODIFIER", "FEMININE", "MASCULINE", "MICRO")
#: More marks than this on one letter are no writing.
_MARKS = 3
#: From here on a symbol is a little picture, which fonts of letters do not have.
_PICTURES = "\u2300"
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class ShareCard:
    """One picture to be: where it goes, its words, and the fonts it is printed with."""

    path: str
    site: str
    kind: str
    title: str
    line: str
    as_of: str
    fonts: tuple[Font, ...]


def record_card(book: Book, record: Record) -> ShareCard | None:
    """The card of a record's page, or nothing where it has none of its own."""
    if not book.corpus.kinds[record.kind].share or not record.is_current:
        return None
    card = book.cards[record.ref]
    return _card(book, f"{record.ref}.png", str(card["kind_title"]), str(card["label"]), answer(book, record.ref))


def site_card(book: Book) -> ShareCard | None:
    """The card of all other pages, or nothing where none can be printed."""
    return _card(book, SITE_CARD, "", book.site.name, book.site.description)


def answer(book: Book, ref: str) -> str:
    """What derivation says of a record in one line; nothing where it says nothing."""
    return str(book.corpus.facts.site.get("answers", {}).get(ref, ""))


def _card(book: Book, path: str, kind: str, title: str, line: str) -> ShareCard | None:
    if book.site.printer is None or not book.site.url:
        return None
    words = [readable(text) for text in (book.site.name, kind, title, line, as_of_words(book.corpus.facts.view))]
    fonts = fonts_for(words, book.site.printer)
    return ShareCard(path, *words, fonts) if fonts and words[2] else None


def in_words(card: ShareCard) -> str:
    """What the picture says, for those who do not see it."""
    title = f"{card.kind}: {card.title}" if card.kind else card.title
    return ". ".join(text.rstrip(".") for text in (title, card.line, card.as_of) if text) + "."


def head(book: Book, record: Record | None, description: str, address: Callable[[str], str]) -> dict[str, Any]:
    """What a page's head says to networks: the answer before the page's own description. `address` makes that of a path."""
    card = (record_card(book, record) if record else None) or site_card(book)
    image = {"address": address(card.path), "alt": in_words(card), "width": WIDTH, "height": HEIGHT} if card else None
    line = answer(book, record.ref) if record else ""
    words = " ".join(filter(None, (f"{line.rstrip('.')}." if line else "", description)))
    return {"type": "article" if record else "website", "description": words or book.site.description, "image": image}


# Words and fonts


def readable(text: str) -> str:
    """Text on one line as a picture can show it: no controls, nothing that turns the direction, no heaps of marks, no emoji."""
    shown: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", text[:_LONGEST]):
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if category in ("Cc", "Zl", "Zp", "Zs"):
            shown.append(" ")
        elif category not in ("Cf", "Cs", "Co", "Cn") and marks <= _MARKS and not (category == "So" and character >= _PICTURES):
            shown.append(character)
    return " ".join("".join(shown).split())


def fonts_for(texts: Iterable[str], printer: Printer) -> tuple[Font, ...]:
    """The fonts that texts are printed with, the first for what every text holds; none where a script has no font."""
    there = {font.name: font for font in printer.fonts}
    letters = letters_of(there)
    if letters is None:
        return ()
    names = list(letters[:2])
    for script in sorted({script_of(character) for text in texts for character in text} - {"", *_WITH_LETTERS}):
        found = (east_asian_of(there) or ())[:2] if script in _IN_EAST_ASIA else _of_script(there, script)
        if not found:
            return ()
        names += [name for name in found if name not in names]
    return tuple(there[name] for name in names)


def letters_of(names: Collection[str]) -> tuple[str, str, str, float] | None:
    """The first entry of LETTERS whose files are among these."""
    return next((entry for entry in LETTERS if entry[0] in names and entry[1] in names), None)


def east_asian_of(names: Collection[str]) -> tuple[str, str, str] | None:
    """The first entry of EAST_ASIAN whose files are among these."""
    return next((entry for entry in EAST_ASIAN if entry[0] in names and entry[1] in names), None)


def _of_script(there: Collection[str], script: str) -> list[str]:
    for stem in _OTHER:
        names = [f"{stem.format(script.capitalize())}-{weight}" for weight in ("Bold", "Regular")]
        if names[1] in there:
            return [name for name in names if name in there]
    return []


def script_of(character: str) -> str:
    """The script of a letter, as the first word of its name in Unicode has it; nothing of anything else.

    >>> script_of("조"), script_of("Д"), script_of("–")
    ('HANGUL', 'CYRILLIC', '')
    """
    if not character.isalpha():
        return ""
    word = unicodedata.name(character, "UNNAMED").partition(" ")[0]
    return "" if word in _OF_NO_SCRIPT else word
