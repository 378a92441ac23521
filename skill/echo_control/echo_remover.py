"""One way from the loudspeaker to the microphone: what is known of it, and what is taken off by that."""

from dataclasses import dataclass, field

import numpy as np

from skill.audio.blocks import Samples
from skill.echo_control.aec3 import NOTHING, Aec3, Floor, available
from skill.echo_control.array_types import Complex, Real
from skill.echo_control.double_talk import DoubleTalkDetector, Evidence
from skill.echo_control.kalman_filter import HEAD, HOP, TAIL, KalmanSettings
from skill.echo_control.linear_canceller import LinearCanceller, SubtractorOutput
from skill.echo_control.residual_echo import ResidualEchoEstimator, band_powers, spread, to_bands
from skill.echo_control.suppressor import WINDOW, Suppressor, SuppressorSettings


@dataclass(frozen=True)
class EchoSettings:
    """How the echo is controlled."""

    head: KalmanSettings = HEAD
    tail: KalmanSettings | None = TAIL
    suppressor: SuppressorSettings = field(default_factory=SuppressorSettings)

    auxiliary_canceller: bool = True
    """Whether AEC3 is asked as well, where its library is installed."""


class EchoRemover:
    """A linear filter takes off what it can predict, a suppressor takes down what the model of the rest expects.

    Works in hops of 10 ms, each stage on those of a block in turn: code that has just run runs faster. What comes out
    is late by a hop.
    """

    def __init__(self, settings: EchoSettings, speech: DoubleTalkDetector | None = None) -> None:
        """speech: what weighs the evidence of somebody's speech, where it is not the shipped decision."""
        self.linear = LinearCanceller(settings.head, settings.tail)
        self._residual = ResidualEchoEstimator()
        self._suppressor = Suppressor(settings.suppressor)
        self._aec3 = Aec3() if settings.auxiliary_canceller and available() else None
        self._floor = Floor()
        self._evidence = Evidence()
        self._speech = speech or DoubleTalkDetector(two_views=self._aec3 is not None)
        self._before: Real = np.zeros((3, HOP))  # the last hop of: what the filter leaves, its echo, AEC3's output
        self.near_end_speech = 0.0
        """0 to 1: how likely it is that somebody other than the coach spoke in the hop heard last."""

    @property
    def auxiliary_canceller(self) -> bool:
        """Whether AEC3 helps to decide."""
        return self._aec3 is not None

    def hear(self, near_int: Samples, far_int: Samples) -> tuple[Real, Real]:
        """Take whole hops of either end; return as many samples, cleaned, and two powers, summed over them.

        The powers are those of the microphone, and of what the linear filter leaves.
        """
        near, far = near_int / 32768.0, far_int / 32768.0
        splits = [self.linear.process(*ends) for ends in zip(near.reshape(-1, HOP), far.reshape(-1, HOP), strict=True)]
        error = np.concatenate([split.error for split in splits])
        echo = np.concatenate([split.echo for split in splits])
        passed = self._aec3.process(near_int, far_int) if self._aec3 else np.zeros(len(near))
        spectra = self._spectra(np.array([error, echo, passed]))
        cleaned = [self._clean(*each) for each in zip(splits, spectra, band_powers(spectra), strict=True)]
        return np.concatenate(cleaned), np.array([near @ near, error @ error])

    def _spectra(self, signals: Real) -> Complex:
        """Take the next hops of three signals, (3, samples); return their windowed spectra, (hops, 3, BINS)."""
        signals = np.concatenate([self._before, signals], axis=1)
        self._before = signals[:, -HOP:]
        frames = np.array([signals[:, at : at + 2 * HOP] for at in range(0, signals.shape[1] - HOP, HOP)])
        return np.fft.rfft(frames * WINDOW)

    def _clean(self, split: SubtractorOutput, spectra: Complex, powers: Real) -> Real:
        """Weigh who spoke in one hop, and take down what is left of the echo; return HOP samples."""
        error, echo, voice = powers
        # A window of two hops whose squares add up to one hop's: half the power of the plain spectrum.
        expected = to_bands(split.expected) / 2
        excess = self._residual.hear(error, echo, expected)
        above = self._floor.above(voice) if self._aec3 else NOTHING
        evidence = self._evidence.hear(excess, above, error, echo, expected, split.learnt)
        heard = self._speech.hear(evidence)
        # Out of step the filter makes an echo of its own, which would pass for somebody.
        self.near_end_speech = near_end_speech = heard if split.in_step else 0.0
        # Until the linear filter knows the room, AEC3's output goes out: it takes words too, but lets no echo through.
        chosen = spectra[2] if self._aec3 and split.new else spectra[0]
        return self._suppressor.process(chosen, spread(self._residual.echo_power), near_end_speech)
