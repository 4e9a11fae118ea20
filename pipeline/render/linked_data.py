"""A record in the vocabulary of schema.org, as its kind's schema declares it under `x-schema-org`.

    {"type": "Legislation", "fields": {"name": "name", "alternateName": ["aliases", {"at": "names.*", "as": "language"}]}}

Each value is a path into the record, or into its derived facts where it begins with `facts.`; or an object
that says more: `at` the path, `words` what its values become, `else` what the others become (nothing, unless
it is given), `as` the type that a plain value is wrapped in ("Date" reads it as one, "language" gives it the
language that it stands under), `prefix` what stands before it, `for` the types that have the property at all.
A reference becomes the record it names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline import dates
from pipeline.link import resolve
from pipeline.model import Corpus, Record, values_at

CONTEXT = "https://schema.org"

#: Values of one property that are told; a treaty may have hundreds of parties.
_MOST = 40


def linked_data(
    corpus: Corpus, record: Record, cards: Mapping[str, Mapping[str, Any]], address: Callable[[str], str]
) -> dict[str, Any]:
    """The record as JSON-LD; empty where its kind declares nothing. `address` gives a record's address."""
    kind = corpus.kinds[record.kind]
    own_type = _type(corpus, record)
    if not own_type:
        return {}
    here = address(record.ref)
    out: dict[str, Any] = {"@context": CONTEXT, "@type": own_type, "@id": here, "name": cards[record.ref]["label"], "url": here}
    for name, specs in kind.schema_org.get("fields", {}).items():
        found: list[Any] = []
        for spec in specs if isinstance(specs, list) else [specs]:
            for value in _values(corpus, record, {"at": spec} if isinstance(spec, str) else spec, own_type):
                told = _named(corpus, value.ref, cards, address) if isinstance(value, _Named) else value
                if told and told not in found and len(found) < _MOST:
                    found.append(told)
        if found:
            out[name] = found[0] if len(found) == 1 else found
    return out


@dataclass(frozen=True, slots=True)
class _Named:
    """A value that names another record."""

    ref: str


def _type(corpus: Corpus, record: Record) -> str:
    spec = corpus.kinds[record.kind].schema_org.get("type", "")
    if isinstance(spec, str):
        return spec
    words = [_in_words(spec, value) for value in _at(corpus, record, spec["at"])] or [spec.get("else", "")]
    return str(words[0])


def _at(corpus: Corpus, record: Record, path: str) -> list[Any]:
    """The plain values at a path of the record, or of its facts."""
    steps = tuple(path.split("."))
    if steps[0] == "facts":
        data, steps = corpus.facts.pages.get(record.ref, {}), steps[1:]
    else:
        data = record.data
    if steps[0] not in data:
        return []
    flat: list[Any] = []
    for _, value in values_at(data, steps):
        flat += value if isinstance(value, list) else [value]
    return [value for value in flat if isinstance(value, (str, int)) and value != ""]


def _in_words(spec: Mapping[str, Any], value: Any) -> Any:
    if "words" not in spec:
        return value
    return spec["words"].get(str(value).lower() if isinstance(value, bool) else str(value), spec.get("else", ""))


def _values(corpus: Corpus, record: Record, spec: Mapping[str, Any], own_type: str) -> list[Any]:
    if own_type not in spec.get("for", (own_type,)):
        return []
    kind, path = corpus.kinds[record.kind], tuple(spec["at"].split("."))
    if spec.get("as") == "language":
        return [{"@language": pointer[-1], "@value": value} for pointer, value in values_at(record.data, path) if value]
    found = _at(corpus, record, spec["at"])
    kinds = next((one.kinds for one in kind.references if one.pattern in (path, (*path, "*"))), ())
    if kinds:
        return [_Named(resolve(str(value), kinds).partition("#")[0]) for value in found]
    as_date = path in kind.date_paths or spec.get("as") == "Date"
    return [_plain(spec, _in_words(spec, value), as_date) for value in found]


def _plain(spec: Mapping[str, Any], value: Any, as_date: bool) -> Any:
    """A value that names no record; nothing for one that is left out."""
    if value == "":
        return None
    if as_date:
        return iso_date(str(value))
    if "as" in spec:
        return {"@type": spec["as"], "name": value}
    return f"{spec['prefix']}{value}" if "prefix" in spec else value


def _named(
    corpus: Corpus, ref: str, cards: Mapping[str, Mapping[str, Any]], address: Callable[[str], str]
) -> dict[str, Any] | None:
    """Another record, as far as the page of this one tells of it; nothing for one that is not in view."""
    if ref not in cards:
        return None
    return {"@type": _type(corpus, corpus.records[ref]) or "Thing", "@id": address(ref), "name": cards[ref]["label"]}


def iso_date(text: str) -> str:
    """A day, month or year as ISO 8601 writes it; empty for what is a range, or not certain."""
    span = dates.parse(text)
    if span is None or span.precision == "interval" or span.mark:
        return ""
    return span.earliest.isoformat()[: {"year": 4, "month": 7, "day": 10}[span.precision]]
