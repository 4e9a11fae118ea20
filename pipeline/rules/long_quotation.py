"""A quotation of fifteen words or more.

Quotations stay short: the words of others are cited, not copied. A record says in its own words
what was said, and quotes a phrase where the wording itself matters. Counted are the quotation
of a statement, the one beside a citation, and passages in quotation marks in prose. In scripts
that are written without spaces, two characters count as a word.

Cure: keep the words that matter, and say the rest in the summary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pipeline.model import WARNING, Corpus, Pointer, Record, values_at
from pipeline.rules.rule import Finding

CODE = "C428"
LEVEL = WARNING

_TOO_MANY = 15
_WITHOUT_SPACES = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_IN_QUOTATION_MARKS = re.compile('["“„]([^"“”„]*)["“”]|«([^«»]*)»|「([^「」]*)」')


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Quotations, and quoted passages in prose, that are too long."""
    for record in corpus.records.values():
        for pointer, text in _quotations(corpus, record):
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


def _quotations(corpus: Corpus, record: Record) -> Iterator[tuple[Pointer, str]]:
    kind = corpus.kinds[record.kind]
    if record.kind == "statement" and "quote" in record.data:
        yield ("quote", "text"), record.data["quote"]["text"]
    for reference in kind.references:
        if reference.kinds == ("source",) and reference.pattern[-2:] == ("*", "source"):
            yield from values_at(record.data, (*reference.pattern[:-1], "quote"))
    for pattern in kind.prose_paths:
        for pointer, text in values_at(record.data, pattern):
            passages = _IN_QUOTATION_MARKS.findall(text) if isinstance(text, str) else []
            if passages:
                yield pointer, max(("".join(groups) for groups in passages), key=count_words)
