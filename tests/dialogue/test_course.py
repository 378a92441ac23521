"""The course of the whole routine, and of each stretch."""

import pytest

from skill.dialogue.actions import Save
from skill.dialogue.prefetch import prefetch_answers, prefetch_lines
from skill.preferences import Preferences
from tests.dialogue.world import CONTENT, KNOWN, World, holding, stretching

FULL = CONTENT.routines["full"]
IDS = ["knee_to_chest", "cat", "cow", "downward_dog", "bridge", "childs_pose", "forward_fold"]


def lead_through(world: World) -> list[tuple[str, str | None, str | None]]:
    """Say ready whenever asked; return the (state, stretch, side) passed through."""
    passed = []
    while world.state.progress.routine:
        view = world.view
        place = (view.state, view.stretch, view.side)
        if not passed or passed[-1] != place:
            passed.append(place)
        if world.mode == "getting_ready" and not world.speech:
            world.hear("ready")
        world.wait(20)
    return passed


def test_the_seven_stretches_come_in_their_order():
    passed = lead_through(stretching())
    holds = [(stretch, side) for state, stretch, side in passed if state == "holding"]
    assert holds[:2] == [("knee_to_chest", "right"), ("knee_to_chest", "left")]
    assert holds[2] == ("cat", None)
    assert holds[3:13] == [("cow", None), ("cat", None)] * 5
    assert [stretch for stretch, _ in holds[13:]] == IDS[3:]


def test_every_stretch_is_introduced_instructed_and_made_ready_for():
    passed = lead_through(stretching())
    for stretch in IDS:
        states = [state for state, name, _ in passed if name == stretch]
        first = {state: states.index(state) for state in reversed(states)}
        assert first["introducing"] < first["instructing"] < first["getting_ready"] < first["holding"]


def test_the_end_of_the_routine_is_said_and_nothing_is_left_to_go_on_with():
    world = stretching()
    lead_through(world)
    world.wait(20_000)
    assert "That was the last stretch." in world.said
    assert world.mode == "idle"
    assert [action.saved for action in world.done if isinstance(action, Save)][-1] is None


def test_without_a_word_it_goes_on_by_itself_after_twenty_seconds():
    world = stretching()
    world.wait_until(lambda w: w.mode == "getting_ready" and not w.speech)
    began = world.now
    world.wait_until(lambda w: w.mode == "holding")
    assert world.now - began == 20_000


def test_a_hold_lasts_as_long_as_the_routine_says_with_begin_ticks_and_end():
    world = holding(0)
    world.sounds.clear()
    began = world.now
    world.wait_until(lambda w: w.mode != "holding")
    assert world.now - began == 20_000
    assert world.sounds == ["tick", "tick", "tick", "end"]


def test_half_way_is_said_in_long_holds_only():
    long, short = holding(0, "childs_pose"), holding(0)
    for world in (long, short):
        world.said.clear()
        world.wait_until(lambda w: w.mode != "holding")
    assert long.said[0] == "Half way."
    assert "Half way." not in short.said


def test_cat_and_cow_alternate_with_the_breath():
    world = holding(0, "cow")
    seen = []
    for _ in range(10):
        world.wait(1_000)
        seen.append((world.view.stretch, world.said[-1]))
        world.wait(2_000)
    assert seen == [("cow", "In: cow pose."), ("cat", "Out: cat pose.")] * 5
    assert world.mode != "holding"


@pytest.mark.parametrize("speed", ["slower", "usual", "faster"])
def test_cat_and_cow_end_with_ticks_and_nothing_is_said_over_a_cue(speed: str):
    world = holding(0, "cow")
    world.hear(speed)
    world.sounds.clear()
    world.said.clear()
    world.wait_until(lambda w: w.state.clock.runs and not w.state.speech.queue)
    rounds = [mark.at for mark in world.state.current_step.marks]
    assert rounds == sorted(rounds)
    end = world.now + (world.state.remaining_at(world.now) or 0)
    ticks = []
    while world.mode == "holding":
        heard = len(world.sounds)
        world.wait(20)
        ticks += [end - world.now for sound in world.sounds[heard:] if sound == "tick"]
    assert ticks == pytest.approx([3_000, 2_000, 1_000], abs=21)
    assert world.sounds[-1] == "end"
    assert "Half way." not in world.said


def test_changes_of_position_get_their_own_cue():
    world = stretching()
    world.hear("go_to", stretch="forward_fold")
    world.wait_until(lambda w: w.mode == "instructing")
    assert set(FULL.cue("start", "standing")) <= set(world.said)
    world.hear("previous")
    world.wait_until(lambda w: w.mode == "instructing")
    assert set(FULL.cue("standing", "kneeling")) <= set(world.said)


def test_after_three_stretches_without_a_word_it_asks_then_pauses():
    world = stretching()
    world.wait_until(lambda w: w.mode == "asking")
    assert world.state.progress.stretch_index == 3
    world.wait_until(lambda w: not w.speech)
    world.wait(29_900)
    assert world.mode == "asking"
    world.wait(200)
    assert world.mode == "paused"


def test_any_word_answers_still_there():
    world = stretching()
    world.wait_until(lambda w: w.mode == "asking")
    world.hear("how_to", stretch="cow")
    assert world.mode == "introducing"
    assert "Still there?" not in [line.text for line in world.state.speech.queue]


@pytest.mark.parametrize("brief", [False, True])
def test_every_line_of_the_course_was_prefetched(brief: bool):
    """So that it can be rendered before it is needed."""
    world = stretching(preferences=Preferences(brief=brief))
    while world.state.progress.routine and not world.state.turn.question:
        ahead = prefetch_lines(world.state)
        said = len(world.said)
        world.wait(20)
        assert set(world.said[said:]) <= {*ahead, "Still there?"}


ASKED = (
    ("whats_next", {}), ("stretches_left", {}), ("which_stretch", {}), ("stop", {}), ("next", {}), ("previous", {}),
    ("easier", {}), ("pain", {}), ("help", {}), ("repeat", {}), ("hold_longer", {}), ("slower", {}), ("history", {}),
    ("list_stretches", {}), ("go_to", {"stretch": "bridge"}), ("repeat_stretch", {"stretch": "cow"}),
    ("start_routine", {"routine": "quick"}), ("safety_info", {}), ("louder", {}), ("affirm", {}), ("deny", {}),
)  # fmt: skip


@pytest.mark.parametrize(("intent", "slots"), ASKED)
def test_every_answer_was_prefetched(intent: str, slots: dict[str, str]):
    """So that its first words can be rendered before anybody asks."""
    answers = 0
    for world in (World().begin(**KNOWN), stretching(), holding(5.0), holding(2.0, "cow"), holding(1.0, "bridge")):
        for _ in range(2):  # the second time in other words
            prefetched = set(prefetch_answers(world.state, world.now))
            world.said.clear()
            world.hear(intent, **slots)
            assert set(world.said[:1]) <= set(prefetched)  # silence needs no clip
            answers += len(world.said[:1])
            world.wait(200)
    assert answers or intent in ("affirm", "deny")  # which have no meaning where nothing is asked
