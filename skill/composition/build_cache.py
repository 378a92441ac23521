"""A disk cache of what takes long to compile, for a quick start. Its entries can always be made again."""

import contextlib
import hashlib
import importlib.metadata
import os
import sys
import tempfile
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

MAX_ENTRIES = 12
"""Maximum number of entries; if there are more, the oldest are deleted."""

_DIGEST_BYTES = hashlib.sha256().digest_size


class BuildCache:
    """Bytes by key, in one folder. A damaged entry counts as missing; errors in writing are ignored."""

    def __init__(self, folder: Path):
        self._folder = folder

    def read(self, key: str) -> bytes | None:
        """Return an entry; None if it is missing or damaged."""
        try:
            data = self._file(key).read_bytes()
        except OSError:
            return None
        digest, content = data[:_DIGEST_BYTES], data[_DIGEST_BYTES:]
        return content if hashlib.sha256(content).digest() == digest else None

    def write(self, key: str, content: bytes) -> None:
        """Write an entry atomically."""
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".", delete=False) as file:
                try:
                    file.write(hashlib.sha256(content).digest() + content)
                    file.close()
                    os.replace(file.name, self._file(key))
                except BaseException:
                    Path(file.name).unlink(missing_ok=True)  # it may have been moved already
                    raise
            self._prune()

    def _file(self, key: str) -> Path:
        return self._folder / f"{key}.built"

    def _prune(self) -> None:
        """Delete the oldest entries beyond MAX_ENTRIES, and temporary files of killed processes."""
        by_age = sorted(self._folder.glob("*.built"), key=lambda file: file.stat().st_mtime, reverse=True)
        left = [file for file in self._folder.glob(".*") if file.stat().st_mtime < by_age[0].stat().st_mtime - 3600]
        for file in (*by_age[MAX_ENTRIES:], *left):
            file.unlink(missing_ok=True)


def key_of(*inputs: bytes | str) -> str:
    """Return the key of something made from these inputs: SHA-256, hexadecimal."""
    digest = hashlib.sha256()
    for each in inputs:
        data = each.encode() if isinstance(each, str) else each
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()


def code_version(packages: Iterable[str], libraries: Iterable[str]) -> str:
    """Return a hash that changes whenever the source of these packages, the libraries or Python does."""
    sources = [
        file.read_bytes()
        for package in packages
        for file in sorted(files(package).iterdir(), key=lambda file: file.name)
        if file.name.endswith(".py")
    ]
    return key_of(sys.version, *map(importlib.metadata.version, libraries), *sources)
