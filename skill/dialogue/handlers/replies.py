"""Replies: what handlers say before everything goes on where it was."""

from skill.dialogue.speech import Line
from skill.dialogue.transition import Transition


def answer(transition: Transition, key: str, **fields: str) -> None:
    """Interrupt, and say a response; then everything goes on where it was."""
    reply(transition, transition.words(key, **fields))


def reply(transition: Transition, lines: tuple[str, ...]) -> None:
    """Interrupt, and say these sentences; then everything goes on where it was."""
    transition.interrupt()
    transition.reply(lines)


def reply_and_ask_again(transition: Transition, lines: tuple[str, ...]) -> None:
    """Interrupt, and say these sentences; then ask the open question again, or go on where it was."""
    transition.interrupt()
    if transition.state.asked:
        transition.ask(transition.state.asked, before=lines)
    else:
        transition.reply(lines)


def nothing_is_on(transition: Transition) -> None:
    """Say that no routine is on; if the coach has just asked whether to begin one, ask that again instead."""
    if transition.turn.question:
        transition.interrupt()
        transition.ask(transition.turn.question)
    else:
        answer(transition, "nothing_is_on")


def lines_to_keep(transition: Transition) -> tuple[Line, ...]:
    """Return the lines that must still be said, now or after the pause, whatever the answer to the open question is."""
    speech, question = transition.speech, transition.turn.question
    asked = question.lines if question else ()
    lines = (*speech.queue, *speech.held)
    return tuple(line for line in lines if line.keep and not line.until_answered and line.text not in asked)


def texts_to_keep(transition: Transition) -> tuple[str, ...]:
    """Return the sentences of `lines_to_keep`."""
    return tuple(line.text for line in lines_to_keep(transition))
