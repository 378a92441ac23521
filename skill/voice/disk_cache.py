"""Clips on disk: for later sessions, private (they may reveal something about the user), and bounded in size."""

import contextlib
import hashlib
import json
import logging
import os
import re
import tempfile
import time
from collections.abc import Collection
from pathlib import Path

import soundfile

from skill.audio import wav
from skill.audio.blocks import SAMPLE_RATE, Samples
from skill.errors import AudioError, SkillError
from skill.voice import trimming

MAX_BYTES = 200_000_000
"""The static prompts of the shipped routines take 16 MB in one voice at one rate: room for a dozen of those."""

_KEPT_SHARE = 0.9
"""Share of the bound that an eviction leaves, so that not every new clip needs one."""

_CHECKED_SHARE = 0.05
"""Clips are added up to this share of the bound before the folder is checked again."""

_PART_AGE_S = 3600
"""A clip that was begun longer ago is not being written any more: its process was killed."""

_PERSONAL, _IMPERSONAL = "personal-", "impersonal-"
_NAME = re.compile(rf"({_PERSONAL}|{_IMPERSONAL})[0-9a-f]{{64}}\.flac")
_PATTERNS = ("*.flac", "*.part")

_logger = logging.getLogger(__name__)


class DiskCache:
    """The clips of one voice in a folder that other voices and other processes may use at the same time.

    A clip is found by line, rate (words a minute), voice, engine with its version, and version of trimming.
    """

    def __init__(
        self,
        folder: Path,
        engine: str,
        voice: str,
        impersonal: Collection[str] = (),
        max_bytes: int = MAX_BYTES,
    ):
        """Take a folder, which need not exist. `impersonal`: lines whose clips `delete_personal_clips` leaves."""
        self._folder = folder
        self._engine = engine
        self._voice = voice
        self._impersonal = frozenset(impersonal)
        self._max_bytes = max_bytes
        self._unchecked_bytes = max_bytes  # what stands there already was not looked at
        with contextlib.suppress(OSError):
            _make_private(folder)

    def has(self, line: str, rate: int) -> bool:
        """Return whether there is a clip; it may be damaged."""
        return self._path(line, rate).is_file()

    def read(self, line: str, rate: int) -> Samples | None:
        """Return a clip, which is then the most recently used; None if there is none, or a damaged one."""
        path = self._path(line, rate)
        if not path.is_file():
            return None
        try:
            clip = wav.read(path)
        except AudioError:
            return None
        self.touch(line, rate)
        return clip

    def touch(self, line: str, rate: int) -> bool:
        """Make a clip the most recently used; return whether there is one."""
        try:
            os.utime(self._path(line, rate))
        except OSError:
            return False
        return True

    def write(self, line: str, rate: int, samples: Samples) -> None:
        """Keep a clip for later sessions; a full disk or a folder that cannot be written is no reason to stop."""
        path = self._path(line, rate)
        part: Path | None = None
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _make_private(self._folder)
            handle, name = tempfile.mkstemp(".part", path.stem, self._folder)  # nobody else may read it
            os.close(handle)
            part = Path(name)
            soundfile.write(part, samples, SAMPLE_RATE, format="FLAC", subtype="PCM_16")
            self._unchecked_bytes += part.stat().st_size
            part.replace(path)
        except (OSError, soundfile.SoundFileError, AssertionError):  # soundfile asserts that everything was written
            if part:
                with contextlib.suppress(OSError):
                    part.unlink()

    def is_personal(self, line: str) -> bool:
        """Return whether a line may reveal what the user has told the coach."""
        return line not in self._impersonal

    @property
    def is_eviction_due(self) -> bool:
        """Whether the folder may have grown beyond its bound since `evict` looked at it."""
        return self._unchecked_bytes > _CHECKED_SHARE * self._max_bytes

    def evict(self) -> None:
        """Bring the folder below its bound: the least recently used clips are deleted, of whatever voice.

        What no version of this program will read again is deleted in any case: clips under names of an older scheme,
        and what is left of writing one. Takes some 30 ms for a thousand clips.
        """
        self._unchecked_bytes = 0
        clips = sorted(_sweep(self._folder))
        size = sum(clip_bytes for _, clip_bytes, _ in clips)
        if size <= self._max_bytes:
            return
        for _, clip_bytes, path in clips:
            if size <= _KEPT_SHARE * self._max_bytes:
                break
            _unlink(path, "evicted")
            size -= clip_bytes

    def _path(self, line: str, rate: int) -> Path:
        key = json.dumps([line, rate, self._voice, self._engine, trimming.VERSION])
        name = hashlib.sha256(key.encode()).hexdigest()
        return self._folder / f"{_PERSONAL if self.is_personal(line) else _IMPERSONAL}{name}.flac"


def delete_personal_clips(folder: Path) -> None:
    """Delete the clips that may reveal what the user has told the coach. Raises SkillError if that fails."""
    try:
        for path in [path for pattern in _PATTERNS for path in folder.glob(pattern)]:
            if not path.name.startswith(_IMPERSONAL) and not path.is_dir():
                path.unlink(missing_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SkillError(
            f"{folder}: speech that may tell about your body cannot be deleted ({reason}); delete this folder by hand."
        ) from error


def _sweep(folder: Path) -> list[tuple[int, int, Path]]:
    """Delete what is of no use; return last use (ns), size (bytes) and path of each clip.

    Another process may delete the same files, or add some, at the same time.
    """
    clips = []
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                if not entry.is_file(follow_symlinks=False):
                    continue
                stat = entry.stat(follow_symlinks=False)
                if _NAME.fullmatch(entry.name):
                    clips.append((stat.st_mtime_ns, stat.st_size, Path(entry.path)))
                elif entry.name.endswith(".flac"):
                    _unlink(Path(entry.path), "of an older version, deleted")
                elif entry.name.endswith(".part") and time.time() - stat.st_mtime > _PART_AGE_S:
                    _unlink(Path(entry.path), "never finished, deleted")
    return clips


def _unlink(path: Path, reason: str) -> None:
    try:
        path.unlink()
    except OSError:  # another process was faster, or reads it where open files cannot be deleted
        return
    _logger.info("clip %s: %s", reason, path.name)


def _make_private(folder: Path) -> None:
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)
