"""Folds text into the words that search compares: letter case, diacritics, hyphens and spellings make no difference.

`site/theme/js/search.js` folds what a reader types in the same way: the tables travel to it in the index itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from pipeline.export.romanisation import romanisations

#: Letters that Unicode does not decompose, as readers without them type them.
LETTERS = {
    "ß": "ss", "ς": "σ", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ə": "e", "ŋ": "ng",
    "'": "", "’": "", "ʼ": "", "ʹ": "", "ʻ": "",
}
#: Spellings of one sound in Latin letters, in the order in which they are replaced. Coarse: only the last resort of a search.
SOUNDS = (
    ("shch|schtsch|chtch", "s"), ("tsch|tch", "h"), ("sch|sh|zh", "s"), ("kh|ch", "h"), ("ph", "f"), ("ts|tz|c|z", "s"),
    ("w", "v"), ("ff$", "v"), ("x", "ks"), ("q", "k"), ("iou|yu|ju|iu|ou|oo|eu", "u"), ("ya|ja|ia", "a"),
    ("yeo|yo|jo|io|eo", "o"), ("ye|je|ie|ae|ee", "e"), ("[yj]", "i"), ("g", "k"), ("d", "t"), ("b", "p"), (r"(.)\1+", r"\1"),
)
#: Scripts without spaces between words, or with endings joined on: found by any part of a run of them.
RUNS = "\u1100-\u11ff\u3005\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"
#: Letters of such a run that the index keeps from each place in it.
LONGEST_RUN = 8
#: Other words are cut here.
LONGEST_WORD = 30
#: Marks the words that say how another word sounds.
SOUND = "~"

_TOKENS = re.compile(f"[{RUNS}]+|(?:(?![{RUNS}])[^\\W_])+")
_RUN = re.compile(f"[{RUNS}]")
_BETWEEN_RUNS = re.compile(f"(?<=[{RUNS}])[\\s·・-]+(?=[{RUNS}])")
_HYPHENS = re.compile(r"(?<=[^\W_])[-‐‑](?=[^\W_])")
_TABLE = str.maketrans(LETTERS)
_SOUNDS = tuple((re.compile(pattern), into) for pattern, into in SOUNDS)
#: Names of at most so many words are of people, places and bodies: spelled in many ways.
_SHORT_NAME = 4


def fold(text: str) -> str:
    """The text in small letters without diacritics, in one Unicode form."""
    if not text.isascii():
        parts = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).lower())
        text = unicodedata.normalize("NFC", "".join(letter for letter in parts if unicodedata.category(letter)[0] != "M"))
    return text.lower().translate(_TABLE)


def words_of_text(text: str) -> set[str]:
    """The words under which running text is found."""
    folded = fold(text)
    if not _RUN.search(folded):
        return {token[:LONGEST_WORD] for token in _TOKENS.findall(folded)}
    return {word for token in _TOKENS.findall(folded) for word in _words_of_token(token)}


def words_of_name(text: str) -> set[str]:
    """The words under which a name is found: as written, joined, romanised, and by their sound where it is short."""
    folded = fold(text)
    if not _RUN.search(folded):
        tokens = _TOKENS.findall(folded)
        words = {token[:LONGEST_WORD] for token in tokens}
    else:
        tokens = _TOKENS.findall(_BETWEEN_RUNS.sub("", folded))
        words = {word for token in tokens for word in _words_of_token(token)}
    if "-" in folded:
        words.update(token[:LONGEST_WORD] for token in _TOKENS.findall(_HYPHENS.sub("", folded)))
    latin = [token for token in tokens if token.isascii() and token.isalpha()]
    spelled = [] if folded.isascii() else [fold(word) for token in text.split() for word in romanisations(token)]
    if len(text.split()) <= _SHORT_NAME:
        if len(latin) > 2:
            words.update(a + b for a, b in zip(latin, latin[1:], strict=False) if len(a) + len(b) < 10)
        for word in [*latin, *spelled]:
            if len(word) > 3:
                words.add(SOUND + sound(word))
    words.update(word[:LONGEST_WORD] for word in spelled)
    return words


def _words_of_token(token: str) -> Iterator[str]:
    if not _RUN.match(token):
        yield token[:LONGEST_WORD]
        return
    for start in range(len(token)):
        yield token[start : start + LONGEST_RUN]


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """One spelling for all spellings of a word in Latin letters that sound much alike."""
    for pattern, into in _SOUNDS:
        word = pattern.sub(into, word)
    return word
