"""What changed between two states of the records, as sentences: derived facts, acts, records, fields.

A pure comparison of two corpora that carry facts; the order of files and of list entries is no
change. It knows no kind: what takes treaty law or a kind's name stands in pipeline/derive/changes.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline import dates
from pipeline.derive import changes as law
from pipeline.labels import label, place_in_words
from pipeline.model import Corpus, Pointer, Record, split_reference

#: The closed list of kinds of change, in the order they are told.
KINDS = (
    "status-changed",
    "party-changed",
    "act-recorded",
    "act-removed",
    "expectation-changed",
    "claim-changed",
    "statement-added",
    "event-added",
    "record-added",
    "record-removed",
    "record-moved",
    "record-withdrawn",
    "fact-added",
    "fact-changed",
    "fact-withdrawn",
    "source-removed",
    "contested-added",
    "contested-removed",
)
#: Kinds told together, by day: acts with acts, records with records, fields with fields.
_TOGETHER = {"act-removed": "act-recorded"}
_TOGETHER |= dict.fromkeys(("record-removed", "record-moved", "record-withdrawn"), "record-added")
_TOGETHER |= dict.fromkeys(
    ("fact-changed", "fact-withdrawn", "source-removed", "contested-added", "contested-removed"), "fact-added"
)

#: By what an entry of a list is known again, best first; the references in it count beside the second and third row.
_SINGLE_KEYS = ("id", "article", "rule", "about", "who", "party", "speaker")
_ALL_KEYS = (*_SINGLE_KEYS, "type", "kind", "office", "field", "name", "heading", "label", "title", "from", "date", "text")
_SORTS = ("type", "kind", "office", "field")
_NAMES = ("label", "name", "title", "heading", "id", "about", "rule")
#: A text that says what its entry is about, so that nothing else need be quoted.
_PROSE = ("text", "summary")
#: A longer text is shown by the part of it that differs.
_MAX_QUOTED = 120
_MAX_VALUE = 400
_MAX_LISTED = 3


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what, of which record, and one sentence that tells it to a reader.

    `was` and `now` are in words, empty where there was or is nothing; `since` is a date as written;
    `anchor` the place on the record's page; `sources` the ids of the sources it rests on, or that
    were removed. `loud` marks history that was removed.
    """

    kind: str
    ref: str
    label: str
    text: str
    was: str = ""
    now: str = ""
    since: str = ""
    anchor: str = ""
    loud: bool = False
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """One of the two states compared, as a reader is told of it. `as_of` and `known_by` are ISO days."""

    name: str
    as_of: str = ""
    known_by: str = ""
    errors: int = 0
    warnings: int = 0


def changes(before: Corpus, after: Corpus) -> tuple[Change, ...]:
    """Every change from one corpus to another, both with their facts: removed history first, then in the order of KINDS."""
    renames = _renames(before, after)
    comparison = _Comparison(_renamed(before, renames), after, {new: old for old, new in renames.items()})
    comparison.compare()
    return tuple(sorted(comparison.found, key=_order))


def as_plain(found: Iterable[Change]) -> list[dict[str, Any]]:
    """The changes as JSON values for pages: {kind, ref, label, text, since, loud, anchor}."""
    names = ("kind", "ref", "label", "text", "since", "loud", "anchor")
    return [{name: getattr(change, name) for name in names} for change in found]


def counted(found: Iterable[Change]) -> dict[str, int]:
    """How many changes there are of each kind, in the order of KINDS."""
    kinds = [change.kind for change in found]
    return {kind: kinds.count(kind) for kind in KINDS if kind in kinds}


def _order(change: Change) -> tuple[Any, ...]:
    kind = KINDS.index(_TOGETHER.get(change.kind, change.kind))
    return (not change.loud, kind, dates.begun_by(change.since), change.ref, change.text, change.kind)


# Records that moved: the same record under another id


def _renames(before: Corpus, after: Corpus) -> dict[str, str]:
    """Old reference → new one, for each record that left a note of its new id behind."""
    found = {}
    for ref, record in after.records.items():
        old = before.records.get(ref)
        target = _target(record)
        is_new = target in after.records and target not in before.records and target not in found.values()
        if old is not None and is_new and not _target(old) and after.records[target].kind == old.kind:
            found[ref] = target
    return found


def _target(record: Record) -> str:
    kind, identifier, _ = split_reference(str(record.data.get("moved_to", "")))
    return f"{kind}/{identifier}" if kind else ""


def _renamed(corpus: Corpus, renames: Mapping[str, str]) -> Corpus:
    """The corpus with moved records under their new names, in all references too: a new name is no change of who names it."""
    if not renames:
        return corpus
    records = {}
    for ref, record in corpus.records.items():
        new = renames.get(ref, ref)
        records[new] = replace(record, id=split_reference(new)[1], data=_with_new_names(corpus, record, renames))
    pages = {renames.get(ref, ref): _replaced(page, renames) for ref, page in corpus.facts.pages.items()}
    return replace(corpus, records=records, facts=replace(corpus.facts, pages=pages))


def _with_new_names(corpus: Corpus, record: Record, renames: Mapping[str, str]) -> Any:
    patterns = {reference.pattern: reference.kinds for reference in corpus.kinds[record.kind].references}

    def walk(value: Any, pattern: tuple[str, ...]) -> Any:
        if isinstance(value, dict):
            return {key: walk(inner, (*pattern, key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [walk(inner, (*pattern, "*")) for inner in value]
        return _new_name(value, patterns[pattern], renames) if pattern in patterns and isinstance(value, str) else value

    return walk(dict(record.data), ())


def _new_name(text: str, kinds: tuple[str, ...], renames: Mapping[str, str]) -> str:
    """A reference as it is written now: with its kind and its place, where it had them."""
    kind, identifier, fragment = split_reference(text)
    new = renames.get(f"{kind or kinds[0]}/{identifier}")
    if new is None:
        return text
    return f"{new if kind else split_reference(new)[1]}{'#' + fragment if fragment else ''}"


def _replaced(value: Any, renames: Mapping[str, str]) -> Any:
    """Derived facts with new references: they are whole references there, always with their kind."""
    if isinstance(value, dict):
        return {key: _replaced(inner, renames) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, renames) for inner in value]
    return renames.get(value, value) if isinstance(value, str) else value


# Matching the entries of two lists


def canonical(value: Any) -> str:
    """A text that is the same for equal values, whatever the order of their keys and list entries."""
    return json.dumps(_sorted(value), sort_keys=True, ensure_ascii=False)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return sorted((_sorted(inner) for inner in value), key=lambda inner: json.dumps(inner, sort_keys=True))
    return value


_Matched = tuple[list[tuple[int, int]], list[int], list[int]]


def matched(old: Sequence[Any], new: Sequence[Any], keys: Callable[[Any], Sequence[str]]) -> _Matched:
    """Pairs of indexes of the same entry in two lists, and the indexes of the entries that only one of them has.

    Equal entries are paired first; the others by their keys, best first, where as many entries of
    both lists share one.
    """
    pairs: list[tuple[int, int]] = []
    sides = [{index: (canonical(entry), *keys(entry)) for index, entry in enumerate(entries)} for entries in (old, new)]
    rows = max((len(texts) for side in sides for texts in side.values()), default=0)
    for row in range(rows):
        grouped = [_by_key(side, row) for side in sides]
        for key in sorted(grouped[0].keys() & grouped[1].keys()):
            ours, theirs = grouped[0][key], grouped[1][key]
            if row == 0 or len(ours) == len(theirs):
                pairs += list(zip(ours, theirs, strict=False))
        for side, taken in zip(sides, zip(*pairs, strict=True), strict=False):
            for index in taken:
                side.pop(index, None)
    return pairs, list(sides[0]), list(sides[1])


def _by_key(side: Mapping[int, tuple[str, ...]], row: int) -> dict[str, list[int]]:
    """Indexes by the key in one row, those with one key in the order of what they say."""
    out: dict[str, list[int]] = {}
    for index, texts in sorted(side.items(), key=lambda item: item[1][0]):
        if row < len(texts) and texts[row]:
            out.setdefault(texts[row], []).append(index)
    return out


# Places


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a record two values stand: the way there in words, and in either record as a pointer."""

    ref: str
    words: str = ""
    old: Pointer = ()
    new: Pointer = ()
    anchor: str = ""
    sources: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        """The field of the record that it lies in."""
        return str((self.new or self.old)[0])

    @property
    def pattern(self) -> tuple[str, ...]:
        """The way there without the indexes, as a kind declares it."""
        return tuple("*" if isinstance(step, int) else step for step in self.new)


_MISSING: Any = object()


class _Comparison:
    """Two corpora and the changes found between them."""

    def __init__(self, before: Corpus, after: Corpus, old_names: Mapping[str, str]) -> None:
        self.before = before
        self.after = after
        self.old_names = old_names
        self.told = (law.facts_told(before), law.facts_told(after))
        self.sees_less = _sees_less(before, after)
        self.found: list[Change] = []

    def compare(self) -> None:
        """Finds every change."""
        self._facts()
        for ref in sorted(self.before.records.keys() | self.after.records.keys()):
            if ref in self.old_names.values() and ref not in self.before.records:
                continue  # the note that a moved record left behind
            old, new = self.before.records.get(ref), self.after.records.get(ref)
            if old is None and new is not None:
                self._added(new)
            elif new is None and old is not None:
                self._removed(old)
            elif old is not None and new is not None:
                self._both(old, new)

        for ref in sorted(self.before.rejected.keys() - self.after.rejected.keys() - self.after.records.keys()):
            if _is_rejected(self.before, ref):
                self._add("record-removed", ref, "its file, which could not be read, was removed", loud=True)

    def _add(self, kind: str, ref: str, says: str, *, loud: bool = False, **values: Any) -> None:
        name = label(self.after if ref in self.after.records else self.before, ref)
        self.found.append(Change(kind, ref, name, f"{name}: {says}", loud=loud and not self.sees_less, **values))

    @property
    def _removed_words(self) -> str:
        return "not in the second view" if self.sees_less else "removed"

    # Derived facts

    def _facts(self) -> None:
        old, new = self.told
        for key in sorted(old.keys() | new.keys()):
            was, now = old.get(key), new.get(key)
            told = now or was
            if told is None or any(ref not in self.before.records or ref not in self.after.records for ref in told.of):
                continue
            if was is None or now is None or (was.value, was.since) != (now.value, now.since):
                self._fact(told, was, now)

    def _fact(self, told: law.Told, was: law.Told | None, now: law.Told | None) -> None:
        subject = f"{told.subject}: " if told.subject else ""
        if now is None:
            within = (told.group, told.ref, told.within)
            if not told.gone or (told.within and within not in self.told[1]):
                return
            says = f"{subject}{told.gone}"
        elif was is None:
            says = f"{subject}{now.words}{now.when}"
        elif was.words == now.words:
            says = f"{subject}{now.words}{was.when or ', no day'} → {now.words}{now.when or ', no day'}"
        else:
            says = f"{subject}{was.words} → {now.words}{now.when}"
        self._add(
            f"{told.group}-changed", told.ref, says, loud=now is None and told.is_history, was=was.words if was else "",
            now=now.words if now else "", since=now.since if now else "", anchor=told.anchor if now else "", sources=told.sources,
        )

    # Whole records

    def _added(self, record: Record) -> None:
        kind = self.after.kinds[record.kind]
        if _is_rejected(self.before, record.ref):
            self._add("record-added", record.ref, "its file can be read again; what changed in it cannot be told")
            return
        status = self.told[1].get(("status", record.ref, ()))
        standing = f": {status.words}{status.when}" if status else ""
        summary = _quoted(str(record.data[kind.summary])) if kind.summary and record.data.get(kind.summary) else ""
        says = f"new {_lower(kind.title)}{standing or (': ' + summary if summary else '')}"
        self._add(law.addition(record), record.ref, says, since=_own_day(record), sources=_source_ids(record.data))

    def _removed(self, record: Record) -> None:
        title = _lower(self.before.kinds[record.kind].title)
        if _is_rejected(self.after, record.ref):
            says = f"this {title} cannot be read any more: its file has errors"
        else:
            says = f"{title} {self._removed_words}"
        self._add("record-removed", record.ref, says, loud=True, since=_own_day(record), sources=_source_ids(record.data))

    def _both(self, old: Record, new: Record) -> None:
        told: set[str] = set()
        if new.ref in self.old_names:
            stub = self.old_names[new.ref]
            self._add("record-moved", new.ref, f"moved from {stub} to {new.ref}", was=stub, now=new.ref)
        elif _target(new) and not _target(old):
            says = f"replaced by {_target(new)}; what it said is not in the records under its name any more"
            self._add("record-moved", new.ref, says, now=_target(new), loud=True)
            return
        withdrawn = new.data.get("withdrawn")
        if isinstance(withdrawn, dict) and not old.data.get("withdrawn"):
            told.add("withdrawn")
            day = str(withdrawn.get("date", ""))
            says = f"withdrawn{', ' + dates.in_words(day) if day else ''}: {withdrawn.get('reason', '')}"
            self._add("record-withdrawn", new.ref, says, since=day)
        if old.data == new.data:
            return
        sources = _source_ids(new.data)
        for field in sorted((old.data.keys() | new.data.keys()) - told):
            was, now = old.data.get(field, _MISSING), new.data.get(field, _MISSING)
            self._values(self._step(_Place(new.ref, sources=sources), field, was, now), was, now)

    # Fields

    def _step(self, place: _Place, key: str, was: Any, now: Any) -> _Place:
        """The place one key further in, named by the schema's title of the side that has it."""
        corpus, pointer = (self.after, place.new) if now is not _MISSING else (self.before, place.old)
        title = _title(corpus, corpus.records[place.ref], pointer, key)
        comma = ", " if place.words else ""
        return replace(place, words=f"{place.words}{comma}{title}", old=(*place.old, key), new=(*place.new, key))

    def _values(self, place: _Place, was: Any, now: Any) -> None:
        if was is not _MISSING and now is not _MISSING and canonical(was) == canonical(now):
            return
        if all(value is _MISSING or isinstance(value, list) for value in (was, now)):
            self._list(place, [] if was is _MISSING else was, [] if now is _MISSING else now)
        elif isinstance(was, dict) and isinstance(now, dict):
            self._keys(place, was, now)
        elif was is _MISSING:
            self._gained(place, now, self._value_in_words(self.after, place.ref, place.new, now))
        elif now is _MISSING:
            self._lost(place, was, self._value_in_words(self.before, place.ref, place.old, was))
        else:
            self._changed(place, was, now)

    def _keys(self, place: _Place, was: Mapping[str, Any], now: Mapping[str, Any]) -> None:
        sources = _source_ids(now) or place.sources
        for key in sorted(was.keys() | now.keys()):
            old, new = was.get(key, _MISSING), now.get(key, _MISSING)
            self._values(self._step(replace(place, sources=sources), key, old, new), old, new)

    def _changed(self, place: _Place, was: Any, now: Any) -> None:
        old = self._value_in_words(self.before, place.ref, place.old, was)
        new = self._value_in_words(self.after, place.ref, place.new, now)
        shown = _difference(old, new) if max(len(old), len(new)) > _MAX_QUOTED else (old, new)
        if not self._is_told(place, now, removed=False):
            self._add(
                "fact-changed", place.ref, f"{place.words}: {shown[0]} → {shown[1]}", was=old, now=new, anchor=place.anchor,
                sources=place.sources,
            )

    def _gained(self, place: _Place, value: Any, words: str) -> None:
        if not self._is_told(place, value, removed=False):
            sources = _source_ids(value) or place.sources
            says = f"{place.words} added{': ' + _quoted(words) if words else ''}"
            self._add("fact-added", place.ref, says, now=words, anchor=place.anchor, sources=sources)

    def _lost(self, place: _Place, value: Any, words: str) -> None:
        """A fact that rested on sources of its own, or that derived facts rest on, is history; another spelling is not."""
        if not self._is_told(place, value, removed=True):
            sources = _sources_within(value)
            loud = bool(sources) or self._is_told(place, value, removed=False)
            says = f"{place.words} {self._removed_words}{': ' + _quoted(words) if words else ''}"
            self._add("fact-withdrawn", place.ref, says, was=words, loud=loud, sources=sources or place.sources)

    def _is_told(self, place: _Place, value: Any, *, removed: bool) -> bool:
        """Whether a derived fact, which both states have, tells of it already."""
        if len([step for step in place.new if isinstance(step, str)]) > 1:
            return False
        record = self.after.records[place.ref]
        ref = law.told_of(record, place.field, value, removed=removed)
        return ref in self.before.records and ref in self.after.records

    # Lists

    def _list(self, place: _Place, was: list[Any], now: list[Any]) -> None:
        last, entries = place.new[-1], [*was, *now]
        is_listing = all(isinstance(entry, dict) for entry in entries)
        if last == "sources" and len(law.cited(entries)) == len(entries):
            self._sources(place, was, now)
        elif last == "contested" and is_listing:
            self._contested(place, was, now)
        elif is_listing and len(place.new) == 1 and law.is_act(self.after.records[place.ref], place.field):
            self._acts(place, was, now)
        else:
            self._entries(place, was, now)

    def _entries(self, place: _Place, was: list[Any], now: list[Any]) -> None:
        references = {*_reference_names(self.after, place), *_reference_names(self.before, place)}
        pairs, removed, added = matched(was, now, lambda entry: _keys_of(entry, references))
        for old, new in pairs:
            if canonical(was[old]) != canonical(now[new]):
                self._values(self._entry(self.after, place, old, new, now[new]), was[old], now[new])
        if len(removed) == len(added) == 1 and not any(isinstance(value, dict) for value in (was[removed[0]], now[added[0]])):
            here = replace(place, old=(*place.old, removed[0]), new=(*place.new, added[0]))
            self._changed(here, was[removed[0]], now[added[0]])
            return
        for index in added:
            self._gained(*self._one(self.after, place, index, now[index]))
        for index in removed:
            self._lost(*self._one(self.before, place, index, was[index]))

    def _entry(self, corpus: Corpus, place: _Place, old: int, new: int, entry: Any) -> _Place:
        name = self._name(corpus, place, new if corpus is self.after else old, entry)
        record = corpus.records[place.ref]
        anchor = law.anchor_of(record, place.field, entry) if len(place.new) == 1 and isinstance(entry, dict) else ""
        return replace(
            place, words=f"{place.words}: {name}" if name else place.words, old=(*place.old, old), new=(*place.new, new),
            anchor=anchor or place.anchor, sources=_source_ids(entry) or place.sources,
        )

    def _one(self, corpus: Corpus, place: _Place, index: int, entry: Any) -> tuple[_Place, Any, str]:
        """The place, the value and the words of an entry that only one side has. Only the other side's pointer is made up."""
        if isinstance(entry, dict):
            here = self._entry(corpus, place, index, index, entry)
            words = self._value_in_words(corpus, place.ref, here.new if corpus is self.after else here.old, entry, here.words)
            return (here if corpus is self.after else replace(here, anchor="")), entry, words
        here = replace(place, old=(*place.old, index), new=(*place.new, index))
        return here, entry, self._value_in_words(corpus, place.ref, here.new if corpus is self.after else here.old, entry)

    def _sources(self, place: _Place, was: list[Any], now: list[Any]) -> None:
        """Sources by their ids: gained, lost, or cited otherwise."""
        old, new = _by_source(was), _by_source(now)
        gained = tuple(source for source in new if source not in old)
        lost = tuple(source for source in old if source not in new)
        if gained:
            names = [label(self.after, f"source/{source}") for source in gained]
            says = f"{place.words} added: {_listed(names)}"
            self._add("fact-added", place.ref, says, now="; ".join(names), anchor=place.anchor, sources=gained)
        if lost:
            names = [label(self.before, f"source/{source}") for source in lost]
            says = f"{place.words} {self._removed_words}: {'; '.join(names)}"
            self._add("source-removed", place.ref, says, was="; ".join(names), anchor=place.anchor, loud=True, sources=lost)
        for source in (source for source in new if source in old and canonical(old[source]) != canonical(new[source])):
            before, after = ("; ".join(filter(None, map(_citation_in_words, side[source]))) for side in (old, new))
            says = f"{place.words}, {label(self.after, f'source/{source}')}: {before or 'no place'} → {after or 'no place'}"
            self._add("fact-changed", place.ref, says, was=before, now=after, anchor=place.anchor, sources=(source,))

    def _contested(self, place: _Place, was: list[Any], now: list[Any]) -> None:
        pairs, removed, added = matched(was, now, lambda entry: (canonical([entry.get("field"), entry.get("value")]),))
        for old, new in pairs:
            if canonical(was[old]) != canonical(now[new]):
                here = replace(
                    place, words=f"{place.words}: {_contested_in_words(now[new])}", old=(*place.old, old), new=(*place.new, new)
                )
                self._keys(here, was[old], now[new])
        for index in added:
            words = _contested_in_words(now[index])
            says, sources = f"{place.words} added: {words}", _source_ids(now[index])
            self._add("contested-added", place.ref, says, now=words, anchor=place.anchor, sources=sources)
        for index in removed:
            words = _contested_in_words(was[index])
            says, sources = f"{place.words} {self._removed_words}: {words}", _source_ids(was[index])
            self._add("contested-removed", place.ref, says, was=words, anchor=place.anchor, loud=True, sources=sources)

    def _acts(self, place: _Place, was: list[Any], now: list[Any]) -> None:
        pairs, removed, added = matched(was, now, law.act_keys)
        for old, new in pairs:
            if law.is_done(now[new]) and not law.is_done(was[old]):
                added.append(new)  # it was scheduled, and has been done
            elif canonical(was[old]) != canonical(now[new]):
                fact = law.act_fact(self.after, place.ref, new)
                here = replace(
                    place, words=f"{place.words}: {fact['name']}", old=(*place.old, old), new=(*place.new, new),
                    anchor=fact["anchor"], sources=fact["sources"],
                )
                self._keys(here, was[old], now[new])
        for index in added:
            fact = law.act_fact(self.after, place.ref, index)
            self._add(
                "act-recorded", place.ref, f"recorded: {fact['words']}", now=fact["words"], since=fact["since"],
                anchor=fact["anchor"], sources=fact["sources"],
            )
        for index in removed:
            fact = law.act_fact(self.before, place.ref, index)
            self._add(
                "act-removed", place.ref, f"{self._removed_words}: {fact['words']}", was=fact["words"], since=fact["since"],
                loud=True, sources=fact["sources"],
            )

    # Words

    def _name(self, corpus: Corpus, place: _Place, index: int, entry: Any) -> str:
        """What an entry is called: by its number or name; else by what it is and whom it names."""
        if not isinstance(entry, dict):
            return ""
        pointer = (*(place.new if corpus is self.after else place.old), index)
        record = corpus.records[place.ref]
        article = entry.get("article")
        if article:
            return f"{_title(corpus, record, pointer, 'article', lower=False)} {article}"
        for name in _NAMES:
            if isinstance(entry.get(name), str):
                return str(entry[name])
        parts = [str(entry[name]) for name in _SORTS if entry.get(name)]
        for name in _reference_names(corpus, place):
            if isinstance(entry.get(name), str):
                parts.append(self._value_in_words(corpus, place.ref, (*pointer, name), entry[name]))
        parts += [str(entry[name]) for name in ("step", "act") if entry.get(name)]
        parts += [dates.in_words(str(entry[name])) for name in ("date", "from") if not parts and entry.get(name)]
        return ", ".join(parts)

    def _value_in_words(self, corpus: Corpus, ref: str, pointer: Pointer, value: Any, said: str = "") -> str:
        """A value as a reader reads it: a reference by its record's label, a date in words, a group by what stands in it.

        What was `said` in the way there is not said again.
        """
        if isinstance(value, dict):
            inner = {
                key: self._value_in_words(corpus, ref, (*pointer, key), inner)
                for key, inner in value.items() if key not in ("sources", "contested")
            }
            told = [(key, words) for key, words in inner.items() if words and key != "article" and not _is_said(words, said)]
            prose = [words for key, words in told if key in _PROSE]
            words = prose or [f"{key.replace('_', ' ')} {words}" for key, words in told]
            return "; ".join(words)[:_MAX_VALUE]
        if isinstance(value, list):
            words = (self._value_in_words(corpus, ref, (*pointer, index), inner) for index, inner in enumerate(value))
            return ", ".join(words)[:_MAX_VALUE]
        if isinstance(value, bool):
            return "yes" if value else "no"
        kind = corpus.kinds[corpus.records[ref].kind]
        pattern = tuple("*" if isinstance(step, int) else step for step in pointer)
        for reference in kind.references:
            if reference.pattern == pattern and isinstance(value, str):
                kind_name, identifier, fragment = split_reference(value)
                return label(corpus, f"{kind_name or reference.kinds[0]}/{identifier}") + (f", {fragment}" if fragment else "")
        return dates.in_words(value) if pattern in kind.date_paths and isinstance(value, str) else str(value)


def _sees_less(before: Corpus, after: Corpus) -> bool:
    """Whether the second view is of an earlier day, or knows less: then what is missing in it was not removed."""
    old, new = before.facts.view, after.facts.view
    return old is not None and new is not None and (new.as_of < old.as_of or new.known_by < old.known_by)


def _is_rejected(corpus: Corpus, ref: str) -> bool:
    """Whether a record was set aside because its file has errors; a view sets aside too, without an error."""
    path = corpus.rejected.get(ref)
    return path is not None and any(error.path == path for error in corpus.errors)


def _own_day(record: Record) -> str:
    day = record.data.get("date")
    return str(day) if day and dates.parse(str(day)) else ""


def _source_ids(data: Any) -> tuple[str, ...]:
    return tuple(_by_source(data.get("sources"))) if isinstance(data, dict) else ()


def _by_source(entries: Any) -> dict[str, list[dict[str, Any]]]:
    """The citations of a list by the id of their source, sorted."""
    out: dict[str, list[dict[str, Any]]] = {}
    for citation in law.cited(entries):
        out.setdefault(str(citation["source"]), []).append(citation)
    return dict(sorted(out.items()))


def _sources_within(value: Any) -> tuple[str, ...]:
    if isinstance(value, dict):
        deeper = (source for inner in value.values() for source in _sources_within(inner))
        return tuple(dict.fromkeys((*_source_ids(value), *deeper)))
    return tuple(dict.fromkeys(s for inner in value for s in _sources_within(inner))) if isinstance(value, list) else ()


def _citation_in_words(citation: Mapping[str, Any]) -> str:
    return ", ".join(str(citation[key]) for key in sorted(citation) if key not in ("source", "lang"))


def _contested_in_words(entry: Mapping[str, Any]) -> str:
    value = str(entry.get("value", ""))
    words = dates.in_words(value) if dates.parse(value) else value
    return f"{str(entry.get('field', '')).replace('_', ' ')}, {_quoted(words)}"


def _reference_names(corpus: Corpus, place: _Place) -> tuple[str, ...]:
    """The keys of a list's entries that name another record, as the kind lists them."""
    pattern = (*place.pattern, "*")
    references = corpus.kinds[corpus.records[place.ref].kind].references
    names = (reference.pattern[-1] for reference in references if reference.pattern[:-1] == pattern)
    return tuple(name for name in names if name != "*")


def _keys_of(entry: Any, references: set[str]) -> tuple[str, ...]:
    """By what an entry is known again, best first; empty where it lacks what a row asks for."""
    if not isinstance(entry, dict):
        return ()
    named = sorted(references)
    rows: list[tuple[str, ...]] = [(*_ALL_KEYS, *named)]
    rows += [(name,) for name in _SINGLE_KEYS]
    rows += [(*_SORTS, *named), *((name,) for name in (*_NAMES, *named, "kind", "date", "from"))]
    return tuple(_key(entry, row) for row in rows)


def _key(entry: Mapping[str, Any], names: tuple[str, ...]) -> str:
    found = {name: entry[name] for name in names if isinstance(entry.get(name), (str, int))}
    return canonical(found) if found else ""


def _title(corpus: Corpus, record: Record, pointer: Pointer, key: str, *, lower: bool = True) -> str:
    """What a key is called in the schema, where it stands in a sentence; a key that the record's author chose, itself."""
    title, other = (_last_title(corpus, record, pointer, name) for name in (key, "\0"))
    if title == other or not title:
        return key.replace("_", " ")
    return _lower(title) if lower else title


def _last_title(corpus: Corpus, record: Record, pointer: Pointer, key: str) -> str:
    way = place_in_words(corpus, record, pointer)
    return place_in_words(corpus, record, (*pointer, key)).removeprefix(way).removeprefix(", ")


def _lower(title: str) -> str:
    """A title inside a sentence: "UN Charter" stays as it is."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _is_said(words: str, said: str) -> bool:
    """Whether words stand as a step of their own in the way to a place."""
    return any(f"{mark}{words}," in f"{said}," for mark in (": ", ", "))


def _listed(names: Sequence[str]) -> str:
    """So many names as a sentence bears."""
    more = len(names) - _MAX_LISTED
    return "; ".join(names[:_MAX_LISTED]) + (f"; and {more} more" if more > 0 else "")


def _quoted(text: str) -> str:
    """A text, or so many whole words of its beginning."""
    if len(text) <= _MAX_QUOTED:
        return text
    return text[:_MAX_QUOTED].rpartition(" ")[0].rstrip(",;:") + " …"


def _difference(old: str, new: str) -> tuple[str, str]:
    """Two long texts by the words in which they differ, with two words before and after."""
    left, right = old.split(" "), new.split(" ")
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    end = 0
    while end < min(len(left), len(right)) - start and left[-1 - end] == right[-1 - end]:
        end += 1
    begin, rest = max(0, start - 2), max(0, end - 2)

    def part(words: list[str]) -> str:
        middle = " ".join(words[begin : len(words) - rest])
        return f"{'… ' if begin else ''}{_quoted(middle)}{' …' if rest and len(middle) <= _MAX_QUOTED else ''}"

    return part(left), part(right)
