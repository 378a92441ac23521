"""Keeps what is made louder from being cut off at full scale: a peak limiter with a look ahead of one block."""

import numpy as np
from numpy.typing import NDArray

from skill.audio.blocks import BLOCK_SIZE

CEILING = 32767.0

RELEASE_DB = 0.5
"""By how much the level comes back in a block: faster would be heard as distortion, slower as a hole in the sound."""


class Limiter:
    """Turns a signal down before its peaks come, in even ramps. What does not pass the ceiling stays as it is."""

    def __init__(self) -> None:
        self._gain = 1.0

    def rest(self) -> None:
        """Forget what was loud: nothing plays."""
        self._gain = 1.0

    def process(self, block: NDArray[np.float32], following: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return a block of BLOCK_SIZE samples (int16 scale) turned down as far as it and the `following` one need.

        At any rate nothing passes the ceiling; a step in the level is heard only where the following block was not
        what it was said to be.
        """
        now, then = _allowed(block), _allowed(following)
        start = min(self._gain, now)
        end = min(start * 10 ** (RELEASE_DB / 20), now, then)
        self._gain = end
        if start == end == 1.0:
            return block
        return np.asarray(block * np.linspace(start, end, BLOCK_SIZE, dtype=np.float32))


def _allowed(samples: NDArray[np.float32]) -> float:
    """Return the largest gain, at most 1, that keeps samples below the ceiling."""
    return min(1.0, CEILING / max(1.0, float(np.abs(samples).max(initial=0.0))))
