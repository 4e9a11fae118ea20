"""The same records as a stock Material for MkDocs site: the Markdown that an editor would write of them, and its configuration.

Each record is one page: its title, its status where it is a treaty, its summary, and every field that it has, in the
schema's order and under the schema's titles, with links to the records it names. That is all the data of the record
and nothing that is made of many records: an editor who writes Markdown keeps no back-links, strips or pictures by hand.
The theme is as it comes, search included; the addresses are ours, so that one page stands beside the other.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pipeline import build, dates
from pipeline.labels import label
from pipeline.model import Corpus, Link, Pointer, Record, View

CONFIGURATION = """\
site_name: Depositary
use_directory_urls: false
docs_dir: docs
site_dir: site
theme:
  name: material
"""
#: What records say to the machinery and not to readers.
_SILENT = {"name", "title", "summary", "known", "waive", "moved_to", "supplied_title"}
#: Fields that begin a part of a record rather than stand in a row with others.
_HEADINGS = ("article", "heading")
_STATUS = {"in-force": "In force", "ended": "Ended", "signed": "Signed, not in force"}

_Fields = list[tuple[str, Any]]


def read(root: Path, day: date) -> Corpus:
    """The records of a project with their facts, as of a day."""
    return build.prepare(build.open_project(root), View.on(day), day, use_cache=False).shown


def write(corpus: Corpus, folder: Path, more: str = "") -> int:
    """Writes the project of the peer and returns how many pages of records it has. `more` goes below the theme."""
    (folder / "docs").mkdir(parents=True)
    (folder / "mkdocs.yml").write_text(CONFIGURATION + more, encoding="utf-8")
    places = {(link.source, link.pointer): link for link in corpus.links}
    for record in corpus.records.values():
        _save(folder, f"{record.ref}.md", _Page(corpus, places, record).text())
    for kind in corpus.kinds.values():
        entries = [_entry(corpus, record) for record in corpus.records.values() if record.kind == kind.name]
        _save(folder, f"{kind.name}/index.md", "\n".join([f"# {kind.plural}", "", *sorted(entries, key=str.casefold), ""]))
    lists = [f"- [{kind.plural}]({kind.name}/index.md): {kind.description}" for kind in corpus.kinds.values()]
    _save(folder, "index.md", "\n".join(["# Depositary", "", "Where treaties stand, why, and who says so.", "", *lists, ""]))
    return len(corpus.records)


def _save(folder: Path, path: str, text: str) -> None:
    target = folder / "docs" / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def _entry(corpus: Corpus, record: Record) -> str:
    facts = [_status(corpus, record), dates.in_words(str(record.data["date"])) if "date" in record.data else ""]
    return " – ".join([f"- [{_plain(label(corpus, record.ref))}]({record.id}.md)", *(fact for fact in facts if fact)])


def _status(corpus: Corpus, record: Record) -> str:
    found = corpus.facts.pages.get(record.ref, {}).get("status")
    if not isinstance(found, Mapping) or record.kind != "treaty":
        return ""
    words = _STATUS.get(found["value"], _words(found["value"]).capitalize())
    return f"{words} since {dates.in_words(found['since'])}" if found.get("since") else words


def _words(code: str) -> str:
    return code.replace("-", " ")


def _plain(text: str) -> str:
    """Text that Markdown must leave alone."""
    return re.sub(r"([\\`*_{}\[\]<>#|])", r"\\\1", text)


class _Page:
    """The page of one record."""

    def __init__(self, corpus: Corpus, places: Mapping[tuple[str, Pointer], Link], record: Record) -> None:
        self._corpus, self._places, self._record = corpus, places, record
        self._dates = set(corpus.kinds[record.kind].date_paths)

    def text(self) -> str:
        """The whole page in Markdown."""
        data, schema = self._record.data, self._corpus.kinds[self._record.kind].schema
        parts = [f"# {_plain(str(data.get('title') or data.get('name') or label(self._corpus, self._record.ref)))}"]
        status = _status(self._corpus, self._record)
        parts += [f"**{status}.**"] if status else []
        parts += [data["summary"]] if "summary" in data else []
        for name, property_schema in schema["properties"].items():
            if name in data and name not in _SILENT:
                parts += [f"## {self._resolved(property_schema)['title']}", *self._block(data[name], (name,), property_schema)]
        return "\n\n".join(parts) + "\n"

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        reference = schema.get("$ref", "")
        if not reference:
            return schema
        return {**self._corpus.kinds[self._record.kind].schema["$defs"][reference.rpartition("/")[2]], **schema}

    def _block(self, value: Any, place: Pointer, schema: Mapping[str, Any]) -> list[str]:
        """A field as paragraphs: parts with headings, a list, or one line."""
        items = self._resolved(self._resolved(schema).get("items", {}))
        if isinstance(value, list) and any(isinstance(item, dict) and "heading" in item for item in value):
            return [text for at, item in enumerate(value) for text in self._part(item, (*place, at), items)]
        if isinstance(value, list) and place[-1] != "sources":
            return ["\n".join(f"- {self._line(item, (*place, at), items)}" for at, item in enumerate(value))]
        if isinstance(value, dict):
            return ["\n".join(f"- {self._named(*pair, place, schema)}" for pair in self._in_order(value, schema))]
        return [self._line(value, place, schema)]

    def _part(self, item: Mapping[str, Any], place: Pointer, schema: Mapping[str, Any]) -> list[str]:
        """A provision: its article and heading, its summary, and the rest as a list."""
        heading = ": ".join([*([f"Article {item['article']}"] if "article" in item else []), item.get("heading", "")])
        lines = [f"- {self._named(*pair, place, schema)}" for pair in self._in_order(item, schema, (*_HEADINGS, "summary", "id"))]
        return [f"### {_plain(heading)}", *([item["summary"]] if "summary" in item else []), "\n".join(lines)]

    def _in_order(self, value: Mapping[str, Any], schema: Mapping[str, Any], without: Collection[str] = ()) -> _Fields:
        """The fields of an object as the schema orders them."""
        order = list(self._resolved(schema).get("properties", {}))
        names = sorted(value, key=lambda name: order.index(name) if name in order else len(order))
        return [(name, value[name]) for name in names if name not in without]

    def _named(self, name: str, value: Any, place: Pointer, schema: Mapping[str, Any]) -> str:
        known = self._resolved(schema)
        inner = self._resolved(known.get("properties", {}).get(name, known.get("additionalProperties") or {}))
        title = inner.get("title", name) if name in known.get("properties", {}) else name
        return f"{title}: {self._line(value, (*place, name), inner)}"

    def _line(self, value: Any, place: Pointer, schema: Mapping[str, Any]) -> str:
        """A value in one line."""
        if isinstance(value, dict):
            return "; ".join(self._named(*pair, place, schema) for pair in self._in_order(value, schema, ("known",)))
        if isinstance(value, list):
            items = self._resolved(self._resolved(schema).get("items", {}))
            return ", ".join(self._line(item, (*place, at), items) for at, item in enumerate(value))
        return self._word(value, place, schema)

    def _word(self, value: Any, place: Pointer, schema: Mapping[str, Any]) -> str:
        link = self._places.get((self._record.ref, place))
        if link is not None:
            target = posixpath.relpath(f"{link.target}.md", self._record.kind)
            return f"[{_plain(label(self._corpus, link.target))}]({target})"
        if isinstance(value, bool):
            return "yes" if value else "no"
        text = str(value)
        if tuple("*" if isinstance(step, int) else step for step in place) in self._dates:
            return dates.in_words(text)
        if text.startswith(("https://", "http://")):
            return f"<{text}>"
        return _words(text) if "enum" in schema or "pattern" in schema else _plain(text)
