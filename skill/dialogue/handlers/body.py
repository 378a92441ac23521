"""Pain, and feeling unwell."""

from dataclasses import replace

from skill.dialogue.actions import KeepUnwell
from skill.dialogue.coach_question import Question
from skill.dialogue.handlers.conditions import note_conditions
from skill.dialogue.handlers.registry import on
from skill.dialogue.handlers.replies import lines_to_keep, texts_to_keep
from skill.dialogue.navigation import leave_routine
from skill.dialogue.transition import Transition
from skill.events import Heard


@on("pain")
def pain(transition: Transition, heard: Heard) -> None:
    """Stop everything, and offer easier, skip or stop; nothing goes on without an answer.

    "My knees hurt" after "Is there anything I should know?" tells a condition.
    """
    condition = heard.slot("condition")
    if condition and transition.state.asked_kind == "conditions":
        note_conditions(transition, condition)
        return
    transition.interrupt()
    if transition.progress.routine is None:
        advice = texts_to_keep(transition)
        transition.close_question()  # nobody in pain is asked to begin
        transition.reply((*advice, *transition.words("pain_idle")), keep=True)
    else:
        _offer_help(transition)


def _offer_help(transition: Transition) -> None:
    """Say what to do about the pain, and offer easier, skip or stop; other kept lines wait for the answer."""
    transition.turn = replace(transition.turn, paused=False)
    transition.speech = replace(transition.speech, held=lines_to_keep(transition), queue=())
    offer = "pain_offer_easier" if transition.progress.options.easier else "pain_offer"
    advice = transition.words("pain")
    transition.ask(Question("pain", transition.words(offer)), before=advice)
    lines = (replace(line, until_answered=line.text in advice) for line in transition.speech.queue)
    transition.set_queue(*lines)


@on("unwell")
def unwell(transition: Transition, heard: Heard) -> None:
    """End the routine with calm advice, and keep the place; no routine begins before the user is better."""
    transition.interrupt()
    leave_routine(transition)
    transition.close_question()
    transition.user = replace(transition.user, unwell=True)
    transition.do(KeepUnwell(True))
    kept = transition.words("place_kept") if transition.history.saved else ()
    transition.reply((*transition.words("unwell"), *kept), keep=True)
