"""Band-limited interpolation between samples: a long windowed sinc from a table."""

import numpy as np
from numpy.typing import NDArray

HALF = 32
"""Samples on either side of the position that is read."""

TAPS = np.arange(1 - HALF, HALF + 1)
"""The samples that are summed, relative to the last one before that position."""

BETA = 9.0
"""Parameter of the Kaiser window: side lobes 90 dB down; flat to 7 kHz at a sample rate of 16 kHz."""

STEPS = 1024
"""Rows of the table between two samples; linear interpolation between two rows is exact to -120 dB."""


def _table() -> NDArray[np.float64]:
    distance = np.arange(STEPS + 1)[:, None] / STEPS - TAPS
    window = np.i0(BETA * np.sqrt(np.maximum(1 - (distance / HALF) ** 2, 0.0))) / np.i0(BETA)
    return np.sinc(distance) * window


_TABLE = _table()


def kernel(after: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weights of TAPS, shape (len(after), 2 * HALF), for positions `after` (0 to 1) a sample.

    Method: J. O. Smith, "Digital Audio Resampling Home Page", Stanford (CCRMA): band-limited interpolation with a
    Kaiser window. Echo control interpolates with another, shorter kernel: with the same one tests would be too easy.
    """
    row, between = np.divmod(after * STEPS, 1.0)
    row, between = row.astype(int), between[:, None]
    return _TABLE[row] * (1 - between) + _TABLE[np.minimum(row + 1, STEPS)] * between
