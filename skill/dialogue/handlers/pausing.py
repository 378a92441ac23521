"""Pausing, resuming, and being ready."""

from dataclasses import replace

from skill.dialogue.advance import end_step
from skill.dialogue.beginning import begin
from skill.dialogue.handlers.registry import HANDLERS, on
from skill.dialogue.handlers.requirements import needs_health
from skill.dialogue.handlers.resuming import carry_on, earlier_place
from skill.dialogue.navigation import enter_step
from skill.dialogue.place import Place
from skill.dialogue.transition import Transition
from skill.events import Heard


@on("pause")
def pause(transition: Transition, heard: Heard) -> None:
    """Be silent and stand still until "resume"; without a routine, be silent and let an open question wait."""
    transition.input = replace(transition.input, loss_paused=False)
    if transition.progress.routine and not transition.turn.paused:
        transition.pause()
        return
    transition.stop_speech()
    transition.set_queue()
    question = transition.state.asked
    if question:
        transition.stop_timer()
        transition.turn = replace(transition.turn, question=replace(question, asked_again=True))


@on("resume")
@needs_health
def resume(transition: Transition, heard: Heard) -> None:
    """Go on exactly where the pause began."""
    question = transition.turn.question
    if transition.turn.paused:
        transition.end_pause()
        if question:
            transition.ask_again(question)
    elif question and heard.slot("feeling") == "fine":
        # "I'm fine" answers the question for conditions with a no, and other questions with a yes
        HANDLERS["deny" if question.kind == "conditions" else "affirm"](transition, heard)
    elif question:
        carry_on(transition)
    elif transition.progress.routine is None:
        place = earlier_place(transition)
        transition.interrupt()
        begin(transition, place or Place(transition.content.default))


@on("ready")
def ready(transition: Transition, heard: Heard) -> None:
    """Go on: the user is in position, or has held it for long enough."""
    mode, kind = transition.state.mode, transition.turn.question_kind
    if transition.turn.paused:
        resume(transition, heard)
    elif kind == "conditions":
        carry_on(transition)
    elif kind:
        HANDLERS["affirm"](transition, heard)
    elif mode == "holding":
        transition.interrupt()
        transition.set_queue()
        end_step(transition)
    elif mode == "getting_ready":
        transition.interrupt()
        transition.set_queue()
        _enter_next_hold(transition)


def _enter_next_hold(transition: Transition) -> None:
    here = transition.progress.step_index
    enter_step(
        transition, next(i for i, step in enumerate(transition.state.steps_left, here) if step.kind == "holding")
    )
