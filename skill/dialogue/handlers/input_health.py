"""Faults of the user's input: say so, pause while nobody can be heard, and go on where it was."""

from dataclasses import replace

from skill.dialogue.transition import Transition
from skill.events import EchoLoopDetected, MicrophoneBack, MicrophoneLost


def input_health(transition: Transition, event: EchoLoopDetected | MicrophoneLost | MicrophoneBack) -> None:
    """React to a fault of the input, or to its end."""
    match event:
        case EchoLoopDetected():
            transition.interrupt()
            transition.reply(transition.words("hears_itself"), keep=True)
        case MicrophoneLost():
            _lost(transition)
        case MicrophoneBack():
            _back(transition)


def _lost(transition: Transition) -> None:
    """Say that nothing can be heard, and pause the routine, unless it is paused already."""
    if transition.input.lost:
        return
    pauses = transition.progress.routine is not None and not transition.turn.paused
    transition.input = replace(transition.input, lost=True, loss_paused=pauses)
    if pauses:
        transition.pause()
    else:
        transition.stop_speech()
    transition.reply(transition.words("microphone_lost"), keep=True)


def _back(transition: Transition) -> None:
    """Say that the user can be heard again, and end the pause that the loss began."""
    if not transition.input.lost:
        return
    outdated = transition.content.responses("microphone_lost")
    transition.stop_speech()
    transition.input = replace(transition.input, lost=False)
    transition.set_queue(*(line for line in transition.speech.queue if line.text not in outdated))
    if transition.turn.paused and transition.input.loss_paused:
        transition.end_pause()
    question = transition.state.asked
    again = question.lines if question else ()
    transition.reply((*transition.words("microphone_back"), *again), keep=True)
