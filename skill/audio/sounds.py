"""The coach's short sounds, made in code: low enough for aged ears, told apart by rhythm and direction."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from skill.audio.blocks import SAMPLE_RATE, Samples, to_int16

NOTES: dict[str, tuple[float, tuple[tuple[float, float], ...]]] = {
    "begin": (0.16, ((523.0, 0.16), (784.0, 0.34))),
    "end": (0.16, ((784.0, 0.14), (659.0, 0.14), (523.0, 0.40))),
    "tick": (0.06, ((880.0, 0.05),)),
    "heard": (0.05, ((659.0, 0.09),)),
    "pause": (0.08, ((587.0, 0.10), (440.0, 0.18))),
    "resume": (0.08, ((440.0, 0.10), (587.0, 0.18))),
}
"""The sounds that exist: level (1 = full scale), and notes of so many Hz and seconds. Between 400 and 1,000 Hz hearing
holds up longest."""


@lru_cache
def sound(name: str) -> Samples:
    """Return the samples of a sound. An unknown name is a mistake of the programmer: KeyError."""
    level, notes = NOTES[name]
    return to_int16(np.concatenate([_note(hz, seconds) for hz, seconds in notes]) * level)


def _note(hz: float, seconds: float) -> NDArray[np.float64]:
    """A struck note: fundamental and two overtones, quick attack, exponential decay to silence."""
    t = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    tone = sum(np.sin(2 * np.pi * hz * k * t) / k**2 for k in (1, 2, 3)) / 1.36
    attack = np.minimum(1.0, t / 0.005)
    release = np.minimum(1.0, (seconds - t) / 0.02)
    return np.asarray(tone * attack * release * np.exp(-3.0 * t / seconds))
