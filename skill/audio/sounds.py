"""The coach's short sounds: synthesised, at frequencies that older people hear well, each with its own rhythm."""

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
"""Name -> level (1 is full scale) and notes, each a frequency in Hz and a duration in seconds. Older people hear best
between 400 and 1,000 Hz."""


@lru_cache
def sound(name: str) -> Samples:
    """Return the samples of a sound (mono int16, 16 kHz). KeyError for an unknown name."""
    level, notes = NOTES[name]
    return to_int16(np.concatenate([_note(hz, seconds) for hz, seconds in notes]) * level)


def _note(hz: float, seconds: float) -> NDArray[np.float64]:
    """A struck note: fundamental and two overtones, quick attack, exponential decay to silence."""
    t = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    tone = sum(np.sin(2 * np.pi * hz * k * t) / k**2 for k in (1, 2, 3)) / 1.36
    attack = np.minimum(1.0, t / 0.005)
    release = np.minimum(1.0, (seconds - t) / 0.02)
    return np.asarray(tone * attack * release * np.exp(-3.0 * t / seconds))
