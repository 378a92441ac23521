"""WebRTC's echo canceller as a second opinion on whether anybody but the coach speaks."""

from typing import Any

import numpy as np

from skill.audio.blocks import BLOCK_SIZE, SAMPLE_RATE, Samples
from skill.echo_control.array_types import Real
from skill.echo_control.residual_echo import BANDS


def _echo_canceller() -> Any:
    try:
        from pywebrtc_audio import EchoCanceller
    except ImportError:  # no wheel for this platform: the linear filter decides alone
        return None
    return EchoCanceller


EchoCanceller = _echo_canceller()


def available() -> bool:
    """Tell whether the library is there."""
    return EchoCanceller is not None


class Aec3:
    """Cancels with AEC3, whose suppressor also takes words: what it lets through is somebody's voice."""

    def __init__(self) -> None:
        self._canceller = EchoCanceller(SAMPLE_RATE, 1, 0)
        self._dither = np.random.default_rng(1).integers(-1, 2, BLOCK_SIZE).astype(np.int16)

    def process(self, near: Samples, far: Samples) -> Real:
        """Take 10 or 20 ms of either end; return what AEC3 leaves, in [-1, 1]."""
        if not far.any():  # in silence its filters become denormal numbers: seventeen times the computing
            far = self._dither[: len(far)]
        return np.asarray(self._canceller.process(near, far), dtype=np.float64) / 32768.0


class Floor:
    """Follows the quietest a band gets: down at once, up by two decibels a second."""

    FALL = 0.3
    RISE_DB = 0.02

    def __init__(self) -> None:
        self._floor: Real | None = None

    def above(self, power: Real) -> Real:
        """Take the power in bands; return by how many decibels each is above its floor."""
        level = 10 * np.log10(power + 1e-9)
        if self._floor is None:
            self._floor = level.copy()
        falling = (1 - self.FALL) * self._floor + self.FALL * level
        self._floor = np.where(level < self._floor, falling, self._floor + self.RISE_DB)
        return level - self._floor


NOTHING: Real = np.zeros(BANDS)
"""What a missing canceller reports."""
