"""The room that reads: schema files and record files become Kinds and Records, or Diagnostics.

May use yaml and read the disk. Knows nothing of JSON Schema's meaning, of links, of law.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.load.cache import ParseCache
from pipeline.load.events import read
from pipeline.load.files import SeedFile, decode, find, read_bytes
from pipeline.load.schemas import load_kinds
from pipeline.load.syntax import Finding
from pipeline.model import Corpus, Diagnostic, Kind, Position, Record, values_at
from pipeline.workers import worker_count, worker_pool

__all__ = ["load"]

#: Fewer files than this are parsed in this process: starting workers costs more.
MANY = 400
_CHUNK = 100
#: What reading one file gives: its record unless it was set aside, what was found, and whether it had to be parsed (1 or 0).
_Read = tuple[Record | None, list[Finding], int]
#: What workers read, inherited as they are forked.
_shared: tuple[list[SeedFile], Mapping[str, Kind], ParseCache | None] | None = None


def load(root: Path, shipped: Path, cache: ParseCache | None = None) -> Corpus:
    """The corpus of a root: kinds, records by reference, what was set aside, findings.

    `shipped` is the folder of files that come with depositary, used where the root lacks them.
    """
    kinds, schema_problems = load_kinds(root, shipped)
    diagnostics = [
        Diagnostic("Y130", problem.message, problem.path, help=problem.help, position=Position(problem.line, 1))
        for problem in schema_problems
    ]
    found = find(root, frozenset(kinds), frozenset(kind for problem in schema_problems for kind in problem.kinds))
    diagnostics += [_diagnostic(path, problem) for path, problem in found.problems]
    records: dict[str, Record] = {}
    rejected: dict[str, str] = {}
    parsed = 0
    for file, (record, findings, was_parsed) in zip(found.files, _read_all(found.files, kinds, cache), strict=True):
        ref = f"{file.kind}/{file.id}"
        first = records[ref].path if ref in records else rejected.get(ref)
        if first is not None:
            message = f"the id '{file.id}' is taken: {first} has it too"
            diagnostics.append(_diagnostic(file.path, Finding("Y120", message, "Rename one of the two files.", Position(1, 1))))
            # Which of the two others mean is not known: neither is judged, and what follows from either is no second mistake.
            records.pop(ref, None)
            rejected[ref] = first
            continue
        parsed += was_parsed
        diagnostics += [_diagnostic(file.path, finding) for finding in findings]
        if record is None:
            rejected[ref] = file.path
        else:
            records[ref] = record
    for ref, path in found.aside.items():
        if ref not in records:
            rejected.setdefault(ref, path)
    counts = {"files": len(found.files), "parsed": parsed}
    return Corpus(kinds, records, rejected, diagnostics=tuple(diagnostics), counts=counts)


def _read_all(files: list[SeedFile], kinds: Mapping[str, Kind], cache: ParseCache | None) -> Iterator[_Read]:
    """Each file read, in order; over worker processes where there are many that no cache knows."""
    workers = worker_count()
    if workers < 2 or len(files) - (0 if cache is None else len(cache)) < MANY:
        yield from (_read_record(file, kinds[file.kind], cache) for file in files)
        return
    global _shared
    _shared = (files, kinds, cache)
    spans = [(start, start + _CHUNK) for start in range(0, len(files), _CHUNK)]
    try:
        with worker_pool(workers) as pool:
            for span, results in zip(spans, pool.map(_read_span, spans), strict=True):
                for file, (record, findings, parsed) in zip(files[slice(*span)], results, strict=True):
                    if record is not None and cache is not None:
                        _keep(cache, _key(kinds[file.kind], record.digest), record, parsed)
                    yield record, findings, parsed
    finally:
        _shared = None


def _keep(cache: ParseCache, key: str, record: Record, parsed: int) -> None:
    """What a worker's copy of the cache learnt."""
    if parsed:
        cache.put(key, record.data)
    else:
        cache.get(key)


def _read_span(span: tuple[int, int]) -> list[_Read]:
    assert _shared is not None
    files, kinds, cache = _shared
    return [_read_record(file, kinds[file.kind], cache) for file in files[slice(*span)]]


def _key(kind: Kind, digest: str) -> str:
    return f"{kind.digest[:16]}{digest}"  # a bare year becomes text where this schema wants a date


def _read_record(file: SeedFile, kind: Kind, cache: ParseCache | None) -> _Read:
    content, problem = read_bytes(file.absolute)
    if problem is not None:
        return None, [problem], 0
    digest = hashlib.sha256(content).hexdigest()
    key = _key(kind, digest)
    data = cache.get(key) if cache is not None else None
    parsed = 0
    if data is None:
        text, problem = decode(content)
        if problem is not None:
            return None, [problem], 1
        data, findings = read(text)
        parsed = 1
        if findings:
            return None, findings, 1
        if cache is not None:
            cache.put(key, data)
        _years_to_text(data, kind)
    return Record(file.kind, file.id, file.path, data, digest), [], parsed


def _years_to_text(data: dict[str, object], kind: Kind) -> None:
    """A bare four-digit year is accepted where a date is expected: make it the text it stands for."""
    for pattern in kind.date_paths:
        for pointer, value in values_at(data, pattern):
            if type(value) is int and 1000 <= value <= 9999:
                parent: object = data
                for step in pointer[:-1]:
                    parent = parent[step]  # type: ignore[index]
                parent[pointer[-1]] = str(value)  # type: ignore[index]


def _diagnostic(path: str, finding: Finding) -> Diagnostic:
    return Diagnostic(finding.code, finding.message, path, help=finding.help, position=finding.position)
