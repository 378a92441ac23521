"""What the coach is likely to say next, so that it can be rendered before it is needed."""

from skill.dialogue.state import State

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
    coming = state.course[state.step : state.step + LINES]
    lines = [step.line for step in coming]
    cues = [m.line for step in coming for m in step.marks if m.line]
    soon = [line for key in _SOON for line in say(key, variant=state.turn + 1)]
    return tuple(dict.fromkeys([*waiting, *lines, *cues, *soon]))
