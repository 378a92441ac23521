"""Aligns the far end with its echo: finds the delay, tracks it, and finds it again after lost sound."""

from dataclasses import dataclass

import numpy as np

from skill.audio.blocks import SAMPLE_RATE
from skill.echo_control.array_types import Real
from skill.echo_control.delay_estimator import DelayEstimate, DelayEstimator
from skill.echo_control.delay_line import KERNEL_HALF, DelayLine
from skill.echo_control.kalman_filter import HOP

HEADROOM = 96
"""Samples by which the far end is read before the strongest echo: that may be a reflection, not the direct sound."""

CLEAR = 1.5
"""Two estimates that agree are enough if their clarity is at least this."""

UNCLEAR_AGREEING = 4
"""Number of agreeing estimates needed if they are less clear: a hard, empty room has many strong echoes."""

AGREEMENT = 48
"""Largest difference between two estimates that agree, samples."""

TOLERANCE = 320
"""The alignment is changed if the strongest echo is later than expected by more than this, samples."""

SETTLED_EVERY = 4
"""Steps (a quarter of a second each) between two estimates once the delay is known."""

LOST_SAMPLES = 32
"""Sound was lost if the echo has moved by at least this, samples, ..."""

SEARCH_HOPS = 300
"""... within this many hops after a search was requested. Also the pause after a false alarm."""


@dataclass(frozen=True)
class Shift:
    """A change of the delay at which the far end is read."""

    samples: float
    """Change of the delay; negative: earlier. Whole hops, unless sound was lost."""

    lost: bool
    """Whether sound was lost: then the echo has moved too. Otherwise the filter only covers another part of it."""


class Alignment:
    """Keeps the far end's past and the delay at which it is read."""

    def __init__(self, longest: int) -> None:
        """longest: length of the filter, samples."""
        self._estimator = DelayEstimator()
        self._line = DelayLine(DelayEstimator.WINDOW + longest + 4 * HOP)
        self._read_delay = float(KERNEL_HALF)
        self._lead = 0.0  # samples by which the far end was read before the strongest echo when that was found
        self._candidate: DelayEstimate | None = None
        self._agreed = 0
        self._searching = self._not_searching = 0  # remaining hops of a search, and of the pause after a false one
        self.found_delay: int | None = None
        """Samples from the far end to its echo, None while unknown."""

    @property
    def delay_ms(self) -> float | None:
        """Milliseconds from the far end to its echo, None while unknown."""
        return None if self.found_delay is None else 1000 * self.found_delay / SAMPLE_RATE

    def update(self, near: Real, far: Real) -> Shift | None:
        """Take the newest hop of either end; return a change of the delay, if there is one."""
        self._line.write(far)
        self._searching, self._not_searching = max(0, self._searching - 1), max(0, self._not_searching - 1)
        estimate = self._estimator.update(near, far)
        return self._consider(estimate) if estimate else None

    def read(self, count: int, back: int = 0, later: float = 0.0) -> Real:
        """Return `count` samples of the far end, those whose echo was heard until `back` samples ago.

        later: samples added to the delay.
        """
        return self._line.read(self._read_delay + later, count, back)

    @property
    def recent_near(self) -> Real:
        """The recent microphone signal; call it right after `update` has returned a change."""
        return self._estimator.recent_near

    def add_delay(self, samples: float) -> None:
        """Add to the delay, because the clocks drift."""
        self._read_delay = max(float(KERNEL_HALF), self._read_delay + samples)

    def shift(self, samples: float, *, lost: bool) -> Shift:
        """Add to the delay from now on; return the change."""
        self._searching = 0
        self._read_delay += samples
        return Shift(samples, lost)

    def undo(self, shift: Shift, *, unchanged: bool) -> None:
        """Undo a shift because of lost sound that turned out to be wrong.

        unchanged: the echo has not moved (it was double-talk). Otherwise the next estimate is accepted.
        """
        self._read_delay -= shift.samples
        self._not_searching = SEARCH_HOPS
        if unchanged:
            self.found_delay = None if self.found_delay is None else self.found_delay - round(shift.samples)
            self._candidate, self._agreed, self._estimator.every = None, 0, SETTLED_EVERY
            self._estimator.restore()

    def search(self) -> None:
        """Estimate the delay now and frequently, because the filter no longer matches the echo path."""
        if self._not_searching:
            return
        if not self._searching:
            self._candidate, self._agreed, self._estimator.every = None, 0, 1
            self._estimator.forget()
        self._searching = SEARCH_HOPS

    def _consider(self, estimate: DelayEstimate) -> Shift | None:
        """Accept estimates that agree: two clear ones, or more that are less clear."""
        self._estimator.every = 1
        before, self._candidate = self._candidate, estimate
        agree = before is not None and abs(before.delay - estimate.delay) <= AGREEMENT
        self._agreed = self._agreed + 1 if agree else 0
        if self._agreed < (1 if estimate.clarity >= CLEAR else UNCLEAR_AGREEING):
            return None
        later = estimate.delay - self._read_delay - self._lead
        known, self.found_delay = self.found_delay is not None, estimate.delay
        if known and self._searching and abs(later) > LOST_SAMPLES and self._read_delay + later > KERNEL_HALF:
            return self.shift(later, lost=True)
        self._lead = estimate.delay - self._read_delay
        late_by = self._lead - HEADROOM
        if -HEADROOM / 2 <= late_by <= TOLERANCE:
            self._estimator.every = SETTLED_EVERY
            return None
        hops = int(np.floor(late_by / HOP))
        if self._read_delay + hops * HOP < KERNEL_HALF:
            hops = -int((self._read_delay - KERNEL_HALF) // HOP)
        self._lead -= hops * HOP
        return self.shift(float(hops * HOP), lost=False) if hops else None
