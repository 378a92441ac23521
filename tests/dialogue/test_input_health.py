"""The microphone goes away and comes back, in the dialogue."""

import pytest

from skill.dialogue.actions import StopSpeaking
from skill.events import MicrophoneBack, MicrophoneLost
from tests.dialogue.world import KNOWN, World, finish_speaking, holding, stretching

LOST = ["I cannot hear you any more.", "Please check the microphone.", "I wait."]
BACK = "I can hear you again."


def lose(world: World) -> None:
    world.said.clear()
    world.happen(MicrophoneLost(world.now))


def find(world: World) -> None:
    world.said.clear()
    world.happen(MicrophoneBack(world.now))


def test_a_hold_stands_still_and_goes_on_with_the_time_that_was_left():
    world = holding(5.0)
    lose(world)
    assert world.mode == "paused"
    world.wait(60_000)
    assert world.said == LOST
    find(world)
    world.wait_until(lambda w: w.state.clock.runs)
    assert (world.said[0], world.mode, world.view.remaining) == (BACK, "holding", 15.0)


def test_an_interrupted_instruction_is_said_again():
    world = stretching()
    world.wait_until(lambda w: w.mode == "instructing")
    line = world.said[-1]
    lose(world)
    assert StopSpeaking() in world.done[-6:]
    finish_speaking(world)
    find(world)
    finish_speaking(world)
    world.wait(100)
    assert world.said[:2] == [BACK, line]


def test_messages_about_the_loss_are_not_said_after_it():
    world = holding(5.0)
    lose(world)
    world.wait(500)
    find(world)
    world.wait_until(lambda w: w.state.clock.runs)
    assert not set(world.said) & set(LOST)


def test_a_pause_of_the_user_stays_one():
    world = holding(5.0)
    world.hear("pause")
    lose(world)
    find(world)
    finish_speaking(world)
    assert world.mode == "paused"


def test_a_pause_by_key_during_the_loss_stays_one():
    world = holding(5.0)
    lose(world)
    world.hear("resume")
    assert world.mode == "holding"
    world.hear("pause")
    find(world)
    finish_speaking(world)
    assert world.mode == "paused"


def test_the_question_after_pain_is_asked_again():
    world = holding(5.0)
    world.hear("pain")
    question = world.state.turn.question
    assert question
    lose(world)
    assert world.mode == "paused"
    find(world)
    finish_speaking(world)
    world.wait(5_000)
    assert (world.mode, world.state.turn.question) == ("asking", question)
    assert world.said[0] == BACK
    assert set(question.lines) <= set(world.said)


def test_it_is_said_once_and_in_idle_too():
    world = World().begin(**KNOWN)
    finish_speaking(world)
    lose(world)
    finish_speaking(world)
    world.wait(5_000)
    assert (world.said, world.mode) == (LOST, "idle")
    world.happen(MicrophoneLost(world.now))
    assert world.said == LOST


@pytest.mark.parametrize("event", [MicrophoneBack(10_000), MicrophoneBack(0)])
def test_a_microphone_that_was_never_lost_changes_nothing(event: MicrophoneBack):
    world = holding(5.0)
    before = world.state
    world.happen(event)
    assert world.state == before


def test_a_loss_of_ten_minutes_ends_the_routine_and_keeps_the_place():
    world = holding(5.0)
    lose(world)
    world.wait(11 * 60_000)
    assert (world.mode, world.state.history.saved and world.state.history.saved.stretch) == ("idle", "knee_to_chest")
    find(world)
    finish_speaking(world)
    assert world.said == [BACK]
