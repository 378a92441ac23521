"""A voice beside the words of a sentence."""

import numpy as np
import pytest

from skill.audio.blocks import Samples
from skill.hearing.embedded_command_check import before_ms, between_ms

WORDS = [(400, 700), (1000, 1300)]
"""A sentence of two words with a gap of 300 ms."""


def sound(*pieces: tuple[int, int, float]) -> Samples:
    """Return 1.6 s of noise, in dBFS from one ms to another; elsewhere almost nothing."""
    samples = np.random.default_rng(3).normal(0, 1, 1600 * 16)
    for begin, end, level_db in pieces:
        samples[begin * 16 : end * 16] *= 32768 * 10 ** (level_db / 20)
    return samples.clip(-32768, 32767).astype(np.int16)


SENTENCE = [(400, 700, -20.0), (1000, 1300, -20.0)]


def test_there_is_nothing_beside_a_sentence_by_itself():
    samples = sound(*SENTENCE)
    assert (before_ms(samples, WORDS, 6), between_ms(samples, WORDS, 6)) == (0, 0)


@pytest.mark.parametrize(("level_db", "before", "between"), [(-22.0, 200, 100), (-30.0, 0, 0)])
def test_what_is_nearly_as_loud_is_a_voice(level_db: float, before: int, between: int):
    samples = sound((200, 400, level_db), *SENTENCE, (800, 900, level_db))
    assert (before_ms(samples, WORDS, 6), between_ms(samples, WORDS, 6)) == (before, between)


def test_what_comes_after_it_does_not_count():
    samples = sound(*SENTENCE, (1300, 1600, -20.0))
    assert (before_ms(samples, WORDS, 6), between_ms(samples, WORDS, 6)) == (0, 0)


def test_a_word_at_the_very_beginning_or_of_no_length():
    assert before_ms(sound((0, 300, -20.0)), [(0, 300)], 6) == 0
    assert between_ms(sound((0, 300, -20.0)), [(0, 300)], 6) == 0
    assert before_ms(sound((0, 300, -20.0)), [(1600, 1600)], 6) == 0


def test_what_ended_before_is_something_else():
    assert before_ms(sound((0, 60, -20.0), (300, 360, -20.0), *SENTENCE), WORDS, 6) == 60
