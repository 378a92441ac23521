"""The linear echo filter: a partitioned-block frequency-domain Kalman filter."""

from dataclasses import dataclass

import numpy as np

from skill.echo_control.array_types import Complex, Real

HOP = 160
"""Samples in a step of echo control: 10 ms."""

FORGET_EVERY = 4
"""Hops between two increases of the uncertainty, which grows slowly."""

BINS = HOP + 1
"""Frequencies in a spectrum of two hops."""


@dataclass(frozen=True)
class KalmanSettings:
    """How the filter learns a room."""

    hop: int = HOP
    """Samples in a step, and in a partition."""

    partitions: int = 20
    """Length of the filter in hops: 20 are 200 ms."""

    transition: float = 0.998
    """Share of the taps' variance that survives one hop: the square A² of the papers' transition factor A. The smaller,
    the faster the filter follows changes of the room."""

    first_uncertainty: float = 0.3
    """Expected power of the first partition's taps, before anything was heard."""

    uncertainty_decay: float = 0.8
    """Ratio of that power between a partition and the one before: rooms decay."""

    noise_memory: float = 0.95
    """Smoothing of the error's power, per hop."""

    constraints: int = 4
    """Number of partitions constrained to their length in every other hop, in turn: constraining all of them would cost
    more and gain half a decibel."""


HEAD = KalmanSettings()
"""The first 200 ms of the echo path, in steps of 10 ms: it must follow quickly."""

TAIL = KalmanSettings(
    hop=640,
    partitions=10,
    transition=0.998,
    first_uncertainty=0.02,
    uncertainty_decay=0.75,
    noise_memory=0.7,
)
"""The 400 ms after that, in steps of 40 ms, at a fraction of the cost."""


class KalmanFilter:
    """Predicts the echo of the far end at the microphone, and learns from the error.

    Every partition's taps are the state, in the frequency domain, with a diagonal covariance. The gain falls during
    near-end speech, because its power enters the measurement noise: no double-talk detector is needed.

    Method: G. Enzner and P. Vary, "Frequency-domain adaptive Kalman filter for acoustic echo control in
    hands-free telephones", Signal Processing 86 (2006); partitioned as in F. Kuech, E. Mabande and G. Enzner,
    "State-space architecture of the partitioned-block-based acoustic echo controller", ICASSP 2014. The taps are
    constrained in turn, as in J.-M. Valin, "On adjusting the learning rate in frequency domain echo cancellation with
    double-talk", IEEE Trans. ASLP 15 (2007).
    """

    def __init__(self, settings: KalmanSettings = HEAD) -> None:
        self.settings = settings
        self.hop = settings.hop
        shape = (settings.partitions, self.hop + 1)
        # Twice as long as needed: the newest partition goes before the others, which move only when there is no room.
        self._past = np.zeros((2 * shape[0], shape[1]), dtype=np.complex64)
        self._past_power = np.zeros(self._past.shape, dtype=np.float32)
        self._newest = shape[0]
        self._hops = 0
        self.taps = np.zeros(shape, dtype=np.complex64)
        """The echo path in the frequency domain, (partitions, hop + 1)."""
        decay = settings.uncertainty_decay ** np.arange(settings.partitions)
        prior = np.repeat(settings.first_uncertainty * decay[:, None], self.hop + 1, axis=1)
        self._prior = prior.astype(np.float32)
        self._uncertainty = self._prior.copy()
        self._turn = 0
        self.noise: Real = np.full(self.hop + 1, 1e-3, dtype=np.float32)
        """Smoothed power of the error, a value a bin. It stands for the noise: everything at the microphone that is not
        echo. While the filter still learns, it holds the echo that is left as well."""
        self.expected: Real = np.zeros(self.hop + 1, dtype=np.float32)
        """Power of the echo that the filter expects to leave, a value a bin."""

    def predict(self, far: Real) -> Real:
        """Take the last 2 * hop samples of the far end; return the echo in the newest hop of them."""
        if self._newest == 0:
            count = self.settings.partitions
            self._past[count:], self._past_power[count:] = self._past[:count], self._past_power[:count]
            self._newest = count
        self._newest -= 1
        spectrum = np.fft.rfft(far)
        self._past[self._newest] = spectrum
        self._past_power[self._newest] = spectrum.real**2 + spectrum.imag**2
        return self.echo()

    @property
    def _far(self) -> Complex:
        return self._past[self._newest : self._newest + self.settings.partitions]

    @property
    def _far_power(self) -> Real:
        return self._past_power[self._newest : self._newest + self.settings.partitions]

    def echo(self) -> Real:
        """Return the echo in the newest hop, as the taps are now."""
        return np.fft.irfft((self._far * self.taps).sum(axis=0))[self.hop :]

    def correct(self, error: Real, *, again: bool = False) -> Complex:
        """Learn from the error in that hop (microphone less echo, hop samples); return its spectrum.

        again: the same hop is learnt from once more; noise and expected power stay as they are.
        """
        spectrum = np.fft.rfft(np.concatenate([np.zeros(self.hop), error])).astype(np.complex64)
        memory = self.settings.noise_memory
        uncertain_power = self._far_power * self._uncertainty
        expected = 0.5 * uncertain_power.sum(axis=0)
        if not again:
            power = spectrum.real**2 + spectrum.imag**2
            self.noise = memory * self.noise + (1 - memory) * power
            self.expected = expected
        # The gain is uncertainty times far end over power: first what is the same for all partitions.
        over_power = 1 / (expected + self.noise + 1e-7 * self.hop)
        step = self._far.conj()
        step *= spectrum * over_power
        step *= self._uncertainty
        self.taps += step
        uncertain_power *= 0.5 * over_power
        uncertain_power *= self._uncertainty
        self._uncertainty -= uncertain_power
        if not again:
            self._hops += 1
            if self._hops % 2:
                self._constrain()
            if self._hops % FORGET_EVERY == 0:
                self._grow_uncertainty()
        return spectrum

    def shift(self, hops: int, far: Real) -> None:
        """Move the taps `hops` partitions later (negative: earlier) and replace the far end.

        far: (partitions, 2 * hop) samples, the newest partition first, as the moved alignment would have seen them.
        """
        count = self.settings.partitions
        taps, uncertainty = np.zeros_like(self.taps), self._prior.copy()
        kept = max(0, count - abs(hops))
        source, target = max(0, -hops), max(0, hops)
        taps[target : target + kept] = self.taps[source : source + kept]
        uncertainty[target : target + kept] = self._uncertainty[source : source + kept]
        self.taps, self._uncertainty = taps, uncertainty
        spectra = np.fft.rfft(far, axis=1)
        self._far[:] = spectra
        self._far_power[:] = spectra.real**2 + spectra.imag**2

    def _constrain(self) -> None:
        """Constrain some partitions' taps to their length: what is beyond would be circular convolution."""
        count = min(self.settings.constraints, self.settings.partitions)
        chosen = (self._turn + np.arange(count)) % self.settings.partitions
        self._turn = (self._turn + count) % self.settings.partitions
        taps = np.fft.irfft(self.taps[chosen], axis=1)
        taps[:, self.hop :] = 0.0
        self.taps[chosen] = np.fft.rfft(taps, axis=1)

    def _grow_uncertainty(self) -> None:
        """Let the uncertainty grow again: the room may change."""
        keep = self.settings.transition**FORGET_EVERY
        power = self.taps.real**2 + self.taps.imag**2
        self._uncertainty *= keep
        self._uncertainty += (1 - keep) * power


def impulse_response(taps: Complex) -> Real:
    """Return taps (partitions, hop + 1) in the frequency domain as an impulse response, partitions * hop samples."""
    return np.fft.irfft(taps, axis=1)[:, : taps.shape[1] - 1].ravel()
