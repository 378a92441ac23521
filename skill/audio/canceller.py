"""The linear canceller: aligns the far end, follows its clock, and takes the predicted echo off."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skill.audio.blocks import SAMPLE_RATE
from skill.audio.delay import KERNEL_HALF, Correlation, DelayFinder, DelayLine, DriftLoop
from skill.audio.kalman import HOP, KalmanFilter, KalmanSettings

Real = NDArray[np.float64]

HEADROOM = 96
"""Samples by which the far end is read before the strongest echo: a reflection may be stronger than the direct sound."""

CLEAR = 1.5
"""Clarity from which a correlation counts."""

TOLERANCE = 320
"""Samples that the strongest echo may come later than wanted before the filter is moved."""


@dataclass(frozen=True)
class Split:
    """One hop of the microphone, taken apart."""

    error: Real
    """The microphone less the predicted echo, HOP samples in [-1, 1]."""

    echo: Real
    """The predicted echo, HOP samples."""


class LinearCanceller:
    """Removes what a linear room makes of the far end. Works in hops of 10 ms, adds no delay."""

    def __init__(self, settings: KalmanSettings | None = None) -> None:
        self.filter = KalmanFilter(settings)
        self._partitions = self.filter.settings.partitions
        self._finder = DelayFinder()
        self._drift = DriftLoop()
        self._line = DelayLine(DelayFinder.WINDOW + (self._partitions + 4) * HOP)
        self._read_delay = float(KERNEL_HALF)
        self._candidate: Correlation | None = None
        self._aligned = np.zeros(2 * HOP)
        self.found_delay: int | None = None
        """Samples from the loudspeaker's signal to its echo, once found."""

    @property
    def delay_ms(self) -> float | None:
        """Milliseconds from the far end's samples to their echo, None while unknown."""
        return None if self.found_delay is None else 1000 * self.found_delay / SAMPLE_RATE

    @property
    def drift_ppm(self) -> float:
        """By how much the microphone's clock is faster than the loudspeaker's."""
        return self._drift.drift_ppm

    def process(self, near: Real, far: Real) -> Split:
        """Take HOP samples of either end, in [-1, 1]."""
        self._line.write(far)
        found = self._finder.hear(near, far)
        if found is not None:
            self._consider(found)
        self._aligned = np.concatenate([self._aligned[HOP:], self._line.read(self._read_delay, HOP)])
        error, echo = self.filter.process(near, self._aligned)
        self._follow(near, echo)
        return Split(error, echo)

    def _follow(self, near: Real, echo: Real) -> None:
        silence = np.zeros(HOP)
        near_spectrum = np.fft.rfft(np.concatenate([silence, near]))
        echo_spectrum = np.fft.rfft(np.concatenate([silence, echo]))
        longer = self._drift.follow(near_spectrum, echo_spectrum, self.filter.noise)
        self._read_delay = max(float(KERNEL_HALF), self._read_delay + longer)

    def _consider(self, found: Correlation) -> None:
        """Move the filter when two clear correlations in a row say that the echo is elsewhere."""
        if found.clarity < CLEAR:
            self._candidate = None
            return
        before, self._candidate = self._candidate, found
        if before is None or abs(before.delay - found.delay) > 48:
            return
        self.found_delay = found.delay
        late_by = found.delay - HEADROOM - self._read_delay
        if -HEADROOM / 2 <= late_by <= TOLERANCE:
            return
        hops = int(np.floor(late_by / HOP))
        if self._read_delay + hops * HOP < KERNEL_HALF:
            hops = -int((self._read_delay - KERNEL_HALF) // HOP)
        if hops:
            self._move(hops)

    def _move(self, hops: int) -> None:
        """Read the far end `hops` later and move the taps along, so that nothing learnt is lost."""
        self._read_delay += hops * HOP
        past = [self._line.read(self._read_delay, 2 * HOP, back * HOP) for back in range(1, self._partitions + 1)]
        # The newest hop is read again by process(): the filter expects the state of the hop before.
        self.filter.shift(-hops, np.fft.rfft(np.array(past), axis=1))
        self._aligned = past[0].copy()
        self._drift.restart()
