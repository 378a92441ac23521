"""How long a hold lasts."""

from dataclasses import replace

from skill.dialogue.course import LONGEST_HOLD_MS, SHORTEST_HOLD_MS, breath_ms
from skill.dialogue.handlers.registry import on
from skill.dialogue.handlers.replies import answer
from skill.dialogue.handlers.requirements import needs_routine
from skill.dialogue.state import State
from skill.dialogue.transition import Transition
from skill.events import Heard

CHANGE_MS = 10_000
"""Change of a hold that is made longer or shorter; for an alternation the nearest number of whole breaths."""


@on("hold_longer")
@needs_routine
def hold_longer(transition: Transition, heard: Heard) -> None:
    """Make the hold that is on, or that comes next in this stretch, ten seconds longer."""
    _change(transition, +1)


@on("hold_shorter")
@needs_routine
def hold_shorter(transition: Transition, heard: Heard) -> None:
    """Make it ten seconds shorter, but never shorter than five seconds in all."""
    _change(transition, -1)


def _change(transition: Transition, direction: int) -> None:
    transition.interrupt()
    state = transition.state
    index = _next_hold(state)
    if index is None:
        answer(transition, "hold_is_over")
        return
    before = state.course[index].ms
    _set_length(transition, before, _wanted_ms(state, before, direction))
    changed = abs(transition.state.course[index].ms - before)
    if index == state.progress.step_index:
        transition.clock = replace(transition.clock, marks_done=transition.state.marks_passed)
    if changed == 0:
        transition.progress = state.progress
        answer(transition, "hold_longest" if direction > 0 else "hold_shortest")
    elif changed == CHANGE_MS:
        answer(transition, "ten_seconds_more" if direction > 0 else "ten_seconds_less")
    else:
        answer(transition, "a_little_longer" if direction > 0 else "a_little_shorter")


def _next_hold(state: State) -> int | None:
    """Return the place in the course of the hold that is on, or that comes next."""
    here = state.progress.step_index
    return next((i for i, step in enumerate(state.steps_left, here) if step.kind == "holding"), None)


def _wanted_ms(state: State, before: int, direction: int) -> int:
    """Return the new length of a hold, within its limits; a hold beyond a limit keeps its length."""
    wanted = min(max(before + direction * _amount(state), SHORTEST_HOLD_MS), LONGEST_HOLD_MS)
    return max(wanted, before) if direction > 0 else min(wanted, before)


def _set_length(transition: Transition, before: int, wanted: int) -> None:
    options = transition.progress.options
    options = replace(options, extra_ms=options.extra_ms + wanted - before)
    transition.progress = replace(transition.progress, options=options)


def _amount(state: State) -> int:
    """Return the change of a hold of this stretch, in milliseconds."""
    assert state.progress.routine
    if not state.progress.stretch.hold.rounds:
        return CHANGE_MS
    breath = breath_ms(state.progress.routine)
    return breath * max(1, round(CHANGE_MS / breath))
