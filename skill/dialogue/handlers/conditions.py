"""What the user tells about their body: kept, said again, and deleted."""

from dataclasses import replace

from skill.content.routine import CONDITIONS
from skill.dialogue.actions import KeepConditions
from skill.dialogue.adaptation import adapt_to_conditions, names_left_out
from skill.dialogue.coach_question import Question
from skill.dialogue.handlers.registry import on
from skill.dialogue.handlers.replies import answer, reply
from skill.dialogue.state import State
from skill.dialogue.transition import Transition
from skill.dialogue.wording import listed
from skill.events import Heard

SORE_BACK = "back"
"""A sore back is not kept as a condition, since every user has one; but it is answered.

So is anything else that the stretches cannot be adapted to (`other` in the language files).
"""


@on("have_condition")
def have_condition(transition: Transition, heard: Heard) -> None:
    """Keep one condition or two; stretches are now done in an easier version, or left out."""
    note_conditions(transition, *(told for told in (heard.slot("condition"), heard.slot("also")) if told))


@on("my_conditions")
def my_conditions(transition: Transition, heard: Heard) -> None:
    """Say what is kept."""
    kept = transition.user.conditions
    unwell = transition.words("unwell_kept") if transition.user.unwell else ()
    if kept:
        names = [_name(transition, condition) for condition in sorted(kept)]
        reply(transition, (*transition.words("conditions_kept"), *listed(transition.words, names), *unwell))
    elif unwell:
        reply(transition, unwell)
    else:
        answer(transition, "no_conditions_kept")


@on("forget_conditions")
def forget_conditions(transition: Transition, heard: Heard) -> None:
    """Delete what is kept; the coach asks for it again before the next routine."""
    transition.user = replace(transition.user, conditions=None)
    transition.do(KeepConditions(None))
    adapt_to_conditions(transition)
    answer(transition, "conditions_forgotten")


def note_conditions(transition: Transition, *told: str) -> None:
    """Keep conditions, and say what changes; if the coach has asked for conditions, ask for more."""
    asked = transition.state.asked_kind == "conditions"
    transition.interrupt()
    known = [condition for condition in dict.fromkeys(told) if condition in CONDITIONS]
    other = () if len(known) == len(set(told)) else transition.words(_about_other(told))
    if not known:
        _reply(transition, other, asked)
        return
    noted = [line for each in known for line in transition.words("condition_noted", condition=_name(transition, each))]
    before = transition.state
    changes = _keep(transition, before.user.known_conditions | set(known))
    said = (*noted, *_left_out(transition, before), *other, *changes)
    _reply(transition, said, asked and transition.progress.routine is not None)


def _about_other(told: tuple[str, ...]) -> str:
    """Return the key of the response to what the stretches cannot be adapted to."""
    return "sore_back" if all(each in (*CONDITIONS, SORE_BACK) for each in told) else "other_condition"


def _reply(transition: Transition, said: tuple[str, ...], asked: bool) -> None:
    """Say these sentences; if the coach has asked for conditions, ask for more."""
    if asked:
        transition.ask(Question("conditions", transition.words("anything_else")), before=said)
    else:
        transition.reply(said)


def no_more_conditions(transition: Transition) -> None:
    """Keep that there is nothing, or nothing more, to tell; and go on."""
    _keep(transition, transition.user.known_conditions)
    if transition.progress.routine:
        transition.reply(transition.words("conditions_done"))


def _left_out(transition: Transition, before: State) -> tuple[str, ...]:
    """Return the sentences that name what has just been left out of the rest of the routine."""
    names = names_left_out(before, transition.state)
    if len(names) > 1:
        return (*transition.words("left_out_these"), *listed(transition.words, names))
    return transition.words("left_out", stretch=names[0]) if names else ()


def _keep(transition: Transition, conditions: frozenset[str]) -> tuple[str, ...]:
    """Keep conditions, and return the sentences about what they change."""
    transition.user = replace(transition.user, conditions=conditions)
    transition.progress = replace(transition.progress, conditions_due=False)
    transition.do(KeepConditions(conditions))
    return adapt_to_conditions(transition)


def _name(transition: Transition, condition: str) -> str:
    return transition.words(f"condition_{condition}")[0]
