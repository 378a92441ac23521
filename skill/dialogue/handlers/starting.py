"""Starting and ending a routine, and the session."""

from skill.dialogue.beginning import begin
from skill.dialogue.handlers.conditions import asked_for
from skill.dialogue.handlers.registry import HANDLERS, answer, carry_on, needs_health, on, saved_place, wanted_routine
from skill.dialogue.place import Place, placed
from skill.dialogue.question import Question
from skill.dialogue.transition import Transition
from skill.events import Heard


@on("start_routine")
@needs_health
def start_routine(transition: Transition, heard: Heard) -> None:
    """Greet and start; offer to go on where an earlier routine was left."""
    state = transition.state
    asked = state.asked.kind if state.asked else None
    wanted = wanted_routine(transition, heard)
    place = saved_place(transition)
    if state.routine and asked != "conditions":
        answer(transition, "already_started", routine=state.routine.name)
    elif state.routine and (heard.slot("routine") is None or wanted.id == state.routine.id):
        carry_on(transition)  # no answer, but an urgent wish
    elif not state.routine and place and asked != "go_on" and wanted in (state.content.default, place.routine):
        transition.interrupt()
        transition.ask(Question("go_on", _offer(transition, place), near=heard))
    else:
        transition.interrupt()
        begin(transition, Place(wanted))


def _offer(transition: Transition, place: Place) -> tuple[str, ...]:
    """Return the offer to go on at a place; where that is not in the usual routine, it is named."""
    left = place.routine.stretches[place.stretch]
    found = placed(place.routine, left.id, transition.state.conditions or frozenset())
    stretch = (found[0].stretches[found[1]] if found else left).name  # it may be left out by now
    if place.routine is transition.state.content.default:
        return transition.words("offer_to_go_on", stretch=stretch)
    return transition.words("offer_to_go_on_in", routine=place.routine.name, stretch=stretch)


@on("stop")
def stop(transition: Transition, heard: Heard) -> None:
    """End the routine and keep the place. "I'm done", where conditions are asked for, says that there are no more."""
    transition.interrupt()
    if heard.slot("done") and asked_for(transition):
        HANDLERS["deny"](transition, heard)
    elif transition.state.routine:
        name = transition.state.current.name
        transition.leave_routine()
        transition.reply(transition.words("stopped", stretch=name), keep=True)
    else:
        transition.set(question=None, answer=())
        transition.reply(transition.words("all_right"))


@on("goodbye")
def goodbye(transition: Transition, heard: Heard) -> None:
    """End the session and keep the place."""
    transition.interrupt()
    transition.leave_routine()
    transition.set(question=None, answer=(), leaving=True)
    transition.reply(transition.words("goodbye"))
