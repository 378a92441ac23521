"""Does somebody other than the coach speak? Decided within a few hundredths of a second, from two views."""

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skill.echo_control.array_types import Real
from skill.echo_control.residual_echo import BANDS

GROUPS = ((0, 4), (4, 7), (7, 10), (10, 13), (13, 16), (16, BANDS))
"""Neighbouring bands that are averaged."""

_AVERAGE: Real = np.array(
    [[1 / (end - start) if start <= band < end else 0.0 for start, end in GROUPS] for band in range(BANDS)]
)

LAGS = (0, 1, 2, 3, 4, 6, 8, 12)
"""Hops back that the decision sees."""

_LAGS = np.array(LAGS)

VIEWS = 3
"""Excess over the residual echo's model, error against predicted echo, and what AEC3 lets through."""

LEVELS = 3
"""Level of the predicted echo, how sure the filter is of it, and how long it has learnt."""

FEATURES = VIEWS * len(GROUPS) * len(LAGS) + LEVELS

WEIGHTS = Path(__file__).with_name("double_talk.npz")
"""Weights with and without the second view: made by `make double-talk` (benchmarks/double_talk/training.py)."""

_LOWEST = np.array([[-2.0], [-3.0], [0.0]])
_HIGHEST = np.array([[4.0], [2.0], [5.0]])


class Evidence:
    """Gathers what the decision rests on, hop by hop."""

    def __init__(self) -> None:
        self._history = np.zeros((max(LAGS) + 1, VIEWS * len(GROUPS)))
        self._views = np.zeros((VIEWS, BANDS))
        self._features = np.zeros(FEATURES)

    def hear(self, excess: Real, passed: Real, error: Real, echo: Real, expected: Real, learnt: float) -> Real:
        """Return the FEATURES of one hop, by views within lags; the levels last.

        excess: ln(error / expected power) in bands, from ResidualModel.
        passed: how many decibels AEC3's output is above its floor, in bands.
        error, echo, expected: powers in bands of what the filter leaves, of its prediction, and of its own doubt.
        learnt: from 0 to 1, how much sound of the loudspeaker the filter has learnt from.
        """
        self._views[0] = excess
        self._views[1] = 0.5 * np.log((error + 1e-7) / (echo + 1e-7))
        self._views[2] = passed * 0.2
        np.minimum(np.maximum(self._views, _LOWEST, out=self._views), _HIGHEST, out=self._views)
        self._history[1:] = self._history[:-1].copy()
        self._history[0] = (self._views @ _AVERAGE).ravel()
        self._features[:-LEVELS] = self._history[_LAGS].ravel()
        total = float(echo.sum()) + 1e-9
        level = (10 * math.log10(total) + 20) / 10
        doubt = math.log10((float(expected.sum()) + 1e-9) / total)
        self._features[-LEVELS:] = min(2.0, max(-2.0, level)), min(2.0, max(-3.0, doubt)), learnt
        return self._features


def columns(*, two_views: bool) -> NDArray[np.bool_]:
    """Tell which FEATURES a decision with or without AEC3 looks at."""
    of_lag = np.repeat([True, True, two_views], len(GROUPS))
    return np.concatenate([np.tile(of_lag, len(LAGS)), np.ones(LEVELS, dtype=bool)])


class DoubleTalkDetector:
    """Weighs the evidence: a perceptron with one hidden layer."""

    LIMIT = 12.0

    def __init__(self, *, two_views: bool = True) -> None:
        """two_views: whether AEC3's output is part of the evidence."""
        stored = np.load(WEIGHTS)
        name = "two_views" if two_views else "one_view"
        self._hidden = np.zeros((FEATURES, stored[f"{name}_hidden"].shape[1]))
        self._hidden[columns(two_views=two_views)] = stored[f"{name}_hidden"]
        self._hidden_bias, self._out = stored[f"{name}_hidden_bias"], stored[f"{name}_out"]
        self._bias = float(stored[f"{name}_bias"])

    def hear(self, evidence: Real) -> float:
        """Take the evidence of one hop; return the probability (0 to 1) that somebody speaks.

        0.5 is the decision threshold that the weights were fitted for.
        """
        score = float(np.tanh(evidence @ self._hidden + self._hidden_bias) @ self._out) + self._bias
        return 1 / (1 + math.exp(-min(self.LIMIT, max(-self.LIMIT, score))))
