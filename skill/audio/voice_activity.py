"""Whether somebody speaks, judged by level over the noise floor. Pure; one block of 20 ms at a time."""

import math
from collections import deque

import numpy as np

from skill.audio.blocks import Block

FLOOR_BLOCKS = 100
"""Two seconds: the quietest moments in so long are the noise floor (minimum statistics, Martin 2001, simplified)."""

START_FLOOR_DB = -55.0
"""Taken for the floor until there is a better idea: a file may begin with a word."""

RISE_DB = 7.0
"""A block so much over the floor holds speech, or another sudden sound."""

QUIETEST_DB = -70.0
"""A block below this never counts."""


class VoiceActivity:
    """Follows the noise floor and tells which blocks stand out from it."""

    def __init__(self) -> None:
        self._levels: deque[float] = deque([START_FLOOR_DB] * FLOOR_BLOCKS, maxlen=FLOOR_BLOCKS)
        self._recent: deque[float] = deque([START_FLOOR_DB] * 3, maxlen=3)

    def hear(self, block: Block) -> bool:
        """Take the next block; tell whether it stands out."""
        level = level_without_rumble_db(block)
        self._recent.append(level)
        self._levels.append(sum(self._recent) / len(self._recent))
        return level > max(min(self._levels) + RISE_DB, QUIETEST_DB)


def level_without_rumble_db(block: Block) -> float:
    """Return the level of a block in dB relative to full scale, rumble below some 150 Hz taken off."""
    if len(block) < 2:
        return -100.0
    values = block.astype(np.float64)
    rise = values[1:] - 0.94 * values[:-1]
    mean = float(rise.sum()) / len(rise)
    power = max(float(rise @ rise) / len(rise) - mean * mean, 0.0) / 32768.0**2
    return 10 * math.log10(power + 1e-10)
