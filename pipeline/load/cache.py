"""Parsed records by the digest of their bytes: saves time, never changes a result.

The cache is input and may be damaged: it is one JSON text under its own SHA-256, and
whatever does not match is as if it were not there. Records used in a run are kept, others
dropped, so that it does not grow for ever.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any


class ParseCache:
    """Data by digest. `engine` names everything that reading depends on; another engine starts anew."""

    def __init__(self, path: Path, engine: str) -> None:
        self._path = path
        self._engine = engine
        self._stored = self._read()
        self._used: dict[str, Any] = {}
        self._grew = False

    def _read(self) -> dict[str, Any]:
        try:
            content = self._path.read_bytes()
            digest, _, body = content.partition(b"\n")
            if digest.decode() != hashlib.sha256(body).hexdigest():
                return {}
            value = json.loads(body)
            return value["records"] if value["engine"] == self._engine else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}

    def get(self, digest: str) -> Any:
        """The data parsed from bytes with this digest, or None."""
        data = self._stored.get(digest)
        if data is not None:
            self._used[digest] = data
        return data

    def put(self, digest: str, data: Any) -> None:
        """Keeps data for the next run."""
        self._used[digest] = data
        self._grew = True

    def save(self) -> None:
        """Writes what this run used, where that differs from what is stored. A full disk is no error."""
        if not self._grew and len(self._used) == len(self._stored):
            return
        value = {"engine": self._engine, "records": self._used}
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        temporary = self._path.with_name(f"{self._path.name}.{os.getpid()}.tmp")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
            os.replace(temporary, self._path)
        except OSError:
            temporary.unlink(missing_ok=True)
