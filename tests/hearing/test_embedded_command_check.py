"""Speech directly next to the words of a sentence."""

import numpy as np
import pytest

from skill.audio.blocks import Samples
from skill.composition.coach_settings import COACH_LISTENING
from skill.hearing.embedded_command_check import is_embedded, speech_before_ms, speech_between_ms
from skill.understanding.hypothesis import Hypothesis

WORDS = [(400, 700), (1000, 1300)]
"""A sentence of two words with a gap of 300 ms."""


def sound(*pieces: tuple[int, int, float]) -> Samples:
    """Return 1.6 s of noise, in dBFS from one ms to another; elsewhere almost nothing."""
    samples = np.random.default_rng(3).normal(0, 1, 1600 * 16)
    for begin, end, level_db in pieces:
        samples[begin * 16 : end * 16] *= 32768 * 10 ** (level_db / 20)
    return samples.clip(-32768, 32767).astype(np.int16)


SENTENCE = [(400, 700, -20.0), (1000, 1300, -20.0)]


def test_a_sentence_by_itself_is_not_embedded():
    samples = sound(*SENTENCE)
    assert (speech_before_ms(samples, WORDS, 6), speech_between_ms(samples, WORDS, 6)) == (0, 0)


@pytest.mark.parametrize(("level_db", "before", "between"), [(-22.0, 200, 100), (-30.0, 0, 0)])
def test_what_is_nearly_as_loud_is_a_voice(level_db: float, before: int, between: int):
    samples = sound((200, 400, level_db), *SENTENCE, (800, 900, level_db))
    assert (speech_before_ms(samples, WORDS, 6), speech_between_ms(samples, WORDS, 6)) == (before, between)


def test_what_comes_after_it_does_not_count():
    samples = sound(*SENTENCE, (1300, 1600, -20.0))
    assert (speech_before_ms(samples, WORDS, 6), speech_between_ms(samples, WORDS, 6)) == (0, 0)


def test_a_word_at_the_very_beginning_or_of_no_length():
    assert speech_before_ms(sound((0, 300, -20.0)), [(0, 300)], 6) == 0
    assert speech_between_ms(sound((0, 300, -20.0)), [(0, 300)], 6) == 0
    assert speech_before_ms(sound((0, 300, -20.0)), [(1600, 1600)], 6) == 0


def test_what_ended_before_is_something_else():
    assert speech_before_ms(sound((0, 60, -20.0), (300, 360, -20.0), *SENTENCE), WORDS, 6) == 60


@pytest.mark.parametrize(
    ("said", "embedded"),
    [("do um it hmm one er more time", True), ("do um it hmm one more time", False), ("do it one more time", False)],
)
def test_a_sentence_full_of_hesitations_is_a_part_of_other_talk(said: str, embedded: bool):
    """Synthetic voices cannot hesitate: their "um" is recognised as silence, so these hypotheses are made by hand."""
    words = tuple(said.split())
    times = tuple((300 * number, 300 * number + 300) for number in range(len(words)))
    hypothesis = Hypothesis(words, 0.0, times)
    assert is_embedded(sound(), hypothesis, urgent=False, settings=COACH_LISTENING) == embedded


@pytest.mark.parametrize(
    ("speech", "urgent", "embedded"),
    [
        ((250, 400, -20.0), False, True),
        ((250, 400, -20.0), True, False),
        ((760, 990, -20.0), False, True),
        ((760, 990, -20.0), True, True),
        ((1300, 1600, -20.0), False, False),
    ],
)
def test_speech_next_to_its_words_makes_it_a_part_of_other_talk(
    speech: tuple[int, int, float], urgent: bool, embedded: bool
):
    hypothesis = Hypothesis(("go", "slower"), 0.0, tuple(WORDS))
    assert is_embedded(sound(*SENTENCE, speech), hypothesis, urgent, COACH_LISTENING) == embedded


def test_a_longer_sentence_is_never_a_part():
    words = [(400 + 100 * number, 450 + 100 * number) for number in range(4)]
    hypothesis = Hypothesis(("a", "b", "c", "d"), 0.0, tuple(words))
    samples = sound((100, 400, -20.0), (400, 800, -20.0))
    assert not is_embedded(samples, hypothesis, urgent=False, settings=COACH_LISTENING)
    shorter = Hypothesis(("a", "b", "c"), 0.0, tuple(words[:3]))
    assert is_embedded(samples, shorter, urgent=False, settings=COACH_LISTENING)
