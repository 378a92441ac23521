"""How a loudspeaker saturates: small ones do long before full scale, and no linear filter predicts what that adds."""

import math
from collections import deque

import numpy as np

from skill.echo_control.array_types import Complex, Real
from skill.echo_control.kalman_filter import BINS, HOP


class Saturation:
    """A curve without memory in front of the linear filter: level * tanh(sample / level), the level being learnt.

    Method: A. Stenger and W. Kellermann, "Adaptation of a memoryless preprocessor for nonlinear acoustic echo
    cancelling", Signal Processing 80 (2000), with one parameter, and a Gauss-Newton step on sums over time. What the
    filter can put right by itself, a change of its gain, is taken out of the step.
    """

    MEMORY = 0.98
    """Of the sums, a look: looks come at every other hop."""

    STEP = 0.04
    """Part of the Gauss-Newton step that is taken at a look."""

    ENOUGH = 30.0
    """Sum of ratios to the noise from which a step is mostly believed."""

    LARGEST = 30.0
    """Of `bend`: a loudspeaker that gives no more than a fifth of full scale."""

    LEAST = 1e-2
    """Below this bend a series is exact enough, and quotients are not."""

    def __init__(self, partitions: int) -> None:
        """partitions: length of the linear filter in hops."""
        self.bend = 0.0
        """One over the squared level, which the loudspeaker cannot exceed, 1 being full scale; 0: linear."""
        self._change: Real = np.zeros(HOP)
        self._changes: deque[Real] = deque(maxlen=partitions)  # two hops each, since the last look
        self._past = np.zeros((partitions, BINS), dtype=np.complex64)
        self._sums = np.zeros(5)

    def play(self, samples: Real) -> Real:
        """Return what the loudspeaker makes of the next HOP samples, in [-1, 1]; note how the bend changes it."""
        before, self._change = self._change, self.slope(samples)
        self._changes.append(np.concatenate([before, self._change]))
        return self.shape(samples)

    def shape(self, samples: Real) -> Real:
        """Return what the loudspeaker makes of any samples."""
        if self.bend < self.LEAST:
            cube = samples**3
            return samples - cube * (self.bend / 3) + cube * samples**2 * (2 / 15 * self.bend**2)
        root = math.sqrt(self.bend)
        return np.tanh(samples * root) / root

    def follow(self, error: Complex, echo: Complex, taps: Complex, noise: Real) -> None:
        """Learn from spectra (BINS) of what the filter leaves and of the echo it predicts, in the hop played last.

        taps: (partitions, BINS) of the filter. noise: power of everything that is not echo, a value a bin.
        """
        self._catch_up()
        through = np.fft.irfft((self._past * taps).sum(axis=0))[HOP:]
        change = np.fft.rfft(np.concatenate([np.zeros(HOP), through]))
        weight = 1 / (noise + 1e-6)
        by_change, by_echo = (error * change.conj()).real, (error * echo.conj()).real
        sizes = (change.real**2 + change.imag**2, echo.real**2 + echo.imag**2, (echo * change.conj()).real)
        new = np.array([by_change, by_echo, *sizes]) @ weight
        self._sums = self.MEMORY * self._sums + (1 - self.MEMORY) * new
        slope, gain, size, echo_size, shared = self._sums
        slope -= gain * shared / (echo_size + 1e-9)
        size -= shared**2 / (echo_size + 1e-9)
        step = self.STEP * slope / (size + self.ENOUGH / max(1.0, self.bend) ** 2)
        self.bend = min(self.LARGEST, max(0.0, self.bend + float(step)))

    def _catch_up(self) -> None:
        """Transform what was played since the last look, all at once."""
        new = np.fft.rfft(np.array(self._changes)[::-1]).astype(np.complex64)
        self._past = np.concatenate([new, self._past[: len(self._past) - len(new)]])
        self._changes.clear()

    def restart(self) -> None:
        """Forget what was played and heard, for the alignment jumped; the loudspeaker is the same."""
        self._changes.clear()
        self._past[:] = 0
        self._sums[:] = 0

    def slope(self, samples: Real) -> Real:
        """Return by how much `shape` changes with the bend."""
        if self.bend < self.LEAST:
            return samples**3 * (-1 / 3) + samples**5 * (4 / 15 * self.bend)
        root = math.sqrt(self.bend)
        curve = np.tanh(samples * root)
        return (samples * (1 - curve**2) - curve / root) / (2 * self.bend)
