"""Holds that are repeated: three times ten seconds, with a short rest between."""

from dataclasses import replace

import pytest

from skill.content.content import Content
from skill.content.routine import Hold, Routine
from skill.dialogue.course import REST_MS, StepOptions, steps
from skill.dialogue.length import left_ms
from skill.dialogue.state import initial
from tests.dialogue.world import CONTENT, KNOWN, World

FULL = CONTENT.routines["full"]
THREE_TIMES = Hold(seconds=10, repeat=3)


def content_with(hold: Hold) -> Content:
    """A routine whose bridge is held like this, and then the forward fold."""
    bridge = replace(FULL.stretches[FULL.index("bridge") or 0], hold=hold)
    routine = replace(FULL, stretches=(bridge, FULL.stretches[-1]))
    return Content({"full": routine}, CONTENT.responses)


def routine_with(hold: Hold) -> Routine:
    return content_with(hold).default


def course(hold: Hold) -> list[tuple[str, str | None]]:
    """The parts of the bridge after its instructions, each with its side."""
    found = steps(routine_with(hold), 0, StepOptions(came_from="lying"), CONTENT.responses)
    return [(step.part, step.side) for step in found if step.part not in ("name", "instruction")]


def begin(hold: Hold, **known) -> World:
    return World(initial(content_with(hold))).begin(**KNOWN | known)


def start(hold: Hold) -> World:
    world = begin(hold)
    world.hear("start_routine")
    world.wait_until(lambda w: w.mode == "getting_ready" and not w.speech)
    world.hear("ready")
    return world


def held(world: World) -> None:
    """Let the hold that is on, or that comes next, begin."""
    world.wait_until(lambda w: w.mode == "holding" and w.state.clock.runs)


def holds(world: World) -> int:
    """The holds of the current stretch."""
    return sum(step.kind == "holding" for step in world.state.course)


def test_a_hold_is_repeated_with_a_rest_between() -> None:
    once = ("hold", None), ("release", None)
    assert course(THREE_TIMES) == [("ready", None), *once, ("again", None), *once, ("again", None), *once]


def test_each_side_is_repeated() -> None:
    def side(name: str) -> list[tuple[str, str]]:
        return [("hold", name), ("release", name), ("again", name), ("hold", name), ("release", name)]

    found = course(Hold(seconds=10, sides=("left", "right"), repeat=2))
    assert found == [("ready", "left"), *side("left"), ("ready", "right"), ("ready", "right"), *side("right")]


def test_breaths_are_repeated() -> None:
    found = steps(routine_with(Hold(breaths=2, repeat=4)), 0, StepOptions(), CONTENT.responses)
    assert [step.ms for step in found if step.kind == "holding"] == [12_000] * 4


def test_between_two_holds_it_lets_go_rests_and_goes_on_by_itself() -> None:
    world = start(THREE_TIMES)
    held(world)
    world.said.clear()
    world.wait_until(lambda w: w.mode != "holding")
    over = world.now
    held(world)
    release, again, hold = world.said
    assert release in CONTENT.responses.variants["release"]
    assert again in CONTENT.responses.variants["once_more"]
    assert hold.endswith("for ten seconds.")
    assert REST_MS < world.now - over < 20_000
    world.said.clear()
    world.wait_until(lambda w: w.state.progress.stretch_index == 1)
    assert len([line for line in world.said if line in CONTENT.responses.variants["once_more"]]) == 1


def test_ready_ends_the_rest() -> None:
    world = start(THREE_TIMES)
    held(world)
    world.wait_until(lambda w: w.state.current_step.part == "again" and not w.speech)
    world.hear("ready")
    assert world.mode == "holding"


@pytest.mark.parametrize(
    ("hold", "once"), [(THREE_TIMES, Hold(seconds=10)), (Hold(breaths=3, repeat=5), Hold(breaths=3))]
)
def test_the_time_left_counts_every_repetition(hold: Hold, once: Hold) -> None:
    def left(hold: Hold) -> int:
        world = begin(hold)
        world.hear("start_routine")
        return left_ms(world.state, world.now)

    seconds = hold.seconds or 6 * (hold.breaths or 0)
    more = left(hold) - left(once)
    assert (hold.repeat - 1) * (1000 * seconds + REST_MS) < more < (hold.repeat - 1) * (1000 * seconds + 20_000)


@pytest.mark.parametrize("done", [0, 1, 2])
def test_a_routine_is_taken_up_at_the_repetition_where_it_was_left(done: int) -> None:
    world = start(THREE_TIMES)
    held(world)
    for _ in range(done):
        world.wait_until(lambda w: w.mode != "holding")
        held(world)
    world.wait(4_000)
    world.hear("stop")
    later = begin(THREE_TIMES, saved=world.state.history.saved)
    later.hear("start_routine")
    later.hear("affirm")
    later.wait_until(lambda w: w.mode == "getting_ready" and not w.speech)
    assert later.said[-1] in CONTENT.responses.variants["ready"]
    left = [step.part for step in later.state.course[later.state.progress.step_index :]]
    assert left.count("hold") == 3 - done
    later.hear("ready")
    held(later)
    assert (later.view.stretch, later.view.remaining) == ("bridge", 10)
    later.hear("stop")
    assert later.state.history.saved == world.state.history.saved


def test_left_while_resting_the_next_repetition_comes_next() -> None:
    world = start(THREE_TIMES)
    held(world)
    world.wait_until(lambda w: w.state.current_step.part == "release")
    world.hear("stop")
    later = begin(THREE_TIMES, saved=world.state.history.saved)
    later.hear("start_routine")
    later.hear("affirm")
    held(later)
    assert [step.part for step in later.state.course[later.state.progress.step_index :]].count("hold") == 2


def test_longer_holds_for_all_repetitions_that_are_left() -> None:
    world = start(THREE_TIMES)
    held(world)
    world.hear("hold_longer")
    assert [step.ms for step in world.state.course if step.kind == "holding"] == [20_000] * 3


@pytest.mark.parametrize("on", [2, 3])
def test_easier_in_any_repetition_of_the_second_side_goes_on_with_that_side(on: int) -> None:
    world = start(Hold(seconds=10, sides=("left", "right"), repeat=2))
    for number in range(on):
        held(world)
        world.wait(10_100)
        if number == 1:
            world.wait_until(lambda w: w.mode == "getting_ready" and not w.speech)
            world.hear("ready")
    held(world)
    assert world.view.side == "right"
    world.hear("easier")
    assert (world.state.progress.options.sides_done, holds(world)) == (1, 2)
    held(world)
    assert world.view.side == "right"
