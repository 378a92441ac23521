"""Keeps the progress of a session: looks at the dialogue's states, and writes down what has changed."""

from skill.dialogue.state import State
from skill.events import Saved
from skill.memory.memory import Memory


class Recorder:
    """Writes to the memory after every step of a routine, so that a loss of power costs no more than the step."""

    def __init__(self, memory: Memory):
        self._memory = memory
        self._began = 0  # audio time in ms

    def see(self, before: State, after: State, at: int) -> None:
        """Note what one event has changed; `at` is audio time in milliseconds."""
        seconds = (at - self._began) // 1000
        if before.routine and _held(before, after, at):
            self._memory.stretch_done(before.current.id)
        if before.routine and after.routine is not before.routine:
            self._memory.keep_session(seconds, finished=after.routine is None and after.saved is None)
        if after.routine and after.routine is not before.routine:
            self._began = at
            self._memory.begin_session(after.routine.id)
        elif after.routine and (_place(after) != _place(before) or after.ended):
            self._memory.keep_session(seconds)
        if after.routine and _place(after) != _place(before):
            self._memory.save(Saved(after.routine.id, after.current.id), after.step)


def _place(state: State) -> tuple[str, int, int] | None:
    return (state.routine.id, state.stretch, state.step) if state.routine else None


def _held(before: State, after: State, at: int) -> bool:
    """Tell whether the last hold of a stretch has come to its end just now: it was left, and not before its time."""
    if before.mode != "holding" or before.remaining_at(at) or _place(before) == _place(after):
        return False
    return all(step.kind != "holding" for step in before.course[before.step + 1 :])
