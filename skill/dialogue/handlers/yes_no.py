"""Yes and no to what the coach asks."""

from skill.dialogue.actions import KeepUnwell
from skill.dialogue.beginning import begin
from skill.dialogue.handlers.conditions import nothing_to_tell
from skill.dialogue.handlers.registry import HANDLERS, ask_better, carry_on, on, unsaid, wanted_routine
from skill.dialogue.place import Place
from skill.dialogue.question import Question
from skill.dialogue.transition import Transition
from skill.events import Heard


@on("affirm")
def affirm(transition: Transition, heard: Heard) -> None:
    """Take the offer of the question."""
    question = transition.state.asked
    if question is None:
        return
    if question.kind == "pain":  # "yes" to a choice of three: which one?
        transition.interrupt()
        transition.reply(question.lines, keep=True)
    elif question.kind == "conditions":
        transition.interrupt()
        transition.ask(Question("conditions", transition.words("conditions_which")))
    elif question.kind == "better" and unsaid(transition):  # the question has not been heard yet
        ask_better(transition, question.near)
    elif question.near and question.kind != "go_on":
        transition.interrupt()
        transition.set(question=question.before, answer=())
        if question.kind == "better":
            transition.set(unwell=False)
            transition.do(KeepUnwell(False))
        HANDLERS[question.near.intent](transition, question.near)
    else:
        carry_on(transition)


@on("deny")
def deny(transition: Transition, heard: Heard) -> None:
    """Turn the offer down."""
    question = transition.state.asked
    if question is None:
        return
    wanted, advice = wanted_routine(transition, heard), unsaid(transition)
    transition.interrupt()
    transition.set(question=question.before, answer=())
    if question.kind == "go_on":
        begin(transition, Place(wanted))
    elif question.kind == "conditions":
        nothing_to_tell(transition)
    elif question.kind == "better":
        transition.do(KeepUnwell(True))
        transition.reply((*advice, *transition.words("not_better")), keep=True)
    elif question.kind == "did_you_mean":
        transition.reply(
            (*transition.words("all_right"), *(question.before.lines if question.before else ())), keep=True
        )
    else:
        transition.pause()
        transition.reply(transition.words("take_your_time"))
