"""The delay of the echo, estimated by correlation."""

from dataclasses import dataclass

import numpy as np

from skill.audio.blocks import SAMPLE_RATE
from skill.echo_control.array_types import Real
from skill.echo_control.kalman_filter import HOP


@dataclass(frozen=True)
class DelayEstimate:
    """One estimate of the delay."""

    delay: int
    """Samples from the far end's sound to its echo at the microphone."""

    clarity: float
    """Height of the correlation's peak over the highest one elsewhere; above 1.5 it can be trusted."""


class DelayEstimator:
    """Estimates the delay of the echo, up to half a second, by generalised cross-correlation with phase transform.

    Method: C. Knapp and G. Carter, "The generalized correlation method for estimation of time delay", IEEE Trans.
    ASSP 24 (1976). Cross-spectra are summed over some two seconds of sound from the loudspeaker, so that what the
    user says, which does not correlate with it, averages out.
    """

    WINDOW = 8192
    """Samples of the microphone that are correlated."""

    STEP = 25 * HOP
    """Samples between two estimates: a quarter of a second."""

    MEMORY = 0.85
    """Smoothing of the cross-spectra, per estimate."""

    ONSET = 0.5
    """The echo begins with the first peak of at least this height relative to the highest one: in a reverberant room
    that may be a reflection."""

    BEFORE = SAMPLE_RATE // 10
    """Samples before the highest peak that are searched for such a peak."""

    def __init__(self, longest: int = WINDOW - HOP) -> None:
        """longest: longest delay that can be found, samples, below WINDOW."""
        self._longest = longest
        self._near = np.zeros(self.WINDOW)
        self._far = np.zeros(2 * self.WINDOW)
        self._cross = self._earlier = np.zeros(self.WINDOW + 1, dtype=np.complex128)
        self._waiting = 0
        self._turn = 0
        self.every = 1
        """Number of steps between two estimates; more once the delay is known."""
        frequencies = np.fft.rfftfreq(2 * self.WINDOW, 1 / SAMPLE_RATE)
        self._band = (frequencies > 150) & (frequencies < 6000)

    def update(self, near: Real, far: Real) -> DelayEstimate | None:
        """Take a pair of HOP samples each; return an estimate when there is a new one (about four times a second)."""
        place = self.WINDOW - self.STEP + self._waiting
        self._near[place : place + len(near)] = near
        self._far[place + self.WINDOW : place + self.WINDOW + len(far)] = far
        self._waiting += len(near)
        if self._waiting < self.STEP:
            return None
        self._waiting = 0
        self._turn = (self._turn + 1) % self.every
        estimate = None if self._turn else self._estimate_if_audible()
        self._near[: -self.STEP] = self._near[self.STEP :]
        self._far[: -self.STEP] = self._far[self.STEP :]
        return estimate

    @property
    def recent_near(self) -> Real:
        """The last quarter of a second of the microphone; call it right after an estimate."""
        return self._near[: self.WINDOW - self.STEP]

    def forget(self) -> None:
        """Use only what comes from now on."""
        self._earlier, self._cross = self._cross, np.zeros_like(self._cross)

    def restore(self) -> None:
        """Use what came before `forget` again, and not what came since."""
        self._cross = self._earlier

    def _estimate_if_audible(self) -> DelayEstimate | None:
        """Return an estimate, unless the loudspeaker was silent."""
        if float(np.mean(self._far[self.WINDOW - self.STEP :] ** 2)) < 1e-6:
            return None
        return self._estimate()

    def _estimate(self) -> DelayEstimate:
        padded = np.concatenate([np.zeros(self.WINDOW), self._near])
        cross = np.fft.rfft(padded) * np.fft.rfft(self._far).conj()
        magnitude = np.abs(cross)
        # Only partly whitened: full whitening would give bins that hold nothing but noise the same weight.
        floor = 0.05 * float(magnitude[self._band].mean()) + 1e-12
        weighted = np.where(self._band, cross / (magnitude + floor), 0.0)
        self._cross = self.MEMORY * self._cross + weighted
        correlation = np.abs(np.fft.irfft(self._cross)[: self._longest])
        peak = int(np.argmax(correlation))
        first = max(0, peak - self.BEFORE)
        onset = first + int(np.argmax(correlation[first : peak + 1] >= self.ONSET * correlation[peak]))
        elsewhere = correlation.copy()
        elsewhere[max(0, onset - 160) : peak + 640] = 0.0  # reflections follow the direct sound
        return DelayEstimate(onset, float(correlation[peak] / (elsewhere.max() + 1e-12)))
