"""The table of what each intent does, and what its functions share."""

from collections.abc import Callable
from functools import wraps

from skill.content.routine import Routine
from skill.dialogue.beginning import begin
from skill.dialogue.lines import Line
from skill.dialogue.place import Place, place_of, taken_up
from skill.dialogue.question import Question
from skill.dialogue.transition import Transition
from skill.events import Heard

Handler = Callable[[Transition, Heard], None]

HANDLERS: dict[str, Handler] = {}
"""Intent name -> what it does."""


def on(*intents: str) -> Callable[[Handler], Handler]:
    """Register a function for intents."""

    def register(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(intents, handler))
        return handler

    return register


def answer(transition: Transition, key: str, **fields: str) -> None:
    """Say a response; then everything goes on where it was."""
    reply(transition, transition.words(key, **fields))


def reply(transition: Transition, lines: tuple[str, ...]) -> None:
    """Say lines; then everything goes on where it was."""
    transition.interrupt()
    transition.reply(lines)


def reply_and_ask_again(transition: Transition, lines: tuple[str, ...]) -> None:
    """Say lines; then the question that is open comes again, or everything goes on where it was."""
    transition.interrupt()
    if transition.state.asked:
        transition.ask(transition.state.asked, before=lines)
    else:
        transition.reply(lines)


def nothing_is_on(transition: Transition) -> None:
    """Say that no routine is on; where the coach asks whether to begin one, ask again."""
    if transition.state.question:
        transition.interrupt()
        transition.ask(transition.state.question)
    else:
        answer(transition, "nothing_is_on")


def needs_routine(handler: Handler) -> Handler:
    """Let a function run only while a routine is on; without one, say so."""

    @wraps(handler)
    def run(transition: Transition, heard: Heard) -> None:
        if transition.state.routine is None:
            nothing_is_on(transition)
        else:
            handler(transition, heard)

    return run


def needs_health(handler: Handler) -> Handler:
    """Let a function begin a routine after the user was unwell only when they say that it is better: ask for that."""

    @wraps(handler)
    def run(transition: Transition, heard: Heard) -> None:
        if transition.state.routine or not transition.state.unwell:
            handler(transition, heard)
            return
        asked = transition.state.question
        again = asked is not None and asked.kind == "better" and heard.intent == "resume"
        if again and heard.slot("feeling"):
            HANDLERS["affirm"](transition, heard)
        else:
            ask_better(transition, asked.near if asked and again else heard)

    return run


def ask_better(transition: Transition, wish: Heard | None) -> None:
    """Ask whether it is better before a wish is carried out; the advice that was being given comes first."""
    advice = unsaid(transition)
    transition.interrupt()
    transition.set(answer=())
    transition.ask(Question("better", transition.words("better"), near=wish), before=advice)


def must_be_said(transition: Transition) -> tuple[Line, ...]:
    """Return what must still be said, now or later, whatever becomes of the question that is open."""
    asked = transition.state.question.lines if transition.state.question else ()
    lines = (*transition.state.answer, *transition.state.held)
    return tuple(line for line in lines if line.keep and not line.for_now and line.text not in asked)


def unsaid(transition: Transition) -> tuple[str, ...]:
    """Return the words of what must still be said."""
    return tuple(line.text for line in must_be_said(transition))


def saved_place(transition: Transition) -> Place | None:
    """Return where an earlier routine was left, if that place still exists."""
    return taken_up(transition.state.content, transition.state.saved)


def wanted_routine(transition: Transition, heard: Heard) -> Routine:
    """Return the routine that was asked for: by name, or before the question that is open, or the usual one."""
    content, asked = transition.state.content, transition.state.question
    before = asked.near.slot("routine") if asked and asked.near else None
    return content.routines.get(heard.slot("routine") or before or "", content.default)


def carry_on(transition: Transition) -> None:
    """Take the offer of a question: go on where we are, or where an earlier routine was left."""
    question = transition.state.question
    place = saved_place(transition)
    transition.interrupt()
    transition.set(question=None, answer=transition.state.held, held=())
    if question and question.kind == "go_on":
        begin(transition, place or Place(transition.state.content.default))
    elif question and question.kind == "pain":
        _into_position_again(transition)


def _into_position_again(transition: Transition) -> None:
    """Where it hurt in a hold, the body has come out of it: the coach waits for it before the hold begins afresh."""
    state = transition.state
    if state.current_step.kind != "holding" and state.current_step.part != "again":
        return
    place = taken_up(state.content, place_of(state))
    if place:
        transition.stand_at(state.stretch, place.skip, place.easier)
        transition.enter_step(next(i for i, step in enumerate(transition.state.course) if step.kind != "introducing"))
