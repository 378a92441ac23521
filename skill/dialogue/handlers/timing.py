"""How long a hold lasts."""

from skill.dialogue.course import LONGEST_HOLD_MS, SHORTEST_HOLD_MS, breath_ms
from skill.dialogue.handlers.registry import answer, needs_routine, on
from skill.dialogue.state import State
from skill.dialogue.transition import Transition
from skill.events import Heard

CHANGE_MS = 10_000
"""By how much a hold is made longer or shorter; an alternation by the nearest number of whole breaths."""


@on("hold_longer")
@needs_routine
def hold_longer(transition: Transition, heard: Heard) -> None:
    """Ten seconds more for the hold that is on, or that comes next in this stretch."""
    _change(transition, +1)


@on("hold_shorter")
@needs_routine
def hold_shorter(transition: Transition, heard: Heard) -> None:
    """Ten seconds less, but never less than five in all."""
    _change(transition, -1)


def _change(transition: Transition, direction: int) -> None:
    transition.interrupt()
    state = transition.state
    index = _next_hold(state)
    if index is None:
        answer(transition, "hold_is_over")
        return
    before = state.course[index]
    wanted = min(max(before.ms + direction * _amount(state), SHORTEST_HOLD_MS), LONGEST_HOLD_MS)
    wanted = max(wanted, before.ms) if direction > 0 else min(wanted, before.ms)
    transition.set(extra=state.extra + wanted - before.ms)
    after = transition.state.course[index]
    if index == state.step:
        transition.set(marks_done=transition.state.marks_behind)
    changed = abs(after.ms - before.ms)
    if changed == 0:
        transition.set(extra=state.extra)
        answer(transition, "hold_longest" if direction > 0 else "hold_shortest")
    elif changed == CHANGE_MS:
        answer(transition, "ten_seconds_more" if direction > 0 else "ten_seconds_less")
    else:
        answer(transition, "a_little_longer" if direction > 0 else "a_little_shorter")


def _next_hold(state: State) -> int | None:
    return next((i for i in range(state.step, len(state.course)) if state.course[i].kind == "holding"), None)


def _amount(state: State) -> int:
    """Return by how much a hold of this stretch changes, in milliseconds."""
    assert state.routine
    if not state.current.hold.rounds:
        return CHANGE_MS
    breath = breath_ms(state.routine)
    return breath * max(1, round(CHANGE_MS / breath))
