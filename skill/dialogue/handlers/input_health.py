"""What is wrong with the coach's own ears: it says so, waits where nobody can be heard, and goes on where it was."""

from skill.dialogue.transition import Transition
from skill.events import EchoLoopDetected, MicrophoneBack, MicrophoneLost


def input_health(transition: Transition, event: EchoLoopDetected | MicrophoneLost | MicrophoneBack) -> None:
    """React to what has become of them."""
    match event:
        case EchoLoopDetected():
            transition.interrupt()
            transition.reply(transition.words("hears_itself"), keep=True)
        case MicrophoneLost():
            _lost(transition)
        case MicrophoneBack():
            _back(transition)


def _lost(transition: Transition) -> None:
    """Say that nothing can be heard, and stand still; a routine that is paused already stays so."""
    state = transition.state
    if state.input_lost:
        return
    begins = state.routine is not None and not state.paused
    transition.set(input_lost=True, paused_by_input_loss=begins)
    if begins:
        transition.pause()
    else:
        transition.stop_speech()
    transition.reply(transition.words("microphone_lost"), keep=True)


def _back(transition: Transition) -> None:
    """Go on where it was lost. What was to be said about the loss is out of date."""
    state = transition.state
    if not state.input_lost:
        return
    outdated = state.content.responses("microphone_lost")
    transition.stop_speech()
    transition.set(input_lost=False, answer=tuple(line for line in state.answer if line.text not in outdated))
    if state.paused and state.paused_by_input_loss:
        transition.end_pause()
    question = transition.state.question
    again = question.lines if question and not transition.state.paused else ()
    transition.reply((*transition.words("microphone_back"), *again), keep=True)
