"""Starting and ending a routine, and the session."""

from skill.dialogue.asking import Question
from skill.dialogue.beginning import begin
from skill.dialogue.handlers import answer, carry_on, needs_health, on, saved_place
from skill.dialogue.place import Place
from skill.dialogue.turn import Turn
from skill.events import Heard


@on("start_routine")
@needs_health
def start_routine(turn: Turn, heard: Heard) -> None:
    """Greet and start; offer to go on where an earlier routine was left."""
    state = turn.state
    kind = state.question.kind if state.question else None
    if state.routine:
        if kind == "conditions":  # no answer, but an urgent wish
            carry_on(turn)
        else:
            answer(turn, "already_started", routine=state.routine.name)
        return
    wanted = heard.slot("routine")
    routine = state.content.routines.get(wanted) if wanted else state.content.default
    turn.interrupt()
    if routine is None:
        answer(turn, "no_such_routine")
        return
    place = saved_place(turn)
    if place and kind != "go_on" and wanted in (None, place.routine.id):
        stretch = place.routine.stretches[place.stretch]
        turn.ask(Question("go_on", turn.words("offer_to_go_on", stretch=stretch.name)))
    else:
        begin(turn, Place(routine))


@on("stop")
def stop(turn: Turn, heard: Heard) -> None:
    """End the routine and keep the place."""
    turn.interrupt()
    if turn.state.routine:
        name = turn.state.current.name
        turn.leave_routine()
        turn.reply(turn.words("stopped", stretch=name), keep=True)
    else:
        turn.set(question=None, answer=())
        turn.reply(turn.words("all_right"))


@on("goodbye")
def goodbye(turn: Turn, heard: Heard) -> None:
    """End the session and keep the place."""
    turn.interrupt()
    turn.leave_routine()
    turn.set(question=None, answer=(), leaving=True)
    turn.reply(turn.words("goodbye"))
