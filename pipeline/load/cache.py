"""Parsed records by the digest of their bytes: saves time, never changes a result.

Records used in a run are kept and others dropped, so that the files do not grow for ever. They lie in
sixteen files, by the last figure of the key, so that one changed record has one of them written anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline import checked_file


class ParseCache:
    """Data by key. `engine` names everything that reading depends on; another engine starts anew."""

    def __init__(self, path: Path, engine: str) -> None:
        self._parts = {figure: _Part(path.with_name(f"{path.stem}-{figure}.json"), engine) for figure in "0123456789abcdef"}

    def __len__(self) -> int:
        return sum(len(part.stored) for part in self._parts.values())

    def get(self, key: str) -> Any:
        """The data kept under a key, or None."""
        part = self._parts[key[-1]]
        data = part.stored.get(key)
        if data is not None:
            part.used[key] = data
        return data

    def put(self, key: str, data: Any) -> None:
        """Keeps data for the next run."""
        part = self._parts[key[-1]]
        part.used[key] = data
        part.grew = True

    def save(self) -> None:
        """Writes what this run used, where that differs from what is stored."""
        for part in self._parts.values():
            part.save()


class _Part:
    """One of the files."""

    def __init__(self, path: Path, engine: str) -> None:
        self._path = path
        self._engine = engine
        kept = checked_file.read(path)
        records = kept.get("records") if isinstance(kept, dict) and kept.get("engine") == engine else None
        self.stored: dict[str, Any] = records if isinstance(records, dict) else {}
        self.used: dict[str, Any] = {}
        self.grew = False

    def save(self) -> None:
        if self.grew or len(self.used) != len(self.stored):
            checked_file.write(self._path, {"engine": self._engine, "records": self.used})
