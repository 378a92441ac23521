"""Beginning a routine, and fitting it to what is known about the body."""

from dataclasses import replace

from skill.dialogue.course import spoken_number
from skill.dialogue.length import left_ms
from skill.dialogue.place import Place, placed
from skill.dialogue.turn import Turn
from skill.dialogue.wording import spoken_minutes
from skill.routine import Routine


def begin(turn: Turn, where: Place) -> None:
    """Start a routine at one of its stretches, without those to be left out: greeting, safety, and off."""
    state, wanted = turn.state, where.routine.stretches[where.stretch]
    turn.set(question=None, paused=False, answer=(), held=(), saved=None, quiet_stretches=0)
    found = placed(where.routine, wanted.id, state.conditions or frozenset())
    if found is None:
        turn.reply(turn.words("nothing_left"))
        return
    routine, index = found
    turn.set(routine=routine, came_from="start", check_due=state.conditions is None)
    if routine.stretches[index] is wanted:
        turn.stand_at(index, where.skip, where.easier)
    else:  # it is left out
        turn.stand_at(index)
    _greet(turn, routine)


def _greet(turn: Turn, routine: Routine) -> None:
    state = turn.state
    again = state.stretch > 0 or state.skip > 0
    length = spoken_minutes(turn.words, left_ms(state, turn.at))
    count = spoken_number(len(routine.stretches))
    key = "greeting_again" if again else "greeting"
    greeting = turn.words(key, routine=routine.name, time=length, count=count)
    keys = ("safety_short",) if state.safety_told else ("safety_first", "safety_full")
    safety = (line for key in keys for line in turn.words(key))
    turn.reply((*greeting, *safety), keep=True)
    if not state.safety_told:
        *lines, last = turn.state.answer
        turn.set(answer=(*lines, replace(last, tells_safety=True)))


def adapt(turn: Turn) -> None:
    """Let what is now known about the user's body count for the routine that is on; what was begun stays."""
    state = turn.state
    if state.routine is None:
        return
    base = state.content.routines.get(state.routine.id, state.routine)
    fresh = state.step == 0 and not state.spoken
    here = state.current.id
    place = placed(base, here, state.conditions or frozenset(), keep="" if fresh else here)
    if place is None:
        turn.leave_routine()
        turn.reply(turn.words("nothing_left"))
        return
    same = place[0].stretches == state.routine.stretches
    turn.set(routine=state.routine if same else place[0], stretch=place[1])
    if fresh and turn.state.current.id == here:
        turn.stand_at(place[1], turn.state.skip, turn.state.easier)
    elif fresh:
        turn.stand_at(place[1])
