"""Yes and no to what the coach asks."""

from skill.dialogue.actions import KeepUnwell
from skill.dialogue.beginning import begin
from skill.dialogue.handlers.conditions import nothing_to_tell
from skill.dialogue.handlers.registry import HANDLERS, ask_better, carry_on, on, unsaid, wanted_routine
from skill.dialogue.place import Place
from skill.dialogue.question import Question
from skill.dialogue.transition import Turn
from skill.events import Heard


@on("affirm")
def affirm(turn: Turn, heard: Heard) -> None:
    """Take the offer of the question."""
    question = turn.state.asked
    if question is None:
        return
    if question.kind == "pain":  # "yes" to a choice of three: which one?
        turn.interrupt()
        turn.reply(question.lines, keep=True)
    elif question.kind == "conditions":
        turn.interrupt()
        turn.ask(Question("conditions", turn.words("conditions_which")))
    elif question.kind == "better" and unsaid(turn):  # the question has not been heard yet
        ask_better(turn, question.near)
    elif question.near and question.kind != "go_on":
        turn.interrupt()
        turn.set(question=question.before, answer=())
        if question.kind == "better":
            turn.set(unwell=False)
            turn.do(KeepUnwell(False))
        HANDLERS[question.near.intent](turn, question.near)
    else:
        carry_on(turn)


@on("deny")
def deny(turn: Turn, heard: Heard) -> None:
    """Turn the offer down."""
    question = turn.state.asked
    if question is None:
        return
    wanted, advice = wanted_routine(turn, heard), unsaid(turn)
    turn.interrupt()
    turn.set(question=question.before, answer=())
    if question.kind == "go_on":
        begin(turn, Place(wanted))
    elif question.kind == "conditions":
        nothing_to_tell(turn)
    elif question.kind == "better":
        turn.do(KeepUnwell(True))
        turn.reply((*advice, *turn.words("not_better")), keep=True)
    elif question.kind == "did_you_mean":
        turn.reply((*turn.words("all_right"), *(question.before.lines if question.before else ())), keep=True)
    else:
        turn.pause()
        turn.reply(turn.words("take_your_time"))
