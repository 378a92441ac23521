"""Double-talk detection: a small neural network on the residual echo and on the auxiliary canceller's output."""

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skill.echo_control.array_types import Real
from skill.echo_control.residual_echo import BANDS

GROUPS = ((0, 4), (4, 7), (7, 10), (10, 13), (13, 16), (16, BANDS))
"""Adjacent bands that are averaged, as (first, last + 1)."""

_AVERAGE: Real = np.array(
    [[1 / (end - start) if start <= band < end else 0.0 for start, end in GROUPS] for band in range(BANDS)]
)

LAGS = (0, 1, 2, 3, 4, 6, 8, 12)
"""Past hops that are inputs of the network."""

_LAGS = np.array(LAGS)

SPECTRA = 3
"""Excess over the modelled residual echo, error against predicted echo, and what the auxiliary canceller passes."""

LEVELS = 3
"""Level of the predicted echo, the filter's uncertainty about it, and its state of adaptation."""

FEATURES = SPECTRA * len(GROUPS) * len(LAGS) + LEVELS

WEIGHTS = Path(__file__).with_name("double_talk.npz")
"""Weights of two networks, with and without the auxiliary canceller; float32.

Our own, fitted on 25 November 2026 by `make double-talk` (`benchmarks/double_talk/training.py` names the method): 400
simulated scenes of 40 s, seeds (1, 0) to (1, 399), of synthetic coaches in rooms as `skill/simulation` made them then,
with synthetic speakers, people (Speech Commands v0.02, Picovoice's coffee orders) and household noise, the `dev` split
of each (`benchmarks/double_talk/training_data.py`). The keys `two_views_*` are with the auxiliary canceller,
`one_view_*` without: `hidden` (features, 96), `hidden_bias` (96,), `out` (96,), `bias` ().
"""

_LOWEST = np.array([[-2.0], [-3.0], [0.0]])
_HIGHEST = np.array([[4.0], [2.0], [5.0]])


class FeatureExtractor:
    """Computes the network's inputs, hop by hop."""

    def __init__(self) -> None:
        self._history = np.zeros((max(LAGS) + 1, SPECTRA * len(GROUPS)))
        self._spectra = np.zeros((SPECTRA, BANDS))
        self._features = np.zeros(FEATURES)

    def update(self, excess: Real, passed: Real, error: Real, echo: Real, expected: Real, adaptation: float) -> Real:
        """Return the FEATURES of one hop, by spectra within lags; the levels last.

        excess: ln(error / expected power) in bands, from ResidualEchoEstimator.
        passed: how many decibels the auxiliary canceller's output is above its floor, in bands.
        error, echo, expected: powers in bands of the error, of the predicted echo, and of the echo expected to be left.
        adaptation: 0 to 1, how much far end the filter has learnt from.
        """
        self._spectra[0] = excess
        self._spectra[1] = 0.5 * np.log((error + 1e-7) / (echo + 1e-7))
        self._spectra[2] = passed * 0.2
        np.minimum(np.maximum(self._spectra, _LOWEST, out=self._spectra), _HIGHEST, out=self._spectra)
        self._history[1:] = self._history[:-1].copy()
        self._history[0] = (self._spectra @ _AVERAGE).ravel()
        self._features[:-LEVELS] = self._history[_LAGS].ravel()
        total = float(echo.sum()) + 1e-9
        level = (10 * math.log10(total) + 20) / 10
        uncertainty = math.log10((float(expected.sum()) + 1e-9) / total)
        self._features[-LEVELS:] = min(2.0, max(-2.0, level)), min(2.0, max(-3.0, uncertainty)), adaptation
        return self._features


def columns(*, auxiliary: bool) -> NDArray[np.bool_]:
    """Return the FEATURES that the network with, or without, the auxiliary canceller uses."""
    of_lag = np.repeat([True, True, auxiliary], len(GROUPS))
    return np.concatenate([np.tile(of_lag, len(LAGS)), np.ones(LEVELS, dtype=bool)])


class DoubleTalkDetector:
    """A perceptron with one hidden layer of 96 tanh units."""

    LIMIT = 12.0
    """Largest absolute value of the log odds."""

    def __init__(self, *, auxiliary: bool = True) -> None:
        """auxiliary: whether there is an auxiliary canceller."""
        stored = np.load(WEIGHTS)
        name = "two_views" if auxiliary else "one_view"
        self._hidden = np.zeros((FEATURES, stored[f"{name}_hidden"].shape[1]))
        self._hidden[columns(auxiliary=auxiliary)] = stored[f"{name}_hidden"]
        self._hidden_bias, self._out = stored[f"{name}_hidden_bias"], stored[f"{name}_out"]
        self._bias = float(stored[f"{name}_bias"])

    def probability(self, features: Real) -> float:
        """Take the FEATURES of one hop; return the probability (0 to 1) of near-end speech.

        0.5 is the decision threshold that the weights were fitted for.
        """
        score = float(np.tanh(features @ self._hidden + self._hidden_bias) @ self._out) + self._bias
        return 1 / (1 + math.exp(-min(self.LIMIT, max(-self.LIMIT, score))))
