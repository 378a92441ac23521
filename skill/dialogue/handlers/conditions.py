"""What the user tells about their body: kept, said again, and deleted."""

from skill.content.routine import CONDITIONS
from skill.dialogue.actions import KeepConditions
from skill.dialogue.beginning import adapt, left_out
from skill.dialogue.handlers.registry import answer, on, reply
from skill.dialogue.question import Question
from skill.dialogue.response_selection import listed
from skill.dialogue.state import State
from skill.dialogue.transition import Turn
from skill.events import Heard

SORE_BACK = "back"
"""No condition: it is why people come. Nothing is kept of it, but whoever tells it gets an answer.

So does whoever tells of something else that the stretches cannot be fitted to (`other` in the language files).
"""


@on("have_condition")
def have_condition(turn: Turn, heard: Heard) -> None:
    """Keep something about the body, or two things; stretches are now done in an easier version, or left out."""
    note(turn, *(told for told in (heard.slot("condition"), heard.slot("also")) if told))


@on("my_conditions")
def my_conditions(turn: Turn, heard: Heard) -> None:
    """Say what is kept."""
    kept = turn.state.conditions
    unwell = turn.words("unwell_kept") if turn.state.unwell else ()
    if kept:
        names = [_name(turn, condition) for condition in sorted(kept)]
        reply(turn, (*turn.words("conditions_kept"), *listed(turn.words, names), *unwell))
    elif unwell:
        reply(turn, unwell)
    else:
        answer(turn, "no_conditions_kept")


@on("forget_conditions")
def forget_conditions(turn: Turn, heard: Heard) -> None:
    """Delete what is kept; it is asked for again before the next routine."""
    turn.set(conditions=None)
    turn.do(KeepConditions(None))
    adapt(turn)
    answer(turn, "conditions_forgotten")


def note(turn: Turn, *told: str) -> None:
    """Keep conditions; after the question for them, ask for more."""
    asked = asked_for(turn)
    turn.interrupt()
    known = [condition for condition in dict.fromkeys(told) if condition in CONDITIONS]
    other = () if len(known) == len(set(told)) else turn.words(_about_other(told))
    if not known:
        _say(turn, other, asked)
        return
    noted = tuple(line for each in known for line in turn.words("condition_noted", condition=_name(turn, each)))
    before = turn.state
    so = _keep(turn, (before.conditions or frozenset()) | set(known))
    _say(turn, (*noted, *_left_out(turn, before), *other, *so), asked and turn.state.routine is not None)


def _about_other(told: tuple[str, ...]) -> str:
    """Return the key of what is said about what the stretches cannot be fitted to."""
    return "sore_back" if all(each in (*CONDITIONS, SORE_BACK) for each in told) else "other_condition"


def asked_for(turn: Turn) -> bool:
    """Tell whether the question for conditions is open."""
    asked = turn.state.asked
    return asked is not None and asked.kind == "conditions"


def _say(turn: Turn, said: tuple[str, ...], asked: bool) -> None:
    """Answer, and after the question for conditions ask for more."""
    if asked:
        turn.ask(Question("conditions", turn.words("anything_else")), before=said)
    else:
        turn.reply(said)


def nothing_to_tell(turn: Turn) -> None:
    """Keep that there is nothing, or nothing more, and go on."""
    _keep(turn, turn.state.conditions or frozenset())
    if turn.state.routine:
        turn.reply(turn.words("conditions_done"))


def _left_out(turn: Turn, before: State) -> tuple[str, ...]:
    """Name what has just been left out of the rest of the routine."""
    gone = left_out(before, turn.state)
    if len(gone) > 1:
        return (*turn.words("left_out_these"), *listed(turn.words, gone))
    return turn.words("left_out", stretch=gone[0]) if gone else ()


def _keep(turn: Turn, conditions: frozenset[str]) -> tuple[str, ...]:
    """Keep conditions, and return what there is to say about what they change."""
    turn.set(conditions=conditions, check_due=False)
    turn.do(KeepConditions(conditions))
    return adapt(turn)


def _name(turn: Turn, condition: str) -> str:
    return turn.words(f"condition_{condition}")[0]
