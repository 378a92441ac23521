"""Starting and ending a routine, and the session."""

from skill.dialogue.beginning import begin
from skill.dialogue.handlers.conditions import asked_for
from skill.dialogue.handlers.registry import HANDLERS, answer, carry_on, needs_health, on, saved_place, wanted_routine
from skill.dialogue.place import Place, placed
from skill.dialogue.question import Question
from skill.dialogue.transition import Turn
from skill.events import Heard


@on("start_routine")
@needs_health
def start_routine(turn: Turn, heard: Heard) -> None:
    """Greet and start; offer to go on where an earlier routine was left."""
    state = turn.state
    asked = state.asked.kind if state.asked else None
    wanted = wanted_routine(turn, heard)
    place = saved_place(turn)
    if state.routine and asked != "conditions":
        answer(turn, "already_started", routine=state.routine.name)
    elif state.routine and (heard.slot("routine") is None or wanted.id == state.routine.id):
        carry_on(turn)  # no answer, but an urgent wish
    elif not state.routine and place and asked != "go_on" and wanted in (state.content.default, place.routine):
        turn.interrupt()
        turn.ask(Question("go_on", _offer(turn, place), near=heard))
    else:
        turn.interrupt()
        begin(turn, Place(wanted))


def _offer(turn: Turn, place: Place) -> tuple[str, ...]:
    """Return the offer to go on at a place; where that is not in the usual routine, it is named."""
    left = place.routine.stretches[place.stretch]
    found = placed(place.routine, left.id, turn.state.conditions or frozenset())
    stretch = (found[0].stretches[found[1]] if found else left).name  # it may be left out by now
    if place.routine is turn.state.content.default:
        return turn.words("offer_to_go_on", stretch=stretch)
    return turn.words("offer_to_go_on_in", routine=place.routine.name, stretch=stretch)


@on("stop")
def stop(turn: Turn, heard: Heard) -> None:
    """End the routine and keep the place. "I'm done", where conditions are asked for, says that there are no more."""
    turn.interrupt()
    if heard.slot("done") and asked_for(turn):
        HANDLERS["deny"](turn, heard)
    elif turn.state.routine:
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
