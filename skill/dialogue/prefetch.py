"""What the coach is likely to say next, so that it can be rendered before it is needed.

The state machine itself is asked what it would answer; nothing else knows.
"""

from collections.abc import Iterator
from dataclasses import replace

from skill.dialogue.course import Step
from skill.dialogue.handlers.table import HANDLERS
from skill.dialogue.meaning import NO_MEANING, situation
from skill.dialogue.response_selection import variant
from skill.dialogue.state import State
from skill.dialogue.step import step
from skill.dialogue.transition import Transition
from skill.events import Heard

LINES = 6
"""How many lines of the course are looked ahead."""

_SOON = ("sorry", "pain", "pain_offer")
"""Answers that must come fast whatever happens."""


def prefetch_lines(state: State) -> tuple[str, ...]:
    """Return lines in the order in which they will be needed, without those that depend on what is heard."""
    waiting = [line.text for line in state.answer]
    if state.routine is None:
        return tuple(waiting)
    say = state.content.responses
    coming = _coming(state)
    if len(coming) < LINES and state.stretch + 1 < len(state.routine.stretches):
        coming += _coming(_next_stretch(state))
    lines = [step.line for step in coming[:LINES]]
    cues = [m.line for step in coming[:LINES] for m in step.marks if m.line]
    soon = [line for key in _SOON for line in say(key, variant=variant(state.counts, key))]
    return tuple(dict.fromkeys([*waiting, *lines, *cues, *soon]))


def _coming(state: State) -> list[Step]:
    return [step for step in state.course[state.step :] if not state.leaves_out(step)]


def _next_stretch(state: State) -> State:
    """Return the state in which the stretch after this one will begin if nobody says anything."""
    transition = Transition(replace(state, step=len(state.course) - 1), at=0)
    transition.enter_stretch(state.stretch + 1)
    return transition.state


_SLOTS = {"go_to": "stretch", "repeat_stretch": "stretch", "start_routine": "routine"}
"""Intents with a slot whose value changes the first words. What `how_to` and `why` say is the routine's own."""

_LIKELY = ("next", "previous", "stop", "pain", "easier", "repeat", "whats_next", "stretches_left", "help")
"""What is rendered first."""

_CHANGING = ("time_left", "have_condition")
"""What begins with a fixed clause, and changes too much to be rendered whole."""

_ANSWERS_COME_FROM = ("mode", "stretch", "step", "counts", "last_said")


def prefetch_answers(state: State, at: int) -> Iterator[str | None]:
    """Yield the first line of the answer to each command that could come at a moment (ms), the likeliest first.

    None where there is no answer. Each one is computed when it is asked for, so that nobody has to wait for all.
    """
    for heard in _everything(state, at):
        after, _ = step(state, heard)
        yield after.speech.text if after.speech else None


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
