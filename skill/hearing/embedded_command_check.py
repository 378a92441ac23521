"""What is heard beside the words of a sentence: a voice there shows that it is a part of other talk."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from skill.audio.blocks import BLOCK_MS, BLOCK_SIZE, Samples

Spans = Sequence[tuple[int, int]]
"""Start and end of each word, in ms."""

JUST_BEFORE = 15
"""Blocks before a sentence in which a voice belongs to it: what ended sooner was something else, a cough or a knock."""

LOUD = 90
"""Percentile of the blocks within a sentence that tells how loud its words are."""


def before_ms(samples: Samples, words: Spans, below_db: float) -> int:
    """Return how long it is nearly as loud as the words, `below_db` less at most, just before the first of them."""
    near, first = _as_loud(samples, words, below_db), max(0, words[0][0] // BLOCK_MS)
    return int(near[max(0, first - JUST_BEFORE) : first].sum()) * BLOCK_MS


def between_ms(samples: Samples, words: Spans, below_db: float) -> int:
    """Return the same between the words."""
    near = _as_loud(samples, words, below_db)
    gaps = ((end // BLOCK_MS, start // BLOCK_MS) for (_, end), (start, _) in pairwise(words))
    return sum(int(near[end:start].sum()) for end, start in gaps) * BLOCK_MS


def _as_loud(samples: Samples, words: Spans, below_db: float) -> NDArray[np.bool_]:
    """Tell of each block of 20 ms (16 kHz, int16) whether it is nearly as loud as the words."""
    count = len(samples) // BLOCK_SIZE
    blocks = samples[: count * BLOCK_SIZE].reshape(count, BLOCK_SIZE).astype(np.float64)
    power = (blocks**2).mean(axis=1)
    first = max(0, words[0][0] // BLOCK_MS)
    within = power[first : max(words[-1][1] // BLOCK_MS, first + 1)]
    if not len(within):
        return np.zeros(count, dtype=bool)
    near: NDArray[np.bool_] = power > np.percentile(within, LOUD) * 10 ** (-below_db / 10)
    return near
