"""Finding in a recording what was played: the clips are known to the sample, so a matched filter tells when."""

from dataclasses import dataclass

import numpy as np

from skill.audio.blocks import SAMPLE_RATE, Samples

PIECE_S = 0.6
"""So much of the beginning and of the end of a clip is looked for: a block lost in between must not hide it."""

SHORT_S = 0.3
"""Pieces of a clip whose volume may change."""

TOGETHER_S = 0.25
"""How far pieces may be from where the others say they belong: blocks are lost on a busy machine."""

LIKENESS = 0.85
"""Correlation coefficient from which a piece counts as found (what is no copy stays below 0.6)."""


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
    while len(likeness) and (best := int(np.argmax(likeness))) >= 0 and likeness[best] >= LIKENESS:
        found.append((best + offset) / SAMPLE_RATE)
        likeness[max(0, best - len(clip) // 2) : best + len(clip) // 2] = 0.0
    return sorted(found)


def plays(recording: Samples, clip: Samples) -> list[Play]:
    """Return when a clip was played, whole or cut off, in the order of time."""
    piece = min(round(PIECE_S * SAMPLE_RATE), len(clip) // 2)
    length = (len(clip) - piece) / SAMPLE_RATE
    ends = find(recording, clip[-piece:])
    found = []
    for start in find(recording, clip[:piece]):
        whole = [end for end in ends if abs(end - start - length) < 1.0]
        found.append(Play(start, whole[0] + piece / SAMPLE_RATE if whole else None))
    return found


def traces(recording: Samples, clip: Samples) -> list[Play]:
    """Return when a clip was played, though the volume changed meanwhile: short pieces are the same at any volume.

    A time counts when the first or second piece and at least two in all were found where they belong.
    """
    size = round(SHORT_S * SAMPLE_RATE)
    places = [find(recording, clip[at : at + size]) for at in range(0, len(clip) - size, size)]
    starts = sorted(time - number * SHORT_S for number in (0, 1) for time in places[number])
    found: list[Play] = []
    for start in starts:
        there = [any(abs(p - n * SHORT_S - start) < TOGETHER_S for p in piece) for n, piece in enumerate(places)]
        if sum(there) < 2 or (found and start - found[-1].start < 2 * TOGETHER_S):
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
