"""Requirements of a command: that a routine is on, or that the user is well."""

from functools import wraps

from skill.dialogue.coach_question import Question
from skill.dialogue.handlers.registry import HANDLERS, Handler
from skill.dialogue.handlers.replies import nothing_is_on, texts_to_keep
from skill.dialogue.transition import Transition
from skill.events import Heard


def needs_routine(handler: Handler) -> Handler:
    """Let a handler run only while a routine is on; otherwise say that none is."""

    @wraps(handler)
    def run(transition: Transition, heard: Heard) -> None:
        if transition.progress.routine is None:
            nothing_is_on(transition)
        else:
            handler(transition, heard)

    return run


def needs_health(handler: Handler) -> Handler:
    """Let a handler begin a routine only if the user is well: if they felt unwell, ask first whether it is better."""

    @wraps(handler)
    def run(transition: Transition, heard: Heard) -> None:
        if transition.progress.routine or not transition.user.unwell:
            handler(transition, heard)
            return
        question = transition.turn.question
        answers = question is not None and question.kind == "better" and heard.intent == "resume"
        if answers and heard.slot("feeling"):  # "I feel better"
            HANDLERS["affirm"](transition, heard)
        else:
            ask_better(transition, question.command if question and answers else heard)

    return run


def ask_better(transition: Transition, command: Heard | None) -> None:
    """Ask whether it is better before a command is carried out; advice that was being given is said first."""
    advice = texts_to_keep(transition)
    transition.interrupt()
    transition.set_queue()
    transition.ask(Question("better", transition.words("better"), command=command), before=advice)
