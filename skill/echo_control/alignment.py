"""Where in the far end's past lies what is heard now: found, followed, and found again after a loss of sound."""

from dataclasses import dataclass

import numpy as np

from skill.audio.blocks import SAMPLE_RATE
from skill.echo_control.array_types import Real
from skill.echo_control.delay_estimator import KERNEL_HALF, Correlation, DelayFinder, DelayLine
from skill.echo_control.kalman_filter import HOP

HEADROOM = 96
"""Samples by which the far end is read before the strongest echo: it may be a reflection, not the direct sound."""

CLEAR = 1.5
"""Clarity from which two correlations that agree are enough."""

PATIENCE = 4
"""So many times a correlation that is not clear must be repeated: a hard, empty room has many strong echoes."""

AGREE = 48
"""Samples by which correlations that agree may differ."""

TOLERANCE = 320
"""Samples that the strongest echo may come later than wanted before the far end is read elsewhere."""

SETTLED = 4
"""Once the delay was found, it is looked at every so many quarters of a second."""

LOST = 32
"""Samples by which the echo must come elsewhere for sound to have been lost ..."""

DOUBT_HOPS = 300
"""... within so many hops since the alignment was doubted; for so many it is not doubted again for nothing."""


@dataclass(frozen=True)
class Shift:
    """The far end is read later than before from now on."""

    samples: float
    """By how much; negative: sooner. Whole hops, unless sound was lost."""

    lost: bool
    """Whether sound was lost. The echo comes that much later too, then; else only more or less of it is looked at."""


class Alignment:
    """Keeps the far end's past, and where to read it."""

    def __init__(self, longest: int) -> None:
        """longest: how far back a filter looks from there, samples."""
        self._finder = DelayFinder()
        self._line = DelayLine(DelayFinder.WINDOW + longest + 4 * HOP)
        self._read_delay = float(KERNEL_HALF)
        self._lead = 0.0  # how much sooner than the strongest echo the far end was read when that was found
        self._candidate: Correlation | None = None
        self._agreed = 0
        self._doubt = self._sure = 0  # hops for which the alignment is still doubted, or not to be doubted again
        self.found_delay: int | None = None
        """Samples from the loudspeaker's signal to its echo, once found."""

    @property
    def delay_ms(self) -> float | None:
        """Milliseconds from the far end's samples to their echo, None while unknown."""
        return None if self.found_delay is None else 1000 * self.found_delay / SAMPLE_RATE

    def hear(self, near: Real, far: Real) -> Shift | None:
        """Take the newest hop of either end; return a change of where the far end is read, if there is one."""
        self._line.write(far)
        self._doubt, self._sure = max(0, self._doubt - 1), max(0, self._sure - 1)
        found = self._finder.hear(near, far)
        return self._consider(found) if found else None

    def read(self, count: int, back: int = 0, later: float = 0.0) -> Real:
        """Return `count` samples of the far end, those whose echo was heard until `back` samples ago.

        later: as if it were read so much later.
        """
        return self._line.read(self._read_delay + later, count, back)

    @property
    def heard(self) -> Real:
        """What the microphone heard lately, where `hear` has just returned a change."""
        return self._finder.heard

    def lengthen(self, samples: float) -> None:
        """Read the far end so much later: the clocks run apart."""
        self._read_delay = max(float(KERNEL_HALF), self._read_delay + samples)

    def take_back(self, shift: Shift, *, for_nothing: bool) -> None:
        """Read the far end where it was read before a change by lost sound: that is not what happened.

        for_nothing: the echo is where it was, somebody spoke. Otherwise what is found next is believed.
        """
        self._read_delay -= shift.samples
        self._sure = DOUBT_HOPS
        if for_nothing:
            self.found_delay = None if self.found_delay is None else self.found_delay - round(shift.samples)
            self._candidate, self._agreed, self._finder.every = None, 0, SETTLED
            self._finder.recall()

    def doubt(self) -> None:
        """Look at once, and often, where the echo is: nothing fits any more."""
        if self._sure:
            return
        if not self._doubt:
            self._candidate, self._agreed, self._finder.every = None, 0, 1
            self._finder.forget()
        self._doubt = DOUBT_HOPS

    def _consider(self, found: Correlation) -> Shift | None:
        """Believe correlations that agree, two clear ones or some more."""
        self._finder.every = 1
        before, self._candidate = self._candidate, found
        agree = before is not None and abs(before.delay - found.delay) <= AGREE
        self._agreed = self._agreed + 1 if agree else 0
        if self._agreed < (1 if found.clarity >= CLEAR else PATIENCE):
            return None
        later = found.delay - self._read_delay - self._lead
        known, self.found_delay = self.found_delay is not None, found.delay
        if known and self._doubt and abs(later) > LOST and self._read_delay + later > KERNEL_HALF:
            return self._shift(later, lost=True)
        self._lead = found.delay - self._read_delay
        late_by = self._lead - HEADROOM
        if -HEADROOM / 2 <= late_by <= TOLERANCE:
            self._finder.every = SETTLED
            return None
        hops = int(np.floor(late_by / HOP))
        if self._read_delay + hops * HOP < KERNEL_HALF:
            hops = -int((self._read_delay - KERNEL_HALF) // HOP)
        self._lead -= hops * HOP
        return self._shift(float(hops * HOP), lost=False) if hops else None

    def _shift(self, samples: float, *, lost: bool) -> Shift:
        self._doubt = 0
        self._read_delay += samples
        return Shift(samples, lost)
