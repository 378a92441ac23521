"""Reading between samples: a long windowed sinc from a table."""

import numpy as np
from numpy.typing import NDArray

HALF = 32
"""Samples on either side of the place that is read."""

TAPS = np.arange(1 - HALF, HALF + 1)
"""The samples that are summed, relative to the last one before that place."""

BETA = 9.0
"""Of the Kaiser window: side lobes 90 dB down; flat to 7 kHz at a sample rate of 16 kHz."""

STEPS = 1024
"""Rows of the table between two samples; between two rows it is interpolated linearly, which is exact to -120 dB."""


def _table() -> NDArray[np.float64]:
    distance = np.arange(STEPS + 1)[:, None] / STEPS - TAPS
    window = np.i0(BETA * np.sqrt(np.maximum(1 - (distance / HALF) ** 2, 0.0))) / np.i0(BETA)
    return np.sinc(distance) * window


_TABLE = _table()


def kernel(after: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weights of TAPS, (len(after), 2 * HALF), for places so far (0 to 1) after a sample.

    Method: J. O. Smith, "Digital Audio Resampling Home Page", Stanford (CCRMA): band-limited interpolation with a
    Kaiser window. Echo control reads between samples with another, shorter kernel: what is tested must not be the
    test's own model.
    """
    row, between = np.divmod(after * STEPS, 1.0)
    row, between = row.astype(int), between[:, None]
    return _TABLE[row] * (1 - between) + _TABLE[np.minimum(row + 1, STEPS)] * between
