"""Energy-based voice activity detection: whether a block of 20 ms stands out from the noise floor. Pure."""

import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from skill.audio.blocks import Block, check_block


@dataclass(frozen=True)
class VoiceActivitySettings:
    """Thresholds, and how the noise floor is tracked. Levels in dBFS."""

    rise_db: float = 7.0
    """Speech, or another sudden sound, is at least this far above the noise floor, dB ..."""

    quietest_db: float = -70.0
    """... and not below this level."""

    floor_blocks: int = 100
    """Window of the noise floor, in blocks: two seconds (minimum statistics, Martin 2001, simplified)."""

    floor_quantile: float = 0.0
    """The floor is this quantile of the levels in the window, 0 to 1; 0: their minimum."""

    smoothing_blocks: int = 3
    """Length of the moving average that smooths the levels first, in blocks."""

    start_floor_db: float | None = -55.0
    """Initial floor, for a file may begin with a word; None: the first level."""


class VoiceActivity:
    """Tracks the noise floor, and detects blocks that stand out from it.

    Takes blocks (`hear`), or levels if they are known already (`follow` and `is_voice`).
    """

    def __init__(self, settings: VoiceActivitySettings | None = None) -> None:
        self.settings = chosen = settings or VoiceActivitySettings()
        start = [] if chosen.start_floor_db is None else [chosen.start_floor_db]
        self._recent: deque[float] = deque(start * chosen.smoothing_blocks, maxlen=chosen.smoothing_blocks)
        self._levels: deque[float] = deque(start * chosen.floor_blocks, maxlen=chosen.floor_blocks)

    def hear(self, block: Block) -> bool:
        """Take the next block (BLOCK_SIZE samples of int16); return whether it stands out.

        Raises AudioFormatError for anything else: floats would look like silence.
        """
        check_block(block)
        level_db = level_without_rumble_db(block)
        self.follow(level_db)
        return self.is_voice(level_db)

    def follow(self, level_db: float) -> None:
        """Update the noise floor with the level of a block."""
        self._recent.append(level_db)
        self._levels.append(sum(self._recent) / len(self._recent))

    def is_voice(self, level_db: float) -> bool:
        """Return whether a level stands out from the noise floor."""
        return level_db > max(self.floor_db + self.settings.rise_db, self.settings.quietest_db)

    @property
    def floor_db(self) -> float:
        """The noise floor; there is one only after the first level, or with `start_floor_db`."""
        quantile = self.settings.floor_quantile
        if not quantile:
            return min(self._levels)
        return sorted(self._levels)[int(quantile * len(self._levels))]

    @property
    def blocks_followed(self) -> int:
        """Number of levels in the floor's window."""
        return len(self._levels)


def level_without_rumble_db(block: Block) -> float:
    """Return the level of a block, dBFS, without rumble below some 150 Hz (pre-emphasis); at least -100."""
    values = block.astype(np.float64)
    rise = values[1:] - 0.94 * values[:-1]
    mean = float(rise.sum()) / len(rise)
    power = max(float(rise @ rise) / len(rise) - mean * mean, 0.0) / 32768.0**2
    return 10 * math.log10(power + 1e-10)
