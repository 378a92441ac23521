"""Synthetic speakers: all installed English voices of the engines in speech_engines.py."""

import hashlib
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.data.speech_engines import ENGINES
from skill.audio import wav
from skill.audio.blocks import Samples
from skill.errors import AudioError, SynthesisError
from skill.system import cache_folder

THRESHOLD = 40
"""Samples below this at either end are cut off, so that a clip ends where its speech ends. Full scale is 32768."""


@dataclass(frozen=True)
class Speaker:
    """A voice of a speech engine."""

    engine: str
    voice: str

    @property
    def name(self) -> str:
        """Return the name used in tables and for the split."""
        return f"{self.engine} {self.voice}"

    def say(self, text: str, speed: float, cache: Path) -> Samples:
        """Return text spoken, silence at its ends cut off; kept in `cache`.

        `speed` is relative to the voice's own (1.2: faster). Raises SynthesisError if the engine fails.
        """
        render([(self, text, speed)], cache)
        return wav.read(self._kept(text, speed, cache))

    def has_said(self, text: str, speed: float, cache: Path) -> bool:
        """Return whether this is in `cache`."""
        return self._kept(text, speed, cache).is_file()

    def _kept(self, text: str, speed: float, cache: Path) -> Path:
        key = hashlib.sha256(f"{self.name} {speed:.2f} {text}".encode()).hexdigest()[:16]
        return cache / self.name.replace(" ", "-") / f"{key}.wav"

    def render(self, texts: Iterable[str], speed: float, cache: Path) -> None:
        """Speak texts that are not yet in `cache`."""
        missing = [text for text in dict.fromkeys(texts) if not self.has_said(text, speed, cache)]
        with tempfile.TemporaryDirectory() as folder:
            files = ENGINES[self.engine].render(self.voice, missing, speed, Path(folder))
            for text, file in zip(missing, files, strict=True):
                kept = self._kept(text, speed, cache)
                kept.parent.mkdir(parents=True, exist_ok=True)
                wav.write(kept, self._sound(file, text))

    def _sound(self, file: Path, text: str) -> Samples:
        try:
            return _trimmed(wav.read(file))
        except AudioError as error:
            raise SynthesisError(f'{self.name} did not speak "{text}" ({error}).') from error


def render(jobs: Iterable[tuple[Speaker, str, float]], cache: Path) -> None:
    """Speak whatever of these (speaker, text, speed) is not yet in `cache`, many sentences at a time."""
    batches: dict[tuple[Speaker, float], list[str]] = {}
    for speaker, text, speed in jobs:
        if not speaker.has_said(text, speed, cache):
            batches.setdefault((speaker, speed), []).append(text)
    for (speaker, speed), texts in batches.items():
        speaker.render(texts, speed, cache)


def kept_speech() -> Path:
    """Return the default folder in which synthetic speech is kept."""
    return cache_folder() / "bench"


def speakers() -> list[Speaker]:
    """Return all installed voices."""
    return [Speaker(name, voice) for name, engine in ENGINES.items() for voice in engine.voices()]


def _trimmed(samples: Samples) -> Samples:
    loud = np.flatnonzero(np.abs(samples) > THRESHOLD)
    return samples[loud[0] : loud[-1] + 1] if len(loud) else samples
