"""A reference to a provision that is not on record.

A statement can be about one provision: treaty/x#article-4, or the id of a provision whose
number is not confirmed, treaty/x#duration. The page has only the provisions that the treaty's
record lists. Other kinds of record have no such places. One missing provision is one finding,
at the first reference to it.

Cure: correct what stands after the #, add the provision to the treaty, or leave the # out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.model import ERROR, Corpus, Link, Record
from pipeline.rules.rule import Finding, anchors_of, listed, nearest

CODE = "C414"
LEVEL = ERROR

_KINDS_WITHOUT_PLACES = frozenset(("person", "event", "organization", "statement", "procedure", "source"))


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """References with a # that leads to no provision."""
    missing: dict[tuple[str, str], list[Link]] = {}
    for link in corpus.links:
        if not link.fragment or link.source not in corpus.records or link.target not in corpus.records:
            continue
        record, target = corpus.records[link.source], corpus.records[link.target]
        if target.kind in _KINDS_WITHOUT_PLACES:
            message = f"'{target.ref}' has no places that a reference could name with #"
            yield Finding(record, link.pointer, message, "Leave out the # and what follows.")
        elif target.kind == "treaty" and link.fragment not in _anchors(target):
            missing.setdefault((link.target, link.fragment), []).append(link)
    for (ref, fragment), links in missing.items():
        treaty, first = corpus.records[ref], min(links, key=lambda link: (link.source, link.pointer))
        more = f", and {len(links)} references name it" if len(links) > 1 else ""
        message = f"the treaty '{treaty.id}' has no provision '{fragment}' on record{more}"
        cure = _cure(fragment, ref, _anchors(treaty))
        yield Finding(corpus.records[first.source], first.pointer, message, cure, rests_on=((ref, ("provisions",)),))


def _anchors(treaty: Record) -> list[str]:
    return [anchor for provision in treaty.data.get("provisions", []) for anchor in anchors_of(provision)]


def _cure(fragment: str, treaty: str, anchors: list[str]) -> str:
    # Only a word is misspelt; the number next to a missing one is another article.
    near = "" if fragment.startswith("article-") else nearest(fragment, anchors)
    if not near and fragment.removeprefix("article-") in anchors:
        near = f"did you mean '{fragment.removeprefix('article-')}'?"
    if not near and f"article-{fragment}" in anchors:
        near = f"did you mean 'article-{fragment}'?"
    on_record = f"On record are: {listed(anchors)}." if anchors else "It lists no provisions."
    return near or f"{on_record} Add the provision to the treaty, or write {treaty} alone."
