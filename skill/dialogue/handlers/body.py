"""Something hurts, or is wrong."""

from dataclasses import replace

from skill.dialogue.actions import KeepUnwell
from skill.dialogue.handlers.conditions import asked_for, note
from skill.dialogue.handlers.registry import must_be_said, on, unsaid
from skill.dialogue.question import Question
from skill.dialogue.transition import Turn
from skill.events import Heard


@on("pain")
def pain(turn: Turn, heard: Heard) -> None:
    """Stop everything, and offer easier, skip or stop; nothing goes on without an answer.

    "My knees hurt" after "Is there anything I should know?" is an answer to that.
    """
    condition = heard.slot("condition")
    if condition and asked_for(turn):
        note(turn, condition)
        return
    turn.interrupt()
    if turn.state.routine is None:
        advice = unsaid(turn)
        turn.set(question=None, answer=())  # whoever hurts is not asked to begin
        turn.reply((*advice, *turn.words("pain_idle")), keep=True)
        return
    turn.set(held=must_be_said(turn), answer=(), paused=False)
    offer = "pain_offer_easier" if turn.state.easier else "pain_offer"
    advice = turn.words("pain")
    turn.ask(Question("pain", turn.words(offer)), before=advice)
    turn.set(answer=tuple(replace(line, for_now=line.text in advice) for line in turn.state.answer))


@on("unwell")
def unwell(turn: Turn, heard: Heard) -> None:
    """End the routine with calm advice, and keep the place; none is begun before it is better."""
    turn.interrupt()
    turn.leave_routine()
    turn.set(question=None, answer=(), unwell=True)
    turn.do(KeepUnwell(True))
    kept = turn.words("place_kept") if turn.state.saved else ()
    turn.reply((*turn.words("unwell"), *kept), keep=True)
