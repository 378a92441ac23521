"""The chain of one echo path: linear canceller, residual echo, double-talk detection, suppressor."""

from dataclasses import dataclass, field

import numpy as np

from skill.audio.blocks import Samples
from skill.echo_control.aec3 import SILENT_BANDS, Aec3, BandFloor, available
from skill.echo_control.array_types import Complex, Real
from skill.echo_control.double_talk import DoubleTalkDetector, FeatureExtractor
from skill.echo_control.kalman_filter import HEAD, HOP, TAIL, KalmanSettings
from skill.echo_control.linear_canceller import LinearCanceller, SubtractorOutput
from skill.echo_control.residual_echo import ResidualEchoEstimator, band_powers, to_bands, to_bins
from skill.echo_control.suppressor import WINDOW, Suppressor, SuppressorSettings


@dataclass(frozen=True)
class EchoSettings:
    """Settings of the stages of echo control."""

    head: KalmanSettings = HEAD
    tail: KalmanSettings | None = TAIL
    suppressor: SuppressorSettings = field(default_factory=SuppressorSettings)

    auxiliary_canceller: bool = True
    """Whether WebRTC AEC3 runs as well, if its library is installed."""


class EchoRemover:
    """A linear filter subtracts the echo that it predicts; a suppressor attenuates the residual echo.

    Works in hops of 10 ms; each stage processes all hops of a block before the next stage does, which is faster. The
    output is late by a hop.
    """

    def __init__(self, settings: EchoSettings, detector: DoubleTalkDetector | None = None) -> None:
        """detector: a double-talk detector in place of the shipped one."""
        self.linear = LinearCanceller(settings.head, settings.tail)
        self._residual = ResidualEchoEstimator()
        self._suppressor = Suppressor(settings.suppressor)
        self._auxiliary = Aec3() if settings.auxiliary_canceller and available() else None
        self._floor = BandFloor()
        self._features = FeatureExtractor()
        self._detector = detector or DoubleTalkDetector(auxiliary=self._auxiliary is not None)
        self._before: Real = np.zeros((3, HOP))  # the last hop of error, echo and the auxiliary canceller's output
        self.near_end_speech = 0.0
        """Probability (0 to 1) of near-end speech in the last hop."""

    @property
    def auxiliary_canceller(self) -> bool:
        """Whether the auxiliary canceller is available."""
        return self._auxiliary is not None

    def process(self, near_int: Samples, far_int: Samples) -> tuple[Real, Real]:
        """Take whole hops of either end; return as many samples, cleaned, in [-1, 1], and two powers summed over them.

        The powers are those of the microphone and of the linear filter's error.
        """
        near, far = near_int / 32768.0, far_int / 32768.0
        hops = [self.linear.process(*ends) for ends in zip(near.reshape(-1, HOP), far.reshape(-1, HOP), strict=True)]
        error = np.concatenate([hop.error for hop in hops])
        echo = np.concatenate([hop.echo for hop in hops])
        passed = self._auxiliary.process(near_int, far_int) if self._auxiliary else np.zeros(len(near))
        spectra = self._spectra(np.array([error, echo, passed]))
        cleaned = [self._clean(*each) for each in zip(hops, spectra, band_powers(spectra), strict=True)]
        return np.concatenate(cleaned), np.array([near @ near, error @ error])

    def _spectra(self, signals: Real) -> Complex:
        """Take the next hops of three signals, (3, samples); return their windowed spectra, (hops, 3, BINS)."""
        signals = np.concatenate([self._before, signals], axis=1)
        self._before = signals[:, -HOP:]
        frames = np.array([signals[:, at : at + 2 * HOP] for at in range(0, signals.shape[1] - HOP, HOP)])
        return np.fft.rfft(frames * WINDOW)

    def _clean(self, hop: SubtractorOutput, spectra: Complex, powers: Real) -> Real:
        """Detect near-end speech in one hop, and attenuate the residual echo; return HOP samples."""
        error, echo, passed = powers
        # Half of what the filter expects to leave: the detector's weights were fitted with this factor. (It is not the
        # window's, which gives the spectrum of two hops the power of the plain spectrum of one.)
        expected = to_bands(hop.expected) / 2
        excess = self._residual.update(error, echo, expected)
        above = self._floor.above(passed) if self._auxiliary else SILENT_BANDS
        features = self._features.update(excess, above, error, echo, expected, hop.adaptation)
        # A filter that does not match makes an echo of its own, which would look like near-end speech.
        probability = self._detector.probability(features)
        self.near_end_speech = 0.0 if hop.mismatch else probability
        # At first the output is the auxiliary canceller's: it removes words too, but lets no echo through.
        chosen = spectra[2] if self._auxiliary and hop.initial else spectra[0]
        return self._suppressor.process(chosen, to_bins(self._residual.echo_power), self.near_end_speech)
