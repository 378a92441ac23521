"""Pain, safety information, and what is not understood."""

import pytest

from skill.dialogue.actions import RememberSafetyTold, Save
from skill.events import Saved
from tests.dialogue.world import KNOWN, World, finish_speaking, holding, stretching


def test_pain_freezes_and_waits_for_an_answer():
    world = holding(5.0)
    world.hear("pain")
    finish_speaking(world)
    assert (world.mode, world.view.remaining) == ("asking", 15.0)
    asked = len(world.said)
    world.wait(20_000)
    finish_speaking(world)
    assert world.said[asked:] == ["Say easier, skip, or stop."]
    world.wait(3_600_000)
    assert len(world.said) == asked + 1
    assert (world.mode, world.view.remaining) == ("asking", 15.0)


@pytest.mark.parametrize(
    ("answer", "mode", "stretch"),
    [("easier", "instructing", "bridge"), ("next", "introducing", "childs_pose"), ("stop", "idle", None)],
)
def test_answers_to_the_offer_after_pain(answer: str, mode: str, stretch: str | None):
    world = holding(5.0, "bridge")
    world.hear("pain")
    world.hear(answer)
    assert (world.mode, world.view.stretch) == (mode, stretch)


def test_unwell_ends_the_routine_keeps_the_place_and_says_when_to_call_for_help():
    world = holding(5.0, "bridge")
    world.hear("unwell")
    finish_speaking(world)
    assert world.mode == "idle"
    assert Save(Saved("full", "bridge")) in world.done
    assert any("call for emergency help" in line for line in world.said)


def test_safety_information_is_said_in_full_only_once():
    world = World().begin()
    world.hear("start_routine")
    world.wait_until(lambda w: w.mode == "introducing" and not w.state.speech.queue)
    assert any("not medical advice" in line for line in world.said)
    assert RememberSafetyTold() in world.done
    world.hear("stop")
    finish_speaking(world)
    world.said.clear()
    world.hear("start_routine")
    world.hear("deny")
    world.wait_until(lambda w: w.mode == "introducing" and not w.state.speech.queue)
    assert "Ease off whenever something hurts." in world.said
    assert not any("not medical advice" in line for line in world.said)


def test_safety_information_that_was_cut_short_is_not_taken_as_said():
    world = World().begin()
    world.hear("start_routine")
    world.wait(3_000)
    world.hear("stop")
    assert RememberSafetyTold() not in world.done


def test_a_question_in_between_does_not_swallow_the_safety_information():
    world = World().begin()
    world.hear("start_routine")
    world.wait(3_000)
    world.hear("how_to", stretch="cow")
    world.wait_until(lambda w: not w.state.speech.queue)
    assert RememberSafetyTold() in world.done


def test_not_understood_is_said_twice_then_never_again():
    world = World().begin(**KNOWN)
    finish_speaking(world)
    world.said.clear()
    for _ in range(4):
        world.reject()
        finish_speaking(world)
    assert world.said == ["Sorry?", "You can say, start back stretches."]
    world.hear("help")
    finish_speaking(world)
    world.reject()
    assert world.said[-1] == "Sorry?"


def test_what_is_not_understood_is_a_sign_of_life():
    world = stretching()
    for _ in range(3):
        before = world.state.progress.stretch_index
        world.wait_until(lambda w: w.mode == "holding" and not w.speech)
        world.reject()
        world.wait_until(lambda w, before=before: w.state.progress.stretch_index != before)
        assert world.mode == "introducing"


@pytest.mark.parametrize("nearly", [False, True])
def test_still_there_is_answered_by_whatever_is_said(nearly: bool):
    world = stretching()
    world.wait_until(lambda w: w.mode == "asking")
    world.reject()  # over the question: people talk to others
    assert world.mode == "asking"
    finish_speaking(world)
    world.reject(addressed=False)
    assert world.mode == "asking"
    world.said.clear()
    world.reject(near=world.heard("next") if nearly else None)
    assert (world.mode, world.view.stretch) == ("introducing", "downward_dog")
    world.wait(60_000)
    assert "Sorry?" not in world.said
    assert world.mode != "paused"


def miss(world: World) -> str:
    world.said.clear()
    world.reject()
    finish_speaking(world)
    return " ".join(world.said)


def test_after_two_minutes_without_a_miss_the_next_one_is_the_first_again():
    world = World().begin(**KNOWN)
    finish_speaking(world)
    assert [miss(world) for _ in range(3)] == ["Sorry?", "You can say, start back stretches.", ""]
    world.wait(119_000)
    assert miss(world) == ""
    world.wait(120_000)
    assert miss(world) == "Sorry?"


def test_in_another_stretch_the_next_miss_is_the_first_again():
    world = stretching()
    for stretch in (0, 1):
        world.wait_until(
            lambda w, at=stretch: w.state.progress.stretch_index == at and w.mode == "getting_ready" and not w.speech
        )
        assert miss(world) == "Sorry?"


def test_while_paused_it_is_said_too_and_stays_paused():
    world = holding(5.0)
    world.hear("pause")
    assert [miss(world) for _ in range(3)] == ["Sorry?", "You can say, resume.", ""]
    assert (world.mode, world.view.remaining) == ("paused", 15.0)
    world.reject(near=world.heard("next"))
    assert (world.mode, world.state.turn.question) == ("paused", None)


def test_rejected_speech_is_ignored_in_a_hold_while_the_coach_talks_and_when_not_addressed():
    world = holding()
    world.said.clear()
    world.reject()
    assert world.said == []
    world = stretching()
    said = len(world.said)
    world.reject()
    assert len(world.said) == said
    world = World().begin()
    finish_speaking(world)
    said = len(world.said)
    world.reject(addressed=False)
    assert len(world.said) == said


def test_an_accepted_command_in_a_hold_gets_a_quiet_sound():
    world = holding()
    world.sounds.clear()
    world.hear("how_to", stretch="cow")
    assert world.sounds == ["heard"]


def test_a_command_without_meaning_in_a_hold_makes_no_sound():
    world = holding()
    world.sounds.clear()
    for intent in ("affirm", "deny", "resume"):
        world.hear(intent)
    assert world.sounds == []
    assert world.view.remaining == 15.0
