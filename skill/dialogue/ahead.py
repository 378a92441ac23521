"""What the coach is likely to say next, so that it can be rendered before it is needed."""

from dataclasses import replace

from skill.dialogue.course import Step
from skill.dialogue.state import State
from skill.dialogue.turn import Turn
from skill.dialogue.wording import variant

LINES = 6
"""How many lines of the course are looked ahead."""

_SOON = ("sorry", "pain", "pain_offer")
"""Answers that must come fast whatever happens."""


def lines_ahead(state: State) -> tuple[str, ...]:
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
    turn = Turn(replace(state, step=len(state.course) - 1), at=0)
    turn.enter_stretch(state.stretch + 1)
    return turn.state
