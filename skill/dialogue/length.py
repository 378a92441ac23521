"""How long things take: a whole routine, and what is left of one."""

from collections.abc import Iterable

from skill.content.routine import Routine
from skill.dialogue.course import Step, StepOptions, steps
from skill.dialogue.state import State, easier_for

WORD_MS = 400
"""A spoken word."""

READY_SHARE = 0.25
"""People say "ready" long before the coach would go on by itself: after this share of its patience."""


def left_ms(state: State, at: int) -> int:
    """Return about how long what is left of the routine takes, at a moment in audio time. Only while one is on."""
    assert state.routine
    brief, current = state.preferences.brief, state.current_step
    over = min(state.elapsed_at(at), _wait_ms(current)) + (WORD_MS * len(current.line.split()) if state.spoken else 0)
    here = sum(_step_ms(step) for step in _said(state.course[state.step :], brief))
    position = state.current.position_when(state.easier)
    return max(0, here - over) + _from(state, state.routine, state.stretch + 1, position)


def whole_ms(state: State, routine: Routine) -> int:
    """Return about how long a routine takes, as this user likes it."""
    return _from(state, routine, 0, "start")


def minutes(ms: int) -> int:
    """Return milliseconds in whole minutes, at least one."""
    return max(1, round(ms / 60_000))


def _from(state: State, routine: Routine, start: int, position: str) -> int:
    total = 0
    for index in range(start, len(routine.stretches)):
        stretch = routine.stretches[index]
        easier = easier_for(state, routine, stretch)
        course = steps(routine, index, StepOptions(easier, position, state.preferences.speed), state.content.responses)
        total += sum(_step_ms(step) for step in _said(course, state.preferences.brief))
        position = stretch.position_when(easier)
    return total


def _said(course: Iterable[Step], brief: bool) -> Iterable[Step]:
    return (step for step in course if not (brief and step.part == "instruction"))


def _step_ms(step: Step) -> int:
    return WORD_MS * len(step.line.split()) + _wait_ms(step)


def _wait_ms(step: Step) -> int:
    return round(READY_SHARE * step.ms) if step.part == "ready" else step.ms
