"""Several sources, one origin.

Two sources corroborate a fact only if each knows it for itself. Where all sources of a fact
relay one and the same report (`relays:`), or are that report, the fact rests on one source,
however many outlets carry it.

Cure: cite an independent source beside it; or keep the origin alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.model import WARNING, Corpus, Pointer, citations, values_at
from pipeline.rules.rule import Finding, records_of

CODE = "C424"
LEVEL = WARNING


def check(corpus: Corpus, day: date) -> Iterator[Finding]:
    """Facts with two sources or more that lead to one root."""
    relays = {record.id: record.data["relays"] for record in records_of(corpus, "source") if "relays" in record.data}
    if not relays:
        return
    for record in corpus.records.values():
        for pointer, sources in _source_lists(corpus, record.kind, record.data):
            cited = {citation["source"] for citation in citations(sources)}
            if len(cited) < 2 or any(f"source/{source}" not in corpus.records for source in cited):
                continue
            roots = {_root(source, relays) for source in cited}
            if len(roots) == 1:
                message = f"all {len(cited)} sources go back to one, '{roots.pop()}'"
                cure = "Cite an independent source beside it, or keep that one alone."
                yield Finding(record, pointer, message, cure, on_key=True)


def _source_lists(corpus: Corpus, kind: str, data: object) -> Iterator[tuple[Pointer, list[object]]]:
    for reference in corpus.kinds[kind].references:
        if reference.kinds == ("source",) and reference.pattern[-2:] == ("sources", "*"):
            yield from values_at(data, reference.pattern[:-1])


def _root(source: str, relays: dict[str, str]) -> str:
    """The source that one goes back to; of a circle, its first id in order."""
    seen: list[str] = []
    while source in relays and source not in seen:
        seen.append(source)
        source = relays[source]
    return min(seen[seen.index(source) :]) if source in seen else source
