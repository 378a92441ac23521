"""Something hurts, or is wrong."""

from dataclasses import replace

from skill.dialogue.actions import KeepUnwell
from skill.dialogue.handlers.conditions import asked_for, note
from skill.dialogue.handlers.registry import must_be_said, on, unsaid
from skill.dialogue.question import Question
from skill.dialogue.transition import Transition
from skill.events import Heard


@on("pain")
def pain(transition: Transition, heard: Heard) -> None:
    """Stop everything, and offer easier, skip or stop; nothing goes on without an answer.

    "My knees hurt" after "Is there anything I should know?" is an answer to that.
    """
    condition = heard.slot("condition")
    if condition and asked_for(transition):
        note(transition, condition)
        return
    transition.interrupt()
    if transition.state.routine is None:
        advice = unsaid(transition)
        transition.set(question=None, answer=())  # whoever hurts is not asked to begin
        transition.reply((*advice, *transition.words("pain_idle")), keep=True)
        return
    transition.set(held=must_be_said(transition), answer=(), paused=False)
    offer = "pain_offer_easier" if transition.state.easier else "pain_offer"
    advice = transition.words("pain")
    transition.ask(Question("pain", transition.words(offer)), before=advice)
    transition.set(answer=tuple(replace(line, for_now=line.text in advice) for line in transition.state.answer))


@on("unwell")
def unwell(transition: Transition, heard: Heard) -> None:
    """End the routine with calm advice, and keep the place; none is begun before it is better."""
    transition.interrupt()
    transition.leave_routine()
    transition.set(question=None, answer=(), unwell=True)
    transition.do(KeepUnwell(True))
    kept = transition.words("place_kept") if transition.state.saved else ()
    transition.reply((*transition.words("unwell"), *kept), keep=True)
