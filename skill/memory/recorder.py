"""Connects dialogue and memory: reads what a session begins with, and writes what it changes."""

from dataclasses import asdict
from typing import Any

from skill.dialogue.actions import KeepConditions, KeepUnwell, Prefer, RememberSafetyTold, Save
from skill.dialogue.place import saved_place
from skill.dialogue.state import State
from skill.events import Saved, SessionStarted
from skill.memory.memory import UNWELL, Memory
from skill.preferences import USUAL, Preferences


class Recorder:
    """Writes to the memory after every step of a routine, so that a power cut loses no more than that step."""

    def __init__(self, memory: Memory):
        self._memory = memory
        self._seen = 0  # audio time of the last event, in ms
        self._stretching = 0  # duration of the routine without pauses, in ms
        self._preferences = asdict(USUAL)
        self._conditions: frozenset[str] = frozenset()
        """The conditions that the dialogue knows. A file that could not be read at first may hold more."""

    def started(self, at: int) -> SessionStarted:
        """Return the event that begins a session, with what is known of earlier ones."""
        memory, past = self._memory, self._memory.history()
        if memory.setting(UNWELL) and not memory.unwell:
            memory.keep_unwell(False)  # it is out of date
        preferences, conditions = Preferences.read(memory.preferences), memory.conditions
        self._preferences, self._conditions = asdict(preferences), conditions or frozenset()
        return SessionStarted(
            at=at,
            safety_told=memory.safety_told,
            saved=memory.saved(),
            unwell=memory.unwell,
            preferences=preferences,
            conditions=conditions,
            this_week=past.this_week,
            days_since_last=past.days_since_last,
        )

    def keep(self, action: Save | RememberSafetyTold | Prefer | KeepConditions | KeepUnwell) -> None:
        """Carry out an action of the dialogue that concerns later sessions."""
        match action:
            case Save():
                self._memory.save(action.saved)
            case RememberSafetyTold():
                self._memory.remember_safety_told()
            case KeepUnwell():
                self._memory.keep_unwell(action.unwell)
            case Prefer():
                self._prefer(asdict(action.preferences))
            case KeepConditions():
                self._memory.keep_conditions(action.conditions, known=self._conditions)
                self._conditions = action.conditions or frozenset()

    def _prefer(self, preferences: dict[str, Any]) -> None:
        changes = {name: value for name, value in preferences.items() if value != self._preferences[name]}
        self._preferences = preferences
        if changes:
            self._memory.prefer(changes)

    def see(self, before: State, after: State, at: int) -> None:
        """Note what one event has changed; `at` is audio time in milliseconds."""
        old, new = before.progress, after.progress
        if old.routine and not before.turn.paused:
            self._stretching += at - self._seen
        self._seen = at
        seconds = self._stretching // 1000
        done = after.history.stretches_done
        if old.routine and done > before.history.stretches_done:
            self._memory.stretch_done(old.stretch.id)
        changed = _routine(before) != _routine(after)  # by id: stretches may be left out of a running routine
        if old.routine and changed:
            self._memory.keep_session(seconds, finished=new.routine is None and after.history.saved is None)
        if new.routine and changed:
            self._begin(new.routine.id, goes_on=done > 0)
        elif new.routine and (_place(after) != _place(before) or after.ended):
            self._memory.keep_session(seconds)
        if new.routine and _place(after) != _place(before):
            self._memory.save(saved_place(after))

    def _begin(self, routine: str, goes_on: bool) -> None:
        """Begin a session, unless the routine continues one of this program run."""
        if not goes_on:
            self._stretching = 0
            self._memory.begin_session(routine)


def _routine(state: State) -> str | None:
    return state.progress.routine.id if state.progress.routine else None


def _place(state: State) -> tuple[Saved, int] | None:
    return (saved_place(state), state.progress.step_index) if state.progress.routine else None
