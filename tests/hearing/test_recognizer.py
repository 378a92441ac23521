"""The recogniser, on real speech with the real model."""

import io

import pytest
from hassil import Intents

from skill.audio.blocks import AudioFormatError
from skill.errors import ModelError
from skill.hearing.decoding_graph import decoding_graph
from skill.hearing.fst_file import encode_graph
from skill.hearing.recognizer import Recognizer, SpeechModel
from skill.understanding.grammar import compile_grammar
from tests.speech import model, quiet, say

TEMPLATES = """
language: en
intents:
  a: {data: [{sentences: ["go to [the] (cat|cow) pose", "stop", "repeat"]}]}
"""


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    sentences = compile_grammar(Intents.from_yaml(io.StringIO(TEMPLATES)))
    return model().recognizer(encode_graph(decoding_graph(sentences, model().knows), model().words))


def test_a_sentence_comes_out_first_with_times(recognizer: Recognizer) -> None:
    recognizer.reset()
    recognizer.accept(say("go to the cow pose"))
    first, *others = recognizer.finish()
    assert first.words == ("go", "to", "the", "cow", "pose")
    assert all(other.score <= first.score for other in others)
    starts = [start for start, _ in first.times]
    assert starts == sorted(starts)
    assert 400 < starts[0] < 800


def test_only_sentences_and_filler_come_out(recognizer: Recognizer) -> None:
    recognizer.reset()
    recognizer.accept(say("the weather was rather nice in the morning"))
    assert "[unk]" in recognizer.finish()[0].words


def test_silence_gives_no_words(recognizer: Recognizer) -> None:
    recognizer.reset()
    recognizer.accept(quiet(1500))
    assert recognizer.finish()[0].words == ()


def test_partial_words_appear_while_speaking(recognizer: Recognizer) -> None:
    recognizer.reset()
    recognizer.accept(say("go to the cow pose"))
    recognizer.accept(quiet(400))
    assert recognizer.partial() == ("go", "to", "the", "cow", "pose")


def test_the_same_sound_is_decoded_the_same_whatever_was_heard_before(recognizer: Recognizer) -> None:
    found = []
    for _ in range(2):
        recognizer.reset()
        recognizer.accept(say("go to the cat"))
        found.append(recognizer.finish())
        recognizer.reset()
        recognizer.accept(say("stop", rate=170))
    assert found[0] == found[1]


def test_reset_forgets(recognizer: Recognizer) -> None:
    recognizer.reset()
    recognizer.accept(say("stop"))
    recognizer.reset()
    recognizer.accept(say("repeat"))
    assert recognizer.finish()[0].words == ("repeat",)


def test_the_model_lists_its_words() -> None:
    assert model().knows("stretch")
    assert not model().knows("piriformis")


def test_a_folder_that_is_no_model_is_named(tmp_path) -> None:
    with pytest.raises(ModelError, match="word table"):
        SpeechModel(tmp_path).knows("stop")


def test_samples_in_another_format_are_an_error(recognizer: Recognizer) -> None:
    recognizer.reset()
    with pytest.raises(AudioFormatError, match="array of float64; expected mono samples"):
        recognizer.accept(say("stop") / 32768)
