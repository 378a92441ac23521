"""What the coach would answer now, whatever it hears: so that the first words can be rendered before they are needed.

The state machine itself is asked; nothing else knows what it would say.
"""

from collections.abc import Iterator

from skill.dialogue.intents import HANDLERS
from skill.dialogue.meaning import NO_MEANING, situation
from skill.dialogue.state import State
from skill.dialogue.step import step
from skill.events import Heard

_SLOTS = {"go_to": "stretch", "repeat_stretch": "stretch", "start_routine": "routine"}
"""Intents with a slot whose value changes the first words. What `how_to` and `why` say is the routine's own."""

_LIKELY = ("next", "previous", "stop", "pain", "easier", "repeat", "whats_next", "stretches_left", "help")
"""What is rendered first."""

_CHANGING = ("time_left", "have_condition")
"""What begins with a fixed clause, and changes too much to be rendered whole."""

_ANSWERS_COME_FROM = ("mode", "stretch", "step", "counts", "last_said")


def answers_ahead(state: State, at: int) -> tuple[str, ...]:
    """Return the first line of every answer that the coach could give at a moment (ms), the likeliest first."""
    lines = []
    for heard in _everything(state, at):
        after, _ = step(state, heard)
        if after.speech:
            lines.append(after.speech.text)
    return tuple(dict.fromkeys(lines))


def answers_differ(before: State, after: State) -> bool:
    """Tell whether commands may now be answered in other words."""
    return any(getattr(before, name) != getattr(after, name) for name in _ANSWERS_COME_FROM)


def _everything(state: State, at: int) -> Iterator[Heard]:
    """Yield every command that has a meaning now, with the stretches of the usual routine and all routines."""
    for intent in dict.fromkeys((*_LIKELY, *HANDLERS)):
        if intent in _CHANGING or situation(state) in NO_MEANING.get(intent, ()):
            continue
        slot = _SLOTS.get(intent)
        if slot != "stretch":
            yield Heard(at, "", intent)
        if slot:
            yield from (Heard(at, "", intent, ((slot, value),)) for value in _values(state, slot))


def _values(state: State, slot: str) -> tuple[str, ...]:
    if slot == "routine":
        return tuple(state.content.routines)
    return tuple(stretch.id for stretch in state.content.default.stretches)
