"""A voice that makes no sound: for typed conversations, and if there is no speech engine."""

from collections.abc import Iterable
from pathlib import Path

from skill.audio.blocks import SAMPLE_RATE, Samples, silence
from skill.voice.disk_cache import delete_personal_clips

WORD_S = 0.4
"""Duration of a spoken word, seconds."""


class SilentVoice:
    """A Voice whose clips are silence as long as speech would be."""

    def __init__(self, clips: Path | None = None) -> None:
        """`clips` is the folder in which the voice of other sessions keeps its clips."""
        self._speed = 1.0
        self._clips = clips

    def prepare(self, lines: Iterable[str]) -> None:
        """Nothing to do."""

    def prepare_answers(self, lines: Iterable[str]) -> None:
        """Nothing to do."""

    def pieces(self, line: str) -> tuple[str, ...]:
        """Return the line."""
        return (line,)

    def get(self, line: str) -> Samples | None:
        """Return silence of the length of the line."""
        return self.wait(line)

    def wait(self, line: str) -> Samples:
        """Return silence of the length of the line."""
        return silence(round(len(line.split()) * WORD_S / self._speed * SAMPLE_RATE))

    def set_speed(self, factor: float) -> None:
        """Let lines take more or less time."""
        self._speed = factor

    def delete_personal_clips(self) -> None:
        """Delete those that other sessions have kept."""
        if self._clips:
            delete_personal_clips(self._clips)

    def close(self) -> None:
        """Nothing to do."""
