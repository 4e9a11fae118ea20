"""What a list is filtered and sorted by: the facets its kind declares, the choices of each, and the marks of each row.

A page's facets speak of the rows on that page only, so they are bounded by its length. A row's marks
are one short text for the script: facets are joined by ";", and of each facet stand the numbers of the
row's choices, joined by ",", or the date itself. Nothing else about a row travels twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline import dates
from pipeline.labels import label
from pipeline.link import resolve
from pipeline.model import Corpus, Kind, Record, values_at
from pipeline.render.languages import language_name

#: The choice of rows that do not say.
NONE = "not-on-record"

#: The years that a date names, and the months.
_NAMED = {"year": re.compile(r"\d{4}"), "month": re.compile(r"\d{4}(?:-\d\d)?")}

#: A value and the words for it.
Choice = tuple[str, str]


def list_facets(corpus: Corpus, kind: Kind, refs: Iterable[str], cards: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The facets of one page of a kind's list: {facets, marks}, marks in the order of the rows."""
    heads = [_head(kind, declared) for declared in kind.facets]
    rows = [[_values(corpus, corpus.records[ref], cards[ref], head) for head in heads] for ref in refs]
    return choices(heads, rows)


def choices(heads: Sequence[Mapping[str, Any]], rows: Sequence[Sequence[Sequence[Choice]]]) -> dict[str, Any]:
    """Facets with the choices that the rows offer, and each row's marks.

    A head is {name, title, by, order}: `by` is "year" or "month" where the values are dates; `order` lists values
    that do not go by their words. A row has for each head its values, each with its words.
    """
    facets = [_facet(head, [row[at] for row in rows]) for at, head in enumerate(heads)]
    numbers = [{option["value"]: str(number) for number, option in enumerate(facet["options"], start=1)} for facet in facets]
    marks = [
        ";".join(_mark(facet, number, values) for facet, number, values in zip(facets, numbers, row, strict=True)) for row in rows
    ]
    return {"facets": facets, "marks": marks}


def _facet(head: Mapping[str, Any], column: Iterable[Sequence[Choice]]) -> dict[str, Any]:
    values = [choice for row in column for choice in (row or [(NONE, "")])]
    by = head.get("by", "")
    found = _periods(by, values) if by else _in_order(list(head.get("order", ())), values)
    if any(value == NONE for value, _ in values):
        found[NONE] = "not on record"
    options = [{"value": value, "label": words} for value, words in found.items()]
    return {"name": head["name"], "title": head["title"], "by": by, "options": options}


def _periods(by: str, values: Iterable[Choice]) -> dict[str, str]:
    """The years that dates name, and the months where it goes by month."""
    named: set[str] = set()
    for value, _ in values:
        named.update(_NAMED["year"].findall(value), _NAMED[by].findall(value))
    return {text: dates.in_words(text) for text in sorted(named, key=_latest_first)}


def _in_order(order: list[str], values: Iterable[Choice]) -> dict[str, str]:
    found = {value: words for value, words in values if value != NONE}
    return dict(sorted(found.items(), key=lambda choice: _rank(order, *choice)))


def _latest_first(text: str) -> tuple[int, int]:
    """The latest year first, and each year before its months, the latest first."""
    year, _, month = text.partition("-")
    return (-int(year), -int(month) if month else -13)


def _rank(order: list[str], value: str, words: str) -> tuple[int, str, str]:
    return (order.index(value) if value in order else len(order), words.casefold(), value)


def _mark(facet: Mapping[str, Any], numbers: Mapping[str, str], values: Sequence[Choice]) -> str:
    if facet["by"]:
        return ",".join(re.sub("[;|,]", " ", value) for value, _ in values) or NONE
    return ",".join(dict.fromkeys(numbers[value] for value, _ in values or [(NONE, "")]))


# What a kind declares


def _head(kind: Kind, declared: str) -> dict[str, Any]:
    """A declared facet with what the schema says of it: its title, its order, whether it is a date."""
    path, _, by = declared.partition(":")
    pattern = tuple(path.split("."))
    node, title = _described(kind.schema, pattern)
    name = next(step for step in reversed(pattern) if step != "*")
    return {
        "name": name,
        "title": title or name.replace("_", " ").capitalize(),
        "by": by or ("year" if pattern in kind.date_paths else ""),
        "order": node.get("enum", ()),
        "pattern": pattern,
        "node": node,
        "reference": next((entry for entry in kind.references if entry.pattern == pattern), None),
    }


def _described(schema: Mapping[str, Any], pattern: tuple[str, ...]) -> tuple[Mapping[str, Any], str]:
    """The schema of a property, and the innermost title on the way that is its own. Empty for a derived fact."""
    node: Mapping[str, Any] = schema
    for step in pattern:
        inner = node.get("items") if step == "*" else node.get("properties", {}).get(step)
        if inner is None:
            return {}, ""
        shared = schema.get("$defs", {}).get(str(inner.get("$ref", "")).removeprefix("#/$defs/"), {})
        node = {**shared, **inner}
    return node, str(node.get("title", ""))


def _values(corpus: Corpus, record: Record, card: Mapping[str, Any], head: Mapping[str, Any]) -> list[Choice]:
    pattern, node = head["pattern"], head["node"]
    if not node:
        value = str(card["facts"].get(head["name"], ""))
        return [(value, _words(value))] if value else []
    found = [value for _, value in values_at(record.data, pattern)]
    if node.get("type") == "boolean":
        return [("yes", "yes")] if any(found) else [("no", "no")]
    reference = head["reference"]
    if reference is not None:
        targets = [resolve(str(value), reference.kinds).partition("#")[0] for value in found]
        is_one_kind = len(reference.kinds) == 1
        return [(ref.partition("/")[2] if is_one_kind else ref.replace("/", ":"), label(corpus, ref)) for ref in targets]
    if node.get("x-language"):
        return [(str(value), language_name(str(value))) for value in found]
    return [(str(value), _words(str(value)) if "enum" in node else str(value)) for value in found]


def _words(code: str) -> str:
    return code.replace("-", " ").capitalize()
