"""Echo control: takes the coach's own voice off the microphone and tells when somebody else speaks."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from skill.audio.aec3 import NOTHING, Aec3, Floor, available
from skill.audio.blocks import BLOCK_SIZE, Samples, silence, to_int16
from skill.audio.canceller import LinearCanceller
from skill.audio.coupling import Coupling
from skill.audio.kalman import HEAD, HOP, TAIL, KalmanSettings
from skill.audio.nearend import Evidence, NearSpeech
from skill.audio.residual import ResidualModel, band_powers, spread, to_bands
from skill.audio.suppressor import WINDOW, Suppressor, SuppressorSettings

Real = NDArray[np.floating]

LATENCY = HOP
"""Samples by which the cleaned signal is later than the microphone: 10 ms."""

REST_BLOCKS = 100
"""Blocks of silence at the far end after which no echo can be left: two seconds, more than any delay and room."""


@dataclass(frozen=True)
class EchoSettings:
    """How the echo is controlled."""

    head: KalmanSettings = HEAD
    tail: KalmanSettings | None = TAIL
    suppressor: SuppressorSettings = field(default_factory=SuppressorSettings)

    second_view: bool = True
    """Whether AEC3 is asked as well, where its library is installed."""


@dataclass(frozen=True)
class Cleaned:
    """What is left of a microphone block, and what was seen in it."""

    block: Samples
    """As many samples as came in: the echo removed, the user's words kept. LATENCY samples late."""

    near_speech: float
    """0 to 1: how likely it is that somebody other than the coach speaks now."""

    near_db: float
    """Level of the microphone, dBFS."""

    echo_db: float
    """Level of the predicted echo, dBFS."""

    error_db: float
    """Level of what the linear filter leaves, dBFS: near_db less error_db is the echo return loss enhancement."""

    delay_ms: float | None
    """Delay of the echo, None until it was found."""

    drift_ppm: float
    """How much faster the microphone's clock runs than the loudspeaker's."""


class EchoControl:
    """Removes the echo of the far end from the near end, in pairs of blocks of 320 samples. Deterministic.

    A linear filter takes off what it can predict, a suppressor takes down what the model of the rest expects,
    and a decision says whether anybody but the coach speaks.
    """

    def __init__(self, settings: EchoSettings | None = None, speech: NearSpeech | None = None) -> None:
        """speech: what weighs the evidence of somebody's speech, where it is not the shipped decision."""
        self.settings = settings or EchoSettings()
        self._linear = LinearCanceller(self.settings.head, self.settings.tail)
        self._residual = ResidualModel()
        self._suppressor = Suppressor(self.settings.suppressor)
        self._aec3 = Aec3() if self.settings.second_view and available() else None
        self._floor = Floor()
        self._evidence = Evidence()
        self._coupling = Coupling()
        self._speech = speech or NearSpeech(two_views=self._aec3 is not None)
        self._near_speech = 0.0
        self._silent = 0
        self._late, self._last = silence(), silence()
        self._frames = np.zeros((3, 2 * HOP))  # two hops of: what the filter leaves, predicted echo, AEC3's output

    @property
    def second_view(self) -> bool:
        """Whether AEC3 helps to decide; without it the linear filter decides alone, and is a little slower."""
        return self._aec3 is not None

    def process(self, near: Samples, far: Samples) -> Cleaned:
        """Take what the microphone heard and what the loudspeaker was given in the same 20 ms."""
        if len(near) != BLOCK_SIZE or len(far) != BLOCK_SIZE:
            raise ValueError(f"near has {len(near)} samples, far {len(far)}: both must be blocks of {BLOCK_SIZE}")
        self._coupling.hear(level_db(near), level_db(far))
        if self._rests(near, far):
            return self._rest(near)
        cleaned = self._control(near, far)
        if not self._coupling.none:
            return cleaned
        # Headphones: there is nothing to take off, and whoever is heard is not the coach.
        voice = self._coupling.voice(level_db(near))
        return replace(cleaned, block=self._late, near_speech=1.0 if voice else 0.0)

    def _rests(self, near: Samples, far: Samples) -> bool:
        """Tell whether the coach has been silent for so long that there is nothing to take off, and save the work."""
        rested = self._silent > REST_BLOCKS
        self._silent = self._silent + 1 if not far.any() else 0
        if rested and not self._silent:  # awake again: continue from what was last heard
            self._control(self._last, silence())
        before, self._last = self._last, near
        self._late = np.concatenate([before[-LATENCY:], near[:-LATENCY]])
        return self._silent > REST_BLOCKS

    def _rest(self, near: Samples) -> Cleaned:
        """Return what was heard, as late as ever."""
        level = level_db(near)
        self._linear.rest(BLOCK_SIZE // HOP)
        delay, drift = self._linear.alignment.delay_ms, self._linear.drift_ppm
        return Cleaned(self._late, 0.0, near_db=level, echo_db=-120.0, error_db=level, delay_ms=delay, drift_ppm=drift)

    def _control(self, near: Samples, far: Samples) -> Cleaned:
        out, power = [], np.zeros(3)
        for start in range(0, BLOCK_SIZE, HOP):
            part = slice(start, start + HOP)
            cleaned, levels = self._hop(near[part], far[part])
            out.append(cleaned)
            power += levels
        levels = 10 * np.log10(power / BLOCK_SIZE + 1e-12)
        return Cleaned(
            to_int16(np.concatenate(out)),
            self._near_speech,
            near_db=float(levels[0]),
            echo_db=float(levels[1]),
            error_db=float(levels[2]),
            delay_ms=self._linear.alignment.delay_ms,
            drift_ppm=self._linear.drift_ppm,
        )

    def _hop(self, near_int: Samples, far_int: Samples) -> tuple[Real, Real]:
        near, far = near_int / 32768.0, far_int / 32768.0
        split = self._linear.process(near, far)
        passed = self._aec3.process(near_int, far_int) if self._aec3 else np.zeros(HOP)
        self._frames[:, :HOP] = self._frames[:, HOP:]
        self._frames[0, HOP:], self._frames[1, HOP:], self._frames[2, HOP:] = split.error, split.echo, passed
        spectra = np.fft.rfft(self._frames * WINDOW)
        error, echo, voice = band_powers(spectra)
        # A window of two hops whose squares add up to one hop's: half the power of the plain spectrum.
        expected = to_bands(self._linear.head.expected) / 2
        excess = self._residual.hear(error, echo, expected)
        above = self._floor.above(voice) if self._aec3 else NOTHING
        evidence = self._evidence.hear(excess, above, error, echo, expected, self._linear.learnt)
        heard = self._speech.hear(evidence)
        # Out of step the filter makes an echo of its own, which would pass for somebody.
        self._near_speech = near_speech = heard if split.in_step else 0.0
        # Until the linear filter knows the room, AEC3's output goes out: it takes words too, but lets no echo through.
        chosen = spectra[2] if self._aec3 and self._linear.new else spectra[0]
        cleaned = self._suppressor.process(chosen, spread(self._residual.echo_power), near_speech)
        return cleaned, np.array([near @ near, split.echo @ split.echo, split.error @ split.error])


def level_db(block: Samples) -> float:
    """Return the level of a block, dBFS."""
    return float(10 * np.log10(np.mean((block / 32768.0) ** 2) + 1e-12))
