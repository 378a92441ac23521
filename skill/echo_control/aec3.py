"""The auxiliary canceller: WebRTC AEC3, whose output helps to detect double-talk."""

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
    """Return whether the library (`pywebrtc-audio`) is installed."""
    return EchoCanceller is not None


class Aec3:
    """Cancels the echo with AEC3. Its suppressor also removes words, but what it lets through is near-end speech."""

    def __init__(self) -> None:
        self._canceller = EchoCanceller(SAMPLE_RATE, 1, 0)
        self._dither = np.random.default_rng(1).integers(-1, 2, BLOCK_SIZE).astype(np.int16)

    def process(self, near: Samples, far: Samples) -> Real:
        """Take 10 or 20 ms of either end; return what AEC3 leaves, in [-1, 1]."""
        if not far.any():  # in digital silence its filters become denormal numbers: 17 times the CPU time
            far = self._dither[: len(far)]
        return np.asarray(self._canceller.process(near, far), dtype=np.float64) / 32768.0


class BandFloor:
    """Tracks the noise floor of each band: quickly down, up by 2 dB a second."""

    FALL = 0.3
    """Share of the distance to a lower level covered in a hop."""

    RISE_DB = 0.02
    """Largest rise in a hop, dB."""

    def __init__(self) -> None:
        self._floor: Real | None = None

    def above(self, power: Real) -> Real:
        """Take the power in bands; return the decibels of each above its floor."""
        level = 10 * np.log10(power + 1e-9)
        if self._floor is None:
            self._floor = level.copy()
        falling = (1 - self.FALL) * self._floor + self.FALL * level
        self._floor = np.where(level < self._floor, falling, self._floor + self.RISE_DB)
        return level - self._floor


SILENT_BANDS: Real = np.zeros(BANDS)
"""Decibels above the floor if there is no auxiliary canceller."""
