"""A quotation of fifteen words or more.

Quotations stay short: the words of others are cited, not copied. A record says in its own words
what was said, and quotes a phrase where the wording itself matters. Counted are the quotation
of a statement, the one beside a citation, and passages in quotation marks in prose. In scripts
that are written without spaces, two characters count as a word.

Cure: keep the words that matter, and say the rest in the summary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from pipeline.model import WARNING, Corpus, Kind, Places, Pointer, Record
from pipeline.rules.rule import Finding

CODE = "C428"
LEVEL = WARNING

_TOO_MANY = 15
_WITHOUT_SPACES = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_IN_QUOTATION_MARKS = re.compile('["“„]([^"“”„]*)["“”]|«([^«»]*)»|「([^「」]*)」')

_OPENING = re.compile('["“„«「]')


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Quotations, and quoted passages in prose, that are too long."""
    places = {kind.name: _places(kind) for kind in corpus.kinds.values()}
    for record in corpus.records.values():
        for pointer, text in _quotations(places, record):
            words = count_words(text)
            if words >= _TOO_MANY:
                message = f"a quotation of {words} words; fewer than {_TOO_MANY} may stand here"
                yield Finding(record, pointer, message, "Keep the words that matter, and say the rest in our own.")


def count_words(text: str) -> int:
    """The number of words; in scripts without spaces two characters make one.

    >>> count_words("quite unambiguous")
    2
    """
    characters = len(_WITHOUT_SPACES.findall(text))
    rest = _WITHOUT_SPACES.sub(" ", text) if characters else text
    return characters // 2 + sum(any(map(str.isalnum, word)) for word in rest.split())


def _quotations(places_by_kind: Mapping[str, tuple[int, Places]], record: Record) -> Iterator[tuple[Pointer, str]]:
    if record.kind == "statement" and "quote" in record.data:
        yield ("quote", "text"), record.data["quote"]["text"]
    quotes, places = places_by_kind[record.kind]
    for number, pointer, text in places.values_in(record.data):
        if number < quotes:
            yield pointer, text
        elif isinstance(text, str) and _OPENING.search(text):
            passages = _IN_QUOTATION_MARKS.findall(text)
            if passages:
                yield pointer, max(("".join(groups) for groups in passages), key=count_words)


def _places(kind: Kind) -> tuple[int, Places]:
    """How many of the patterns are quotations, and the places of those and of prose."""
    quotes = [
        (*reference.pattern[:-1], "quote")
        for reference in kind.references
        if reference.kinds == ("source",) and reference.pattern[-2:] == ("*", "source")
    ]
    return len(quotes), Places([*quotes, *kind.prose_paths])
