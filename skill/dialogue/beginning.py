"""Beginning a routine: greeting, safety information, and the first stretch."""

from dataclasses import replace

from skill.content.routine import Routine
from skill.dialogue.length import left_ms
from skill.dialogue.navigation import start_stretch
from skill.dialogue.place import Place, fitted
from skill.dialogue.progress import Progress
from skill.dialogue.spoken_number import spoken_number
from skill.dialogue.transition import Transition
from skill.dialogue.wording import spoken_minutes


def begin(transition: Transition, place: Place) -> None:
    """Begin or resume a routine at a place, without the stretches to be left out; greet, and tell about safety."""
    user, wanted = transition.user, place.routine.stretches[place.stretch_index]
    transition.drop_pending()
    transition.input = replace(transition.input, quiet_stretches=0)
    wished = place.routine.without(place.skipped, keep=wanted.id)
    found = fitted(wished, wanted.id, user.known_conditions)
    if found is None:
        transition.reply(transition.words("nothing_left"))
        return
    routine, index = found
    transition.progress = Progress(routine, place.skipped, conditions_due=user.conditions is None)
    done = transition.history.stretches_done if place.resumed else 0
    transition.history = replace(transition.history, saved=None, stretches_done=done)
    wanted_easier = user.wanted_easier if place.resumed else frozenset()
    if place.easier:
        wanted_easier |= {wanted.id}
    transition.user = replace(user, wanted_easier=wanted_easier)
    if routine.stretches[index] is wanted:
        start_stretch(transition, index, place.steps_done, place.easier)
    else:  # the wanted stretch is left out
        start_stretch(transition, index)
    _greet(transition, routine, place.resumed)


def _greet(transition: Transition, routine: Routine, resumed: bool) -> None:
    """Say what begins and how long it takes, and the safety information: in full once, then in one sentence."""
    progress, safety_told = transition.progress, transition.user.safety_told
    from_middle = progress.stretch_index > 0 or progress.options.steps_done > 0
    key = ("greeting_again" if resumed else "greeting_from") if from_middle else "greeting"
    greeting = transition.words(
        key,
        routine=routine.name,
        stretch=progress.stretch.name,
        time=spoken_minutes(transition.words, left_ms(transition.state, transition.at)),
        count=spoken_number(len(routine.stretches)),
    )
    keys = ("safety_short",) if safety_told else ("safety_first", "safety_full")
    safety = (line for key in keys for line in transition.words(key))
    transition.reply((*greeting, *safety), keep=True)
    if not safety_told:
        *lines, last = transition.speech.queue
        transition.set_queue(*lines, replace(last, tells_safety=True))
