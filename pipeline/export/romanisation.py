"""Names in Cyrillic and Hangul as readers type them in Latin letters. Tables of our own: no dependency, no data files.

Sources. Cyrillic: BGN/PCGN systems for Russian (1947), Ukrainian (2019) and Belarusian (1979), without their
apostrophes; the German transcription of the Duden; the French one of the press (Instruction générale). Hangul: the
Revised Romanization (Ministry of Culture, Notice 2000-8), with its table of changes between syllables, and
McCune–Reischauer (1939) without diacritics, which North Korea's own romanisation follows.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BGN = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўј", (
    "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya i yi ye g w j"
).replace("-", "").split(" "), strict=True))
_GERMAN = _BGN | dict(zip("вжзйхцчшщюяў", "w sch s i ch z tsch sch schtsch ju ja u".split(), strict=True))
_FRENCH = _BGN | dict(zip("жйучшщюя", "j i ou tch ch chtch iou ia".split(), strict=True))
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_HANGUL = re.compile("[\uac00-\ud7a3]+")

_INITIALS = "g kk n d tt r m b pp s ss - j jj ch k t p h".replace("-", "").split(" ")
_VOWELS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split()
#: The seven sounds a syllable can end in, by its written end.
_FINALS = "- k k k n n n t l k m l l l p l m p p t t ng t t k t p t".replace("-", "").split(" ")
#: What the end of a syllable and the beginning of the next become together; all others stand side by side.
_MEETINGS = {
    "kn": "ngn", "kr": "ngn", "km": "ngm", "tn": "nn", "tr": "nn", "tm": "nm", "pn": "mn", "pr": "mn", "pm": "mm",
    "nr": "ll", "lr": "ll", "ln": "ll", "mr": "mn", "ngr": "ngn",
}
_VOICED = {"k": "g", "t": "d", "p": "b", "l": "r"}
_OLD_INITIALS = "k kk n t tt r m p pp s ss - ch tch ch k t p h".replace("-", "").split(" ")
_OLD_VOWELS = "a ae ya yae o e yo ye o wa wae oe yo u wo we wi yu u ui i".split()
_OLD_VOICED = {0: "g", 3: "d", 7: "b", 12: "j"}


@lru_cache(maxsize=65536)
def romanisations(word: str) -> tuple[str, ...]:
    """A word in Latin letters, each way it is commonly spelled; nothing for a word in another script."""
    word = unicodedata.normalize("NFC", word).lower()
    found: list[str] = []
    if _CYRILLIC.search(word):
        found += ("".join(table.get(letter, letter) for letter in word) for table in (_BGN, _GERMAN, _FRENCH))
    for run in _HANGUL.findall(word):
        found += _hangul(run)
        if 2 < len(run) < 5:  # a family name of one syllable, and a given name
            found += (*_hangul(run[0]), *_hangul(run[1:]))
    return tuple(dict.fromkeys("".join(filter(str.isalnum, spelled)) for spelled in found))


def _hangul(run: str) -> tuple[str, ...]:
    syllables = [(code // 588, code // 28 % 21, code % 28) for code in (ord(letter) - 0xAC00 for letter in run)]
    return (_revised(syllables), _mccune_reischauer(syllables))


def _revised(syllables: list[tuple[int, int, int]]) -> str:
    text = final = ""
    for initial, vowel, last in syllables:
        begin = _INITIALS[initial]
        if final and not begin:
            final, begin = "", "ng" if final == "ng" else _VOICED.get(final, final)
        met = _MEETINGS.get(final + begin)
        text += (final + begin if met is None else met) + _VOWELS[vowel]
        final = _FINALS[last]
    return text + final


def _mccune_reischauer(syllables: list[tuple[int, int, int]]) -> str:
    text = final = ""
    for initial, vowel, last in syllables:
        begin = _OLD_INITIALS[initial]
        if final and not begin:
            final, begin = "", "ng" if final == "ng" else _VOICED.get(final, final)
        elif text and final in ("", "n", "l", "m", "ng"):
            begin = _OLD_VOICED.get(initial, begin)
        met = _MEETINGS.get(final + begin)
        text += (final + begin if met is None else met) + _OLD_VOWELS[vowel]
        final = _FINALS[last]
    return text + final
