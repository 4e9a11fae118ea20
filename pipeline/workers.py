"""Worker processes: they inherit what lies in memory as they are forked, and end with the process that started them."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import threading
from concurrent.futures import ProcessPoolExecutor


def worker_count(wanted: int = 0) -> int:
    """How many processes work: as many as wanted, else as this one may use processors; one where none can be forked."""
    if "fork" not in multiprocessing.get_all_start_methods():
        return 1
    if wanted:
        return wanted
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def worker_pool(workers: int) -> ProcessPoolExecutor:
    """A pool of forked processes. What they are to work on is best left in a variable: nothing but results then travels."""
    context = multiprocessing.get_context("fork")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_end_with_the_parent)


def _end_with_the_parent() -> None:
    """Lets a worker end when its parent is killed: it would wait for work for ever, and hold the build's locks."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait_and_end, args=(parent.sentinel,), daemon=True).start()


def _wait_and_end(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)
