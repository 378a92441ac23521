"""What the user tells about their body: kept, said again, and deleted."""

from skill.content.routine import CONDITIONS
from skill.dialogue.actions import KeepConditions
from skill.dialogue.beginning import adapt, left_out
from skill.dialogue.handlers.registry import answer, on, reply
from skill.dialogue.question import Question
from skill.dialogue.response_selection import listed
from skill.dialogue.state import State
from skill.dialogue.transition import Transition
from skill.events import Heard

SORE_BACK = "back"
"""No condition: it is why people come. Nothing is kept of it, but whoever tells it gets an answer.

So does whoever tells of something else that the stretches cannot be fitted to (`other` in the language files).
"""


@on("have_condition")
def have_condition(transition: Transition, heard: Heard) -> None:
    """Keep something about the body, or two things; stretches are now done in an easier version, or left out."""
    note(transition, *(told for told in (heard.slot("condition"), heard.slot("also")) if told))


@on("my_conditions")
def my_conditions(transition: Transition, heard: Heard) -> None:
    """Say what is kept."""
    kept = transition.state.conditions
    unwell = transition.words("unwell_kept") if transition.state.unwell else ()
    if kept:
        names = [_name(transition, condition) for condition in sorted(kept)]
        reply(transition, (*transition.words("conditions_kept"), *listed(transition.words, names), *unwell))
    elif unwell:
        reply(transition, unwell)
    else:
        answer(transition, "no_conditions_kept")


@on("forget_conditions")
def forget_conditions(transition: Transition, heard: Heard) -> None:
    """Delete what is kept; it is asked for again before the next routine."""
    transition.set(conditions=None)
    transition.do(KeepConditions(None))
    adapt(transition)
    answer(transition, "conditions_forgotten")


def note(transition: Transition, *told: str) -> None:
    """Keep conditions; after the question for them, ask for more."""
    asked = asked_for(transition)
    transition.interrupt()
    known = [condition for condition in dict.fromkeys(told) if condition in CONDITIONS]
    other = () if len(known) == len(set(told)) else transition.words(_about_other(told))
    if not known:
        _say(transition, other, asked)
        return
    noted = tuple(
        line for each in known for line in transition.words("condition_noted", condition=_name(transition, each))
    )
    before = transition.state
    so = _keep(transition, (before.conditions or frozenset()) | set(known))
    _say(
        transition,
        (*noted, *_left_out(transition, before), *other, *so),
        asked and transition.state.routine is not None,
    )


def _about_other(told: tuple[str, ...]) -> str:
    """Return the key of what is said about what the stretches cannot be fitted to."""
    return "sore_back" if all(each in (*CONDITIONS, SORE_BACK) for each in told) else "other_condition"


def asked_for(transition: Transition) -> bool:
    """Tell whether the question for conditions is open."""
    asked = transition.state.asked
    return asked is not None and asked.kind == "conditions"


def _say(transition: Transition, said: tuple[str, ...], asked: bool) -> None:
    """Answer, and after the question for conditions ask for more."""
    if asked:
        transition.ask(Question("conditions", transition.words("anything_else")), before=said)
    else:
        transition.reply(said)


def nothing_to_tell(transition: Transition) -> None:
    """Keep that there is nothing, or nothing more, and go on."""
    _keep(transition, transition.state.conditions or frozenset())
    if transition.state.routine:
        transition.reply(transition.words("conditions_done"))


def _left_out(transition: Transition, before: State) -> tuple[str, ...]:
    """Name what has just been left out of the rest of the routine."""
    gone = left_out(before, transition.state)
    if len(gone) > 1:
        return (*transition.words("left_out_these"), *listed(transition.words, gone))
    return transition.words("left_out", stretch=gone[0]) if gone else ()


def _keep(transition: Transition, conditions: frozenset[str]) -> tuple[str, ...]:
    """Keep conditions, and return what there is to say about what they change."""
    transition.set(conditions=conditions, check_due=False)
    transition.do(KeepConditions(conditions))
    return adapt(transition)


def _name(transition: Transition, condition: str) -> str:
    return transition.words(f"condition_{condition}")[0]
