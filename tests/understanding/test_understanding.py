"""Hypotheses and typed lines, among the sentences of a context."""

import pytest

from skill.composition.coach_settings import COACH_LISTENING
from skill.content.language import load_language
from skill.events import Heard, Rejected
from skill.hearing.recognizer import Hypothesis
from skill.understanding.understanding import Rejection, Understanding, Understood

COACH = Understanding(load_language(), COACH_LISTENING)


def spoken(*hypotheses: tuple[str, float], context: str = "holding") -> Understood | Rejection:
    return COACH.spoken([Hypothesis(tuple(text.split()), score) for text, score in hypotheses], [context])


def test_a_sentence_is_understood_with_its_slots() -> None:
    found = spoken(("how do i do child's pose", 100.0), ("[unk]", 80.0))
    assert isinstance(found, Understood)
    assert (found.meaning.intent, dict(found.meaning.slots)) == ("how_to", {"stretch": "childs_pose"})
    assert found.confidence > 0.95


def test_confidence_falls_as_another_hypothesis_comes_near() -> None:
    far = spoken(("pause", 100.0), ("stop", 90.0))
    near = spoken(("pause", 100.0), ("stop", 99.0))
    assert isinstance(far, Understood)
    assert isinstance(near, Understood)
    assert far.confidence > near.confidence > 0.5


def test_another_way_to_say_the_same_is_no_rival() -> None:
    alone = spoken(("pause", 100.0))
    with_twin = spoken(("pause", 100.0), ("pause please", 99.9))
    assert isinstance(alone, Understood)
    assert isinstance(with_twin, Understood)
    assert alone.confidence == with_twin.confidence


@pytest.mark.parametrize(
    ("hypotheses", "context", "reason"),
    [
        ([("", 100.0)], "holding", "no speech"),
        ([("[unk] [unk] stop", 100.0), ("stop", 95.0)], "holding", "unknown words"),
        ([("yes", 100.0)], "holding", "not now"),
        ([("go to", 100.0)], "holding", "no sentence"),
    ],
)
def test_rejections_carry_their_reason(hypotheses, context, reason) -> None:
    found = spoken(*hypotheses, context=context)
    assert isinstance(found, Rejection)
    assert found.reason == reason


def test_hesitation_is_passed_over() -> None:
    found = spoken(("repeat uh cow pose", 10.0), context="instructing")
    assert isinstance(found, Understood)
    assert found.sentence == "repeat cow pose"


def test_a_sentence_of_either_context_counts() -> None:
    found = COACH.spoken([Hypothesis(("yes",), 1.0)], ["asking", "holding"])
    assert isinstance(found, Understood)
    assert found.meaning.intent == "affirm"


@pytest.mark.parametrize(
    ("line", "context", "intent"),
    [
        ("Pause!", "holding", "pause"),
        ("how do I do child's pose?", "idle", "how_to"),
        ("how do i do childs pose", "idle", "how_to"),
        ("repaet cow pose", "instructing", "repeat_stretch"),
        ("repeat the cow", "instructing", "repeat_stretch"),
    ],
)
def test_typed_lines_are_understood_with_slips(line: str, context: str, intent: str) -> None:
    found = COACH.event(line, context, 7)
    assert isinstance(found, Heard), found
    assert (found.at, found.intent) == (7, intent)
    assert 0.5 < found.confidence <= 1


@pytest.mark.parametrize(
    ("line", "context", "reason"),
    [
        ("", "holding", "no speech"),
        ("don't pause", "holding", "not meant"),
        ("yes", "holding", "not now"),
        ("what a lovely day", "holding", "no sentence"),
        ("what a flibbertigibbet", "holding", "unknown words"),
        ("go repeat stop", "holding", "no sentence"),
        ("stretch", "holding", "no sentence"),
    ],
)
def test_typed_lines_that_are_no_sentence(line: str, context: str, reason: str) -> None:
    found = COACH.event(line, context, 7)
    assert isinstance(found, Rejected), found
    assert found.reason == reason


def test_a_close_case_is_decoded_twice() -> None:
    first = [Hypothesis(("pause",), 100.0), Hypothesis(("[unk]",), 99.8)]
    second = [Hypothesis(("pause",), 50.0), Hypothesis(("[unk]",), 47.0)]
    once = COACH.spoken(first, ["holding"])
    twice = COACH.spoken(first, ["holding"], second_pass=lambda: second)
    assert isinstance(once, Rejection)
    assert isinstance(twice, Understood)


def test_a_clear_case_is_not_decoded_twice() -> None:
    def never() -> list[Hypothesis]:
        raise AssertionError("decoded twice")

    found = COACH.spoken([Hypothesis(("pause",), 100.0), Hypothesis(("[unk]",), 95.0)], ["holding"], second_pass=never)
    assert isinstance(found, Understood)


def test_what_is_nearly_two_sentences_is_asked_for() -> None:
    found = spoken(("hold longer", 100.0), ("hold shorter", 99.9))
    assert isinstance(found, Rejection)
    assert found.near is not None
    assert found.near.sentence == "hold longer"
    event = found.event(5)
    assert event.near is not None
    assert event.near.intent == "hold_longer"


def test_filler_that_is_nearly_a_sentence_is_not_asked_for() -> None:
    found = spoken(("[unk]", 100.0), ("pause", 99.9), ("stop", 98.0))
    assert isinstance(found, Rejection)
    assert found.near is None


def test_what_only_sounds_like_a_command_is_not_meant_however_near_the_command_is() -> None:
    found = spoken(("this one", 100.0), ("next one", 99.9))
    assert isinstance(found, Rejection)
    assert (found.reason, found.addressed) == ("not meant", False)


def test_a_command_that_only_a_likeness_makes_unsure_is_not_asked_for() -> None:
    found = spoken(("next one", 100.0), ("this one", 99.9))
    assert isinstance(found, Rejection)
    assert (found.reason, found.near) == ("unsure", None)


def test_what_is_a_command_in_one_of_two_contexts_is_one() -> None:
    found = COACH.spoken([Hypothesis(("don't", "stop"), 1.0)], ["getting_ready", "paused"])
    assert isinstance(found, Understood)
    assert found.meaning.intent == "resume"


@pytest.mark.parametrize(("line", "context"), [("quiet please", "holding"), ("please", "getting_ready")])
def test_typed_words_that_are_known_are_not_corrected(line: str, context: str) -> None:
    assert isinstance(COACH.event(line, context, 7), Rejected)


def test_ok_is_okay() -> None:
    found = COACH.event("ok next", "holding", 7)
    assert isinstance(found, Heard)
    assert found.intent == "next"
