"""The bulk delay: a loudspeaker on a network plays seconds late, later than echo control can look."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from skill.audio.blocks import BLOCK_MS, Samples, silence

WINDOW = 250
"""Blocks that are compared: five seconds."""

LONGEST = 250
"""Blocks by which the echo may be late: five seconds."""

EVERY = 25
"""It is looked for every so many blocks."""

FLOOR_DB = -60.0
"""Levels below this, dBFS, are all alike."""

LOUD_DB = -50.0
"""From this level on, dBFS, the coach is heard ..."""

LOUD_BLOCKS = 75
"""... and so many such blocks are needed: chimes and ticks repeat, and tell nothing."""

STEP = 3
"""How levels change within so many blocks is compared: words begin and end sharply, also where others talk as well."""

LIKE = 0.5
"""Correlation from which the coach is recognised: rooms with a long tail have 0.5 to 0.6, other talk up to 0.4."""

MORE = 0.2
"""So much more than at the present delay: where a room rings for long, the right one has little more than another at
which two lines begin and end alike."""

LOOKS = 3
"""So many looks in a row must agree ..."""

AGREE = 2
"""... to so many blocks."""

SOON = 22
"""Up to so many blocks echo control finds the delay by itself: it looks half a second back."""

LEFT = 10
"""So many blocks are left to it where the echo is later."""


class BulkDelay:
    """Holds the far end back until shortly before its echo arrives.

    Compares the levels of the two ends, 20 ms at a time: coarse, but cheap, and it needs no filter that knows the room.
    """

    def __init__(self) -> None:
        self._near: deque[float] = deque([FLOOR_DB] * WINDOW, maxlen=WINDOW)
        self._far: deque[float] = deque([FLOOR_DB] * (WINDOW + LONGEST), maxlen=WINDOW + LONGEST)
        self._past: deque[Samples] = deque([silence()] * (LONGEST + 1), maxlen=LONGEST + 1)
        self._until_look = EVERY
        self._seen, self._agreed = 0, 0
        self.blocks = 0
        """How many blocks the far end is held back."""

    @property
    def ms(self) -> int:
        """How long the far end is held back."""
        return self.blocks * BLOCK_MS

    def hear(self, near_db: float, far_db: float, far: Samples) -> Samples:
        """Take a block of the far end and the levels (dBFS) of both; return the block that is to be heard soon."""
        self._near.append(max(near_db, FLOOR_DB))
        self._far.append(max(far_db, FLOOR_DB))
        self._past.append(far)
        self._until_look -= 1
        if not self._until_look:
            self._until_look = EVERY
            self._look()
        return self._past[-1 - self.blocks]

    def confirm(self) -> None:
        """Note that echo control takes the echo off: the far end comes when it should."""
        self._agreed = 0

    def _look(self) -> None:
        """Believe a delay that is seen again and again, where it is beyond what echo control finds by itself."""
        found = self._late_by() if sum(level > LOUD_DB for level in self._far) >= LOUD_BLOCKS else None
        if found is None:
            self._agreed = 0
            return
        before, self._seen = self._seen, found
        self._agreed = self._agreed + 1 if self._agreed and abs(found - before) <= AGREE else 1
        if self._agreed >= LOOKS and not 0 <= found - self.blocks <= SOON:
            self.blocks = 0 if found <= SOON else found - LEFT

    def _late_by(self) -> int | None:
        """Return by how many blocks the echo is late, None where none is recognised."""
        # A window a delay: the far end's levels in the blocks whose echo the microphone heard, if it is so late.
        near, far = np.array(self._near), np.array(self._far)
        loud = _sums(far > LOUD_DB, WINDOW) >= LOUD_BLOCKS
        likeness = np.where(loud, _correlations(_changes(far), _changes(near)), 0.0)[::-1]
        best = int(np.argmax(likeness))
        present = range(self.blocks, self.blocks + SOON + 1)
        needed = LIKE if best in present else max(LIKE, likeness[present.start : present.stop].max() + MORE)
        return best if likeness[best] >= needed else None


def _changes(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    return levels[STEP:] - levels[:-STEP]


def _correlations(series: NDArray[np.float64], one: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Pearson's coefficient of each window of a series with one as long; 0 where one of them does not change."""
    one, count = one - one.mean(), len(one)
    spreads = np.maximum(_sums(series**2, count) - _sums(series, count) ** 2 / count, 0.0)
    return np.correlate(series, one, "valid") / np.maximum(np.sqrt(spreads * (one @ one)), 1e-9)


def _sums(values: NDArray[np.float64] | NDArray[np.bool_], count: int) -> NDArray[np.float64]:
    """Return the sums of so many values each, from the first on."""
    until = np.concatenate([[0.0], np.cumsum(values)])
    sums: NDArray[np.float64] = until[count:] - until[:-count]
    return sums
