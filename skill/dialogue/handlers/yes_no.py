"""Yes and no to a question of the coach."""

from dataclasses import replace

from skill.dialogue.actions import KeepUnwell
from skill.dialogue.beginning import begin
from skill.dialogue.coach_question import Question
from skill.dialogue.handlers.conditions import no_more_conditions
from skill.dialogue.handlers.registry import HANDLERS, on
from skill.dialogue.handlers.replies import texts_to_keep
from skill.dialogue.handlers.requirements import ask_better
from skill.dialogue.handlers.resuming import carry_on, wanted_routine
from skill.dialogue.place import Place
from skill.dialogue.transition import Transition
from skill.events import Heard


@on("affirm")
def affirm(transition: Transition, heard: Heard) -> None:
    """Accept what the question offers."""
    question = transition.state.asked
    if question is None:
        return
    if question.kind == "pain":  # a yes is no answer to a choice of three
        transition.interrupt()
        transition.reply(question.lines, keep=True)
    elif question.kind == "conditions":
        transition.interrupt()
        transition.ask(Question("conditions", transition.words("conditions_which")))
    elif question.kind == "better" and texts_to_keep(transition):  # the question has not been heard yet
        ask_better(transition, question.command)
    elif question.command and question.kind != "go_on":
        _carry_out(transition, question, question.command)
    else:
        carry_on(transition)


def _carry_out(transition: Transition, question: Question, command: Heard) -> None:
    """Carry out the command that a yes stands for."""
    transition.interrupt()
    transition.close_question()
    if question.kind == "better":
        transition.user = replace(transition.user, unwell=False)
        transition.do(KeepUnwell(False))
    HANDLERS[command.intent](transition, command)


@on("deny")
def deny(transition: Transition, heard: Heard) -> None:
    """Decline what the question offers."""
    question = transition.state.asked
    if question is None:
        return
    wanted, advice = wanted_routine(transition, heard), texts_to_keep(transition)
    transition.interrupt()
    transition.close_question()
    if question.kind == "go_on":
        begin(transition, Place(wanted))
    elif question.kind == "conditions":
        no_more_conditions(transition)
    elif question.kind == "better":
        transition.do(KeepUnwell(True))
        transition.reply((*advice, *transition.words("not_better")), keep=True)
    elif question.kind == "did_you_mean":
        suspended = question.suspended.lines if question.suspended else ()
        transition.reply((*transition.words("all_right"), *suspended), keep=True)
    else:
        transition.pause()
        transition.reply(transition.words("take_your_time"))
