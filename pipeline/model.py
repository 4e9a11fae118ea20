"""The nouns: the values that flow from room to room. Frozen, plain, without behaviour of a room.

Every field has a meaningful empty value, so that each room can be called alone in a test.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

#: A path into a record: keys and list indexes, such as ("actions", 3, "date").
Pointer = tuple[str | int, ...]

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a finding stands in its file. Lines and columns count from 1; `length` is in characters.

    `excerpt` is the line's text, or of a long line a part that begins at `excerpt_column`.
    """

    line: int
    column: int
    length: int = 1
    excerpt: str = ""
    excerpt_column: int = 1


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: where, what is wrong, what to do.

    `path` is relative to the root, with forward slashes. `pointer` says where in the record;
    `on_key` points at the key rather than at its value. `position` is filled in when the
    finding is reported (see pipeline.load.marks), unless the parser already knew it.
    """

    code: str
    message: str
    path: str
    level: str = ERROR
    help: str = ""
    pointer: Pointer = ()
    on_key: bool = False
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """What a schema says about one property that names another record."""

    pattern: tuple[str, ...]
    kinds: tuple[str, ...]
    inverse: str = ""
    inverse_label: str = ""
    fragment: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record, as its schema declares it.

    `schema` is complete in itself (shared pieces copied in). `references`, `date_paths` and
    `prose_paths` are the places of such values in a record, "*" standing for any list index or key.
    `derived` is the schema of the facts derived for its records, complete too, with what other pages
    show of them under `$defs/card`; it is empty where nothing is said about them. `rows` is how many
    records one page of its list has (0: as many as any), `share` whether its pages have share cards.
    """

    name: str
    title: str
    plural: str
    description: str
    schema: Mapping[str, Any]
    digest: str
    path: str = ""
    order: int = 100
    label: tuple[str, ...] = ("name",)
    sort: str = "name"
    group: str = ""
    summary: str = ""
    facets: tuple[str, ...] = ()
    rows: int = 0
    card: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    date_paths: tuple[tuple[str, ...], ...] = ()
    prose_paths: tuple[tuple[str, ...], ...] = ()
    schema_org: Mapping[str, Any] = field(default_factory=dict)
    cite: Mapping[str, str] = field(default_factory=dict)
    derived: Mapping[str, Any] = field(default_factory=dict)
    share: bool = False
    #: The same places as in `references` and `date_paths`, made ready for one walk over a record.
    reference_places: Places = field(init=False, compare=False, repr=False)
    date_places: Places = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reference_places", Places(reference.pattern for reference in self.references))
        object.__setattr__(self, "date_places", Places(self.date_paths))


@dataclass(frozen=True, slots=True)
class Font:
    """A font file of this machine: its name without the ending, where it lies, and a digest of what it holds."""

    name: str
    path: str
    digest: str


@dataclass(frozen=True, slots=True)
class Printer:
    """What share cards are printed with: the renderer's name with its version, and the fonts there are."""

    renderer: str
    fonts: tuple[Font, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One record as an editor wrote it. `data` holds only dict, list, str, int and bool."""

    kind: str
    id: str
    path: str
    data: Mapping[str, Any]
    digest: str = ""

    @property
    def ref(self) -> str:
        """The record's name everywhere: `kind/id`."""
        return f"{self.kind}/{self.id}"

    @property
    def is_current(self) -> bool:
        """Whether it still counts: neither withdrawn nor moved to another id. Its page stays all the same."""
        return "withdrawn" not in self.data and "moved_to" not in self.data


class Link(NamedTuple):
    """One reference found in a record: from where, to which record, under which reverse name, in which words."""

    source: str
    target: str
    pointer: Pointer
    inverse: str = ""
    inverse_label: str = ""
    fragment: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """How things stood at the end of the day `as_of`, seen with what was public by `known_by`.

    `explicit` is true where a reader asked for that day, so that every page must say so.
    """

    as_of: date
    known_by: date
    explicit: bool = False

    @classmethod
    def on(cls, as_of: date, known_by: date | None = None, explicit: bool = False) -> View:
        """The view of a day, known by that day unless another is given."""
        return cls(as_of, known_by or as_of, explicit)


class Entry(NamedTuple):
    """What an entry of a record's list is called, and where it stands on the record's page."""

    name: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What was derived for a view, in plain JSON values.

    `pages` and `cards` are derived facts by reference: for a record's own page, and for
    the pages of others. `site` holds the named collections the home page and lists show.
    `standings` is what derivation read them from, by treaty: values of its own, for rules and later facts.
    `entries` is what derivation says of entries of a record, by the record's reference and the entry's place in it.
    """

    view: View | None = None
    pages: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    cards: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    site: Mapping[str, Any] = field(default_factory=dict)
    standings: Mapping[str, Any] = field(default_factory=dict, repr=False)
    entries: Mapping[str, Mapping[Pointer, Entry]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Corpus:
    """The one value that flows: each room returns it grown, none changes what came before.

    `changed` is the day on which each file last changed, by its path from the root, where a history tells it.
    """

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    records: Mapping[str, Record] = field(default_factory=dict)
    rejected: Mapping[str, str] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    facts: Facts = field(default_factory=Facts)
    diagnostics: tuple[Diagnostic, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    changed: Mapping[str, str] = field(default_factory=dict)

    def with_diagnostics(self, found: list[Diagnostic]) -> Corpus:
        """The same corpus with more findings."""
        return replace(self, diagnostics=self.diagnostics + tuple(found)) if found else self

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The findings that forbid publishing."""
        return tuple(d for d in self.diagnostics if d.level == ERROR)


def split_reference(text: str) -> tuple[str, str, str]:
    """`kind/id#fragment` in its three parts; a bare id has an empty kind."""
    path, _, fragment = text.partition("#")
    kind, slash, identifier = path.rpartition("/")
    return (kind, identifier, fragment) if slash else ("", path, fragment)


def names_of(corpus: Corpus, record: Record) -> list[str]:
    """Everything that a record is called: what its kind labels it by, other languages' names and other spellings."""
    label = [record.data.get(key) for key in corpus.kinds[record.kind].label]
    names, aliases = record.data.get("names"), record.data.get("aliases")
    others = [*(names.values() if isinstance(names, Mapping) else ()), *(aliases if isinstance(aliases, list) else ())]
    return [text for text in (*label, *others) if isinstance(text, str)]


def is_called(corpus: Corpus, record: Record, name: str) -> bool:
    """Whether a record is called so, in whatever case and language."""
    return any(text.casefold() == name.casefold() for text in names_of(corpus, record))


def values_at(data: Any, pattern: tuple[str, ...], pointer: Pointer = ()) -> list[tuple[Pointer, Any]]:
    """Every value of `data` at `pattern`, each with its pointer. "*" matches any index or key."""
    if not pattern:
        return [(pointer, data)]
    head, rest = pattern[0], pattern[1:]
    if head == "*":
        if isinstance(data, list):
            pairs: Any = enumerate(data)
        elif isinstance(data, dict):
            pairs = data.items()
        else:
            return []
        return [hit for key, value in pairs for hit in values_at(value, rest, (*pointer, key))]
    if isinstance(data, dict) and head in data:
        return values_at(data[head], rest, (*pointer, head))
    return []


class Places:
    """Many patterns at once: one walk over a record finds the values at all of them.

    >>> Places([("a", "*")]).values_in({"a": ["x", "y"], "b": "z"})
    [(0, ('a', 0), 'x'), (0, ('a', 1), 'y')]
    """

    __slots__ = ("_root",)

    def __init__(self, patterns: Iterable[tuple[str, ...]]) -> None:
        self._root = _Branch()
        for number, pattern in enumerate(patterns):
            branch = self._root
            for step in pattern:
                branch = branch.at(step)
            branch.numbers += (number,)

    def values_in(self, data: Any) -> list[tuple[int, Pointer, Any]]:
        """(number of the pattern, pointer, value) for every value, in the order of the patterns, then of the record."""
        found: list[tuple[int, Pointer, Any]] = []
        _walk(self._root, data, (), found)
        found.sort(key=_number)
        return found


class _Branch:
    """Where patterns part: what stands below a key, and below any index or key."""

    __slots__ = ("numbers", "keys", "any")

    def __init__(self) -> None:
        self.numbers: tuple[int, ...] = ()
        self.keys: dict[str, _Branch] = {}
        self.any: _Branch | None = None

    def at(self, step: str) -> _Branch:
        """The branch below a step, made where it is missing."""
        if step == "*":
            if self.any is None:
                self.any = _Branch()
            return self.any
        return self.keys.setdefault(step, _Branch())


def _walk(branch: _Branch, data: Any, pointer: Pointer, found: list[tuple[int, Pointer, Any]]) -> None:
    for number in branch.numbers:
        found.append((number, pointer, data))
    if type(data) is dict:
        keys = branch.keys
        if keys:
            for key, value in data.items():
                if key in keys:
                    _walk(keys[key], value, (*pointer, key), found)
        if branch.any is not None:
            for key, value in data.items():
                _walk(branch.any, value, (*pointer, key), found)
    elif type(data) is list and branch.any is not None:
        inner = branch.any
        if inner.keys:
            for index, value in enumerate(data):
                _walk(inner, value, (*pointer, index), found)
        else:
            for index, value in enumerate(data):
                for number in inner.numbers:
                    found.append((number, (*pointer, index), value))


_number = itemgetter(0)


def subschemas(schema: Any) -> Iterator[Mapping[str, Any]]:
    """A JSON Schema and every schema within it, in the order of their places. References are not followed."""
    if not isinstance(schema, Mapping):
        return
    yield schema
    for keyword, value in schema.items():
        if keyword in _SCHEMAS_BY_NAME and isinstance(value, Mapping):
            inner: Iterable[Any] = value.values()
        elif keyword in _SCHEMAS and isinstance(value, (Mapping, list)):
            inner = value if isinstance(value, list) else [value]
        else:
            continue
        for node in inner:
            yield from subschemas(node)


_SCHEMAS_BY_NAME = frozenset(("$defs", "properties", "patternProperties", "dependentSchemas"))
_SCHEMAS = frozenset((
    "items", "prefixItems", "additionalProperties", "unevaluatedProperties", "unevaluatedItems", "propertyNames", "contains",
    "if", "then", "else", "not", "oneOf", "anyOf", "allOf",
))


def citations(value: Any) -> list[dict[str, Any]]:
    """A `sources:` list with every entry in its long form: {source, at?, quote?, lang?}."""
    return [{"source": entry} if isinstance(entry, str) else dict(entry) for entry in value or []]
