"""Where the far end is read: at the delay of its echo, which is found, followed, and found again after lost sound."""

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
"""Clarity from which two estimates that agree are enough."""

UNCLEAR_AGREEING = 4
"""How often an estimate that is less clear must be confirmed: a hard, empty room has many strong echoes."""

AGREEMENT = 48
"""Samples by which estimates that agree may differ."""

TOLERANCE = 320
"""Samples by which the strongest echo may be later than it should be before the far end is read elsewhere."""

SETTLED_EVERY = 4
"""Once the delay is known, only every so many steps (a quarter of a second each) there is an estimate."""

LOST_SAMPLES = 32
"""Samples by which the echo must have moved for sound to have been lost ..."""

SEARCH_HOPS = 300
"""... within so many hops after a search was asked for; for as long after a false one no other is begun."""


@dataclass(frozen=True)
class Shift:
    """From now on the far end is read later than before."""

    samples: float
    """By how much; negative: sooner. Whole hops, unless sound was lost."""

    lost: bool
    """Whether sound was lost: then the echo comes that much later too. Otherwise only the part of it that the filter
    covers is another one."""


class Alignment:
    """Keeps the far end's past and the delay at which it is read."""

    def __init__(self, longest: int) -> None:
        """longest: how far back a filter looks from there, samples."""
        self._estimator = DelayEstimator()
        self._line = DelayLine(DelayEstimator.WINDOW + longest + 4 * HOP)
        self._read_delay = float(KERNEL_HALF)
        self._lead = 0.0  # how much sooner than the strongest echo the far end was read when that was found
        self._candidate: DelayEstimate | None = None
        self._agreed = 0
        self._searching = self._not_searching = 0  # hops for which a search goes on, or none is begun
        self.found_delay: int | None = None
        """Samples from the far end to its echo, None while unknown."""

    @property
    def delay_ms(self) -> float | None:
        """Milliseconds from the far end to its echo, None while unknown."""
        return None if self.found_delay is None else 1000 * self.found_delay / SAMPLE_RATE

    def update(self, near: Real, far: Real) -> Shift | None:
        """Take the newest hop of either end; return a change of where the far end is read, if there is one."""
        self._line.write(far)
        self._searching, self._not_searching = max(0, self._searching - 1), max(0, self._not_searching - 1)
        estimate = self._estimator.update(near, far)
        return self._consider(estimate) if estimate else None

    def read(self, count: int, back: int = 0, later: float = 0.0) -> Real:
        """Return `count` samples of the far end, those whose echo was heard until `back` samples ago.

        later: as if it were read so many samples later.
        """
        return self._line.read(self._read_delay + later, count, back)

    @property
    def recent_near(self) -> Real:
        """What the microphone heard lately, right after `update` returned a change."""
        return self._estimator.recent_near

    def add_delay(self, samples: float) -> None:
        """Read the far end so much later, because the clocks drift."""
        self._read_delay = max(float(KERNEL_HALF), self._read_delay + samples)

    def shift(self, samples: float, *, lost: bool) -> Shift:
        """Read the far end so much later from now on; return that change."""
        self._searching = 0
        self._read_delay += samples
        return Shift(samples, lost)

    def undo(self, shift: Shift, *, unchanged: bool) -> None:
        """Read the far end where it was read before a shift by lost sound, which turned out to be wrong.

        unchanged: the echo is where it was (it was double-talk). Otherwise the next estimate is believed.
        """
        self._read_delay -= shift.samples
        self._not_searching = SEARCH_HOPS
        if unchanged:
            self.found_delay = None if self.found_delay is None else self.found_delay - round(shift.samples)
            self._candidate, self._agreed, self._estimator.every = None, 0, SETTLED_EVERY
            self._estimator.restore()

    def search(self) -> None:
        """Estimate the delay at once and often, because the filter no longer fits."""
        if self._not_searching:
            return
        if not self._searching:
            self._candidate, self._agreed, self._estimator.every = None, 0, 1
            self._estimator.forget()
        self._searching = SEARCH_HOPS

    def _consider(self, estimate: DelayEstimate) -> Shift | None:
        """Believe estimates that agree: two clear ones, or more that are less clear."""
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
