"""What the coach is likely to say next, so that the voice can render it before it is needed.

The answers to commands come from the state machine itself: each command is tried on the current state.
"""

from collections.abc import Iterator
from dataclasses import replace

from skill.dialogue.course import Step
from skill.dialogue.handlers import HANDLERS
from skill.dialogue.meaning import NO_MEANING, situation
from skill.dialogue.navigation import enter_stretch
from skill.dialogue.response_selection import next_variant
from skill.dialogue.state import State
from skill.dialogue.step import step
from skill.dialogue.transition import Transition
from skill.events import Heard

LINES = 6
"""How many lines of the course are prefetched."""

_SOON = ("sorry", "pain", "pain_offer")
"""Answers that must always come fast."""


def prefetch_lines(state: State) -> tuple[str, ...]:
    """Return the lines that come next if nobody says anything, and the answers to pain, the next ones first."""
    waiting = [line.text for line in state.speech.queue]
    if state.progress.routine is None:
        return tuple(waiting)
    responses, counts = state.content.responses, state.speech.variant_counts
    coming = _coming(state)
    if len(coming) < LINES and state.progress.later_stretches:
        coming += _coming(_next_stretch(state))
    lines = [step.line for step in coming[:LINES]]
    cues = [mark.line for step in coming[:LINES] for mark in step.marks if mark.line]
    soon = [line for key in _SOON for line in responses(key, variant=next_variant(counts, key))]
    return tuple(dict.fromkeys([*waiting, *lines, *cues, *soon]))


def _coming(state: State) -> list[Step]:
    return [step for step in state.steps_left if not state.leaves_out(step)]


def _next_stretch(state: State) -> State:
    """Return the state in which the stretch after this one begins if nobody says anything."""
    at_last_step = replace(state.progress, step_index=len(state.course) - 1)
    transition = Transition(replace(state, progress=at_last_step), at=0)
    enter_stretch(transition, state.progress.stretch_index + 1)
    return transition.state


_SLOTS = {"go_to": "stretch", "repeat_stretch": "stretch", "start_routine": "routine"}
"""Intents with a slot whose value changes the first words of the answer."""

_LIKELY = ("next", "previous", "stop", "pain", "easier", "repeat", "whats_next", "stretches_left", "help")
"""The likeliest commands: their answers are rendered first."""

_CHANGING = ("time_left", "have_condition")
"""Commands whose answers change too often: only their first clause, which is fixed, is rendered in advance."""


def prefetch_answers(state: State, at: int) -> Iterator[str | None]:
    """Yield the first line of the answer to each command that could come at a moment (ms), the likeliest first.

    None if there is no answer. Each one is computed on demand, so that one block need not compute all.
    """
    for heard in _every_command(state, at):
        after, _ = step(state, heard)
        yield after.speech.current.text if after.speech.current else None


def answers_differ(before: State, after: State) -> bool:
    """Return whether commands may now be answered in other words."""
    return _answers_depend_on(before) != _answers_depend_on(after)


def _answers_depend_on(state: State) -> tuple[object, ...]:
    progress, speech = state.progress, state.speech
    return state.mode, progress.stretch_index, progress.step_index, speech.variant_counts, speech.last_said


def _every_command(state: State, at: int) -> Iterator[Heard]:
    """Yield every command that has an effect now; as slots, the stretches of the usual routine and all routines."""
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
