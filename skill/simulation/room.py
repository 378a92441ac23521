"""A simulated room in closed loop: what the coach plays comes back at the microphone."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skill.audio.blocks import BLOCK_SIZE, SAMPLE_RATE, AudioFormatError, Samples, check_samples, to_int16
from skill.simulation.drifting_delay import DriftingDelay
from skill.simulation.loudspeaker import Loudspeaker

NOMINAL_SPEECH_DB = -20.0
"""Loudest frame of a person's speech at the microphone, dBFS, where no recording of it is given."""

FRAME = 2048
"""Samples in the frames by which levels of speech and noise are compared (as the coffee-order benchmark does)."""

SEAM = SAMPLE_RATE // 20
"""Samples over which the end of a noise fades into its beginning: a jump there would be a click in every round."""


@dataclass(frozen=True)
class RoomSettings:
    """How loud, how late and how distorted the loudspeaker's sound arrives. ValueError for what cannot be."""

    speaker_gain_db: float = 0.0
    """Gain from what is played to what the loudspeaker feeds into the room, dB."""

    delay_ms: float = 0.0
    """Delay of devices and buffers on top of the impulse response, milliseconds."""

    drift_ppm: float = 0.0
    """By how much the delay grows, parts per million: the microphone's clock is faster than the loudspeaker's.
    With a drift, or a delay between samples, the delay is at least 2 ms."""

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
        noise: a recording that is repeated for ever, from a place that `seed` decides.
        speech: the user's whole recording, from which `snr_db` takes its level; without it, -20 dBFS.
        Raises AudioFormatError where the response is not one-dimensional and finite, or a recording is no Samples.
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


class Convolver:
    """Convolution with a long impulse response, block by block: uniformly partitioned overlap-save.

    A block's output is complete at once, whatever its length; a whole partition is needed for the fast path, so
    other lengths are re-blocked inside with a history and cost more.
    """

    def __init__(self, taps: NDArray[np.float64]) -> None:
        """taps: the impulse response, one dimension, at least one tap."""
        parts = max(1, math.ceil(len(taps) / BLOCK_SIZE))
        padded = np.zeros(parts * BLOCK_SIZE)
        padded[: len(taps)] = taps
        self._filters = np.fft.rfft(padded.reshape(parts, BLOCK_SIZE), 2 * BLOCK_SIZE)
        self._spectra = np.zeros_like(self._filters)
        self._previous = np.zeros(BLOCK_SIZE)
        self._first = padded[:BLOCK_SIZE]
        self._pending = np.zeros(0)
        self._ahead = self._tail()

    def process(self, samples: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return as many convolved samples as come in."""
        out = []
        while len(samples):
            room = BLOCK_SIZE - len(self._pending)
            piece, samples = samples[:room], samples[room:]
            out.append(self._piece(piece))
        return np.concatenate(out) if out else np.zeros(0)

    def _piece(self, piece: NDArray[np.float64]) -> NDArray[np.float64]:
        """Convolve a piece that does not cross the end of a partition."""
        start = len(self._pending)
        self._pending = np.concatenate([self._pending, piece])
        direct = np.convolve(self._pending, self._first)[start : start + len(piece)]
        result = self._ahead[start : start + len(piece)] + direct
        if len(self._pending) == BLOCK_SIZE:
            self._spectra = np.roll(self._spectra, 1, axis=0)
            self._spectra[0] = np.fft.rfft(np.concatenate([self._previous, self._pending]))
            self._previous, self._pending = self._pending, np.zeros(0)
            self._ahead = self._tail()
        return result

    def _tail(self) -> NDArray[np.float64]:
        """Return what complete partitions contribute to the block that comes now."""
        later = np.fft.irfft((self._spectra[:-1] * self._filters[1:]).sum(axis=0))[BLOCK_SIZE:]
        first = np.convolve(self._previous, self._first)[BLOCK_SIZE:]
        later[: len(first)] += first
        return later


def loudest_frame(samples: Samples) -> float:
    """Return the power of the loudest frame, 1 being full scale; a sound that is shorter is one."""
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
    return _round(noise / 32768.0 * 10 ** (level / 20))


def _round(noise: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a noise that can be repeated, by as much shorter as its end fades into its beginning."""
    seam = min(SEAM, len(noise) // 2)
    if not seam:
        return noise
    rising = np.sin(np.linspace(0, np.pi / 2, seam))  # equal power: the two are not alike
    fading = noise[-seam:] * rising[::-1] + noise[:seam] * rising
    return np.concatenate([fading, noise[seam:-seam]])
