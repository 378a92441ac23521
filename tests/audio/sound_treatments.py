"""Distortions of recorded speech: levels, clipping, offsets, rates, channels."""

from collections.abc import Callable, Mapping

import numpy as np
import soxr
from numpy.typing import NDArray

Sound = tuple[NDArray[np.float64], int]
"""Values from -1 to 1, a column for each channel if there are several, and their rate."""

TREATMENTS: Mapping[str, Callable[[NDArray[np.float64]], Sound]] = {
    "as it is": lambda x: (x, 16000),
    "30 dB softer": lambda x: (x * 10**-1.5, 16000),
    "as loud as it goes": lambda x: (x / np.abs(x).max(), 16000),
    "clipped by 20 dB": lambda x: (np.clip(10 * x / np.abs(x).max(), -1, 1), 16000),
    "on an offset of 0.2": lambda x: (0.5 * x + 0.2, 16000),
    "at 8 kHz": lambda x: (soxr.resample(x, 16000, 8000), 8000),
    "at 44.1 kHz": lambda x: (soxr.resample(x, 16000, 44100), 44100),
    "at 48 kHz in stereo": lambda x: (soxr.resample(x, 16000, 48000)[:, None] * [1.0, 0.5], 48000),
    "on the left channel only": lambda x: (x[:, None] * [1.0, 0.0], 16000),
}
"""By name: samples at 16 kHz mono -> the sound that is written to a file."""
