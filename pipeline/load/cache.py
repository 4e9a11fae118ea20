"""Parsed records by the digest of their bytes: saves time, never changes a result.

Records used in a run are kept and others dropped, so that the file does not grow for ever.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline import checked_file


class ParseCache:
    """Data by key. `engine` names everything that reading depends on; another engine starts anew."""

    def __init__(self, path: Path, engine: str) -> None:
        self._path = path
        self._engine = engine
        stored = checked_file.read(path)
        records = stored.get("records") if isinstance(stored, dict) and stored.get("engine") == engine else None
        self._stored: dict[str, Any] = records if isinstance(records, dict) else {}
        self._used: dict[str, Any] = {}
        self._grew = False

    def __len__(self) -> int:
        return len(self._stored)

    def get(self, key: str) -> Any:
        """The data kept under a key, or None."""
        data = self._stored.get(key)
        if data is not None:
            self._used[key] = data
        return data

    def put(self, key: str, data: Any) -> None:
        """Keeps data for the next run."""
        self._used[key] = data
        self._grew = True

    def save(self) -> None:
        """Writes what this run used, where that differs from what is stored."""
        if self._grew or len(self._used) != len(self._stored):
            checked_file.write(self._path, {"engine": self._engine, "records": self._used})
