"""The linear echo filter: a partitioned-block frequency-domain Kalman filter."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

HOP = 160
"""Samples in a step of the filter: 10 ms."""

BINS = HOP + 1
"""Frequencies in a spectrum of two hops."""


@dataclass(frozen=True)
class KalmanSettings:
    """How the filter learns a room."""

    partitions: int = 20
    """Length of the filter in hops: 20 are 200 ms."""

    transition: float = 0.997
    """How much of the echo path is thought to survive one hop; the smaller, the faster it follows changes."""

    first_uncertainty: float = 0.3
    """Expected power of the first partition's taps, before anything was heard."""

    uncertainty_decay: float = 0.8
    """Ratio of that power between a partition and the one before: rooms decay."""

    noise_memory: float = 0.95
    """Smoothing of the power of everything that is not echo, per hop."""

    young_hops: int = 500
    """During so many hops with sound from the loudspeaker every hop is learnt from twice."""


class KalmanFilter:
    """Predicts the echo of the far end at the microphone, and learns while it does.

    Every partition's taps are the state, in the frequency domain, with a diagonal covariance. The gain falls when
    somebody else speaks, because their power enters the measurement noise: no double-talk detector is needed.

    Method: G. Enzner and P. Vary, "Frequency-domain adaptive Kalman filter for acoustic echo control in
    hands-free telephones", Signal Processing 86 (2006); partitioned as in F. Kuech, E. Mabande and G. Enzner,
    "State-space architecture of the partitioned-block-based acoustic echo controller", ICASSP 2014.
    """

    def __init__(self, settings: KalmanSettings | None = None) -> None:
        self.settings = settings or KalmanSettings()
        shape = (self.settings.partitions, BINS)
        self._far = np.zeros(shape, dtype=np.complex128)
        self._taps = np.zeros(shape, dtype=np.complex128)
        decay = self.settings.uncertainty_decay ** np.arange(self.settings.partitions)
        self._prior = np.tile(self.settings.first_uncertainty * decay[:, None], (1, BINS))
        self._uncertainty = self._prior.copy()
        self._noise = np.full(BINS, 1e-3)
        self._age = 0
        self.expected = np.zeros(BINS)
        """Power of the echo that the filter expects to have left, a value a bin."""

    def process(self, near: Real, far: Real) -> tuple[Real, Real]:
        """Take HOP samples of the microphone and the last 2 * HOP of the far end; return (error, echo), HOP each."""
        self._far[1:] = self._far[:-1].copy()
        self._far[0] = np.fft.rfft(far)
        far_power = self._far.real**2 + self._far.imag**2
        active = float(far_power[0].sum()) > 1e-3
        error, echo = self._learn(near, far_power, first=True)
        if active and self._age < self.settings.young_hops:
            self._age += 1
            self._learn(near, far_power, first=False)
        self._forget()
        return error, echo

    def shift(self, hops: int, far_spectra: Complex) -> None:
        """Move the taps `hops` partitions later (negative: earlier) and take the far end's spectra anew.

        far_spectra: (partitions, BINS), the newest first, as the moved alignment would have seen them.
        """
        count = self.settings.partitions
        taps, uncertainty = np.zeros_like(self._taps), self._prior.copy()
        kept = max(0, count - abs(hops))
        source, target = max(0, -hops), max(0, hops)
        if kept:
            taps[target : target + kept] = self._taps[source : source + kept]
            uncertainty[target : target + kept] = self._uncertainty[source : source + kept]
        self._taps, self._uncertainty = taps, uncertainty
        self._far = far_spectra.copy()
        self._age = 0

    @property
    def noise(self) -> Real:
        """The power of everything that is not echo, a value a bin."""
        return self._noise

    @property
    def impulse_response(self) -> Real:
        """The taps in time, partitions * HOP samples."""
        return np.fft.irfft(self._taps, axis=1)[:, :HOP].ravel()

    def _learn(self, near: Real, far_power: Real, *, first: bool) -> tuple[Real, Real]:
        """Predict, compare, correct."""
        echo = np.fft.irfft((self._far * self._taps).sum(axis=0))[HOP:]
        error = near - echo
        spectrum = np.fft.rfft(np.concatenate([np.zeros(HOP), error]))
        if first:
            memory = self.settings.noise_memory
            self._noise = memory * self._noise + (1 - memory) * np.abs(spectrum) ** 2
        expected = 0.5 * (far_power * self._uncertainty).sum(axis=0)
        if first:
            self.expected = expected
        gain = self._uncertainty / (expected + self._noise + 1e-7 * HOP)
        correction = np.fft.irfft(gain * self._far.conj() * spectrum, axis=1)
        correction[:, HOP:] = 0.0  # a partition has HOP taps: the rest would be circular convolution
        self._taps += np.fft.rfft(correction, axis=1)
        self._uncertainty *= 1 - 0.5 * gain * far_power
        return error, echo

    def _forget(self) -> None:
        """Let the uncertainty grow again: the room may change."""
        keep = self.settings.transition
        power = self._taps.real**2 + self._taps.imag**2
        self._uncertainty = keep * self._uncertainty + (1 - keep) * power
