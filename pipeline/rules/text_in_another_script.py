"""A text in another script than its language's.

A language tag tells a browser which letters and which voice to use, and a reader which language it
is. `kr` looks like Korean, and is Kanuri; a Korean name under `ja:` is read aloud by a Japanese voice.
Looked at are names, titles of documents and quotations. Letters of a script in which few languages
are written, such as the Korean ones, cannot belong to any other: that is an error. A text without a
single letter of its language's script is a warning; acronyms in Latin letters are let be.

Cure: correct the tag. A romanised name has the script in its tag: `ru-Latn`, `ko-Latn`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pipeline.model import ERROR, WARNING, Corpus, Kind, Places, Pointer, Record
from pipeline.rules.rule import Finding

CODE = "C433"
LEVEL = WARNING

#: The letters of a script, by its name in words.
_LETTERS = {
    "Arabic": "\u0620-\u064a\u0671-\u06d3\u06fa-\u06ff\u0750-\u077f",
    "Armenian": "\u0531-\u0556\u0561-\u0587",
    "Chinese": "\u3400-\u4dbf\u4e00-\u9fff",
    "Cyrillic": "\u0400-\u052f",
    "Devanagari": "\u0904-\u0939",
    "Georgian": "\u10a0-\u10ff\u1c90-\u1cbf",
    "Greek": "\u0386-\u03ff\u1f00-\u1fff",
    "Hebrew": "\u05d0-\u05ea",
    "Japanese": "\u3041-\u3096\u30a1-\u30fa",
    "Korean": "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3",
    "Latin": "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff",
    "Thai": "\u0e01-\u0e2e",
}
_SCRIPTS = {name: re.compile(f"[{letters}]") for name, letters in _LETTERS.items()}

#: The languages of a script that no other is written in, the commonest first.
_ONLY = {
    "Armenian": ("hy", "hyw", "xcl"), "Georgian": ("ka", "xmf", "lzz", "sva"), "Greek": ("el", "grc"),
    "Hebrew": ("he", "yi", "lad", "arc"), "Japanese": ("ja", "ain", "ryu"), "Korean": ("ko", "jje", "okm"), "Thai": ("th",),
}

#: The scripts of languages that are written in no other, but for romanised names.
_SCRIPTS_OF = {
    **dict.fromkeys(("ar", "fa", "ur"), ("Arabic",)),
    **dict.fromkeys(("ru", "uk", "be", "bg", "mk", "ky"), ("Cyrillic",)),
    **dict.fromkeys(("hi", "ne", "mr"), ("Devanagari",)),
    **dict.fromkeys(
        ("en", "fr", "de", "es", "it", "pt", "nl", "sv", "da", "no", "nb", "nn", "is", "fi", "et", "lv", "lt", "pl", "cs", "sk",
         "sl", "hr", "hu", "ro", "tr", "vi", "id", "ms", "sq", "ga", "mt"),
        ("Latin",),
    ),
    "el": ("Greek",), "he": ("Hebrew",), "hy": ("Armenian",), "ja": ("Japanese", "Chinese"), "ka": ("Georgian",),
    "ko": ("Korean", "Chinese"), "th": ("Thai",), "zh": ("Chinese",),
}
_SCRIPT_IN_TAG = re.compile("-[A-Za-z]{4}(-|$)")
#: Chinese characters stand in Korean and Japanese texts too, and tell nothing beside the others.
_SHARED = "Chinese"


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Names, titles and quotations whose letters are not those of their language."""
    places = {kind.name: _citations(kind) for kind in corpus.kinds.values()}
    for record in corpus.records.values():
        for pointer, on_key, tag, text in _texts(record, places[record.kind]):
            problem = _problem(tag, text)
            if problem:
                message, cure, level = problem
                yield Finding(record, pointer, message, cure, level, on_key)


def _texts(record: Record, citations: Places) -> Iterator[tuple[Pointer, bool, str, str]]:
    """The texts of a record that say their language: where the tag stands, whether it is a key, the tag, the text."""
    for tag, name in record.data.get("names", {}).items():
        yield ("names", tag), True, tag, name
    if record.kind == "source" and "language" in record.data and not record.data.get("supplied_title"):
        yield ("language",), False, record.data["language"], record.data["title"]
    if record.kind == "statement" and "quote" in record.data:
        yield ("quote", "lang"), False, record.data["quote"]["lang"], record.data["quote"]["text"]
    for _number, pointer, citation in citations.values_in(record.data):
        if isinstance(citation, dict) and "lang" in citation and "quote" in citation:
            yield (*pointer, "lang"), False, citation["lang"], citation["quote"]


def _citations(kind: Kind) -> Places:
    return Places(
        reference.pattern[:-1] for reference in kind.references
        if reference.kinds == ("source",) and reference.pattern[-2:] == ("*", "source")
    )


def _problem(tag: str, text: str) -> tuple[str, str, str] | None:
    """Message, cure and level where a text cannot be, or hardly is, in the language of its tag."""
    if _SCRIPT_IN_TAG.search(tag):
        return None
    language = tag.partition("-")[0].lower()
    expected = _SCRIPTS_OF.get(language, ())
    if text.isascii():
        present = ["Latin"] if re.search("[a-z]", text) else []
    else:
        present = [name for name, letters in _SCRIPTS.items() if letters.search(text)]
    telling = [name for name in present if name != _SHARED]
    if len(telling) == 1 and telling[0] in _ONLY and language not in _ONLY[telling[0]]:
        message = f"this text is in {telling[0]} letters, and '{tag}' is no language that is written in them"
        return message, f"did you mean '{_ONLY[telling[0]][0]}'?", ERROR
    if not present or not expected or set(present) & set(expected):
        return None
    message = f"no letter of this text is {' or '.join(expected)}, the script of '{tag}'"
    romanised = f", or write '{language}-Latn' for a romanised text" if present == ["Latin"] else ""
    return message, f"Correct the tag{romanised}.", WARNING
