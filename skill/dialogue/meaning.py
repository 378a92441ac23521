"""Which commands are meaningless in which states, on purpose. Every other command has an effect everywhere."""

from skill.content.states import STATES
from skill.dialogue.coach_question import NO_INPUT
from skill.dialogue.state import State

ASKING = tuple(f"asking {kind}" for kind in NO_INPUT)
"""One situation for each kind of question: what a command does depends on what is asked."""

SITUATIONS = tuple(s for mode in STATES for s in (ASKING if mode == "asking" else (mode,)))
"""The states, with `asking` split by the kind of question."""

_NOT_ASKED = frozenset(SITUATIONS) - frozenset(ASKING)

NO_MEANING: dict[str, frozenset[str]] = {
    "affirm": _NOT_ASKED,
    "deny": _NOT_ASKED,
    "ready": _NOT_ASKED - {"getting_ready", "holding", "paused"},
    "resume": frozenset(("introducing", "instructing", "getting_ready", "holding")),
    "pause": frozenset(("idle", "paused")),
}
"""Intent -> situations in which it has no effect."""


def situation(state: State) -> str:
    """Return the one of SITUATIONS that a state is in."""
    return f"asking {state.asked_kind}" if state.mode == "asking" else state.mode
