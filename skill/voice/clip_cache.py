"""Clips of the coach's voice on disk, for their owner alone: what the coach says tells of who it is said to."""

import contextlib
import hashlib
import json
import os
from collections.abc import Collection
from pathlib import Path

import soundfile

from skill.audio import wav
from skill.audio.blocks import SAMPLE_RATE, Samples
from skill.errors import AudioError, SkillError

_LASTING = "fixed-"
"""How the names of clips begin that say the same to everybody."""

_PARTS = ("*.flac", "*.part")
"""Clips, and what is left of one that was being written when the coach was killed."""


class Clips:
    """A folder of clips of one voice, found by line and rate (words a minute)."""

    def __init__(self, folder: Path, voice: str, lasting: Collection[str] = ()):
        """Take the folder, which need not exist. `lasting` are the lines whose clips `forget_told` leaves."""
        self._folder = folder
        self._voice = voice
        self._lasting = frozenset(lasting)
        with contextlib.suppress(OSError):
            _make_private(folder)

    def has(self, line: str, rate: int) -> bool:
        """Tell whether there is a clip; it may be damaged."""
        return self._path(line, rate).is_file()

    def read(self, line: str, rate: int) -> Samples | None:
        """Return a clip; None where there is none, or a damaged one, which will be replaced."""
        path = self._path(line, rate)
        if not path.is_file():
            return None
        try:
            return wav.read(path)
        except AudioError:
            return None

    def keep(self, line: str, rate: int, samples: Samples) -> None:
        """Keep a clip for later sessions; a full disk or a folder that cannot be written is no reason to stop."""
        path = self._path(line, rate)
        part = path.with_suffix(f".{os.getpid()}.part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _make_private(self._folder)
            os.close(os.open(part, os.O_CREAT | os.O_WRONLY, 0o600))
            soundfile.write(part, samples, SAMPLE_RATE, format="FLAC", subtype="PCM_16")
            part.replace(path)
        except (OSError, soundfile.SoundFileError, AssertionError):  # soundfile asserts that everything was written
            with contextlib.suppress(OSError):
                part.unlink()

    def lasts(self, line: str) -> bool:
        """Tell whether a line says the same to everybody."""
        return line in self._lasting

    def _path(self, line: str, rate: int) -> Path:
        name = hashlib.sha256(json.dumps([line, self._voice, rate]).encode()).hexdigest()
        return self._folder / f"{_LASTING if self.lasts(line) else ''}{name}.flac"


def forget_told(folder: Path) -> None:
    """Delete the clips that may tell what somebody has told the coach. SkillError where that is not possible."""
    try:
        for path in [path for pattern in _PARTS for path in folder.glob(pattern)]:
            if not path.name.startswith(_LASTING) and not path.is_dir():
                path.unlink(missing_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SkillError(
            f"{folder}: speech that may tell about your body cannot be deleted ({reason}); delete this folder by hand."
        ) from error


def _make_private(folder: Path) -> None:
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)
