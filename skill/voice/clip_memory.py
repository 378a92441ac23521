"""Clips in memory: a least-recently-used cache bounded by its number of samples."""

from collections.abc import Callable

from skill.audio.blocks import SAMPLE_RATE, Samples
from skill.voice.render_queue import ClipKey

MAX_SAMPLES = 10 * 60 * SAMPLE_RATE
"""Ten minutes of speech: 19 MB."""


class ClipMemory:
    """The clips of a session."""

    def __init__(self, max_samples: int = MAX_SAMPLES):
        self._max_samples = max_samples
        self._clips: dict[ClipKey, Samples] = {}  # the least recently used first
        self.samples = 0

    def __contains__(self, key: ClipKey) -> bool:
        return key in self._clips

    def get(self, key: ClipKey) -> Samples | None:
        """Return a clip, which is then the most recently used one; None if it is not there."""
        clip = self._clips.pop(key, None)
        if clip is not None:
            self._clips[key] = clip
        return clip

    def put(self, key: ClipKey, clip: Samples, is_protected: Callable[[ClipKey], bool]) -> list[ClipKey]:
        """Add a clip; return those that were evicted for it, never a protected one."""
        self._remove(key)
        self._clips[key] = clip
        self.samples += len(clip)
        evicted = []
        for candidate in list(self._clips):
            if self.samples <= self._max_samples:
                break
            if not is_protected(candidate):
                self._remove(candidate)
                evicted.append(candidate)
        return evicted

    def discard(self, unwanted: Callable[[ClipKey], bool]) -> None:
        """Remove the clips of lines for which `unwanted` is true."""
        for key in [key for key in self._clips if unwanted(key)]:
            self._remove(key)

    def _remove(self, key: ClipKey) -> None:
        clip = self._clips.pop(key, None)
        if clip is not None:
            self.samples -= len(clip)
