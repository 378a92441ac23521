"""How late the echo arrives: found once by correlation, then followed to a fraction of a sample."""

import math
from dataclasses import dataclass

import numpy as np

from skill.audio.blocks import SAMPLE_RATE
from skill.echo_control.array_types import Complex, Real
from skill.echo_control.kalman_filter import BINS, HOP

KERNEL_HALF = 16
"""Samples on either side of the kernel that reads between samples."""

TAPS = np.arange(-KERNEL_HALF + 1, KERNEL_HALF + 1)
"""Where they are, relative to the last one before what is read."""


class DelayLine:
    """The far end's recent past, readable at any delay, also between samples."""

    def __init__(self, longest: int) -> None:
        """longest: samples that a delay may have at most."""
        self._size = longest + 4 * KERNEL_HALF
        self._line = np.zeros(self._size + 64 * HOP)
        self._end = self._size

    def write(self, samples: Real) -> None:
        """Append the newest samples, at most 64 hops at once."""
        if self._end + len(samples) > len(self._line):
            self._line[: self._size] = self._line[self._end - self._size : self._end]
            self._end = self._size
        self._line[self._end : self._end + len(samples)] = samples
        self._end += len(samples)

    def read(self, delay: float, count: int, back: int = 0) -> Real:
        """Return `count` samples that end `delay` + `back` samples before the newest."""
        whole, step = divmod(round((self._end - back - count - delay) * _STEPS), _STEPS)
        if not step:
            return self._line[whole : whole + count].copy()
        begin = whole - KERNEL_HALF + 1
        return np.convolve(self._line[begin : whole + count + KERNEL_HALF], _KERNELS[step], "valid")


def kernel(after: Real) -> Real:
    """Return windowed sincs (len(after), taps) that read between samples, each so far (0 to 1) after one of them."""
    distance = after[:, None] - TAPS
    return np.sinc(distance) * np.cos(np.pi * distance / (2 * KERNEL_HALF + 2)) ** 2


_STEPS = 256  # an error of 1/512 of a sample is 50 dB below a tone of 4 kHz
_KERNELS = kernel(np.arange(_STEPS) / _STEPS)[:, ::-1].copy()  # reversed for convolution


@dataclass(frozen=True)
class Correlation:
    """What the delay finder saw last."""

    delay: int
    """Samples from the far end's sound to its echo at the microphone."""

    clarity: float
    """Height of the peak over the highest one elsewhere; above 1.5 it can be trusted."""


class DelayFinder:
    """Finds the delay of the echo, up to half a second, by generalised cross-correlation with phase transform.

    Method: C. Knapp and G. Carter, "The generalized correlation method for estimation of time delay", IEEE Trans.
    ASSP 24 (1976). Cross-spectra are summed over some two seconds of sound from the loudspeaker, so that what the
    user says, which does not correlate with it, averages out.
    """

    WINDOW = 8192
    STEP = 25 * HOP
    MEMORY = 0.85

    ONSET = 0.5
    """The echo begins with the first peak of this height relative to the highest: in a room that rings, that one may be
    a reflection as loud as the direct sound."""

    BEFORE = SAMPLE_RATE // 10
    """So much before the highest peak such a beginning is looked for, samples."""

    def __init__(self, longest: int = WINDOW - HOP) -> None:
        """longest: the longest delay to look for, samples, below WINDOW."""
        self._longest = longest
        self._near = np.zeros(self.WINDOW)
        self._far = np.zeros(2 * self.WINDOW)
        self._cross = self._earlier = np.zeros(self.WINDOW + 1, dtype=np.complex128)
        self._waiting = 0
        self._turn = 0
        self.every = 1
        """Estimate at every so many steps: once the delay is known, a look now and then is enough."""
        frequencies = np.fft.rfftfreq(2 * self.WINDOW, 1 / SAMPLE_RATE)
        self._band = (frequencies > 150) & (frequencies < 6000)

    def hear(self, near: Real, far: Real) -> Correlation | None:
        """Take a pair of HOP samples each; return an estimate when a new one is there (about four times a second)."""
        place = self.WINDOW - self.STEP + self._waiting
        self._near[place : place + len(near)] = near
        self._far[place + self.WINDOW : place + self.WINDOW + len(far)] = far
        self._waiting += len(near)
        if self._waiting < self.STEP:
            return None
        self._waiting = 0
        self._turn = (self._turn + 1) % self.every
        found = None if self._turn else self._estimated()
        self._near[: -self.STEP] = self._near[self.STEP :]
        self._far[: -self.STEP] = self._far[self.STEP :]
        return found

    @property
    def heard(self) -> Real:
        """What the microphone heard until now, some quarter of a second, where an estimate has just been made."""
        return self._near[: self.WINDOW - self.STEP]

    def forget(self) -> None:
        """Let only what comes from now on count."""
        self._earlier, self._cross = self._cross, np.zeros_like(self._cross)

    def recall(self) -> None:
        """Let what came before that count again, and not what came since."""
        self._cross = self._earlier

    def _estimated(self) -> Correlation | None:
        """Return an estimate, unless the loudspeaker was silent."""
        if float(np.mean(self._far[self.WINDOW - self.STEP :] ** 2)) < 1e-6:
            return None
        return self._estimate()

    def _estimate(self) -> Correlation:
        padded = np.concatenate([np.zeros(self.WINDOW), self._near])
        cross = np.fft.rfft(padded) * np.fft.rfft(self._far).conj()
        magnitude = np.abs(cross)
        # Half whitened: full whitening would give the bins that hold nothing but noise an equal voice.
        floor = 0.05 * float(magnitude[self._band].mean()) + 1e-12
        weighted = np.where(self._band, cross / (magnitude + floor), 0.0)
        self._cross = self.MEMORY * self._cross + weighted
        shape = np.abs(np.fft.irfft(self._cross)[: self._longest])
        peak = int(np.argmax(shape))
        first = max(0, peak - self.BEFORE)
        onset = first + int(np.argmax(shape[first : peak + 1] >= self.ONSET * shape[peak]))
        elsewhere = shape.copy()
        elsewhere[max(0, onset - 160) : peak + 640] = 0.0  # reflections follow the direct sound
        return Correlation(onset, float(shape[peak] / (elsewhere.max() + 1e-12)))


class ClockDriftEstimator:
    """Keeps the filter's far end in step with a clock that runs a little faster or slower.

    A delay-locked loop: the phase of microphone against predicted echo, over frequency, tells how much later the
    echo comes than the filter believes; a proportional step corrects that, an integrating one learns the drift. It
    looks at every other hop. While the coach speaks the filter follows, too, and hides most of the lag; in a silence
    nothing does, so that the first moments after it tell best what was wrong, of delay and drift.
    """

    MEMORY = 0.96
    STEP = 0.02
    DRIFT_STEP = 0.0006

    HURRY = 4.0
    """Factor on that at the first look; it falls evenly to one ..."""

    HURRY_LOOKS = 600
    """... in so many looks: twelve seconds with an echo."""

    SETTLING_LOOKS = 75
    """So many looks after the alignment jumped it is the alignment that is wrong, and not the clock: the step is ..."""

    SETTLING_STEP = 0.1
    """... this, and the drift is left alone."""

    APART = 20
    """After so many hops in which nothing was to be seen ..."""

    WAKING_LOOKS = 10
    """... the clocks have run apart by what was not known of the drift, and for so many looks ..."""

    WAKING_STEP = 0.6
    """... this much of the lag is corrected at once ..."""

    WAKING_DRIFT = 0.7
    """... and so much of that correction, divided by the hops, is what was not known of the drift ..."""

    LEAST_APART = 100
    """... where it is divided by so many at least: a short silence says little."""

    BAND = slice(6, 100)
    """Bins that are looked at: from 300 to 4950 Hz."""

    LIKENESS = 0.75
    """Coherence of microphone and prediction below which the filter knows too little to tell."""

    LARGEST_DRIFT = 400e-6 * HOP
    """Samples a hop: no two clocks differ by more than 400 parts per million."""

    def __init__(self) -> None:
        self._phase = np.pi * np.arange(*self.BAND.indices(BINS)) / HOP  # radians a sample of lag
        self._cross = np.zeros(len(self._phase), dtype=np.complex128)
        self._near_power = self._echo_power = 0.0
        self._looks = self._settling = self._waking = 0
        self._unseen = self._apart = 0  # hops since the last look, and before the silence's end
        self.drift = 0.0
        """Samples a hop by which the delay grows."""

    @property
    def drift_ppm(self) -> float:
        """The drift in parts per million."""
        return self.drift / HOP * 1e6

    def follow(self, near: Complex, echo: Complex, noise: Real) -> float:
        """Take spectra of the microphone and of the predicted echo; return how much to lengthen the delay, samples."""
        self._wake()
        near, echo, weight = near[self.BAND], echo[self.BAND], 1 / (noise[self.BAND] + 1e-6)
        keep, new = self.MEMORY, 1 - self.MEMORY
        self._cross = keep * self._cross + (new * weight) * near * echo.conj()
        self._near_power = keep * self._near_power + new * float((near.real**2 + near.imag**2) @ weight)
        self._echo_power = keep * self._echo_power + new * float((echo.real**2 + echo.imag**2) @ weight)
        cross, phase = self._cross, self._phase
        magnitude = np.abs(cross)
        likeness = float(magnitude.sum()) / math.sqrt(self._near_power * self._echo_power + 1e-12)
        if likeness < self.LIKENESS:
            return self.drift
        lag = -float(cross.imag @ phase) / (float(magnitude @ phase**2) + 1e-12)
        lag = min(1.0, max(-1.0, lag))
        if self._settling:
            self._settling -= 1
            return self.drift + self.SETTLING_STEP * lag
        if self._waking:
            self._waking -= 1
            step = self.WAKING_STEP * lag
            self._cross *= np.exp(1j * phase * step)  # what was seen until now, as it would be seen from there
            self._learn(self.WAKING_DRIFT * step / max(self.LEAST_APART, self._apart))
            return self.drift + step
        self._looks += 1
        step = self.DRIFT_STEP * max(1.0, self.HURRY + (1 - self.HURRY) * self._looks / self.HURRY_LOOKS)
        self._learn(step * lag)
        return self.drift + self.STEP * lag

    def unseen(self, hops: int) -> None:
        """Note that so many hops have passed."""
        self._unseen += hops

    def _wake(self) -> None:
        """Where nothing was seen for a while, look at the clocks afresh."""
        unseen, self._unseen = self._unseen, 0
        if unseen > self.APART and not self._settling:
            self.restart()
            self._waking, self._apart = self.WAKING_LOOKS, unseen

    def _learn(self, more: float) -> None:
        self.drift = min(self.LARGEST_DRIFT, max(-self.LARGEST_DRIFT, self.drift + more))

    def restart(self) -> None:
        """Forget the phase: the alignment jumped."""
        self._cross[:] = 0
        self._near_power = self._echo_power = 0.0

    def settle(self) -> None:
        """Expect the alignment to be a little off, and the clocks to be what they were."""
        self._settling, self._waking = self.SETTLING_LOOKS, 0
