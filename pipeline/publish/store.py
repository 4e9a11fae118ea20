"""The content-addressed store: finished pages and other files by the digest of their bytes, and which key made them.

A page's key covers everything it depends on, so a page under a known key need not be made
again. The store is input and may be damaged: a page is used only if its bytes match its name.
Files in it are read-only and never written through; the site's files are hard links to them.
Plain builds and builds for a chosen day keep an index each, so that neither forgets the other's pages.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from pathlib import Path

from pipeline import checked_file

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Store:
    """Files below a folder. `find` and `keep` name them by key; `put` adds one. `is_empty`: no build has left any."""

    def __init__(self, folder: Path, index: str = "plain") -> None:
        self._folder = folder
        self._index_path = folder / f"index-{index}.json"
        self._digests = _read_index(self._index_path)
        self._had = frozenset(self._digests.values())
        self.is_empty = not self._digests
        self._used: dict[str, str] = {}

    def path(self, digest: str) -> Path:
        """Where the bytes with this digest lie."""
        return self._folder / digest[:2] / digest[2:]

    def find(self, key: str) -> str | None:
        """The digest of the page made under a key, if its bytes are whole."""
        digest = self._digests.get(key)
        if digest is None or not self._is_whole(digest):
            return None
        self._used[key] = digest
        return digest

    def read(self, digest: str) -> bytes:
        """The bytes with this digest, which must be in the store."""
        return self.path(digest).read_bytes()

    def had(self, digest: str) -> bool:
        """Whether the last build had these bytes."""
        return digest in self._had

    def _is_whole(self, digest: str) -> bool:
        try:
            with open(self.path(digest), "rb") as file:
                return hashlib.sha256(file.read()).hexdigest() == digest
        except OSError:
            return False

    def put(self, content: bytes) -> str:
        """Writes bytes into the store and returns their digest. Safe from several processes at once."""
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(digest)
        if path.exists() and self._is_whole(digest):
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        try:
            temporary.write_bytes(content)
            os.chmod(temporary, 0o444)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
        return digest

    def keep(self, key: str, digest: str) -> None:
        """Remembers that a key makes these bytes."""
        self._used[key] = digest

    def save(self) -> None:
        """Writes the index of this run, and removes the files that only its last one had."""
        if self._used == self._digests:
            return
        checked_file.write(self._index_path, self._used)
        kept = {digest for path in self._folder.glob("index-*.json") for digest in _read_index(path).values()}
        for digest in self._had - kept:
            self.path(digest).unlink(missing_ok=True)


def _read_index(path: Path) -> dict[str, str]:
    stored = checked_file.read(path)
    entries = stored.items() if isinstance(stored, dict) else ()
    return {key: digest for key, digest in entries if isinstance(digest, str) and _DIGEST.fullmatch(digest)}


def link_or_copy(source: Path, destination: str) -> None:
    """Puts a file of the store into the site: a hard link where the file system allows it, else a copy."""
    try:
        os.link(source, destination)
    except OSError:
        shutil.copyfile(source, destination)
