"""What a user can see at a moment: screen and log are drawn from this value."""

from dataclasses import dataclass

from skill.dialogue.state import State


@dataclass(frozen=True)
class View:
    """The dialogue as the user sees it at one moment."""

    state: str
    """One of content.states.STATES."""

    stretch: str | None
    """Id of the stretch that is done now; None in `idle`."""

    name: str | None
    """Its name."""

    number: int
    """Its place in the routine, from 1; 0 in `idle`."""

    total: int
    """Stretches in the routine; 0 in `idle`."""

    side: str | None
    """The side that is stretched; None if there is only one."""

    remaining: float | None
    """Seconds left of the hold; None outside a hold."""

    length: float | None
    """Seconds of the whole hold; None outside a hold."""

    waiting: bool
    """Whether nothing happens until the user says something."""


def view(state: State, at: int) -> View:
    """Return what the user sees of a state at a moment in audio time (milliseconds)."""
    routine = state.progress.routine
    if routine is None:
        return View(state.mode, None, None, 0, 0, None, None, None, state.waiting)
    active = state.active_stretch
    names = {s.id: s.name for s in routine.stretches}
    remaining = state.remaining_at(at)
    return View(
        state=state.mode,
        stretch=active,
        name=names.get(active or "", (active or "").replace("_", " ")),
        number=state.number,
        total=len(routine.stretches),
        side=state.current_step.side,
        remaining=None if remaining is None else remaining / 1000,
        length=None if remaining is None else state.current_step.ms / 1000,
        waiting=state.waiting,
    )
