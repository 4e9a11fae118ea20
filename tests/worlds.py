"""Small worlds for tests: records written as YAML in a test, validated and linked like real ones, without a disk."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from textwrap import dedent

from pipeline import dates
from pipeline.derive import derive, project
from pipeline.link import link
from pipeline.load.events import read
from pipeline.load.schemas import load_kinds
from pipeline.model import Corpus, Kind, Record, View
from pipeline.validate import validate

PROJECT = Path(__file__).resolve().parent.parent


@cache
def kinds() -> dict[str, Kind]:
    """The project's own kinds."""
    found, problems = load_kinds(PROJECT, PROJECT)
    assert not problems
    return found


@cache
def day_of_the_records() -> date:
    """The day on which tests look at the project's own records: the last one that a source bears, and New Year 2026 at least.

    A clock would make a test say something else tomorrow, and a fixed day would refuse every record of what came after it.
    """
    written = re.compile(r"^date: *['\"]?([^'\"#\n]+)", re.MULTILINE)
    texts = [path.read_text(encoding="utf-8") for path in (PROJECT / "seeds" / "source").rglob("*.yaml")]
    spans = [dates.parse(match[1].strip()) for match in map(written.search, texts) if match]
    return max([date(2026, 1, 1), *(span.latest for span in spans if span and span.latest)])


def source_date_epoch(day: date) -> str:
    """A day as SOURCE_DATE_EPOCH has it: the seconds from 1970 to its beginning, in UTC."""
    return str((day - date(1970, 1, 1)).days * 24 * 60 * 60)


def world(records: dict[str, str]) -> Corpus:
    """A linked corpus of records by reference, each a YAML text. Refuses records that the rooms refuse."""
    found = {}
    for ref, text in records.items():
        kind, _, identifier = ref.partition("/")
        data, problems = read(dedent(text))
        assert not problems, problems
        found[ref] = Record(kind, identifier, f"seeds/{ref}.yaml", data)
    corpus = link(validate(Corpus(kinds(), found)))
    assert not corpus.diagnostics, corpus.diagnostics
    return corpus


def seen(corpus: Corpus, as_of: str, known_by: str = "") -> Corpus:
    """The corpus projected, linked and derived for a view."""
    view = View.on(date.fromisoformat(as_of), date.fromisoformat(known_by) if known_by else None, explicit=True)
    shown = project(corpus, view)
    return derive(shown if shown is corpus else link(shown), view)


#: Two states, a source for every day that a test may need, and one person.
BASICS = {
    "organization/aland": "name: Aland\ntype: state\n",
    "organization/beland": "name: Beland\ntype: state\n",
    "organization/celand": "name: Celand\ntype: state\n",
    "organization/aland-chamber": "name: Chamber of Aland\ntype: chamber\npart_of: aland\n",
    "source/undated": "title: Undated\npublisher: The Press\nclass: press\n",
    "source/day-2001-01-10": "title: The tenth\npublisher: The Press\nclass: press\ndate: 2001-01-10\n",
    "source/month-2001-01": "title: January\npublisher: The Press\nclass: press\ndate: 2001-01\n",
    "source/late-2005-05-05": "title: Years later\npublisher: The Press\nclass: press\ndate: 2005-05-05\n",
    "person/ann": (
        "name: Ann\noffices:\n  - {office: President, organization: aland, from: 2000-01-01, until: 2002-01-01, sources: [undated]}\n"
    ),
    "procedure/two-steps": (
        "name: Two steps\nsources: [undated]\nsteps:\n"
        "  - {id: submission, label: Submitted}\n"
        "  - {id: committee, label: Committee, after: [submission], optional: true}\n"
        "  - {id: vote, label: Vote, after: [submission], public: true, outcomes: [adopted, rejected]}\n"
        "  - {id: signing, label: Signing, after: [vote], completes: approval}\n"
    ),
}


def treaty(actions: str, *, rule: str = "exchange-of-instruments", record: str = "complete", parties: str = "", more: str = "") -> str:
    """A treaty's text with the given actions (YAML list items) and rule of entry into force."""
    listed = parties or "[{party: aland, procedure: two-steps}, {party: beland}]"
    head = f"name: A treaty\nform: bilateral\nparties: {listed}\nacts_on_record: {record}\nsources: [undated]\n"
    force = rule if rule.startswith("{") else "{rule: " + rule + "}"
    return f"{head}entry_into_force: {force}\n{more}actions:\n{dedent(actions)}" if actions else f"{head}entry_into_force: {force}\n{more}"
