"""The bulk delay: a loudspeaker on a network plays seconds late, later than the delay estimator looks."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from skill.audio.blocks import BLOCK_MS, Samples, silence

WINDOW = 250
"""Blocks whose levels are compared: five seconds."""

LONGEST = 250
"""Blocks by which the echo may be late: five seconds."""

EVERY = 25
"""Blocks between two estimates."""

FLOOR_DB = -60.0
"""Levels below this, dBFS, count as this."""

LOUD_DB = -50.0
"""Level of the far end, dBFS, from which a block counts as loud ..."""

LOUD_BLOCKS = 75
"""... and so many loud blocks are needed: chimes and ticks repeat, and tell nothing."""

STEP = 3
"""What is compared is how levels change within so many blocks: words begin and end sharply, even where others talk."""

LEAST_CORRELATION = 0.5
"""Correlation from which the echo is recognised: reverberant rooms give 0.5 to 0.6, other people's talk up to 0.4."""

LEAST_ADVANTAGE = 0.2
"""How much higher than at the present delay it must be: in a very reverberant room the right delay has little more than
another one at which two sentences begin and end alike."""

AGREEING = 3
"""So many estimates in a row must agree ..."""

AGREEMENT = 2
"""... within so many blocks."""

COVERED = 22
"""Up to so many blocks the delay estimator finds the delay by itself: it looks half a second back."""

REMAINDER = 10
"""So many blocks of a longer delay are left to it."""


class BulkDelay:
    """Delays the far end until shortly before its echo arrives.

    Correlates the levels of the two ends, 20 ms at a time: coarse but cheap, and without a filter that has converged.
    """

    def __init__(self) -> None:
        self._near: deque[float] = deque([FLOOR_DB] * WINDOW, maxlen=WINDOW)
        self._far: deque[float] = deque([FLOOR_DB] * (WINDOW + LONGEST), maxlen=WINDOW + LONGEST)
        self._past: deque[Samples] = deque([silence()] * (LONGEST + 1), maxlen=LONGEST + 1)
        self._until_estimate = EVERY
        self._estimated, self._agreed = 0, 0
        self.blocks = 0
        """By how many blocks the far end is delayed."""

    @property
    def ms(self) -> int:
        """By how many milliseconds the far end is delayed."""
        return self.blocks * BLOCK_MS

    def process(self, near_db: float, far_db: float, far: Samples) -> Samples:
        """Take a block of the far end and the levels (dBFS) of both ends; return the delayed block of the far end."""
        self._near.append(max(near_db, FLOOR_DB))
        self._far.append(max(far_db, FLOOR_DB))
        self._past.append(far.copy())  # the caller may use the array again
        self._until_estimate -= 1
        if not self._until_estimate:
            self._until_estimate = EVERY
            self._update()
        return self._past[-1 - self.blocks]

    def confirm(self) -> None:
        """Note that the filter has converged: the far end comes when it should."""
        self._agreed = 0

    def _update(self) -> None:
        """Believe a delay that several estimates agree on, where it is beyond what the delay estimator covers."""
        found = self._estimate() if sum(level > LOUD_DB for level in self._far) >= LOUD_BLOCKS else None
        if found is None:
            self._agreed = 0
            return
        before, self._estimated = self._estimated, found
        self._agreed = self._agreed + 1 if self._agreed and abs(found - before) <= AGREEMENT else 1
        if self._agreed >= AGREEING and not 0 <= found - self.blocks <= COVERED:
            self.blocks = 0 if found <= COVERED else found - REMAINDER

    def _estimate(self) -> int | None:
        """Return by how many blocks the echo is late, None where no echo is recognised."""
        # One window for each delay: the levels of the far end whose echo the microphone heard, if it is that late.
        near, far = np.array(self._near), np.array(self._far)
        loud = _sums(far > LOUD_DB, WINDOW) >= LOUD_BLOCKS
        correlation = np.where(loud, windowed_correlations(_changes(far), _changes(near)), 0.0)[::-1]
        best = int(np.argmax(correlation))
        present = range(self.blocks, self.blocks + COVERED + 1)
        at_present = float(correlation[present.start : present.stop].max())
        needed = LEAST_CORRELATION if best in present else max(LEAST_CORRELATION, at_present + LEAST_ADVANTAGE)
        return best if correlation[best] >= needed else None


def _changes(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    return levels[STEP:] - levels[:-STEP]


def windowed_correlations(series: NDArray[np.float64], one: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Pearson's coefficient of each window of a series with one as long; 0 where one of them does not change."""
    one, count = one - one.mean(), len(one)
    spreads = np.maximum(_sums(series**2, count) - _sums(series, count) ** 2 / count, 0.0)
    return np.correlate(series, one, "valid") / np.maximum(np.sqrt(spreads * (one @ one)), 1e-9)


def _sums(values: NDArray[np.float64] | NDArray[np.bool_], count: int) -> NDArray[np.float64]:
    """Return the sums of so many values each, from the first on."""
    until = np.concatenate([[0.0], np.cumsum(values)])
    sums: NDArray[np.float64] = until[count:] - until[:-count]
    return sums
