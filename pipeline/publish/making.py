"""Making pages: finds which are missing from the store and renders those, over worker processes when there are many."""

from __future__ import annotations

import hashlib
import multiprocessing
import multiprocessing.connection
import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import jinja2

from pipeline.export import Export
from pipeline.publish.store import Store
from pipeline.render import Page, Renderer, page_input, page_key

#: Fewer missing pages than this are rendered in this process: starting workers costs more.
MANY = 400
_CHUNK = 100


@dataclass(frozen=True, slots=True)
class Made:
    """Pages by path with the digest of their bytes, and how many were rendered."""

    digests: dict[str, str]
    rendered: tuple[str, ...]


class PageFailed(Exception):
    """A template could not make a page; the message names both."""


def make_pages(
    renderer: Renderer, store: Store, engine: str, workers: int, progress: Callable[[int, int], None] | None = None
) -> Made:
    """Every page of the book, made now or found in the store."""
    digests: dict[str, str] = {}
    missing: list[tuple[Page, str]] = []
    for page in renderer.book.pages:
        key = page_key(engine, page, page_input(renderer.book, page))
        digest = store.find(key)
        if digest is None:
            missing.append((page, key))
        else:
            digests[page.path] = digest
    for done, (page, key, digest) in enumerate(_rendered(renderer, store, missing, workers), start=1):
        store.keep(key, digest)
        digests[page.path] = digest
        if progress is not None:
            progress(done, len(missing))
    return Made(digests, tuple(page.path for page, _ in missing))


def make_exports(exports: Iterable[Export], store: Store, engine: str) -> dict[str, str]:
    """The digest of every export's bytes by its path, made now or, where it has a key, found in the store."""
    digests = {}
    for export in exports:
        key = hashlib.sha256(f"{engine} {export.path} {export.key}".encode()).hexdigest() if export.key else ""
        digest = store.find(key) if key else None
        if digest is None:
            digest = store.put(export.make())
        store.keep(key or digest, digest)
        digests[export.path] = digest
    return digests


def _rendered(renderer: Renderer, store: Store, missing: list[tuple[Page, str]], workers: int):  # type: ignore[no-untyped-def]
    if workers < 2 or len(missing) < MANY or "fork" not in multiprocessing.get_all_start_methods():
        for page, key in missing:
            yield page, key, _make(renderer, store, page)
        return
    global _shared
    _shared = (renderer, store, missing)  # inherited by the workers as they are forked: pages never travel, only digests
    context = multiprocessing.get_context("fork")
    spans = [(start, min(start + _CHUNK, len(missing))) for start in range(0, len(missing), _CHUNK)]
    try:
        with ProcessPoolExecutor(workers, mp_context=context, initializer=_end_with_the_build) as pool:
            for span, results in zip(spans, pool.map(_make_span, spans), strict=True):
                for (page, key), digest in zip(missing[slice(*span)], results, strict=True):
                    yield page, key, digest
    finally:
        _shared = None


_shared: tuple[Renderer, Store, list[tuple[Page, str]]] | None = None


def _end_with_the_build() -> None:
    """Lets a worker end when the build is killed: it would wait for work for ever, and hold the build's locks."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait_and_end, args=(parent.sentinel,), daemon=True).start()


def _wait_and_end(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)


def _make_span(span: tuple[int, int]) -> list[str]:
    assert _shared is not None
    renderer, store, missing = _shared
    return [_make(renderer, store, page) for page, _ in missing[slice(*span)]]


def _make(renderer: Renderer, store: Store, page: Page) -> str:
    data = page_input(renderer.book, page)
    try:
        html = renderer.render(page, data)
    except Exception as error:  # whatever a template does wrong is a finding about the template
        place = f"{error.name}:{error.lineno}: " if isinstance(error, jinja2.TemplateSyntaxError) else ""
        what = str(error) if isinstance(error, jinja2.TemplateError) else f"{type(error).__name__}: {error}"
        raise PageFailed(f"{page.path} cannot be made from {page.templates[0]}: {place}{what[:400]}") from error
    return store.put(html.encode("utf-8"))


def default_workers() -> int:
    """As many as this process may use processors."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
