"""The easier version of the stretch that is on."""

from skill.dialogue.state import State
from skill.dialogue.turn import Turn


def ease(turn: Turn) -> None:
    """Do the current stretch in its easier version from now on: explained from its beginning, for this side."""
    state = turn.state
    moving = state.current_step.kind == "introducing"
    before = state.came_from if moving else state.current.position_when(state.easier)
    turn.set(easier=True, skip=0, sides_done=_sides_done(state), came_from=before)
    turn.enter_step(next(i for i, step in enumerate(turn.state.course) if step.part != "name"))


def _sides_done(state: State) -> int:
    """Return how many sides need not be done again. Where all are done, the last one is."""
    hold = state.current.hold
    sides_to_come = -(-state.holds_from(state.step) // hold.repeat)
    return max(len(hold.sides), 1) - max(sides_to_come, 1)
