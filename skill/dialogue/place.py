"""Places in a routine: where it is left, and where it is resumed."""

from dataclasses import dataclass

from skill.content.content import Content
from skill.content.routine import Routine
from skill.dialogue.course import Step, StepOptions
from skill.dialogue.state import State, course_of
from skill.events import Saved


@dataclass(frozen=True)
class Place:
    """Where a routine begins or is resumed."""

    routine: Routine
    stretch_index: int = 0
    """Place of the stretch in the routine, from 0."""

    steps_done: int = 0
    """Steps after the introduction that were done before."""

    easier: bool = False
    """Whether those were steps of the easier version."""

    skipped: frozenset[str] = frozenset()
    """Ids of the stretches that the user left out of the routine."""

    resumed: bool = False
    """Whether the routine was left there before."""


def saved_place(state: State) -> Saved:
    """Return what to keep about the place in the routine, for a later session. Only while a routine is on."""
    progress, options = state.progress, state.progress.options
    assert progress.routine
    same_version = StepOptions(easier=options.easier)
    whole = _after_introduction(course_of(state.content, progress.routine, progress.stretch_index, same_version))
    first = options.steps_done
    if options.sides_done:  # what is kept counts the steps of all sides
        side = progress.stretch.hold.sides[options.sides_done]
        first = next(i for i, step in enumerate(whole) if step.side == side)
    # Counted from the end: instructions that are repeated after a break come before that.
    step = max(first, len(whole) - len(state.course) + progress.step_index)
    return Saved(progress.routine.id, progress.stretch.id, step, options.easier, progress.skipped)


def resume_place(content: Content, saved: Saved | None) -> Place | None:
    """Return where to resume a routine; None if nothing was saved, or the place does not exist any more.

    The name of the stretch and the way into position are said in any case, since the body has moved meanwhile.
    Instructions go on with the one that was being said. A hold begins afresh, after "ready", with the side and the
    repetition that was on. If only letting go was left, the next step or stretch follows.
    """
    routine = content.routines.get(saved.routine) if saved else None
    index = routine.index(saved.stretch) if routine and saved else None
    if routine is None or index is None or saved is None:
        return None
    course = _after_introduction(course_of(content, routine, index, StepOptions(easier=saved.easier)))
    steps_done = _resumed_step(course, min(saved.step, len(course) - 1))
    if steps_done < len(course):
        return Place(routine, index, steps_done, saved.easier, saved.skipped, resumed=True)
    later = {stretch.id for stretch in routine.without(saved.skipped).stretches}
    following = (i for i in range(index + 1, len(routine.stretches)) if routine.stretches[i].id in later)
    return next((Place(routine, i, skipped=saved.skipped, resumed=True) for i in following), None)


def _after_introduction(course: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(step for step in course if step.kind != "introducing")


def _resumed_step(course: tuple[Step, ...], number: int) -> int:
    """Return the number of the step to go on with; the length of the course if nothing is left to do."""
    step = course[number]
    if step.part == "release":
        return number + 1
    if step.kind in ("getting_ready", "holding"):
        while number and course[number - 1].kind == "getting_ready":
            number -= 1
    return number


def fitted(routine: Routine, stretch: str, conditions: frozenset[str], keep: str = "") -> tuple[Routine, int] | None:
    """Leave out of a routine what these conditions ask to leave out, except the stretch `keep`.

    Returns the routine, and the place in it of a stretch, by id, or of the next one that is not left out.
    None if nothing is left.
    """
    adapted = routine.adapted(conditions, keep)
    ids = [s.id for s in adapted.stretches]
    order = [s.id for s in routine.stretches]
    start = order.index(stretch) if stretch in order else 0
    following = next((name for name in (*order[start:], *order) if name in ids), None)
    return None if following is None else (adapted, ids.index(following))
