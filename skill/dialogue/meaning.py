"""Which commands have no meaning in which states: on purpose, and only these."""

from skill.content.states import STATES
from skill.dialogue.question import NO_INPUT
from skill.dialogue.state import State

ASKING = tuple(f"asking {kind}" for kind in NO_INPUT)
"""What is asked makes a difference: one situation for each kind of question."""

SITUATIONS = tuple(s for mode in STATES for s in (ASKING if mode == "asking" else (mode,)))
"""The states, `asking` by the kind of question."""

_NOT_ASKED = frozenset(SITUATIONS) - frozenset(ASKING)

NO_MEANING: dict[str, frozenset[str]] = {
    "affirm": _NOT_ASKED,
    "deny": _NOT_ASKED,
    "ready": _NOT_ASKED - {"getting_ready", "holding", "paused"},
    "resume": frozenset(("introducing", "instructing", "getting_ready", "holding")),
    "pause": frozenset(("idle", "paused")),
}
"""Intent -> situations in which the coach does nothing when it hears it."""


def situation(state: State) -> str:
    """Return the one of SITUATIONS that a state is in."""
    asked = state.question if state.mode == "asking" else None
    return f"asking {asked.kind}" if asked else state.mode
