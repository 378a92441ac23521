"""A peak limiter that looks ahead by one block: amplified speech does not clip at full scale."""

import numpy as np
from numpy.typing import NDArray

from skill.audio.blocks import BLOCK_SIZE

CEILING = 32767.0
"""Largest sample, int16 scale."""

RELEASE_DB = 0.5
"""Recovery of the gain, dB a block: faster would sound like distortion, slower like a gap."""


class Limiter:
    """Lowers the gain before a peak, in linear ramps. Sound below the ceiling is not changed."""

    def __init__(self) -> None:
        self._gain = 1.0

    def rest(self) -> None:
        """Reset to full gain, because nothing plays."""
        self._gain = 1.0

    def process(self, block: NDArray[np.float32], following: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return a block of BLOCK_SIZE samples (int16 scale), with the gain that it and the `following` one need.

        Nothing exceeds the ceiling, even if another block follows; only in that case may the gain jump.
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
