"""Finds clips in a recording of the loudspeaker with a matched filter, since their samples are known."""

from dataclasses import dataclass

import numpy as np

from skill.audio.blocks import SAMPLE_RATE, Samples

PIECE_S = 0.6
"""Length of the beginning and of the end of a clip that are searched: a block may be lost in between."""

SHORT_S = 0.3
"""Length of the pieces of a clip whose volume may change."""

TOLERANCE_S = 0.25
"""Tolerance of the distance between two pieces: blocks are lost on a busy machine."""

MIN_CORRELATION = 0.85
"""Minimum correlation coefficient of a piece that is found (other sounds stay below 0.6)."""


@dataclass(frozen=True)
class Play:
    """A time at which a clip was played, in seconds of the recording."""

    start: float
    end: float | None
    """None: it was cut off before its end."""


def find(recording: Samples, clip: Samples, after: float = 0.0) -> list[float]:
    """Return the times, in seconds, at which a clip begins that was played to its end without a gap."""
    offset = round(after * SAMPLE_RATE)
    likeness = correlate(recording[offset:].astype(np.float64), clip.astype(np.float64))
    found = []
    while len(likeness) and (best := int(np.argmax(likeness))) >= 0 and likeness[best] >= MIN_CORRELATION:
        found.append((best + offset) / SAMPLE_RATE)
        likeness[max(0, best - len(clip) // 2) : best + len(clip) // 2] = 0.0
    return sorted(found)


def plays(recording: Samples, clip: Samples) -> list[Play]:
    """Return the times at which a clip was played, whole or cut off, in order."""
    piece = min(round(PIECE_S * SAMPLE_RATE), len(clip) // 2)
    length = (len(clip) - piece) / SAMPLE_RATE
    ends = find(recording, clip[-piece:])
    found = []
    for start in find(recording, clip[:piece]):
        whole = [end for end in ends if abs(end - start - length) < 1.0]
        found.append(Play(start, whole[0] + piece / SAMPLE_RATE if whole else None))
    return found


def traces(recording: Samples, clip: Samples) -> list[Play]:
    """Return the times at which a clip was played, even if the volume changed meanwhile.

    A time counts if the first or second piece, and at least two pieces in all, were found at their places.
    """
    size = round(SHORT_S * SAMPLE_RATE)
    places = [find(recording, clip[at : at + size]) for at in range(0, len(clip) - size, size)]
    starts = sorted(time - number * SHORT_S for number in (0, 1) for time in places[number])
    found: list[Play] = []
    for start in starts:
        there = [any(abs(p - n * SHORT_S - start) < TOLERANCE_S for p in piece) for n, piece in enumerate(places)]
        if sum(there) < 2 or (found and start - found[-1].start < 2 * TOLERANCE_S):
            continue
        whole = any(there[-2:])
        found.append(Play(start, start + len(clip) / SAMPLE_RATE if whole else None))
    return found


def correlate(recording: np.ndarray, clip: np.ndarray) -> np.ndarray:
    """Return the correlation coefficient of a clip with each place of a recording; 0 if there is silence."""
    if len(recording) < len(clip):
        return np.zeros(0)
    size = 1 << int(np.ceil(np.log2(len(recording) + len(clip))))
    product = np.fft.irfft(np.fft.rfft(recording, size) * np.fft.rfft(clip, size).conj(), size)
    places = len(recording) - len(clip) + 1
    sums = np.concatenate([[0.0], np.cumsum(recording**2)])
    energy = sums[len(clip) :] - sums[: -len(clip)]
    scale = np.sqrt(energy * np.sum(clip**2))
    return np.where(energy[:places] > 100.0 * len(clip), product[:places] / np.maximum(scale[:places], 1.0), 0.0)


def loudest(recording: Samples, start: float, end: float) -> int:
    """Return the largest sample value between two times."""
    part = recording[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)]
    return int(np.abs(part.astype(np.int32)).max(initial=0))
