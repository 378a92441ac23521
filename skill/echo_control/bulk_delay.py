"""The bulk delay: a loudspeaker on a network plays seconds late, beyond the range of the delay estimator."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from skill.audio.blocks import BLOCK_MS, Samples, silence

WINDOW = 250
"""Blocks whose levels are compared: five seconds."""

LONGEST = 250
"""Longest bulk delay, blocks: five seconds."""

EVERY = 25
"""Blocks between two estimates."""

FLOOR_DB = -60.0
"""Lower levels are raised to this one, dBFS."""

LOUD_DB = -50.0
"""Minimum level of the far end, dBFS, in a loud block ..."""

LOUD_BLOCKS = 75
"""... and minimum number of loud blocks: chimes and ticks repeat, and give no information."""

STEP = 3
"""The levels' changes over this many blocks are correlated: words begin and end sharply, even if others talk."""

MIN_CORRELATION = 0.5
"""Minimum correlation of an echo: reverberant rooms give 0.5 to 0.6, other people's talk up to 0.4."""

MIN_ADVANTAGE = 0.2
"""Minimum by which it exceeds the correlation at the present delay: in a very reverberant room the right delay has
little more than another one at which two sentences begin and end alike."""

AGREEING = 3
"""Number of estimates in a row that must agree ..."""

AGREEMENT = 2
"""... within this many blocks."""

COVERED = 22
"""Longest delay that is left to the delay estimator, blocks: its range is half a second."""

REMAINDER = 10
"""Part of a longer delay that is left to it, blocks."""


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
        """Delay of the far end, blocks."""

    @property
    def ms(self) -> int:
        """Delay of the far end, milliseconds."""
        return self.blocks * BLOCK_MS

    def process(self, near_db: float, far_db: float, far: Samples) -> Samples:
        """Take a block of the far end and the levels (dBFS) of both ends; return the delayed block of the far end."""
        self._near.append(max(near_db, FLOOR_DB))
        self._far.append(max(far_db, FLOOR_DB))
        self._past.append(far.copy())  # the caller may reuse the array
        self._until_estimate -= 1
        if not self._until_estimate:
            self._until_estimate = EVERY
            self._update()
        return self._past[-1 - self.blocks]

    def confirm(self) -> None:
        """Note that the filter has converged: the present delay is right."""
        self._agreed = 0

    def _update(self) -> None:
        """Accept a delay that several estimates agree on, if it is beyond the range of the delay estimator."""
        found = self._estimate() if sum(level > LOUD_DB for level in self._far) >= LOUD_BLOCKS else None
        if found is None:
            self._agreed = 0
            return
        before, self._estimated = self._estimated, found
        self._agreed = self._agreed + 1 if self._agreed and abs(found - before) <= AGREEMENT else 1
        if self._agreed >= AGREEING and not 0 <= found - self.blocks <= COVERED:
            self.blocks = 0 if found <= COVERED else found - REMAINDER

    def _estimate(self) -> int | None:
        """Return the delay of the echo in blocks; None if there is no clear echo."""
        # One window for each delay: the levels of the far end whose echo the microphone heard, if it is that late.
        near, far = np.array(self._near), np.array(self._far)
        loud = _sums(far > LOUD_DB, WINDOW) >= LOUD_BLOCKS
        correlation = np.where(loud, windowed_correlations(_changes(far), _changes(near)), 0.0)[::-1]
        best = int(np.argmax(correlation))
        present = range(self.blocks, self.blocks + COVERED + 1)
        at_present = float(correlation[present.start : present.stop].max())
        needed = MIN_CORRELATION if best in present else max(MIN_CORRELATION, at_present + MIN_ADVANTAGE)
        return best if correlation[best] >= needed else None


def _changes(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    return levels[STEP:] - levels[:-STEP]


def windowed_correlations(series: NDArray[np.float64], one: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Pearson's coefficient of `one` and each window of a series; 0 if either of them is constant."""
    one, count = one - one.mean(), len(one)
    spreads = np.maximum(_sums(series**2, count) - _sums(series, count) ** 2 / count, 0.0)
    return np.correlate(series, one, "valid") / np.maximum(np.sqrt(spreads * (one @ one)), 1e-9)


def _sums(values: NDArray[np.float64] | NDArray[np.bool_], count: int) -> NDArray[np.float64]:
    """Return the sums of all windows of `count` values."""
    until = np.concatenate([[0.0], np.cumsum(values)])
    sums: NDArray[np.float64] = until[count:] - until[:-count]
    return sums
