"""Mixes speech with noise, rooms and levels, reproducibly."""

import zlib

import numpy as np

from skill.audio.blocks import SAMPLE_RATE, Samples, to_int16
from skill.simulation.room import FRAME, loudest_frame

TINY = 1e-12 / FRAME
"""Added to powers to avoid division by zero."""


def in_noise(speech: Samples, noise: Samples, snr_db: float, name: str) -> Samples:
    """Add noise so that the largest frame energies of speech and noise differ by `snr_db`, as in Picovoice's benchmark.

    Where in the noise it begins is drawn from a generator seeded with `name`.
    """
    generator = np.random.default_rng(zlib.crc32(name.encode()))
    length = len(speech)
    long_enough = np.tile(noise, -(-length // len(noise)) + 1)
    start = int(generator.integers(0, len(noise)))
    added = long_enough[start : start + length]
    gain = np.sqrt((loudest_frame(speech) + TINY) / (loudest_frame(added) + TINY) / 10 ** (snr_db / 10))
    return to_int16(speech / 32768.0 + gain * (added / 32768.0))


def in_room(speech: Samples, response: Samples) -> Samples:
    """Return speech as it sounds in a room, as loud as before."""
    values, room = speech / 32768.0, response / 32768.0
    size = len(values) + len(room) - 1
    wet = np.fft.irfft(np.fft.rfft(values, size) * np.fft.rfft(room, size), size)
    return to_int16(wet * np.abs(values).max() / max(np.abs(wet).max(), 1e-9))


def at_level(speech: Samples, db: float) -> Samples:
    """Return speech louder or softer."""
    return to_int16(speech / 32768.0 * 10 ** (db / 20))


def between_silence(speech: Samples, before_ms: int = 500, after_ms: int = 0) -> Samples:
    """Put the faint noise of a quiet room around speech."""
    return np.concatenate([quiet(before_ms / 1000), speech, quiet(after_ms / 1000)])


def quiet(seconds: float) -> Samples:
    """Return the faint noise of a quiet room, always the same."""
    return np.random.default_rng(1).normal(0, 4, round(SAMPLE_RATE * seconds)).astype(np.int16)


def end_of_speech(speech: Samples) -> int:
    """Return the sample at which clean speech stops: the last 10 ms within 35 dB of the loudest 10 ms."""
    frames = speech[: len(speech) // 160 * 160].reshape(-1, 160) / 32768.0
    energy = (frames**2).mean(axis=1)
    loud = np.flatnonzero(energy > energy.max() * 10**-3.5)
    return 160 * (int(loud[-1]) + 1) if len(loud) else len(speech)
