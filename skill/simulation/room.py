"""A simulated room in closed loop: what the coach plays comes back at the microphone."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skill.audio.blocks import SAMPLE_RATE, AudioFormatError, Samples, check_samples, to_int16
from skill.simulation.convolver import Convolver
from skill.simulation.drifting_delay import DriftingDelay
from skill.simulation.loudspeaker import Loudspeaker

NOMINAL_SPEECH_DB = -20.0
"""Level of the loudest frame of speech at the microphone, dBFS, if no recording of it is given."""

FRAME = 2048
"""Samples in the frames by which levels of speech and noise are compared (as the coffee-order benchmark does)."""

SEAM = SAMPLE_RATE // 20
"""Samples over which the end of a noise fades into its beginning: without it there is a click in every repetition."""


@dataclass(frozen=True)
class RoomSettings:
    """How loud, how late and how distorted the loudspeaker's sound arrives. Raises ValueError for impossible values."""

    speaker_gain_db: float = 0.0
    """Gain from what is played to what the loudspeaker feeds into the room, dB."""

    delay_ms: float = 0.0
    """Delay of devices and buffers on top of the impulse response, milliseconds."""

    drift_ppm: float = 0.0
    """Growth of the delay, parts per million: the microphone's clock is faster than the loudspeaker's.
    With a drift, or a fractional delay, the delay is at least 2 ms."""

    soft_clip: float | None = None
    """Level (1.0 is full scale) that the loudspeaker cannot exceed: towards it, it distorts. None: it never does."""

    snr_db: float | None = None
    """Ratio of the loudest frames of speech and noise, dB; None: the noise is taken as it is."""

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if value is not None and not math.isfinite(value):
                raise ValueError(f"{name} is {value}; expected a finite number.")
        if self.delay_ms < 0:
            raise ValueError(
                f"delay_ms is {self.delay_ms}; expected no less than 0: sound is not heard before it is played."
            )
        if self.soft_clip is not None and self.soft_clip <= 0:
            raise ValueError(f"soft_clip is {self.soft_clip}; expected more than 0, or None for no distortion.")


class Room:
    """Turns pairs of user and loudspeaker blocks into what the microphone hears. Deterministic.

    The loudspeaker's signal passes, in this order, a gain, the loudspeaker's distortion, a delay that may drift, and
    the impulse response; the user's words are added as they are, noise last. Blocks may be of any length, both of
    a pair of the same length.
    """

    def __init__(
        self,
        impulse_response: NDArray[np.floating],
        settings: RoomSettings | None = None,
        *,
        noise: Samples | None = None,
        speech: Samples | None = None,
        seed: int = 0,
    ) -> None:
        """Build a room.

        impulse_response: taps at 16 kHz, used as they are (see `impulse_response.normalized` for a unit gain).
        noise: a recording that is repeated for ever, from a position drawn with `seed`.
        speech: the user's whole recording, from which `snr_db` takes its level; without it, -20 dBFS.
        Raises AudioFormatError if the response is not one-dimensional and finite, or a recording is not Samples.
        """
        taps = np.asarray(impulse_response, dtype=np.float64)
        if taps.ndim != 1 or not len(taps) or not np.isfinite(taps).all():
            raise AudioFormatError(
                f"the impulse response has shape {taps.shape}; expected one channel of at least one finite tap."
            )
        for name, recording in (("noise", noise), ("speech", speech)):
            if recording is not None:
                check_samples(recording, name)
        self.settings = settings or RoomSettings()
        self._gain = 10 ** (self.settings.speaker_gain_db / 20)
        self._loudspeaker = Loudspeaker(self.settings.soft_clip)
        self._delay = DriftingDelay(self.settings.delay_ms * SAMPLE_RATE / 1000, self.settings.drift_ppm)
        self._convolver = Convolver(taps)
        self._noise = _prepared_noise(noise, speech, self.settings.snr_db)
        self._noise_at = int(np.random.default_rng(seed).integers(max(1, len(self._noise))))

    def microphone(self, user: Samples, far: Samples) -> Samples:
        """Return what the microphone hears while `user` speaks and the loudspeaker plays `far`.

        Raises AudioFormatError unless both are mono int16 of one length.
        """
        check_samples(user, "user")
        check_samples(far, "far")
        if len(user) != len(far):
            raise AudioFormatError(f"user has {len(user)} samples, far {len(far)}: a pair must be of one length")
        played = self._loudspeaker.process(far / 32768.0 * self._gain)
        echo = self._convolver.process(self._delay.process(played))
        return to_int16(user / 32768.0 + echo + self._next_noise(len(user)))

    def _next_noise(self, count: int) -> NDArray[np.float64]:
        if not len(self._noise):
            return np.zeros(count)
        places = (self._noise_at + np.arange(count)) % len(self._noise)
        self._noise_at = (self._noise_at + count) % len(self._noise)
        return self._noise[places]


def loudest_frame(samples: Samples) -> float:
    """Return the power of the loudest frame, 1 being full scale; a shorter sound counts as one frame."""
    if not samples.any():
        return 0.0
    length = min(FRAME, len(samples))
    frames = samples[: len(samples) // length * length].reshape(-1, length) / 32768.0
    return float((frames**2).mean(axis=1).max())


def loudest_frame_db(samples: Samples) -> float:
    """Return the level of the loudest frame, dBFS (RMS over 2048 samples)."""
    return float(10 * np.log10(loudest_frame(samples) + 1e-12))


def _prepared_noise(noise: Samples | None, speech: Samples | None, snr_db: float | None) -> NDArray[np.float64]:
    if noise is None or not len(noise):
        return np.zeros(0)
    level = 0.0
    if snr_db is not None:
        wanted = NOMINAL_SPEECH_DB if speech is None else loudest_frame_db(speech)
        level = wanted - snr_db - loudest_frame_db(noise)
    return _looped(noise / 32768.0 * 10 ** (level / 20))


def _looped(noise: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a noise that can be repeated without a click, by a cross-fade; it is shorter by SEAM."""
    seam = min(SEAM, len(noise) // 2)
    if not seam:
        return noise
    rising = np.sin(np.linspace(0, np.pi / 2, seam))  # equal power: the two are uncorrelated
    fading = noise[-seam:] * rising[::-1] + noise[:seam] * rising
    return np.concatenate([fading, noise[seam:-seam]])
