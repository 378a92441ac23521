"""Standing still, and going on."""

from dataclasses import replace

from skill.dialogue.beginning import begin
from skill.dialogue.handlers.registry import HANDLERS, carry_on, needs_health, on, saved_place
from skill.dialogue.place import Place
from skill.dialogue.transition import Turn
from skill.events import Heard


@on("pause")
def pause(turn: Turn, heard: Heard) -> None:
    """Be silent and stand still until "resume"."""
    turn.set(paused_deaf=False)
    state = turn.state
    if state.routine and not state.paused:
        turn.pause()
        return
    turn.hush()
    turn.set(answer=())
    if state.asked:  # the offer stands, but is not made again
        turn.stop_timer()
        turn.set(question=replace(state.asked, asked_again=True))


@on("resume")
@needs_health
def resume(turn: Turn, heard: Heard) -> None:
    """Go on exactly where the pause began."""
    state = turn.state
    if state.paused:
        turn.end_pause()
        if state.question:
            turn.ask_again(state.question)
    elif state.question and heard.slot("feeling") == "fine":
        # "I'm fine": nothing to tell; but where it hurt, a choice is still to be made
        HANDLERS["deny" if state.question.kind == "conditions" else "affirm"](turn, heard)
    elif state.question:
        carry_on(turn)
    elif state.routine is None:
        place = saved_place(turn)
        turn.interrupt()
        begin(turn, place or Place(state.content.default))


@on("ready")
def ready(turn: Turn, heard: Heard) -> None:
    """Go on: the body is in position, or has held it for long enough."""
    state = turn.state
    if state.paused:
        resume(turn, heard)
    elif state.question and state.question.kind == "conditions":
        carry_on(turn)
    elif state.question:
        HANDLERS["affirm"](turn, heard)
    elif state.mode == "holding":  # held for long enough
        turn.interrupt()
        turn.set(answer=())
        turn.end_step()
    elif state.mode == "getting_ready":
        turn.interrupt()
        turn.set(answer=())
        turn.enter_step(next(i for i in range(state.step, len(state.course)) if state.course[i].kind == "holding"))
