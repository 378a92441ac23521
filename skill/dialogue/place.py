"""Where a routine is left, and where it is taken up again."""

from dataclasses import dataclass

from skill.content.content import Content
from skill.content.routine import Routine
from skill.dialogue.course import Step, StepOptions
from skill.dialogue.state import State, course_of
from skill.events import Saved


@dataclass(frozen=True)
class Place:
    """Where to go on in a routine."""

    routine: Routine
    stretch: int = 0
    """Place in the routine."""

    skip: int = 0
    """Steps after the introduction that were done before."""

    easier: bool = False
    """Whether those were the steps of the easier version."""

    skipped: frozenset[str] = frozenset()
    """Ids of the stretches that the user left out of it."""

    again: bool = False
    """Whether the routine was broken off there before."""


def place_of(state: State) -> Saved:
    """Return what to keep about where a routine is, for a later session. Only while a routine is on."""
    assert state.routine
    options = StepOptions(state.easier)
    whole = _after_introduction(course_of(state.content, state.routine, state.stretch, options))
    first = state.skip
    if state.sides_done:  # what is kept counts the steps of all sides
        side = state.current.hold.sides[state.sides_done]
        first = next(i for i, step in enumerate(whole) if step.side == side)
    # Counted from the end: what is said again after a break lies before that.
    step = max(first, len(whole) - len(state.course) + state.step)
    return Saved(state.routine.id, state.current.id, step, state.easier, state.skipped)


def taken_up(content: Content, saved: Saved | None) -> Place | None:
    """Return where to go on after an earlier routine was left; None where that place does not exist (any more).

    The name of the stretch and the way into it are said in any case: the body has moved meanwhile. Instructions go
    on with the one that was being said. A hold is begun afresh, after "ready", on the side and with the repetition
    that it was on. Whoever had only to let go goes on with what comes next.
    """
    routine = content.routines.get(saved.routine) if saved else None
    index = routine.index(saved.stretch) if routine and saved else None
    if routine is None or index is None or saved is None:
        return None
    left = _after_introduction(course_of(content, routine, index, StepOptions(saved.easier)))
    skip = _step_again(left, min(saved.step, len(left) - 1))
    if skip < len(left):
        return Place(routine, index, skip, saved.easier, saved.skipped, again=True)
    later = {s.id for s in routine.without(saved.skipped).stretches}
    following = (i for i in range(index + 1, len(routine.stretches)) if routine.stretches[i].id in later)
    return next((Place(routine, i, skipped=saved.skipped, again=True) for i in following), None)


def _after_introduction(course: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(step for step in course if step.kind != "introducing")


def _step_again(course: tuple[Step, ...], number: int) -> int:
    """Return the step with which to go on; the length of the course where nothing is left to do."""
    step = course[number]
    if step.part == "release":
        return number + 1
    if step.kind in ("getting_ready", "holding"):
        while number and course[number - 1].kind == "getting_ready":
            number -= 1
    return number


def placed(routine: Routine, stretch: str, conditions: frozenset[str], keep: str = "") -> tuple[Routine, int] | None:
    """Return a routine without what is to be left out, and the place in it of a stretch or of the next that is there.

    None where nothing is left.
    """
    adapted = routine.adapted(conditions, keep)
    ids = [s.id for s in adapted.stretches]
    order = [s.id for s in routine.stretches]
    start = order.index(stretch) if stretch in order else 0
    following = next((name for name in (*order[start:], *order) if name in ids), None)
    return None if following is None else (adapted, ids.index(following))
