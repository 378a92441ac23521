"""A small loudspeaker that distorts: its amplifier saturates, and its coil leaves the magnet's field."""

import math

import numpy as np
from numpy.typing import NDArray

from skill.audio.blocks import SAMPLE_RATE

RESONANCE_HZ = 500.0
"""Resonance frequency of the cone; above it the cone moves less and less. Small loudspeakers: 300 to 1000 Hz."""

QUALITY = 1.0
"""Quality factor of that resonance."""

TAPS = 128
"""Length of the cone's response: 8 ms, after which it is 100 dB down."""

FORCE_LOSS = 0.5
"""How much the force falls with the square of the displacement: at the limit to 0.82 of its maximum."""

OFF_CENTRE = 0.2
"""Distance of the coil at rest from the middle of the field, as a share of the limit: it makes even harmonics."""


def _cone() -> NDArray[np.float64]:
    """Return the response of a mass on a damped spring, gain 1 at low frequencies."""
    omega, damping = 2 * math.pi * RESONANCE_HZ / SAMPLE_RATE, 1 / (2 * QUALITY)
    time = np.arange(TAPS)
    response = np.exp(-damping * omega * time) * np.sin(omega * math.sqrt(1 - damping**2) * time)
    return response / response.sum()


_CONE = _cone()


class Loudspeaker:
    """Distorts a signal that comes in chunks of any length. Deterministic, without delay.

    Two causes, one with a memory and one without: the force on the coil depends on where the cone is (W. Klippel,
    "Loudspeaker nonlinearities: causes, parameters, symptoms", J. Audio Eng. Soc. 54, 2006; here the displacement is
    that of a linear cone), and the amplifier saturates with x / sqrt(1 + x²) (B. Nollett and D. Jones, "Nonlinear echo
    cancellation for hands-free speakerphones", IEEE NSIP 1997). Echo control models neither: it fits a tanh.
    """

    def __init__(self, limit: float | None) -> None:
        """limit: the level (1.0 is full scale) that is never exceeded; None: no distortion."""
        self._limit = limit
        self._before = np.zeros(TAPS - 1)

    def process(self, samples: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the loudspeaker's output for samples in [-1, 1]."""
        if self._limit is None:
            return samples
        line = np.concatenate([self._before, samples])
        self._before = line[len(samples) :]
        displacement = np.convolve(line, _CONE, "valid") / self._limit
        loss = FORCE_LOSS * ((displacement + OFF_CENTRE) ** 2 - OFF_CENTRE**2)
        moved = samples / np.sqrt(1 + loss)
        return moved / np.sqrt(1 + (moved / self._limit) ** 2)
