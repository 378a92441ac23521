"""Convolution with the impulse response of a room."""

import math

import numpy as np
from numpy.typing import NDArray

from skill.audio.blocks import BLOCK_SIZE


class Convolver:
    """Convolution with a long impulse response, block by block: uniformly partitioned overlap-save.

    The output is as long as the input, without delay. Chunks of BLOCK_SIZE samples are the fastest; other lengths cost
    more.
    """

    def __init__(self, taps: NDArray[np.float64]) -> None:
        """taps: the impulse response, one dimension, at least one tap."""
        parts = max(1, math.ceil(len(taps) / BLOCK_SIZE))
        padded = np.zeros(parts * BLOCK_SIZE)
        padded[: len(taps)] = taps
        self._filters = np.fft.rfft(padded.reshape(parts, BLOCK_SIZE), 2 * BLOCK_SIZE)
        self._spectra = np.zeros_like(self._filters)
        self._previous = np.zeros(BLOCK_SIZE)
        self._first = padded[:BLOCK_SIZE]
        self._pending = np.zeros(0)
        self._ahead = self._tail()

    def process(self, samples: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return as many convolved samples as come in."""
        out = []
        while len(samples):
            free = BLOCK_SIZE - len(self._pending)
            piece, samples = samples[:free], samples[free:]
            out.append(self._piece(piece))
        return np.concatenate(out) if out else np.zeros(0)

    def _piece(self, piece: NDArray[np.float64]) -> NDArray[np.float64]:
        """Convolve a chunk that does not cross the end of a partition."""
        start = len(self._pending)
        self._pending = np.concatenate([self._pending, piece])
        direct = np.convolve(self._pending, self._first)[start : start + len(piece)]
        result = self._ahead[start : start + len(piece)] + direct
        if len(self._pending) == BLOCK_SIZE:
            self._spectra = np.roll(self._spectra, 1, axis=0)
            self._spectra[0] = np.fft.rfft(np.concatenate([self._previous, self._pending]))
            self._previous, self._pending = self._pending, np.zeros(0)
            self._ahead = self._tail()
        return result

    def _tail(self) -> NDArray[np.float64]:
        """Return the contribution of complete partitions to the current block."""
        later = np.fft.irfft((self._spectra[:-1] * self._filters[1:]).sum(axis=0))[BLOCK_SIZE:]
        first = np.convolve(self._previous, self._first)[BLOCK_SIZE:]
        later[: len(first)] += first
        return later
