"""Does somebody other than the coach speak? Decided within a few hundredths of a second, from two views."""

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skill.audio.residual import BANDS

Real = NDArray[np.floating]

GROUPS = ((0, 4), (4, 7), (7, 10), (10, 13), (13, 16), (16, BANDS))
"""Neighbouring bands that are averaged."""

_AVERAGE: Real = np.array(
    [[1 / (end - start) if start <= band < end else 0.0 for band in range(BANDS)] for start, end in GROUPS]
)

LAGS = (0, 1, 2, 4, 8)
"""Hops back that the decision sees."""

_LAGS = np.array(LAGS)

FEATURES = 2 * len(GROUPS) * len(LAGS) + 1

WEIGHTS = Path(__file__).with_name("nearend.npz")
"""Weights and bias, with and without the second view.

Fitted by logistic regression (standardised features, L2 penalty, C = 0.1) to 50 minutes of simulated rooms with
synthetic voices and people's words over a coach at 0, -5 and -10 dB, with household noises at 10 to 20 dB, and of a
recorded loudspeaker; hops with the word within 22 dB of its loudest count as speech. The bias is set so that talk of
the coach alone stays below one half.
"""


class Evidence:
    """Gathers what the decision rests on, hop by hop."""

    def __init__(self) -> None:
        self._history = np.zeros((max(LAGS) + 1, 2 * len(GROUPS)))

    def hear(self, excess: Real, passed: Real, echo: float) -> Real:
        """Return the FEATURES of one hop.

        excess: ln(error / expected power) in bands, from ResidualModel.
        passed: how many decibels AEC3's output is above its floor, in bands.
        echo: total power of the predicted echo.
        """
        count = len(GROUPS)
        self._history[1:] = self._history[:-1].copy()
        self._history[0, :count] = _AVERAGE @ np.minimum(np.maximum(excess, -2.0), 4.0)
        self._history[0, count:] = _AVERAGE @ np.minimum(np.maximum(passed / 5, 0.0), 5.0)
        level = min(5.0, max(-2.0, (10 * math.log10(echo + 1e-9) + 20) / 10))
        return np.append(self._history[_LAGS].ravel(), level)


class NearSpeech:
    """Weighs the evidence: logistic regression, smoothed over some hops."""

    MEMORY = 0.6
    LIMIT = 12.0

    def __init__(self, *, two_views: bool = True) -> None:
        """two_views: whether AEC3's output is part of the evidence."""
        stored = np.load(WEIGHTS)
        name = "two_views" if two_views else "one_view"
        self._weights, self._bias = stored[name][:-1], float(stored[name][-1])
        self._score = -self.LIMIT
        self.probability = 0.0
        """0 to 1, of the hop heard last; 0.5 is the decision threshold that the weights were fitted for."""

    def hear(self, evidence: Real) -> float:
        """Take the evidence of one hop; return the probability that somebody speaks."""
        score = min(self.LIMIT, max(-self.LIMIT, float(evidence @ self._weights) + self._bias))
        self._score = self.MEMORY * self._score + (1 - self.MEMORY) * score
        self.probability = 1 / (1 + math.exp(-self._score))
        return self.probability
