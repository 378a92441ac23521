"""Starting and ending a routine, and ending the session."""

from skill.dialogue.beginning import begin
from skill.dialogue.coach_question import Question
from skill.dialogue.handlers.registry import HANDLERS, on
from skill.dialogue.handlers.replies import answer
from skill.dialogue.handlers.requirements import needs_health
from skill.dialogue.handlers.resuming import carry_on, earlier_place, wanted_routine
from skill.dialogue.navigation import leave_routine
from skill.dialogue.place import Place, fitted
from skill.dialogue.transition import Transition
from skill.events import Heard


@on("start_routine")
@needs_health
def start_routine(transition: Transition, heard: Heard) -> None:
    """Greet and start; offer to resume an earlier routine if one was left."""
    asked, on_now = transition.state.asked_kind, transition.progress.routine
    wanted, place = wanted_routine(transition, heard), earlier_place(transition)
    if on_now and asked != "conditions":
        answer(transition, "already_started", routine=on_now.name)
    elif on_now and (heard.slot("routine") is None or wanted.id == on_now.id):
        carry_on(transition)  # the user does not answer, but wants to begin
    elif not on_now and place and asked != "go_on" and wanted in (transition.content.default, place.routine):
        transition.interrupt()
        transition.ask(Question("go_on", _offer(transition, place), command=heard))
    else:
        transition.interrupt()
        begin(transition, Place(wanted))


def _offer(transition: Transition, place: Place) -> tuple[str, ...]:
    """Return the offer to resume at a place; the routine is named unless it is the usual one."""
    left = place.routine.stretches[place.stretch_index]
    found = fitted(place.routine, left.id, transition.user.known_conditions)
    stretch = (found[0].stretches[found[1]] if found else left).name  # the place may be left out by now
    if place.routine is transition.content.default:
        return transition.words("offer_to_go_on", stretch=stretch)
    return transition.words("offer_to_go_on_in", routine=place.routine.name, stretch=stretch)


@on("stop")
def stop(transition: Transition, heard: Heard) -> None:
    """End the routine and keep the place. "I'm done", after the question for conditions, means that there are none."""
    transition.interrupt()
    if heard.slot("done") and transition.state.asked_kind == "conditions":
        HANDLERS["deny"](transition, heard)
    elif transition.progress.routine:
        name = transition.progress.stretch.name
        leave_routine(transition)
        transition.reply(transition.words("stopped", stretch=name), keep=True)
    else:
        transition.close_question()
        transition.reply(transition.words("all_right"))


@on("goodbye")
def goodbye(transition: Transition, heard: Heard) -> None:
    """End the session and keep the place."""
    transition.interrupt()
    leave_routine(transition)
    transition.close_question()
    transition.leaving = True
    transition.reply(transition.words("goodbye"))
