"""A JSON value in a file under its own SHA-256: a cache that may be damaged and never lies.

What does not match its digest is as if it were not there. Writing replaces the file in one
step; a full disk costs time at the next run, not correctness.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import Any


def read(path: Path) -> Any:
    """The value in the file, or None where there is none that can be trusted."""
    try:
        digest, _, body = path.read_bytes().partition(b"\n")
        return json.loads(body) if digest.decode() == hashlib.sha256(body).hexdigest() else None
    except (OSError, ValueError, RecursionError):
        return None


def write(path: Path, value: Any) -> None:
    """Puts the value in the file. An I/O error leaves the old file, or none."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        os.replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
