"""One treaty of 200 parties and 1,000 acts: how long its facts, its findings and its page take.

    python -m bench.large_treaty

The peer is PyYAML's C loader reading the same treaty's file, and doing nothing with it.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from pipeline.derive import derive
from pipeline.export import all_paths
from pipeline.link import link
from pipeline.load import load
from pipeline.model import Corpus, Record, View
from pipeline.render import Book, Page, Renderer, Site, open_book, page_input
from pipeline.rules import check
from pipeline.validate import validate

PARTIES, ACTS = 200, 1000
_SIGNATORIES = 150
_FIRST = date(1990, 1, 1)
_ROOT = Path(__file__).resolve().parent.parent
TODAY = date(2026, 1, 1)


def large_treaty() -> dict[str, Any]:
    """The treaty's record: signatures, deposits and accessions, reservations, objections, suspensions, notices."""
    states = [f"state-{number:03}" for number in range(PARTIES)]
    acts: list[dict[str, Any]] = [{"act": "signature", "date": "1990-01-01", "parties": states[:_SIGNATORIES]}]
    for number, state in enumerate(states):
        consent = (_FIRST + timedelta(days=30 + 20 * number)).isoformat()
        acts.append({"act": "deposit" if number < _SIGNATORIES else "accession", "party": state, "date": consent})
        acts.append({"act": "reservation", "party": state, "date": consent, "note": "Not for its islands."})
        later = [(_FIRST + timedelta(days=days + number)).isoformat() for days in (8000, 9000, 9500, 10000)]
        acts.append({"act": "objection", "party": state, "against": states[number * 7 % PARTIES], "date": later[0]})
        acts.append({"act": "declaration", "party": state, "date": later[1], "note": "It accepts the court."})
        if number % 4:
            acts.append({"act": "suspension", "between": [state, states[(number + 1) % PARTIES]], "date": later[2]})
        else:
            acts.append({"act": "notice-of-withdrawal", "party": state, "date": later[3]})
    return {
        "name": "Treaty of the many",
        "form": "multilateral",
        "parties": [
            {"party": state, **({} if number < _SIGNATORIES else {"signatory": False})} for number, state in enumerate(states)
        ],
        "acts_on_record": "complete",
        "entry_into_force": {"rule": "count", "count": 60, "of": "signatories", "sources": ["gazette"]},
        "duration": {"kind": "indefinite", "exit": {"notice_months": 12}, "sources": ["gazette"]},
        "actions": [{**act, "sources": ["gazette"]} for act in acts[:ACTS]],
        "sources": ["gazette"],
    }


def large_world() -> Corpus:
    """The treaty with its states and its one source, validated and linked."""
    records = {
        "source/gazette": {"title": "The Gazette", "publisher": "The Gazette", "class": "press"},
        "treaty/many": large_treaty(),
        **{f"organization/state-{n:03}": {"name": f"State {n}", "type": "state"} for n in range(PARTIES)},
    }
    found = {}
    for ref, data in records.items():
        kind, _, identifier = ref.partition("/")
        found[ref] = Record(kind, identifier, f"seeds/{ref}.yaml", data)
    return link(validate(Corpus(load(_ROOT, _ROOT).kinds, found)))


def large_page(corpus: Corpus) -> str:
    """The treaty's page. `corpus` carries its facts."""
    book = open_book(corpus, Site())
    page = next(page for page in book.pages if page.ref == "treaty/many")
    return render_with(book)(page, page_input(book, page))


def render_with(book: Book) -> Callable[[Page, Mapping[str, Any]], str]:
    """What makes a page of a book, outside a build."""
    files = frozenset((*_assets(), *all_paths(book)))
    return Renderer(book, [_ROOT / "templates", _ROOT / "site" / "theme"], files).render


def _assets() -> list[str]:
    theme = _ROOT / "site" / "theme"
    return [path.relative_to(theme).as_posix() for path in theme.rglob("*") if path.is_file()]


def _seconds(work: Callable[[], object]) -> float:
    times = []
    for _ in range(5):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def main() -> None:
    """Print the table."""
    corpus = large_world()
    derived = derive(corpus, View.on(TODAY))
    text = yaml.safe_dump(large_treaty(), allow_unicode=True)
    plain = _seconds(lambda: yaml.load(text, Loader=yaml.CSafeLoader))
    sizes = f"{len(text) // 1024} KB; its page {len(large_page(derived)) // 1024} KB"
    print(f"\nOne treaty of {PARTIES} parties and {ACTS} acts ({sizes})")
    print(f"{'':<28}{'ms':>8}{'to reading its file':>22}")
    rows = {
        "PyYAML's C loader": plain,
        "its facts": _seconds(lambda: derive(corpus, View.on(TODAY))),
        "its findings": _seconds(lambda: check(derived, TODAY)),
        "its page": _seconds(lambda: large_page(derived)),
    }
    for name, seconds in rows.items():
        print(f"{name:<28}{1000 * seconds:>8.0f}{seconds / plain:>21.1f}x")


if __name__ == "__main__":
    main()
