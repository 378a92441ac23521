"""The table of what each intent does, and what its functions share."""

from collections.abc import Callable
from functools import wraps

from skill.content.routine import Routine
from skill.dialogue.beginning import begin
from skill.dialogue.lines import Line
from skill.dialogue.place import Place, place_of, taken_up
from skill.dialogue.question import Question
from skill.dialogue.transition import Turn
from skill.events import Heard

Handler = Callable[[Turn, Heard], None]

HANDLERS: dict[str, Handler] = {}
"""Intent name -> what it does."""


def on(*intents: str) -> Callable[[Handler], Handler]:
    """Register a function for intents."""

    def register(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(intents, handler))
        return handler

    return register


def answer(turn: Turn, key: str, **fields: str) -> None:
    """Say a response; then everything goes on where it was."""
    reply(turn, turn.words(key, **fields))


def reply(turn: Turn, lines: tuple[str, ...]) -> None:
    """Say lines; then everything goes on where it was."""
    turn.interrupt()
    turn.reply(lines)


def reply_and_ask_again(turn: Turn, lines: tuple[str, ...]) -> None:
    """Say lines; then the question that is open comes again, or everything goes on where it was."""
    turn.interrupt()
    if turn.state.asked:
        turn.ask(turn.state.asked, before=lines)
    else:
        turn.reply(lines)


def nothing_is_on(turn: Turn) -> None:
    """Say that no routine is on; where the coach asks whether to begin one, ask again."""
    if turn.state.question:
        turn.interrupt()
        turn.ask(turn.state.question)
    else:
        answer(turn, "nothing_is_on")


def needs_routine(handler: Handler) -> Handler:
    """Let a function run only while a routine is on; without one, say so."""

    @wraps(handler)
    def run(turn: Turn, heard: Heard) -> None:
        if turn.state.routine is None:
            nothing_is_on(turn)
        else:
            handler(turn, heard)

    return run


def needs_health(handler: Handler) -> Handler:
    """Let a function begin a routine after the user was unwell only when they say that it is better: ask for that."""

    @wraps(handler)
    def run(turn: Turn, heard: Heard) -> None:
        if turn.state.routine or not turn.state.unwell:
            handler(turn, heard)
            return
        asked = turn.state.question
        again = asked is not None and asked.kind == "better" and heard.intent == "resume"
        if again and heard.slot("feeling"):
            HANDLERS["affirm"](turn, heard)
        else:
            ask_better(turn, asked.near if asked and again else heard)

    return run


def ask_better(turn: Turn, wish: Heard | None) -> None:
    """Ask whether it is better before a wish is carried out; the advice that was being given comes first."""
    advice = unsaid(turn)
    turn.interrupt()
    turn.set(answer=())
    turn.ask(Question("better", turn.words("better"), near=wish), before=advice)


def must_be_said(turn: Turn) -> tuple[Line, ...]:
    """Return what must still be said, now or later, whatever becomes of the question that is open."""
    asked = turn.state.question.lines if turn.state.question else ()
    lines = (*turn.state.answer, *turn.state.held)
    return tuple(line for line in lines if line.keep and not line.for_now and line.text not in asked)


def unsaid(turn: Turn) -> tuple[str, ...]:
    """Return the words of what must still be said."""
    return tuple(line.text for line in must_be_said(turn))


def saved_place(turn: Turn) -> Place | None:
    """Return where an earlier routine was left, if that place still exists."""
    return taken_up(turn.state.content, turn.state.saved)


def wanted_routine(turn: Turn, heard: Heard) -> Routine:
    """Return the routine that was asked for: by name, or before the question that is open, or the usual one."""
    content, asked = turn.state.content, turn.state.question
    before = asked.near.slot("routine") if asked and asked.near else None
    return content.routines.get(heard.slot("routine") or before or "", content.default)


def carry_on(turn: Turn) -> None:
    """Take the offer of a question: go on where we are, or where an earlier routine was left."""
    question = turn.state.question
    place = saved_place(turn)
    turn.interrupt()
    turn.set(question=None, answer=turn.state.held, held=())
    if question and question.kind == "go_on":
        begin(turn, place or Place(turn.state.content.default))
    elif question and question.kind == "pain":
        _into_position_again(turn)


def _into_position_again(turn: Turn) -> None:
    """Where it hurt in a hold, the body has come out of it: the coach waits for it before the hold begins afresh."""
    state = turn.state
    if state.current_step.kind != "holding" and state.current_step.part != "again":
        return
    place = taken_up(state.content, place_of(state))
    if place:
        turn.stand_at(state.stretch, place.skip, place.easier)
        turn.enter_step(next(i for i, step in enumerate(turn.state.course) if step.kind != "introducing"))
