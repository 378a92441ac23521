"""Does somebody other than the coach speak? Decided within a few hundredths of a second, from two views."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skill.audio.residual import BANDS

Real = NDArray[np.float64]

GROUPS = ((0, 4), (4, 7), (7, 10), (10, 13), (13, 16), (16, BANDS))
"""Neighbouring bands that are averaged."""

LAGS = (0, 1, 2, 4, 8)
"""Hops back that the decision sees."""

FEATURES = 2 * len(GROUPS) * len(LAGS) + 1

WEIGHTS = Path(__file__).with_name("nearend.npz")


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
        now = np.concatenate([_grouped(np.clip(excess, -2, 4)), _grouped(np.clip(passed / 5, 0, 5))])
        self._history[1:] = self._history[:-1].copy()
        self._history[0] = now
        level = np.clip((10 * np.log10(echo + 1e-9) + 20) / 10, -2, 5)
        return np.concatenate([self._history[list(LAGS)].ravel(), [level]])


def _grouped(bands: Real) -> Real:
    return np.array([bands[start:end].mean() for start, end in GROUPS])


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
        score = float(np.clip(evidence @ self._weights + self._bias, -self.LIMIT, self.LIMIT))
        self._score = self.MEMORY * self._score + (1 - self.MEMORY) * score
        self.probability = float(1 / (1 + np.exp(-self._score)))
        return self.probability
