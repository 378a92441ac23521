"""The far end's recent past, readable at any delay, also between samples."""

import numpy as np

from skill.echo_control.array_types import Real
from skill.echo_control.kalman_filter import HOP

KERNEL_HALF = 16
"""Samples on either side of a position that are used to interpolate there."""

_STEPS = 256
"""Positions between two samples; the error, 1/512 of a sample, is 50 dB below a tone of 4 kHz."""


def _kernels() -> Real:
    """Return a Hann-windowed sinc for each of _STEPS positions, (_STEPS, 2 * KERNEL_HALF), reversed for convolution."""
    taps = np.arange(-KERNEL_HALF + 1, KERNEL_HALF + 1)
    distance = (np.arange(_STEPS) / _STEPS)[:, None] - taps
    kernels: Real = np.sinc(distance) * np.cos(np.pi * distance / (2 * KERNEL_HALF + 2)) ** 2
    return kernels[:, ::-1].copy()


_KERNELS = _kernels()


class DelayLine:
    """Keeps a signal, and reads it at a delay of any fraction of a sample."""

    def __init__(self, longest: int) -> None:
        """longest: longest delay, samples."""
        self._size = longest + 4 * KERNEL_HALF
        self._line = np.zeros(self._size + 64 * HOP)
        self._end = self._size

    def write(self, samples: Real) -> None:
        """Append the newest samples, at most 64 hops at once."""
        if self._end + len(samples) > len(self._line):
            self._line[: self._size] = self._line[self._end - self._size : self._end]
            self._end = self._size
        self._line[self._end : self._end + len(samples)] = samples
        self._end += len(samples)

    def read(self, delay: float, count: int, back: int = 0) -> Real:
        """Return `count` samples that end `delay` + `back` samples before the newest."""
        whole, step = divmod(round((self._end - back - count - delay) * _STEPS), _STEPS)
        if not step:
            return self._line[whole : whole + count].copy()
        begin = whole - KERNEL_HALF + 1
        return np.convolve(self._line[begin : whole + count + KERNEL_HALF], _KERNELS[step], "valid")
