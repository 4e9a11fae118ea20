"""How a record is cited: as CSL-JSON items, and these as BibTeX, RIS and plain text.

A kind whose records are documents says so in its schema: `x-cite` names the fields of the citation. Any other
record is cited as the page it has here, after the document it rests on. What only repeats another document
gives way to that one. No day of retrieval is written: it would be the clock's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from pipeline import dates
from pipeline.labels import label
from pipeline.link import resolve
from pipeline.model import Corpus, Link, Record, View

#: So many repetitions of one another are followed to the original.
_MOST_REPETITIONS = 5


def citation_items(corpus: Corpus, record: Record, links: Iterable[Link], site_name: str, permalink: str) -> list[dict[str, Any]]:
    """What to cite for a record as CSL-JSON, the original document first. `links` are those that leave it."""
    own = document(corpus, record)
    first = record if own else _first_document(corpus, links)
    original = _original(corpus, first) if first else None
    items = [document(corpus, original)] if original else []
    if own and original is not record:
        items.append(own)
    if not own:
        items.append(_page(corpus, record, site_name, permalink))
    return items


def document(corpus: Corpus, record: Record) -> dict[str, Any]:
    """A record that is itself a document; empty for any other."""
    fields = corpus.kinds[record.kind].cite
    if not fields:
        return {}
    item: dict[str, Any] = {"id": record.ref.replace("/", "-"), "type": fields.get("type", "document")}
    item["title"] = str(record.data.get(fields.get("title", ""), "")) or label(corpus, record.ref)
    for name in ("publisher", "URL", "language"):
        value = record.data.get(fields.get(name, ""))
        if value:
            item[name] = str(value)
    author = record.data.get(fields.get("author", ""))
    if author:
        item["author"] = [{"literal": str(author)}]
    issued = _issued(str(record.data.get(fields.get("issued", ""), "")))
    return {**item, "issued": issued} if issued else item


def _first_document(corpus: Corpus, links: Iterable[Link]) -> Record | None:
    """Of the documents a record cites the first one: those of the whole record go before those of a part."""
    cited = [link for link in links if link.target in corpus.records and corpus.kinds[corpus.records[link.target].kind].cite]
    cited.sort(key=lambda link: link.pointer.index("sources") if "sources" in link.pointer else len(link.pointer))
    return corpus.records[cited[0].target] if cited else None


def _original(corpus: Corpus, record: Record) -> Record:
    """The document that this one only repeats, as far as that is on record."""
    for _ in range(_MOST_REPETITIONS):
        field = corpus.kinds[record.kind].cite.get("original", "")
        value = record.data.get(field)
        found = corpus.records.get(resolve(str(value), (record.kind,)).partition("#")[0]) if value else None
        if found is None:
            break
        record = found
    return record


def _page(corpus: Corpus, record: Record, site_name: str, permalink: str) -> dict[str, Any]:
    item: dict[str, Any] = {"id": record.ref.replace("/", "-"), "type": "webpage", "title": label(corpus, record.ref)}
    item["container-title"] = site_name
    if permalink:
        item["URL"] = permalink
    note = as_of_words(corpus.facts.view)
    return {**item, "note": note} if note else item


def as_of_words(view: View | None) -> str:
    """The day that is shown, where a reader asked for one; nothing in a plain build."""
    if view is None or not view.explicit:
        return ""
    words = f"As of {dates.in_words(view.as_of.isoformat())}"
    return words if view.known_by == view.as_of else f"{words}, known by {dates.in_words(view.known_by.isoformat())}"


def _issued(text: str) -> dict[str, Any]:
    span = dates.parse(text)
    if span is None:
        return {}
    if span.precision == "interval":
        return {"literal": dates.in_words(text)}
    first = span.earliest
    parts = [first.year, first.month, first.day][: {"year": 1, "month": 2, "day": 3}[span.precision]]
    return {"date-parts": [parts], "circa": True} if span.mark else {"date-parts": [parts]}


def _date_parts(item: Mapping[str, Any]) -> list[int]:
    return list(item.get("issued", {}).get("date-parts", [[]])[0])


def _date_words(item: Mapping[str, Any]) -> str:
    issued = item.get("issued", {})
    parts = _date_parts(item)
    if not parts:
        return str(issued.get("literal", ""))
    words = dates.in_words("-".join(f"{part:02}" if place else f"{part:04}" for place, part in enumerate(parts)))
    return f"about {words}" if issued.get("circa") else words


def _author(item: Mapping[str, Any]) -> str:
    return "; ".join(name["literal"] for name in item.get("author", ()))


# Plain text


def as_text(item: Mapping[str, Any]) -> str:
    """One citation as a line of text."""
    author = _author(item)
    publisher = item.get("publisher", item.get("container-title", ""))
    where = ", ".join(part for part in (publisher if publisher != author else "", _date_words(item)) if part)
    parts = (author, f"“{item['title']}”", where, item.get("note", ""), item.get("URL", ""))
    return _one_line(". ".join(part for part in parts if part))


def _one_line(text: str) -> str:
    """The text without line ends or other control characters, which could begin a field of their own."""
    return " ".join(_CONTROL.sub(" ", text).split())


_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


# BibTeX


def as_bibtex(items: Iterable[Mapping[str, Any]]) -> str:
    """The citations as BibTeX entries."""
    return "\n".join(_bibtex(item) for item in items)


def _bibtex(item: Mapping[str, Any]) -> str:
    parts = _date_parts(item)
    fields = {
        "author": f"{{{_for_bibtex(_author(item))}}}" if item.get("author") else "",
        "title": f"{{{_for_bibtex(item['title'])}}}",
        "howpublished": _for_bibtex(item.get("publisher", item.get("container-title", ""))),
        "year": f"{parts[0]:04}" if parts else "",
        "month": str(parts[1]) if len(parts) > 1 else "",
        "day": str(parts[2]) if len(parts) > 2 else "",
        "url": quote(_one_line(item.get("URL", "")), safe=":/?#[]@!$&'()*+,;=%~"),
        "note": _for_bibtex(item.get("note", "") or ("" if parts else _date_words(item))),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return "@misc{" + ",\n".join([item["id"], *lines]) + "\n}\n"


#: Braces by name: BibTeX counts them to find the end of a value, those behind a backslash too.
_TEX = {"\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
_TEX |= {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_TEX |= {character: f"\\{character}" for character in "&%$#_"}


def _for_bibtex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in _one_line(text))


# RIS


def as_ris(items: Iterable[Mapping[str, Any]]) -> str:
    """The citations as RIS records."""
    return "".join(_ris(item) for item in items)


def _ris(item: Mapping[str, Any]) -> str:
    parts = _date_parts(item)
    day = "/".join(f"{part:02}" for part in parts[1:])
    fields = (
        ("TY", "ELEC"),
        ("ID", item["id"]),
        *(("AU", name["literal"]) for name in item.get("author", ())),
        ("TI", item["title"]),
        ("T2", item.get("container-title", "")),
        ("PB", item.get("publisher", "")),
        ("PY", f"{parts[0]:04}" if parts else ""),
        ("DA", f"{parts[0]:04}/{day}" if day else ""),
        ("LA", item.get("language", "")),
        ("UR", item.get("URL", "")),
        ("N1", item.get("note", "") or ("" if parts else _date_words(item))),
    )
    lines = [f"{tag}  - {_one_line(str(value))}" for tag, value in fields if value]
    return "\n".join([*lines, "ER  - ", ""])
