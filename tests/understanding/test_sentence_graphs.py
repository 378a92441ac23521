"""Compiled sentences, by context and as bytes."""

from skill.content.language import load_language
from skill.content.states import STATES
from skill.understanding.sentence_graphs import compile_sentences, decode, encode

COACH = compile_sentences(load_language())


def test_what_is_encoded_is_decoded_the_same() -> None:
    assert decode(encode(COACH)) == COACH


def test_the_same_language_is_always_encoded_the_same() -> None:
    assert encode(compile_sentences(load_language())) == encode(COACH)


def test_each_context_has_its_sentences_and_none_is_made_later() -> None:
    assert set(COACH.by_context) == set(STATES)
    assert COACH.active("asking").meaning(["yes"]) is not None
    assert COACH.active("holding").meaning(["yes"]) is None
    assert COACH.active("asking") is COACH.by_context["asking"]
    assert COACH.active(None) is COACH.everything
    assert COACH.active("unheard of") is COACH.elsewhere
    assert COACH.elsewhere.meaning(["yes"]) is None
