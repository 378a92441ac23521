"""The residual echo: a model of the power that the linear filter leaves of the echo, band by band."""

from itertools import pairwise

import numpy as np

from skill.audio.blocks import SAMPLE_RATE
from skill.echo_control.array_types import Complex, Real
from skill.echo_control.kalman_filter import HOP

# About one critical band each (Zwicker 1961), from the lowest a small loudspeaker plays to the highest of speech.
# fmt: off
EDGES_HZ = (
    200, 300, 400, 500, 630, 770, 920, 1080, 1270, 1480, 1720, 2000, 2320, 2700, 3150, 3700, 4400, 5300, 6400, 7600
)
# fmt: on

BANDS = len(EDGES_HZ) - 1

_FREQUENCIES = np.fft.rfftfreq(2 * HOP, 1 / SAMPLE_RATE)

TO_BANDS: Real = np.array(
    [np.logical_and(low <= _FREQUENCIES, high > _FREQUENCIES) for low, high in pairwise(EDGES_HZ)], dtype=float
)
"""(BANDS, BINS): sums the power of bins to bands."""

BAND_OF_BIN = np.clip(np.searchsorted(np.array(EDGES_HZ), _FREQUENCIES, side="right") - 1, 0, BANDS - 1)
"""The band of each bin; bins beyond either end belong to the outermost band."""

BINS_IN_BAND: Real = TO_BANDS.sum(axis=1)


def band_powers(spectra: Complex) -> Real:
    """Return the power in each band of some spectra (..., BINS) of 2 * HOP samples: (..., BANDS)."""
    powers: Real = (spectra.real**2 + spectra.imag**2) @ TO_BANDS.T
    return powers


def to_bands(power: Real) -> Real:
    """Sum a power spectrum, a value a bin, to bands."""
    return TO_BANDS @ power


class ResidualEchoEstimator:
    """Learns how much power is left when only the far end speaks.

    The power in a band is modelled as a sum of non-negative parts, each a weight times something known: the predicted
    echo's power now, and smoothed over four times (reverberation that outlasts the filter), its mean over all bands
    (distortion spreads), the error that the filter itself expects, and a constant (noise). The weights follow the
    observed power by gradient descent on their logarithms, with the squared difference of log powers as the error. The
    steps are bounded, so that a user's words, which are rare, move them little.
    """

    SMOOTHING = np.array([[0.0], [0.8], [0.93], [0.98]])
    """Smoothing of the predicted echo's power, per hop; one part of the model each."""

    STEP = 0.04
    """Step size of the gradient descent, per hop."""
    SLOW_STEP = 0.006
    """Step size while the power is far above the model: near-end speech, or a changed echo path."""

    LARGE_EXCESS = 1.0
    """Mean excess (natural logarithm of power) from which that is assumed."""

    LARGEST_ERROR = 1.2
    """Bound of the difference of log powers in a step."""

    def __init__(self) -> None:
        parts = len(self.SMOOTHING) + 3
        self._weights = np.full((parts, BANDS), 0.05)
        self._weights[-2] = 0.5
        self._weights[-1] = 1e-4
        self._parts = np.zeros((parts, BANDS))
        self._parts[-1] = 1.0
        self._echo_before: Real = np.zeros(BANDS)
        self._expected_before: Real = np.zeros(BANDS)
        self.power: Real = np.full(BANDS, 1e-6)
        """The expected power of each band in the last hop, noise included."""
        self.echo_power: Real = np.zeros(BANDS)
        """The part of it that comes from the loudspeaker."""

    def update(self, error: Real, echo: Real, expected: Real) -> Real:
        """Take the powers in bands of one hop; return ln(error / expected power), a value a band."""
        loudest = np.maximum(echo, self._echo_before)
        count = len(self.SMOOTHING)
        self._parts[:count] += (1 - self.SMOOTHING) * (loudest - self._parts[:count])
        self._parts[count] = loudest.sum() * (0.1 / BANDS)
        self._parts[-2] = np.maximum(expected, self._expected_before)
        self._echo_before, self._expected_before = echo, expected
        shares = self._weights * self._parts
        self.power = shares.sum(axis=0) + 1e-7
        self.echo_power = self.power - shares[-1]
        excess = np.log((error + 1e-6) / self.power)
        far_above = float(np.minimum(np.maximum(excess, -1.0), 3.0).sum()) >= self.LARGE_EXCESS * BANDS
        step = self.SLOW_STEP if far_above else self.STEP
        change = np.minimum(np.maximum(excess, -self.LARGEST_ERROR), self.LARGEST_ERROR)
        self._weights *= np.exp(shares * (step * change / self.power))
        np.maximum(self._weights, 1e-6, out=self._weights)
        np.minimum(self._weights, 3.0, out=self._weights)
        return excess


def to_bins(bands: Real) -> Real:
    """Return the power of each bin: its share of its band's power."""
    return (bands / BINS_IN_BAND)[BAND_OF_BIN]
