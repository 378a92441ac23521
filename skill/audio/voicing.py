"""How periodic a sound is, and whether its pitch is the coach's: what is left of the coach's vowels has theirs.

The normalized cross-correlation of a sound with its own past (D. Talkin, "A robust algorithm for pitch tracking", in
Speech Coding and Synthesis, 1995), a look every hop of 10 ms.
"""

import numpy as np
from numpy.typing import NDArray

from skill.audio.blocks import SAMPLE_RATE
from skill.audio.kalman import HOP

Real = NDArray[np.floating]

COUNT = 7
"""Values a hop, see `Voicing.hear`."""

OF_AEC3 = 5
"""The one of them that needs AEC3's output."""

_SLOWER = 4
"""Pitch is looked for at a quarter of the sample rate."""

_TAPS = 33
_CUTOFF_HZ = 1700

_SHORTEST, _LONGEST = 10, 57
"""Periods at that rate: 400 to 70 Hz."""

_WINDOW = 60
"""What is compared with the past: 15 ms at that rate."""

_FAINT = _WINDOW * 1e-9
"""Energy of the converter's last bits, which have no pitch."""

_SAME = 2
"""Steps within which a period is the same."""

_FIRST_BIN, _LAST_BIN, _AROUND = 3, 81, 9
"""Bins whose fine structure is compared, 150 to 4000 Hz, and over how many a spectrum's coarse shape is averaged."""


def _decimation() -> Real:
    """Return (_TAPS - 1 + HOP, HOP / _SLOWER): a low-pass filter, at every fourth sample."""
    at = np.arange(_TAPS) - _TAPS // 2
    taps = np.sinc(2 * _CUTOFF_HZ / SAMPLE_RATE * at) * np.hamming(_TAPS)
    matrix = np.zeros((_TAPS - 1 + HOP, HOP // _SLOWER))
    for column in range(HOP // _SLOWER):
        start = column * _SLOWER + _SLOWER - 1
        matrix[start : start + _TAPS, column] = taps / taps.sum()
    return matrix


def _energies() -> Real:
    """Return (samples, 1 + periods): picks the squares that are summed up, now and a period ago."""
    ends = _LONGEST + _WINDOW - np.array([0, *range(_SHORTEST, _LONGEST + 1)])
    at = np.arange(_LONGEST + _WINDOW)[:, None]
    return np.logical_and(at < ends, at >= ends - _WINDOW).astype(float)


def _fine_structure() -> Real:
    """Return the matrix that takes the average over neighbouring bins off a spectrum."""
    count = _LAST_BIN - _FIRST_BIN
    apart = np.abs(np.subtract.outer(np.arange(count), np.arange(count)))
    around = (apart <= _AROUND // 2).astype(float)
    matrix: Real = np.eye(count) - around / around.sum(axis=0)
    return matrix


_DECIMATION = _decimation()
_ENERGIES = _energies()
_FINE_STRUCTURE = _fine_structure()


class Voicing:
    """Follows what the linear filter leaves, the predicted echo, and what AEC3 lets through."""

    def __init__(self) -> None:
        self._heard = np.zeros((3, _TAPS - 1 + HOP))
        self._slow = np.zeros((3, _LONGEST + _WINDOW))
        self._period = 0

    def hear(self, sounds: Real, spectra: NDArray[np.complex128]) -> Real:
        """Take a hop of the error, the predicted echo and AEC3's output (3, HOP); return COUNT values, -1 to 1.

        `spectra` (at least 2, BINS) are those of the error and of the predicted echo, over the last two hops.

        The values: how periodic the error is, and the echo; the error at the echo's period, and the echo at the
        error's; the error at the period it had a hop ago; AEC3's output; how alike the harmonics of error and echo are.
        """
        alike = self._correlate(sounds)
        error, echo, passed = alike
        own, far = int(error.argmax()), int(echo.argmax())
        before, self._period = self._period, own
        return np.array(
            [
                error[own],
                echo[far],
                _around(error, far),
                _around(echo, own),
                _around(error, before),
                passed.max(),
                _likeness(spectra),
            ]
        )

    def _correlate(self, sounds: Real) -> Real:
        """Return how much each sound is like itself one period ago, for each period: (3, periods)."""
        self._heard[:, : _TAPS - 1] = self._heard[:, HOP:]
        self._heard[:, _TAPS - 1 :] = sounds
        step = HOP // _SLOWER
        self._slow[:, :-step] = self._slow[:, step:]
        self._slow[:, -step:] = self._heard @ _DECIMATION
        energy = self._slow**2 @ _ENERGIES + _FAINT
        past, now = self._slow[:, :-_SHORTEST], self._slow[:, -_WINDOW:]
        alike = np.array([np.correlate(*pair) for pair in zip(past, now, strict=True)])[:, ::-1]
        return alike / np.sqrt(energy[:, :1] * energy[:, 1:])


def _around(alike: Real, period: int) -> float:
    """Return the highest likeness at about a period."""
    return float(alike[max(0, period - _SAME) : period + _SAME + 1].max())


def _likeness(spectra: NDArray[np.complex128]) -> float:
    """Compare the fine structure of two spectra: 1 where they have the same harmonics."""
    bins = spectra[:2, _FIRST_BIN:_LAST_BIN]
    fine = np.log(bins.real**2 + bins.imag**2 + 1e-9) @ _FINE_STRUCTURE
    product = fine @ fine.T
    return float(product[0, 1] / np.sqrt(product[0, 0] * product[1, 1] + 1e-9))
