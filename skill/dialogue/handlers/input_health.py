"""What is wrong with the coach's own ears: it says so, waits where nobody can be heard, and goes on where it was."""

from skill.dialogue.transition import Turn
from skill.events import HeardItself, MicrophoneBack, MicrophoneLost


def ears(turn: Turn, event: HeardItself | MicrophoneLost | MicrophoneBack) -> None:
    """React to what has become of them."""
    match event:
        case HeardItself():
            turn.interrupt()
            turn.reply(turn.words("hears_itself"), keep=True)
        case MicrophoneLost():
            _lost(turn)
        case MicrophoneBack():
            _back(turn)


def _lost(turn: Turn) -> None:
    """Say that nothing can be heard, and stand still; a routine that is paused already stays so."""
    state = turn.state
    if state.deaf:
        return
    begins = state.routine is not None and not state.paused
    turn.set(deaf=True, paused_deaf=begins)
    if begins:
        turn.pause()
    else:
        turn.hush()
    turn.reply(turn.words("microphone_lost"), keep=True)


def _back(turn: Turn) -> None:
    """Go on where it was lost. What was to be said about the loss is out of date."""
    state = turn.state
    if not state.deaf:
        return
    outdated = state.content.responses("microphone_lost")
    turn.hush()
    turn.set(deaf=False, answer=tuple(line for line in state.answer if line.text not in outdated))
    if state.paused and state.paused_deaf:
        turn.end_pause()
    question = turn.state.question
    again = question.lines if question and not turn.state.paused else ()
    turn.reply((*turn.words("microphone_back"), *again), keep=True)
