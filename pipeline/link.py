"""The room that joins records: every reference a schema declares is found and must resolve.

Knows which properties are references from the Kinds; knows no kind by name.
"""

from __future__ import annotations

import difflib
from dataclasses import replace
from typing import Any

from pipeline.model import Corpus, Diagnostic, Link, Pointer, Record, Reference, split_reference, values_at


def link(corpus: Corpus) -> Corpus:
    """The corpus with its links. A reference to a record that was set aside stays silent."""
    links: list[Link] = []
    found: list[Diagnostic] = []
    for record in corpus.records.values():
        for reference in corpus.kinds[record.kind].references:
            for pointer, value in values_at(record.data, reference.pattern):
                if isinstance(value, str):
                    _follow(corpus, record, reference, pointer, value, links, found)
    return replace(corpus, links=tuple(links)).with_diagnostics(found)


def resolve(text: str, kinds: tuple[str, ...]) -> str:
    """The `kind/id` that a reference means where only these kinds may stand; a bare id needs a single kind."""
    kind, identifier, _ = split_reference(text)
    if not kind and len(kinds) == 1 and kinds[0] != "*":
        kind = kinds[0]
    return f"{kind}/{identifier}"


def _follow(
    corpus: Corpus, record: Record, reference: Reference, pointer: Pointer, text: str, links: list[Link], found: list[Diagnostic]
) -> None:
    target = resolve(text, reference.kinds)
    kind, identifier, fragment = split_reference(target)
    fragment = split_reference(text)[2]
    problem = _problem(corpus, record, reference, text, target, kind, identifier, fragment)
    if problem is not None:
        code, message, cure = problem
        found.append(Diagnostic(code, message, record.path, help=cure, pointer=pointer))
    elif target in corpus.records:
        links.append(Link(record.ref, target, pointer, reference.inverse, reference.inverse_label, fragment))


def _problem(
    corpus: Corpus, record: Record, reference: Reference, text: str, target: str, kind: str, identifier: str, fragment: str
) -> tuple[str, str, str] | None:
    wanted = " or ".join(reference.kinds) if "*" not in reference.kinds else "any kind"
    if not kind:
        return ("L302", f"'{text[:80]}' does not say of which kind it is", f"Write <kind>/{identifier[:60]}; {wanted} may stand here.")
    if "*" not in reference.kinds and kind not in reference.kinds:
        return ("L302", f"'{text[:80]}' is of the kind '{kind[:40]}'; {wanted} is wanted here", _nearest(corpus, identifier, reference.kinds))
    if fragment and not reference.fragment:
        return ("L304", f"'{text[:80]}' names a place inside a record, which cannot stand here", "Leave out the # and what follows.")
    if target in corpus.rejected:
        return None
    if target not in corpus.records:
        return ("L301", f"no {kind[:40]} '{identifier[:80]}'", _nearest(corpus, identifier, reference.kinds))
    moved = corpus.records[target].data.get("moved_to")
    if moved and record.data.get("moved_to") is None:
        return ("L303", f"'{text[:80]}' has moved to '{moved}'", f"Write {moved} instead.")
    return None


def _nearest(corpus: Corpus, identifier: str, kinds: tuple[str, ...]) -> str:
    """The nearest id of the kinds wanted; a name in another script counts too."""
    choices: dict[str, str] = {}
    for ref, record in corpus.records.items():
        if "*" in kinds or record.kind in kinds:
            choices.setdefault(record.id, ref)
    near = difflib.get_close_matches(identifier, list(choices), n=1, cutoff=0.6)
    if near:
        shown = choices[near[0]] if len(kinds) > 1 or "*" in kinds else near[0]
        return f"did you mean '{shown}'?"
    folder = " or ".join(f"seeds/{kind}/" for kind in kinds) if "*" not in kinds else "seeds/"
    return f"Write the id of a file in {folder}, or add that record."


def back_links(links: tuple[Link, ...]) -> dict[str, list[Link]]:
    """Links by the record they point at, in the order of their sources."""
    out: dict[str, list[Link]] = {}
    for entry in links:
        if entry.inverse:
            out.setdefault(entry.target, []).append(entry)
    return out


def label_fields(record: Record, corpus: Corpus) -> tuple[Any, ...]:
    """The values of the fields that the kind names as its label, absent ones left out."""
    return tuple(record.data[name] for name in corpus.kinds[record.kind].label if name in record.data)
