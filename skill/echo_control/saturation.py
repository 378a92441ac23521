"""Loudspeaker saturation: small loudspeakers saturate long before full scale, which no linear filter predicts."""

import math
from collections import deque

import numpy as np

from skill.echo_control.array_types import Complex, Real
from skill.echo_control.kalman_filter import BINS, HOP


class Saturation:
    """A memoryless preprocessor of the linear filter: level * tanh(sample / level), whose level is learnt.

    Method: A. Stenger and W. Kellermann, "Adaptation of a memoryless preprocessor for nonlinear acoustic echo
    cancelling", Signal Processing 80 (2000), with one parameter, and a Gauss-Newton step on smoothed sums. What the
    filter can correct by itself, a change of its gain, is taken out of the step.
    """

    MEMORY = 0.98
    """Smoothing of the sums, per update; there is one at every other hop."""

    STEP = 0.04
    """Share of the Gauss-Newton step that is taken in an update."""

    REGULARISATION = 30.0
    """Added to the denominator of the step, a sum of signal-to-noise ratios: with less signal it is smaller."""

    LARGEST = 30.0
    """Largest `strength`: that of a loudspeaker which saturates below a fifth of full scale."""

    SERIES_BELOW = 1e-2
    """Below this strength a power series is used, since quotients are inexact."""

    def __init__(self, partitions: int) -> None:
        """partitions: length of the linear filter in hops."""
        self.strength = 0.0
        """One over the squared level that the loudspeaker cannot exceed (1 is full scale); 0: it is linear."""
        self._change: Real = np.zeros(HOP)
        self._changes: deque[Real] = deque(maxlen=partitions)  # two hops each, since the last update
        self._past = np.zeros((partitions, BINS), dtype=np.complex64)
        self._sums = np.zeros(5)

    def process(self, samples: Real) -> Real:
        """Return the loudspeaker's output for the next HOP samples, in [-1, 1]; keep the derivative."""
        before, self._change = self._change, self.derivative(samples)
        self._changes.append(np.concatenate([before, self._change]))
        return self.apply(samples)

    def apply(self, samples: Real) -> Real:
        """Return the loudspeaker's output for samples in [-1, 1]; keep nothing."""
        if self.strength < self.SERIES_BELOW:
            cube = samples**3
            return samples - cube * (self.strength / 3) + cube * samples**2 * (2 / 15 * self.strength**2)
        root = math.sqrt(self.strength)
        return np.tanh(samples * root) / root

    def update(self, error: Complex, echo: Complex, taps: Complex, noise: Real) -> None:
        """Learn from spectra (BINS) of the error and of the predicted echo, in the hop processed last.

        taps: (partitions, BINS) of the filter. noise: power of everything that is not echo, a value a bin.
        """
        self._transform_changes()
        through = np.fft.irfft((self._past * taps).sum(axis=0))[HOP:]
        change = np.fft.rfft(np.concatenate([np.zeros(HOP), through]))
        weight = 1 / (noise + 1e-6)
        of_change, of_echo = (error * change.conj()).real, (error * echo.conj()).real
        sizes = (change.real**2 + change.imag**2, echo.real**2 + echo.imag**2, (echo * change.conj()).real)
        new = np.array([of_change, of_echo, *sizes]) @ weight
        self._sums = self.MEMORY * self._sums + (1 - self.MEMORY) * new
        gradient, gain, size, echo_size, shared = self._sums
        gradient -= gain * shared / (echo_size + 1e-9)
        size -= shared**2 / (echo_size + 1e-9)
        step = self.STEP * gradient / (size + self.REGULARISATION / max(1.0, self.strength) ** 2)
        self.strength = min(self.LARGEST, max(0.0, self.strength + float(step)))

    def _transform_changes(self) -> None:
        """Transform everything that was processed since the last update."""
        new = np.fft.rfft(np.array(self._changes)[::-1]).astype(np.complex64)
        self._past = np.concatenate([new, self._past[: len(self._past) - len(new)]])
        self._changes.clear()

    def restart(self) -> None:
        """Forget the signals, because the alignment jumped. The strength is kept: it is the same loudspeaker."""
        self._changes.clear()
        self._past[:] = 0
        self._sums[:] = 0

    def derivative(self, samples: Real) -> Real:
        """Return the derivative of `apply` with respect to the strength."""
        if self.strength < self.SERIES_BELOW:
            return samples**3 * (-1 / 3) + samples**5 * (4 / 15 * self.strength)
        root = math.sqrt(self.strength)
        saturated = np.tanh(samples * root)
        return (samples * (1 - saturated**2) - saturated / root) / (2 * self.strength)
