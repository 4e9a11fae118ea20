"""Explains a code or a record, in text for a terminal: the page of a finding; why a fact holds, step by step.

Knows no kind: a fact is any derived value that carries its reasons.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pipeline import dates
from pipeline.labels import label
from pipeline.model import Corpus, View, citations, is_called, split_reference
from pipeline.rules import RULES

_HEADING = re.compile(r"^## ([A-Z][0-9]{3}) (.+)$", re.MULTILINE)
_WIDTH = 88


@cache
def pages() -> Mapping[str, tuple[str, str]]:
    """Title and text by code: the rules' docstrings, and explanations.md for all other codes."""
    text = (Path(__file__).parent / "explanations.md").read_text(encoding="utf-8")
    parts = _HEADING.split(text)[1:]
    found = {code: (title, body.strip()) for code, title, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True)}
    found |= {rule.code: (rule.title, rule.page) for rule in RULES}
    return dict(sorted(found.items()))


def explain_code(code: str) -> str | None:
    """The page of a code, or None where there is no such code."""
    page = pages().get(code.upper())
    return f"{code.upper()}  {page[0]}\n\n{page[1]}\n" if page else None


def find_record(corpus: Corpus, text: str) -> str | None:
    """The reference that a text means: kind/id, a bare id that only one record has, or a file's path."""
    text = text.removeprefix("./")
    for ref, record in corpus.records.items():
        if text in (ref, record.path) or text == f"{ref}.html":
            return ref
    bare = [ref for ref, record in corpus.records.items() if record.id == text]
    return bare[0] if len(bare) == 1 else None


def why_hidden(corpus: Corpus, view: View, text: str) -> str:
    """Why a record that there is cannot be explained: it was set aside, or the view does not know it yet."""
    for ref, path in corpus.rejected.items():
        if text.removeprefix("./") in (ref, path, split_reference(ref)[1]):
            return f"{ref} was set aside, because its file has errors. `depositary check {path}` prints them."
    ref = find_record(corpus, text)
    return f"{ref} was not yet known on {dates.in_words(view.known_by.isoformat())}." if ref else ""


def explain_record(corpus: Corpus, ref: str) -> str:
    """What was derived for a record, each fact with since, the reasons in order, and their sources."""
    record = corpus.records[ref]
    lines = [f"{label(corpus, ref)}", f"{ref}  ({record.path})"]
    view = corpus.facts.view
    if view is not None:
        lines.append(f"as of {dates.in_words(view.as_of.isoformat())}, known by {dates.in_words(view.known_by.isoformat())}")
    facts = corpus.facts.pages.get(ref, {})
    told: list[Any] = []
    body = [line for name, value in facts.items() for line in _fact_lines(corpus, _words(name), value, told)]
    if not body:
        body = ["", "Nothing is derived for this record: its page shows what was written."]
    return "\n".join(lines + body) + "\n"


def _words(name: str) -> str:
    return name.replace("_", " ").replace("-", " ")


def _fact_lines(corpus: Corpus, name: str, value: Any, told: list[Any]) -> Iterator[str]:
    """Lines for one fact. Reasons that were already told are not told again."""
    if isinstance(value, Mapping) and "because" in value:
        yield ""
        yield f"{name}: {_headline(corpus, value)}"
        if value["because"] and value["because"] in told:
            yield "  for the reasons above"
        else:
            told.append(value["because"])
            yield from _reasons(corpus, value)
    elif isinstance(value, list) and value and all(isinstance(entry, Mapping) for entry in value):
        for entry in value:
            if "because" in entry or "stations" in entry:
                yield from _fact_lines(corpus, _named(corpus, entry, name), entry, told)
                yield from _stations(corpus, entry.get("stations", []))
            elif "subject" in entry:
                yield from _expectation(corpus, entry)


def _named(corpus: Corpus, entry: Mapping[str, Any], name: str) -> str:
    return label(corpus, entry["ref"]) if isinstance(entry.get("ref"), str) else name


def _headline(corpus: Corpus, fact: Mapping[str, Any]) -> str:
    words = _words(str(fact.get("value") or fact.get("state") or "not known"))
    since = f" since {dates.since_in_words(fact['since'])}" if fact.get("since") else ""
    since += f" until {dates.since_in_words(fact['until'])}" if fact.get("until") else ""
    detail = f" ({fact['detail']})" if fact.get("detail") else ""
    beside = "".join(f", {_words(flag)}" for flag in fact.get("flags", ()))
    if fact.get("suspended_with"):
        beside += f" with {', '.join(label(corpus, ref) for ref in fact['suspended_with'])}"
    if fact.get("leaving_on"):
        beside += f" {dates.in_words(fact['leaving_on'])}"
    rule = f"   [rule: {fact['rule']}]" if fact.get("rule") else ""
    return f"{words}{since}{detail}{beside}{rule}"


def _reasons(corpus: Corpus, fact: Mapping[str, Any]) -> Iterator[str]:
    for number, reason in enumerate(fact["because"], start=1):
        place = f", {reason['place']}" if reason.get("place") else ""
        when = f"{place}, {dates.in_words(reason['date'])}" if reason.get("date") else place
        where = f"#{reason['anchor']}" if reason.get("anchor") else ""
        yield from textwrap.wrap(f"{number}. {reason['text']}{when}", _WIDTH, initial_indent="  ", subsequent_indent="     ")
        yield f"       in {reason['ref']}{where}" + (f", at {reason['event']}" if reason.get("event") else "")
        yield from _source_lines(corpus, reason.get("sources", []))
    for missing in fact.get("missing", []):
        yield f"  missing: {missing}"


def _source_lines(corpus: Corpus, sources: Any) -> Iterator[str]:
    for citation in citations(sources):
        record = corpus.records.get(f"source/{citation['source']}")
        published = dates.in_words(str(record.data["date"])) if record and record.data.get("date") else "undated"
        title = label(corpus, f"source/{citation['source']}")
        place = f", {citation['at']}" if citation.get("at") else ""
        text = f"source {citation['source']}{place}: {title} ({published})"
        yield from textwrap.wrap(text, _WIDTH, initial_indent="       ", subsequent_indent="         ")


def _stations(corpus: Corpus, stations: list[Mapping[str, Any]]) -> Iterator[str]:
    for station in stations:
        when = f" {dates.in_words(station['date'])}" if station.get("date") else ""
        expected = station.get("expected") or {}
        window = f" {dates.in_words(expected['window'])}" if expected.get("window") else ""
        overdue = f", overdue since {dates.in_words(expected['overdue_since'])}" if expected.get("overdue_since") else ""
        yield f"    {_words(station['state']):<14} {station['label']}{when}{window}{overdue}"


def _expectation(corpus: Corpus, entry: Mapping[str, Any]) -> Iterator[str]:
    window = dates.in_words(entry["window"]) if entry.get("window") else "no time given"
    since = f" ({dates.in_words(entry['since'])})" if entry.get("since") else ""
    yield ""
    yield f"expected by {label(corpus, entry['speaker'])} on {dates.in_words(entry['said'])}: {entry['subject']}, {window}"
    yield f"  {_words(entry['state'])}{since}   in {entry['ref']}"


def nearest(corpus: Corpus, text: str) -> list[str]:
    """Codes and references that look like a text that names nothing; of a text that names a kind, only records of that kind.

    Where that kind has none, the record of another kind that has this very id.
    """
    import difflib

    if _LIKE_A_CODE.fullmatch(text):
        return difflib.get_close_matches(text.upper(), list(pages()), n=2, cutoff=0.7)
    text = re.sub(r"\.(yaml|html)$", "", text[:200]).strip()
    identifier, kind = split_reference(text)[1], kind_meant(corpus, text)
    of_kind = {ref: record for ref, record in sorted(corpus.records.items()) if kind in (record.kind, "")}
    near = [ref for ref, record in of_kind.items() if is_called(corpus, record, identifier)]
    if len(identifier) > 2:
        near += [ref for ref, record in of_kind.items() if identifier.lower() in record.id]
    ids = {record.id: ref for ref, record in of_kind.items()}
    near += [ids[name] for name in difflib.get_close_matches(identifier.lower(), list(ids), n=2, cutoff=0.5)]
    near = near or [ref for ref, record in corpus.records.items() if record.id == identifier]
    return list(dict.fromkeys(near))[:3]


_LIKE_A_CODE = re.compile("[A-Za-z](?=.*[0-9])[A-Za-z0-9]{3}")


def kind_meant(corpus: Corpus, text: str) -> str:
    """The kind that a reference or a path names, or nearly names; nothing where it names none."""
    import difflib

    written = split_reference(text[:200])[0].rpartition("/")[2]
    return next(iter(difflib.get_close_matches(written, list(corpus.kinds), n=1, cutoff=0.6)), "")
