"""Checks at the first start whether the microphone is loud enough. Pure: it counts blocks and draws nothing."""

import numpy as np

from skill.audio.blocks import BLOCK_MS, Block, level_db
from skill.audio.levels import QUIET_SPEECH_DBFS, SILENT_DBFS

ASK = "Say hello, from where you will stretch, so that I can hear you."

TIMEOUT_MS = 8_000
"""Timeout for the user's "hello", milliseconds."""

ENOUGH_MS = 300
"""Minimum length of the user's "hello", milliseconds of speech."""

SPEECH_ABOVE_NOISE_DB = 12.0

_BAR_FROM, _BAR_TO, _BAR_WIDTH = -70.0, -10.0, 30
_CLIPPED, _CLIPPED_SHARE = 32_000, 0.02


class LevelCheck:
    """Takes blocks until the user has spoken or the time is over."""

    def __init__(self) -> None:
        self._levels: list[float] = []
        self._clipped = 0

    def hear(self, block: Block) -> None:
        """Take the next block of the microphone: 20 ms, 16 kHz mono int16."""
        self._levels.append(level_db(block))
        self._clipped += bool(np.mean(np.abs(block.astype(np.float64)) > _CLIPPED) > _CLIPPED_SHARE)

    @property
    def heard(self) -> bool:
        """Whether the user has been heard well enough."""
        return self._speech_ms(QUIET_SPEECH_DBFS) >= ENOUGH_MS

    @property
    def over(self) -> bool:
        """Whether there is nothing more to wait for."""
        return self.heard or len(self._levels) * BLOCK_MS >= TIMEOUT_MS

    @property
    def verdict(self) -> str:
        """The result in one sentence, with what to do."""
        loudest = max(self._levels, default=-100.0)
        if self._clipped * BLOCK_MS >= ENOUGH_MS:
            return "Too loud: your voice is cut off; turn the microphone down a little."
        if self.heard:
            return "I can hear you."
        if loudest < SILENT_DBFS:
            return "Too quiet: I hear nothing at all; unmute the microphone, or choose another one with --input."
        if self._speech_ms(SILENT_DBFS) >= ENOUGH_MS:
            return f"Too quiet: {loudest:.0f} dBFS at most; turn the microphone up, or come closer to it."
        return "I heard no voice; if you did say something, turn the microphone up, or come closer to it."

    def bar(self) -> str:
        """Return the current level as a bar."""
        level = max(self._levels[-10:], default=_BAR_FROM)
        share = min(max((level - _BAR_FROM) / (_BAR_TO - _BAR_FROM), 0.0), 1.0)
        filled = round(share * _BAR_WIDTH)
        return f"[{'#' * filled}{'-' * (_BAR_WIDTH - filled)}] {level:4.0f} dBFS"

    def _speech_ms(self, least: float) -> int:
        """Return the milliseconds that were louder than `least` (dBFS), and by SPEECH_ABOVE_NOISE_DB than the noise."""
        if not self._levels:
            return 0
        floor = float(np.percentile(self._levels, 10)) + SPEECH_ABOVE_NOISE_DB
        return BLOCK_MS * sum(level > max(least, floor) for level in self._levels)
