"""Calendars (iCalendar, RFC 5545): dated acts, and what is scheduled or expected, as entries of whole days.

A name (UID) is made of the treaty and of what was done by whom, so a corrected day keeps it. SEQUENCE comes from
the records alone (derive/diary.py), DTSTAMP is the day the entry became known. The format is a few rules of
escaping and folding, which stand here; the library icalendar reads the files back in the tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from pipeline.export.addresses import address_of_row, host_of, plain, sentence, title_in_view
from pipeline.export.export import Export
from pipeline.render.pages import Book

#: A line is at most so many bytes long, its end left out.
_LINE = 75


def exports(book: Book) -> Iterator[Export]:
    """`calendar.ics`, and `<kind>/<id>.ics` for each record with entries."""
    diary = book.corpus.facts.site.get("diary", {})
    if diary.get("entries"):
        yield _export(book, "calendar.ics", book.site.name, diary["entries"])
    for ref, rows in sorted(diary.get("of", {}).items()):
        yield _export(book, f"{ref}.ics", str(book.cards[ref]["label"]), rows)


def _export(book: Book, path: str, title: str, rows: Sequence[Mapping[str, Any]]) -> Export:
    return Export(path, lambda: calendar(book, path, title, rows))


def calendar(book: Book, path: str, title: str, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The bytes of one calendar."""
    name = _text(title_in_view(book, title))
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Depositary//Depositary//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines += [f"NAME:{name}", f"X-WR-CALNAME:{name}"]
    for row in rows:
        lines += _event(book, path, row)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _event(book: Book, path: str, row: Mapping[str, Any]) -> Iterator[str]:
    """One entry. A whole day ends where the next begins, so its end is the day after its last."""
    end = date.fromisoformat(row["end"]) + timedelta(days=1)
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(row['id'])}@{host_of(book.site)}"
    yield f"DTSTAMP:{_day(row['stamp'])}T000000Z"
    yield f"SEQUENCE:{row['sequence']}"
    yield f"DTSTART;VALUE=DATE:{_day(row['start'])}"
    yield f"DTEND;VALUE=DATE:{_day(end.isoformat())}"
    yield f"SUMMARY:{_text(row['title'])}"
    words = " ".join(part for part in (sentence(row["when"]), row["text"]) if part)
    if words:
        yield f"DESCRIPTION:{_text(words)}"
    if book.site.url:
        yield f"URL:{address_of_row(book.site, path, row)}"
    yield f"STATUS:{'TENTATIVE' if row['tentative'] else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _day(text: str) -> str:
    return text.replace("-", "")


def _text(text: str) -> str:
    """A text value: on one line, and with what separates values escaped."""
    line = " ".join(plain(text).split())
    return line.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> bytes:
    """The line with its end, broken where it is too long and never inside a character."""
    data = line.encode("utf-8")
    parts, start = [], 0
    while len(data) - start > _LINE - (start > 0):
        end = start + _LINE - (start > 0)
        while data[end] & 0xC0 == 0x80:
            end -= 1
        parts.append(data[start:end])
        start = end
    return b"\r\n ".join([*parts, data[start:]]) + b"\r\n"
