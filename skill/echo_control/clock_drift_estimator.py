"""Clock drift: microphone and loudspeaker run on clocks of their own, so the delay of the echo grows or shrinks."""

import math

import numpy as np

from skill.echo_control.array_types import Complex, Real
from skill.echo_control.kalman_filter import BINS, HOP


class ClockDriftEstimator:
    """Estimates the drift, and keeps the filter's far end synchronous with the microphone's clock.

    A delay-locked loop: the slope, over frequency, of the phase between microphone and predicted echo gives the lag:
    how much later the echo comes than the filter assumes. A proportional step corrects the lag, an integrating step
    learns the drift. It is updated at every other hop. While the far end sounds, the filter follows the lag as well
    and hides most of it. During silence nothing does, so the first updates after it show best how wrong delay and
    drift were.
    """

    MEMORY = 0.96
    """Smoothing of the spectra, per update."""

    STEP = 0.02
    """Share of the lag that is corrected in an update."""

    DRIFT_STEP = 0.0006
    """Change of the drift (samples a hop) per sample of lag in an update."""

    FIRST_FACTOR = 4.0
    """Factor on DRIFT_STEP in the first update; it falls linearly to 1 ..."""

    FIRST_UPDATES = 600
    """... within this many updates: twelve seconds with an echo."""

    SETTLING_UPDATES = 75
    """Updates after a jump of the alignment in which a lag is the alignment's error: the drift is not changed ..."""

    SETTLING_STEP = 0.1
    """... and STEP is this."""

    SILENCE_HOPS = 20
    """After more hops than this without an update ..."""

    RESUMING_UPDATES = 10
    """... the lag is the accumulated error of the drift. In this many updates ..."""

    RESUMING_STEP = 0.6
    """... STEP is this, ..."""

    RESUMING_DRIFT = 0.7
    """... and the drift changes by this share of that correction, divided by the hops of the silence, ..."""

    MIN_SILENCE_HOPS = 100
    """... or by this number if there were fewer: a short silence is little evidence."""

    BAND = slice(6, 100)
    """Bins that are used: 300 to 4950 Hz."""

    MIN_COHERENCE = 0.75
    """Minimum coherence of microphone and predicted echo: below it the filter has learnt too little."""

    LARGEST_DRIFT = 400e-6 * HOP
    """Samples a hop: no two clocks differ by more than 400 parts per million."""

    def __init__(self) -> None:
        self._phase = np.pi * np.arange(*self.BAND.indices(BINS)) / HOP  # radians a sample of lag
        self._cross = np.zeros(len(self._phase), dtype=np.complex128)
        self._near_power = self._echo_power = 0.0
        self._updates = self._settling = self._resuming = 0
        self._skipped = self._silence = 0  # hops since the last update, and in the last silence
        self.drift = 0.0
        """Samples a hop by which the delay grows."""

    @property
    def drift_ppm(self) -> float:
        """The drift in parts per million."""
        return self.drift / HOP * 1e6

    def update(self, near: Complex, echo: Complex, noise: Real) -> float:
        """Take spectra (BINS) of the microphone and of the predicted echo; return the growth of the delay.

        noise: power of everything that is not echo, a value a bin. The result is in samples, for this hop.
        """
        self._resume_after_silence()
        near, echo, weight = near[self.BAND], echo[self.BAND], 1 / (noise[self.BAND] + 1e-6)
        keep, new = self.MEMORY, 1 - self.MEMORY
        self._cross = keep * self._cross + (new * weight) * near * echo.conj()
        self._near_power = keep * self._near_power + new * float((near.real**2 + near.imag**2) @ weight)
        self._echo_power = keep * self._echo_power + new * float((echo.real**2 + echo.imag**2) @ weight)
        cross, phase = self._cross, self._phase
        magnitude = np.abs(cross)
        coherence = float(magnitude.sum()) / math.sqrt(self._near_power * self._echo_power + 1e-12)
        if coherence < self.MIN_COHERENCE:
            return self.drift
        lag = -float(cross.imag @ phase) / (float(magnitude @ phase**2) + 1e-12)
        lag = min(1.0, max(-1.0, lag))
        if self._settling:
            self._settling -= 1
            return self.drift + self.SETTLING_STEP * lag
        if self._resuming:
            self._resuming -= 1
            step = self.RESUMING_STEP * lag
            self._cross *= np.exp(1j * phase * step)  # as it would have been at the corrected delay
            self._change_drift(self.RESUMING_DRIFT * step / max(self.MIN_SILENCE_HOPS, self._silence))
            return self.drift + step
        self._updates += 1
        factor = self.FIRST_FACTOR + (1 - self.FIRST_FACTOR) * self._updates / self.FIRST_UPDATES
        step = self.DRIFT_STEP * max(1.0, factor)
        self._change_drift(step * lag)
        return self.drift + self.STEP * lag

    def skip(self, hops: int) -> None:
        """Note that `hops` have passed, with an update or without."""
        self._skipped += hops

    def _resume_after_silence(self) -> None:
        """After a silence, use only what follows."""
        skipped, self._skipped = self._skipped, 0
        if skipped > self.SILENCE_HOPS and not self._settling:
            self.restart()
            self._resuming, self._silence = self.RESUMING_UPDATES, skipped

    def _change_drift(self, by: float) -> None:
        self.drift = min(self.LARGEST_DRIFT, max(-self.LARGEST_DRIFT, self.drift + by))

    def restart(self) -> None:
        """Forget the phase, because the alignment jumped. The drift is kept."""
        self._cross[:] = 0
        self._near_power = self._echo_power = 0.0

    def settle(self) -> None:
        """Expect the alignment to be a little off, and the drift to be what it was."""
        self._settling, self._resuming = self.SETTLING_UPDATES, 0
