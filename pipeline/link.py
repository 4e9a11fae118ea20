"""The room that joins records: every reference a schema declares is found and must resolve.

Knows which properties are references from the Kinds; knows no kind by name.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field, replace

from pipeline.model import Corpus, Diagnostic, Link, Pointer, Record, Reference, names_of, split_reference

#: So many places that name one record which is not there are no misspelling of each.
_MANY = 3
#: So many ids are looked for by likeness in one run; it takes long, and nobody reads more.
_MAX_SEARCHES = 300


def link(corpus: Corpus) -> Corpus:
    """The corpus with its links. A reference to a record that was set aside stays silent."""
    links: list[Link] = []
    found: list[Diagnostic] = []
    cures = _Cures(corpus)
    for record in corpus.records.values():
        kind = corpus.kinds[record.kind]
        for number, pointer, value in kind.reference_places.values_in(record.data):
            if isinstance(value, str):
                _follow(corpus, record, kind.references[number], pointer, value, cures, links, found)
    for target, places in cures.missing.items():
        if len(places) >= _MANY:
            _say_it_is_missing(found, target, places)
    return replace(corpus, links=tuple(links)).with_diagnostics(found)


def _say_it_is_missing(found: list[Diagnostic], target: str, places: list[int]) -> None:
    """Gives the findings at these places the cure for a record that was deleted or renamed: so many are no misspelling."""
    cure = f"{len(places)} places name it: bring back seeds/{target[:100]}.yaml from git, or write it. If it was renamed: "
    for place in places:
        found[place] = replace(found[place], help=cure + found[place].help[:1].lower() + found[place].help[1:])


def resolve(text: str, kinds: tuple[str, ...]) -> str:
    """The `kind/id` that a reference means where only these kinds may stand; a bare id needs a single kind."""
    kind, identifier, _ = split_reference(text)
    if not kind and len(kinds) == 1 and kinds[0] != "*":
        kind = kinds[0]
    return f"{kind}/{identifier}"


def _follow(
    corpus: Corpus, record: Record, reference: Reference, pointer: Pointer, text: str,
    cures: _Cures, links: list[Link], found: list[Diagnostic],
) -> None:
    target = _plainly_named(corpus, text, reference)
    if target:
        links.append(Link(record.ref, target, pointer, reference.inverse, reference.inverse_label, "", text))
        return
    target = resolve(text, reference.kinds)
    fragment = split_reference(text)[2]
    problem = _problem(corpus, record, reference, text, target, cures)
    if problem is not None:
        code, message, cure = problem
        if code == "L301":
            cures.missing.setdefault(target, []).append(len(found))
        found.append(Diagnostic(code, message, record.path, help=cure, pointer=pointer))
    elif target in corpus.records:
        links.append(Link(record.ref, target, pointer, reference.inverse, reference.inverse_label, fragment, text))


def _plainly_named(corpus: Corpus, text: str, reference: Reference) -> str:
    """The record that a reference means, where nothing about it needs a second look; mostly so."""
    kinds = reference.kinds
    if "#" in text:
        return ""
    if "/" in text:
        target, kind = text, text.partition("/")[0]
        if kind not in kinds and kinds != ("*",):
            return ""
    elif len(kinds) == 1 and kinds[0] != "*":
        target = f"{kinds[0]}/{text}"
    else:
        return ""
    record = corpus.records.get(target)
    return target if record is not None and "moved_to" not in record.data else ""


def _problem(
    corpus: Corpus, record: Record, reference: Reference, text: str, target: str, cures: _Cures
) -> tuple[str, str, str] | None:
    """What is wrong with one reference: code, message and cure."""
    kind, identifier, _ = split_reference(target[:-1] if re.fullmatch("[^/]+/[^/]+/", target) else target)
    fragment = split_reference(text)[2]
    wanted = _listed(reference.kinds) if "*" not in reference.kinds else "any kind"
    if text.startswith(("http://", "https://")):
        message = f"{_shown(text)} is an address, and the id of a record is wanted here"
        return ("L302", message, cures.of_address(text, reference.kinds))
    if not kind or text.startswith("/"):
        return ("L302", f"{_shown(text)} does not say of which kind it is", cures.with_kind(identifier, reference.kinds))
    if kind not in corpus.kinds and kind not in reference.kinds and target not in corpus.rejected:
        return ("L302", f"there is no kind '{kind[:40]}'", cures.nearest(identifier, reference.kinds))
    if "*" not in reference.kinds and kind not in reference.kinds:
        message = f"{_shown(text)} is of the kind {kind[:40]}; the kind {wanted} is wanted here"
        return ("L302", message, cures.nearest(identifier, reference.kinds))
    if fragment and not reference.fragment:
        message = f"{_shown(text)} names a place inside a record, which cannot stand here"
        return ("L304", message, "Leave out the # and what follows.")
    if target in corpus.rejected:
        return None
    if target not in corpus.records:
        return ("L301", f"no {kind} {_shown(identifier)}", cures.nearest(identifier, reference.kinds))
    moved = corpus.records[target].data.get("moved_to")
    if moved and record.data.get("moved_to") is None:
        return ("L303", f"{_shown(text)} has moved to '{moved}'", f"Write {_in_place(moved, reference.kinds)} instead.")
    return None


def _shown(text: str) -> str:
    return f"'{text[:80]}…'" if len(text) > 80 else f"'{text}'"


def _listed(words: tuple[str, ...]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _in_place(ref: str, kinds: tuple[str, ...]) -> str:
    """A `kind/id` as it is written where only these kinds may stand."""
    kind, identifier, _ = split_reference(ref)
    return identifier if kinds == (kind,) else ref


def _is_of(ref: str, kinds: tuple[str, ...]) -> bool:
    return "*" in kinds or split_reference(ref)[0] in kinds


_LIKE_AN_ID = re.compile("[a-z0-9][a-z0-9-]*")


@dataclass(slots=True)
class _Cures:
    """Looks for what a reference may have meant. Each id is looked for once.

    `missing` are the places in the list of findings at which a record that is not there is named, by that record.
    """

    corpus: Corpus
    by_id: dict[str, list[str]] = field(default_factory=dict)
    missing: dict[str, list[int]] = field(default_factory=dict)
    by_name: dict[str, list[str]] = field(default_factory=dict)
    searches: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)

    def with_kind(self, identifier: str, kinds: tuple[str, ...]) -> str:
        """Where the kind is left out: the references that have this id, else how to write one."""
        there = [ref for ref in self._records_called(identifier) if _is_of(ref, kinds)] or self._named(identifier, kinds)
        if there:
            return f"Write {_listed(tuple(there))}."
        allowed = _listed(kinds) if "*" not in kinds else "any kind"
        written = identifier[:60] if _LIKE_AN_ID.fullmatch(identifier) else "<id>"
        return f"Write <kind>/{written}, where <kind> is {allowed}."

    def of_address(self, address: str, kinds: tuple[str, ...]) -> str:
        """For a web address: the record of the document that has it, else what to do."""
        there = self._named(address, kinds)
        return f"did you mean '{_in_place(there[0], kinds)}'?" if there else self._what_to_do(kinds)

    def nearest(self, identifier: str, kinds: tuple[str, ...]) -> str:
        """The nearest id of the kinds wanted, else where the id is found, else what to do."""
        key = (identifier, kinds)
        if key not in self.searches:
            if len(self.searches) >= _MAX_SEARCHES:
                return self._what_to_do(kinds)
            self.searches[key] = self._search(identifier, kinds)
        return self.searches[key]

    def _search(self, identifier: str, kinds: tuple[str, ...]) -> str:
        name = identifier.strip().removesuffix(".yaml").removesuffix(".html")
        there = self._records_called(name)
        fitting = [ref for ref in there if _is_of(ref, kinds)] or self._named(name, kinds)
        if fitting:
            return f"did you mean '{_in_place(fitting[0], kinds)}'?"
        if there:
            return f"There is {_listed(tuple(there))}, but it is not of the kind {_listed(kinds)}. {self._what_to_do(kinds)}"
        words = name.split()
        if len(words) > 1 and all(any(_is_of(ref, kinds) for ref in self._records_called(word)) for word in words):
            return f"Put a comma between the ids: {', '.join(words)}."
        choices: dict[str, str] = {}
        for ref, record in self.corpus.records.items():
            if "*" in kinds or record.kind in kinds:
                choices.setdefault(record.id, ref)
        near = difflib.get_close_matches(name[:120], list(choices), n=1, cutoff=0.6)
        return f"did you mean '{_in_place(choices[near[0]], kinds)}'?" if near else self._what_to_do(kinds)

    def _records_called(self, identifier: str) -> list[str]:
        if not self.by_id:
            for ref, record in self.corpus.records.items():
                self.by_id.setdefault(record.id, []).append(ref)
        return self.by_id.get(identifier, [])

    def _named(self, name: str, kinds: tuple[str, ...]) -> list[str]:
        """The records of these kinds that have this name, in any language, or this address, or this code in another register."""
        if not self.by_name:
            for ref, record in self.corpus.records.items():
                ids = record.data.get("ids")
                others = [record.data.get("url"), *(ids.values() if isinstance(ids, dict) else ())]
                for text in {str(text).casefold() for text in (*names_of(self.corpus, record), *others) if text}:
                    self.by_name.setdefault(text, []).append(ref)
        return [ref for ref in self.by_name.get(name.casefold(), []) if _is_of(ref, kinds)]

    @staticmethod
    def _what_to_do(kinds: tuple[str, ...]) -> str:
        folders = _listed(tuple(f"seeds/{kind}/" for kind in kinds)) if "*" not in kinds else "seeds/"
        return f"Write the id of a file in {folders}, or add that record."


def back_links(links: tuple[Link, ...]) -> dict[str, list[Link]]:
    """Links by the record they point at, in the order of their sources."""
    out: dict[str, list[Link]] = {}
    for entry in links:
        if entry.inverse:
            out.setdefault(entry.target, []).append(entry)
    return out
