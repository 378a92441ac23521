"""How long a routine takes, and what is left of one."""

from collections.abc import Iterable

from skill.content.routine import Routine
from skill.dialogue.course import Step, StepOptions, steps
from skill.dialogue.state import State

WORD_MS = 400
"""Estimated duration of a spoken word."""

READY_SHARE = 0.25
"""Users say "ready" long before the coach goes on by itself: after this share of that time."""


def left_ms(state: State, at: int) -> int:
    """Return the estimated milliseconds left of the routine, at a moment in audio time. Only while one is on."""
    progress, current = state.progress, state.current_step
    assert progress.routine
    passed = min(state.clock.elapsed_at(at), _wait_ms(current))
    if progress.line_said:
        passed += WORD_MS * len(current.line.split())
    here = sum(_step_ms(step) for step in _said(state.steps_left, state.user.preferences.brief))
    position = progress.stretch.position_when(progress.options.easier)
    return max(0, here - passed) + _from(state, progress.routine, progress.stretch_index + 1, position)


def whole_ms(state: State, routine: Routine) -> int:
    """Return the estimated milliseconds of a whole routine, with the user's preferences."""
    return _from(state, routine, 0, "start")


def minutes(ms: int) -> int:
    """Return milliseconds in whole minutes, at least one."""
    return max(1, round(ms / 60_000))


def _from(state: State, routine: Routine, start: int, position: str) -> int:
    """Return the milliseconds of a routine from a stretch on, with the body in this position before it."""
    preferences, total = state.user.preferences, 0
    for index in range(start, len(routine.stretches)):
        stretch = routine.stretches[index]
        easier = state.easier_from_start(routine, stretch)
        options = StepOptions(easier=easier, came_from=position)
        course = steps(routine, index, options, state.content.responses, preferences.speed)
        total += sum(_step_ms(step) for step in _said(course, preferences.brief))
        position = stretch.position_when(easier)
    return total


def _said(course: Iterable[Step], brief: bool) -> Iterable[Step]:
    return (step for step in course if not (brief and step.part == "instruction"))


def _step_ms(step: Step) -> int:
    return WORD_MS * len(step.line.split()) + _wait_ms(step)


def _wait_ms(step: Step) -> int:
    return round(READY_SHARE * step.ms) if step.part == "ready" else step.ms
