"""What a user could see at a moment: the one value from which screen and log are drawn."""

from dataclasses import dataclass

from skill.dialogue.state import State


@dataclass(frozen=True)
class View:
    """A picture of the conversation at one moment."""

    state: str
    """One of content.states.STATES."""

    stretch: str | None
    """Id of the stretch that is being done; None in `idle`."""

    name: str | None
    """Its name."""

    number: int
    """Its place in the routine, from 1; 0 in `idle`."""

    total: int
    side: str | None
    remaining: float | None
    """Seconds left of the hold; None outside a hold."""

    length: float | None
    """Seconds of the whole hold; None outside a hold."""

    waiting: bool
    """Whether nothing goes on, however long it takes, until the user says something."""


def view(state: State, at: int) -> View:
    """Return the picture of a state at a moment in audio time (milliseconds)."""
    routine = state.routine
    if routine is None:
        return View(state.mode, None, None, 0, 0, None, None, None, state.waiting)
    doing = state.doing()
    names = {s.id: s.name for s in routine.stretches}
    remaining = state.remaining_at(at)
    return View(
        state=state.mode,
        stretch=doing,
        name=names.get(doing or "", (doing or "").replace("_", " ")),
        number=state.number,
        total=len(routine.stretches),
        side=state.current_step.side,
        remaining=None if remaining is None else remaining / 1000,
        length=None if remaining is None else state.current_step.ms / 1000,
        waiting=state.waiting,
    )
