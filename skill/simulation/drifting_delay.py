"""A delay that may lie between samples and grow or shrink steadily, as between two clocks."""

import math

import numpy as np
from numpy.typing import NDArray

from skill.audio.blocks import SAMPLE_RATE
from skill.simulation.interpolation import HALF, TAPS, kernel


class DriftingDelay:
    """Delays a signal that comes in chunks of any length. A delay between samples is at least HALF of them."""

    def __init__(self, delay: float, drift_ppm: float) -> None:
        """delay: samples, may be a fraction, not negative. drift_ppm: how fast it grows, parts per million."""
        self._delay = delay
        self._drift = drift_ppm * 1e-6
        self._history = np.zeros(2 * HALF)
        self._dropped = -len(self._history)  # sample index of the history's beginning
        self._count = 0

    def process(self, samples: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return as many delayed samples as come in."""
        if self._drift == 0 and float(self._delay).is_integer():
            return self._whole(samples)
        return self._between(samples)

    def _whole(self, samples: NDArray[np.float64]) -> NDArray[np.float64]:
        """Delay by whole samples."""
        line = np.concatenate([self._history, samples])
        begin = self._count - int(self._delay) - self._dropped
        wanted = begin + np.arange(len(samples))
        self._keep(line, len(samples))
        return np.where(wanted >= 0, line[np.maximum(wanted, 0)], 0.0)

    def _between(self, samples: NDArray[np.float64]) -> NDArray[np.float64]:
        """Delay by a fraction that changes within the chunk; never read samples that have not come yet."""
        line = np.concatenate([self._history, samples])
        times = self._count + np.arange(len(samples))
        delay = np.maximum(self._delay + self._drift * times, HALF)
        places = times - delay - self._dropped
        whole = np.floor(places).astype(int)
        index = whole[:, None] + TAPS
        values = np.where(index >= 0, line[np.clip(index, 0, len(line) - 1)], 0.0)
        self._keep(line, len(samples))
        return np.einsum("ij,ij->i", kernel(places - whole), values)

    def _keep(self, line: NDArray[np.float64], count: int) -> None:
        """Drop the samples that no later read can reach."""
        self._count += count
        longest = max(self._delay, HALF) + abs(self._drift) * (self._count + SAMPLE_RATE)
        keep = min(len(line), math.ceil(longest) + 3 * HALF)
        self._dropped += len(line) - keep
        self._history = line[len(line) - keep :]
