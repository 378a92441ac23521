"""Standing still, and going on."""

from dataclasses import replace

from skill.dialogue.beginning import begin
from skill.dialogue.handlers.registry import HANDLERS, carry_on, needs_health, on, saved_place
from skill.dialogue.place import Place
from skill.dialogue.transition import Transition
from skill.events import Heard


@on("pause")
def pause(transition: Transition, heard: Heard) -> None:
    """Be silent and stand still until "resume"."""
    transition.set(paused_by_input_loss=False)
    state = transition.state
    if state.routine and not state.paused:
        transition.pause()
        return
    transition.stop_speech()
    transition.set(answer=())
    if state.asked:  # the offer stands, but is not made again
        transition.stop_timer()
        transition.set(question=replace(state.asked, asked_again=True))


@on("resume")
@needs_health
def resume(transition: Transition, heard: Heard) -> None:
    """Go on exactly where the pause began."""
    state = transition.state
    if state.paused:
        transition.end_pause()
        if state.question:
            transition.ask_again(state.question)
    elif state.question and heard.slot("feeling") == "fine":
        # "I'm fine": nothing to tell; but where it hurt, a choice is still to be made
        HANDLERS["deny" if state.question.kind == "conditions" else "affirm"](transition, heard)
    elif state.question:
        carry_on(transition)
    elif state.routine is None:
        place = saved_place(transition)
        transition.interrupt()
        begin(transition, place or Place(state.content.default))


@on("ready")
def ready(transition: Transition, heard: Heard) -> None:
    """Go on: the body is in position, or has held it for long enough."""
    state = transition.state
    if state.paused:
        resume(transition, heard)
    elif state.question and state.question.kind == "conditions":
        carry_on(transition)
    elif state.question:
        HANDLERS["affirm"](transition, heard)
    elif state.mode == "holding":  # held for long enough
        transition.interrupt()
        transition.set(answer=())
        transition.end_step()
    elif state.mode == "getting_ready":
        transition.interrupt()
        transition.set(answer=())
        transition.enter_step(
            next(i for i in range(state.step, len(state.course)) if state.course[i].kind == "holding")
        )
