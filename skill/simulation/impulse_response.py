"""Impulse responses: read from files, or generated for rooms of a given size."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skill.audio.blocks import SAMPLE_RATE
from skill.simulation.interpolation import HALF, kernel

SPEED_OF_SOUND = 343.0
"""Metres a second."""

Point = tuple[float, float, float]
"""Metres along, across and above the floor of a room."""


@dataclass(frozen=True)
class Box:
    """A rectangular room with a loudspeaker and a microphone in it."""

    size: Point
    """Length, width, height in metres."""

    decay_s: float
    """Reverberation time: seconds until the sound has decayed by 60 dB."""

    speaker: Point
    microphone: Point


BOXES = {
    "small": Box((3.0, 2.6, 2.4), 0.25, (1.0, 0.7, 0.5), (1.35, 1.1, 0.45)),
    "living": Box((5.6, 4.3, 2.6), 0.45, (2.1, 1.2, 0.7), (2.9, 1.8, 0.6)),
    "bathroom": Box((2.4, 1.9, 2.4), 0.8, (0.8, 0.6, 1.0), (1.5, 1.1, 0.3)),
    "laptop": Box((4.4, 3.4, 2.5), 0.35, (2.0, 1.5, 0.4), (2.15, 1.62, 0.42)),
}
"""Generated rooms, by name."""


def generated(box: Box, seed: int = 0) -> NDArray[np.float64]:
    """Return the impulse response of a room at 16 kHz, normalised to unit energy.

    The first 60 ms by the image-source method (Allen and Berkley 1979) with one absorption for all walls, from
    Sabine's formula; after that, when single reflections no longer matter, noise with the same decay. Small
    loudspeakers play nothing below some 120 Hz, so neither does the response.
    """
    count = round(min(1.2, box.decay_s * 1.1) * SAMPLE_RATE)
    taps = np.zeros(count + 64)
    early = 0.06
    _add_images(taps, box, early)
    taps = _high_passed(taps)
    start = round(early * SAMPLE_RATE)
    if count > start:
        times = np.arange(count + 64) / SAMPLE_RATE
        decay = 10 ** (-3 * times / box.decay_s)
        diffuse = np.random.default_rng(seed).standard_normal(len(times)) * decay
        before = slice(start - 320, start)
        scale = math.sqrt((taps[before] ** 2).sum() / (diffuse[before] ** 2).sum())
        fade = np.clip((np.arange(len(times)) - start + 320) / 320, 0, 1)
        taps = taps * (1 - fade) + diffuse * scale * fade
    return normalized(taps[:count])


def normalized(taps: NDArray[np.floating]) -> NDArray[np.float64]:
    """Scale an impulse response to unit energy: white noise keeps its level. Raises ValueError if it is silent."""
    energy = float(np.sqrt((np.asarray(taps, dtype=np.float64) ** 2).sum()))
    if energy == 0:
        raise ValueError("the impulse response is silent: every tap is zero")
    return np.asarray(taps, dtype=np.float64) / energy


def _add_images(taps: NDArray[np.float64], box: Box, until: float) -> None:
    """Add every mirror image of the loudspeaker whose sound arrives before `until` seconds."""
    reflection = _reflection(box)
    reach = until * SPEED_OF_SOUND
    orders = [range(-math.ceil(reach / (2 * side)), math.ceil(reach / (2 * side)) + 1) for side in box.size]
    for nx in orders[0]:
        for ny in orders[1]:
            for nz in orders[2]:
                for flips in range(8):
                    distance, bounces = _image(box, (nx, ny, nz), flips)
                    place = distance / SPEED_OF_SOUND * SAMPLE_RATE
                    whole = math.floor(place)
                    if distance > reach or whole + HALF >= len(taps):
                        continue
                    shape = kernel(np.array([place - whole]))[0]
                    sooner = max(0, HALF - 1 - whole)  # near the loudspeaker: nothing is heard before it is played
                    first = whole + 1 - HALF + sooner
                    taps[first : whole + HALF + 1] += reflection**bounces / distance * shape[sooner:]


def _high_passed(taps: NDArray[np.float64], corner: float = 120.0) -> NDArray[np.float64]:
    """Apply a high-pass filter with this corner frequency in Hz (second order, without a phase shift)."""
    size = 2 * len(taps)
    ratio = np.fft.rfftfreq(size, 1 / SAMPLE_RATE) / corner
    return np.fft.irfft(np.fft.rfft(taps, size) * ratio**2 / (1 + ratio**2))[: len(taps)]


def _image(box: Box, order: tuple[int, int, int], flips: int) -> tuple[float, int]:
    """Return the distance of one image from the microphone (m), and how many walls reflected it."""
    square, bounces = 0.0, 0
    for axis in range(3):
        flipped = flips >> axis & 1
        source = -box.speaker[axis] if flipped else box.speaker[axis]
        square += (source + 2 * order[axis] * box.size[axis] - box.microphone[axis]) ** 2
        bounces += abs(2 * order[axis] - flipped)
    return math.sqrt(square), bounces


def _reflection(box: Box) -> float:
    """Return the share of the pressure that a wall reflects, from the decay time by Sabine's formula."""
    length, width, height = box.size
    surface = 2 * (length * width + length * height + width * height)
    absorption = min(0.95, 0.161 * length * width * height / (box.decay_s * surface))
    return math.sqrt(1 - absorption)
