"""Detects short sentences that are a part of other talk ("he would go slower"), by speech directly next to them."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from skill.audio.blocks import BLOCK_MS, BLOCK_SIZE, Samples
from skill.settings import ListeningSettings
from skill.understanding.hypothesis import Hypothesis
from skill.understanding.rescoring import spoken_words

Spans = Sequence[tuple[int, int]]
"""Start and end of each word, in ms."""

LOOK_BACK_BLOCKS = 15
"""Blocks of 20 ms before a sentence that are checked: speech that ended earlier does not belong to it."""

WORD_LEVEL_PERCENTILE = 90
"""Percentile of the power of the blocks within a sentence that stands for the level of its words."""


def is_embedded(samples: Samples, hypothesis: Hypothesis, urgent: bool, settings: ListeningSettings) -> bool:
    """Return whether a sentence is part of other talk.

    `samples` are those of the utterance (16 kHz mono int16), to which the times of `hypothesis` refer. Before an
    `urgent` sentence a cry is allowed.
    """
    words = hypothesis.times
    if len(words) - len(spoken_words(hypothesis.words)) > settings.embedded_max_hesitations:
        return True  # other words were misheard as "um"
    if len(words) > settings.embedded_max_words:
        return False
    level_db = settings.embedded_level_db
    if speech_between_ms(samples, words, level_db) >= settings.embedded_between_ms:
        return True
    return not urgent and speech_before_ms(samples, words, level_db) >= settings.embedded_before_ms


def speech_before_ms(samples: Samples, words: Spans, below_db: float) -> int:
    """Return how many ms directly before the first word are at most `below_db` quieter than the words."""
    loud, first = _loud_blocks(samples, words, below_db), max(0, words[0][0] // BLOCK_MS)
    return int(loud[max(0, first - LOOK_BACK_BLOCKS) : first].sum()) * BLOCK_MS


def speech_between_ms(samples: Samples, words: Spans, below_db: float) -> int:
    """Return the same between the words."""
    loud = _loud_blocks(samples, words, below_db)
    gaps = ((end // BLOCK_MS, start // BLOCK_MS) for (_, end), (start, _) in pairwise(words))
    return sum(int(loud[end:start].sum()) for end, start in gaps) * BLOCK_MS


def _loud_blocks(samples: Samples, words: Spans, below_db: float) -> NDArray[np.bool_]:
    """Return, for each block of 20 ms, whether it is at most `below_db` quieter than the words."""
    count = len(samples) // BLOCK_SIZE
    blocks = samples[: count * BLOCK_SIZE].reshape(count, BLOCK_SIZE).astype(np.float64)
    power = (blocks**2).mean(axis=1)
    first = max(0, words[0][0] // BLOCK_MS)
    within = power[first : max(words[-1][1] // BLOCK_MS, first + 1)]
    if not len(within):
        return np.zeros(count, dtype=bool)
    loud: NDArray[np.bool_] = power > np.percentile(within, WORD_LEVEL_PERCENTILE) * 10 ** (-below_db / 10)
    return loud
