"""Making pages and other files: finds what is missing from the store and makes that; pages over workers where many are."""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import jinja2

from pipeline.export import Bundle, Checksums, Export
from pipeline.publish.store import Store
from pipeline.render import Page, Renderer, page_input, page_key
from pipeline.workers import worker_pool

#: Fewer missing pages than this are rendered in this process: starting workers costs more.
MANY = 400
_CHUNK = 100


@dataclass(frozen=True, slots=True)
class Made:
    """Pages by path with the digest of their bytes, and the paths of those that were rendered."""

    digests: dict[str, str]
    rendered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MadeExports:
    """Files that are no pages, by path with the digest of their bytes; and by exporter those that the last build did not have."""

    digests: dict[str, str]
    fresh: dict[str, tuple[str, ...]]


class PageFailed(Exception):
    """A template could not make a page; the message names both."""


def make_pages(
    renderer: Renderer, store: Store, engine: str, workers: int, progress: Callable[[int, int], None] | None = None
) -> Made:
    """Every page of the book, made now or found in the store."""
    digests: dict[str, str] = {}
    missing: list[tuple[Page, str]] = []
    for page in renderer.book.pages:
        # Where there is nothing to find, the key is made with the page.
        key = "" if store.is_empty else page_key(engine, renderer.book, page, page_input(renderer.book, page))
        digest = store.find(key) if key else None
        if digest is None:
            missing.append((page, key))
        else:
            digests[page.path] = digest
    for done, (page, key, digest) in enumerate(_rendered(renderer, store, engine, missing, workers), start=1):
        store.keep(key, digest)
        digests[page.path] = digest
        if progress is not None:
            progress(done, len(missing))
    return Made(digests, tuple(page.path for page, _ in missing))


def make_exports(exports: Iterable[tuple[str, Export | Bundle | Checksums]], store: Store, engine: str) -> MadeExports:
    """Every export, made now or, where it has a key, found in the store. Each comes with its exporter's word."""
    digests: dict[str, str] = {}
    fresh: dict[str, list[str]] = {}
    for word, export in exports:
        if isinstance(export, Bundle):
            made = _bundle(export, store, engine)
        elif isinstance(export, Checksums):
            made = {export.path: _export(Export(export.path, partial(export.make, digests)), store, engine)}
        else:
            made = {export.path: _export(export, store, engine)}
        digests |= made
        fresh.setdefault(word, []).extend(path for path, digest in made.items() if not store.had(digest))
    return MadeExports(digests, {word: tuple(paths) for word, paths in fresh.items()})


def _export(export: Export, store: Store, engine: str) -> str:
    key = _key_of(engine, export.path, export.key) if export.key else ""
    digest = store.find(key) if key else None
    if digest is None:
        digest = store.put(export.make())
    store.keep(key or digest, digest)
    return digest


def _bundle(bundle: Bundle, store: Store, engine: str) -> dict[str, str]:
    """The digests of a bundle's files by their paths. The store keeps this list too, under the bundle's key."""
    key = _key_of(engine, bundle.name, bundle.key)
    listed = store.find(key)
    if listed is not None:
        found = _files_of(bundle, store.read(listed))
        if found and all(store.find(digest) == digest for digest in found.values()):
            return found
    made = {export.path: _export(export, store, engine) for export in bundle.make()}
    store.keep(key, store.put(json.dumps(made).encode()))
    return made


def _files_of(bundle: Bundle, listed: bytes) -> dict[str, str]:
    """The list of a bundle's files, if it is one: no more than a cache, it may name no place but the bundle's folder."""
    try:
        found = json.loads(listed)
    except ValueError:
        return {}
    folder = f"{bundle.name}/"
    whole = isinstance(found, dict) and all(
        path.startswith(folder) and posixpath.normpath(path) == path and isinstance(digest, str) for path, digest in found.items()
    )
    return found if whole else {}


def _key_of(engine: str, *parts: str) -> str:
    return hashlib.sha256(" ".join((engine, *parts)).encode()).hexdigest()


def _rendered(  # type: ignore[no-untyped-def]
    renderer: Renderer, store: Store, engine: str, missing: list[tuple[Page, str]], workers: int
):
    if workers < 2 or len(missing) < MANY:
        for page, key in missing:
            yield page, *_make(renderer, store, engine, page, key)
        return
    global _shared
    _shared = (renderer, store, engine, missing)  # inherited by the workers as they are forked: pages never travel, only digests
    spans = [(start, min(start + _CHUNK, len(missing))) for start in range(0, len(missing), _CHUNK)]
    try:
        with worker_pool(workers) as pool:
            for span, results in zip(spans, pool.map(_make_span, spans), strict=True):
                for (page, _), (key, digest) in zip(missing[slice(*span)], results, strict=True):
                    yield page, key, digest
    finally:
        _shared = None


_shared: tuple[Renderer, Store, str, list[tuple[Page, str]]] | None = None


def _make_span(span: tuple[int, int]) -> list[tuple[str, str]]:
    assert _shared is not None
    renderer, store, engine, missing = _shared
    return [_make(renderer, store, engine, page, key) for page, key in missing[slice(*span)]]


def _make(renderer: Renderer, store: Store, engine: str, page: Page, key: str) -> tuple[str, str]:
    """The page's key, which is made where it is not given, and the digest of its bytes."""
    data = page_input(renderer.book, page)
    key = key or page_key(engine, renderer.book, page, data)
    try:
        html = renderer.render(page, data)
    except Exception as error:  # whatever a template does wrong is a finding about the template
        place = f"{error.name}:{error.lineno}: " if isinstance(error, jinja2.TemplateSyntaxError) else ""
        what = str(error) if isinstance(error, jinja2.TemplateError) else f"{type(error).__name__}: {error}"
        raise PageFailed(f"{page.path} cannot be made from {page.templates[0]}: {place}{what[:400]}") from error
    return key, store.put(html.encode("utf-8"))
