"""Beginning a routine, and fitting it to what is known about the body."""

from dataclasses import replace

from skill.content.routine import EASIER, LEAVE_OUT, Routine, Stretch
from skill.dialogue.course import spoken_number
from skill.dialogue.length import left_ms
from skill.dialogue.place import Place, placed
from skill.dialogue.response_selection import spoken_minutes
from skill.dialogue.state import State
from skill.dialogue.transition import Turn


def begin(turn: Turn, where: Place) -> None:
    """Start a routine at one of its stretches, without those to be left out: greeting, safety, and off."""
    state, wanted = turn.state, where.routine.stretches[where.stretch]
    turn.set(question=None, paused=False, answer=(), held=(), quiet_stretches=0)
    wished = where.routine.without(where.skipped, keep=wanted.id)
    found = placed(wished, wanted.id, state.conditions or frozenset())
    if found is None:
        turn.reply(turn.words("nothing_left"))
        return
    routine, index = found
    turn.set(
        routine=routine,
        saved=None,
        came_from="start",
        done=state.done if where.again else 0,  # what is gone on with at once is the same session
        skipped=where.skipped,
        eased=(state.eased if where.again else frozenset()) | ({wanted.id} if where.easier else set()),
        check_due=state.conditions is None,
    )
    if routine.stretches[index] is wanted:
        turn.stand_at(index, where.skip, where.easier)
    else:  # it is left out
        turn.stand_at(index)
    _greet(turn, routine, where.again)


def _greet(turn: Turn, routine: Routine, again: bool) -> None:
    state = turn.state
    elsewhere = "greeting_again" if again else "greeting_from"
    key = elsewhere if state.stretch > 0 or state.skip > 0 else "greeting"
    length = spoken_minutes(turn.words, left_ms(state, turn.at))
    count = spoken_number(len(routine.stretches))
    names = {"routine": routine.name, "stretch": state.current.name}
    greeting = turn.words(key, **names, time=length, count=count)
    keys = ("safety_short",) if state.safety_told else ("safety_first", "safety_full")
    safety = (line for key in keys for line in turn.words(key))
    turn.reply((*greeting, *safety), keep=True)
    if not state.safety_told:
        *lines, last = turn.state.answer
        turn.set(answer=(*lines, replace(last, tells_safety=True)))


def adapt(turn: Turn) -> tuple[str, ...]:
    """Let what is now known about the user's body count for the routine that is on, and for the stretch that is on.

    Return what there is to say about that.
    """
    state = turn.state
    if state.routine is None:
        return ()
    advice = state.current.advice(state.conditions or frozenset())
    if advice == LEAVE_OUT:
        return _leave_current(turn)
    _fit(turn)
    if _not_begun(state):
        turn.stand_at(turn.state.stretch, state.skip, state.easier and state.skip > 0)
    elif advice == EASIER and not state.easier and state.holds_from(state.step):
        ease(turn)
        if state.question and state.question.kind == "pain":
            turn.set(question=replace(state.question, lines=turn.words("pain_offer_easier")))
        return turn.state.asked.lines if turn.state.asked else turn.words("easier")
    return ()


def skip(turn: Turn, stretches: frozenset[str]) -> None:
    """Leave these stretches, by id, out of the routine that is on, because the user wishes so; the place stays."""
    turn.set(skipped=stretches)
    _fit(turn)


def left_out(before: State, after: State) -> list[str]:
    """Return the names of the stretches that were still to come before, and are left out of the routine after."""
    if before.routine is None or after.routine is None:
        return []
    ids = {stretch.id for stretch in after.routine.stretches}
    return [stretch.name for stretch in before.routine.stretches[before.stretch :] if stretch.id not in ids]


def _fit(turn: Turn) -> None:
    """Leave out of the routine that is on what is to be left out, and nothing else; the current stretch stays."""
    state = turn.state
    here = state.current.id
    found = placed(_whole(state, here), here, state.conditions or frozenset(), keep=here)
    if found and state.routine and found[0].stretches != state.routine.stretches:
        turn.set(routine=found[0], stretch=found[1])


def _leave_current(turn: Turn) -> tuple[str, ...]:
    """Leave the current stretch, which is to be left out, for the next that is not."""
    state = turn.state
    found = placed(_whole(state, state.current.id), state.current.id, state.conditions or frozenset())
    if found is None:
        turn.leave_routine()
        return turn.words("nothing_left")
    routine, index = found
    if state.question and state.question.kind == "conditions":  # the routine has not begun
        turn.set(routine=routine)
        turn.stand_at(index)
        return ()
    turn.set(question=None)
    if routine.stretches[index] not in _later(state):
        turn.set(paused=False, answer=(), held=())
        turn.finish()
        return turn.words("left_out", stretch=state.current.name)
    turn.enter_stretch(index, routine)
    if not state.asked:
        return ()
    turn.pause()  # something hurts: nothing goes on by itself
    return turn.words("take_your_time")


def _whole(state: State, here: str) -> Routine:
    """Return the routine that is on, all of it but what the user left out; the stretch `here` stays."""
    assert state.routine
    return state.content.whole(state.routine).without(state.skipped, keep=here)


def _later(state: State) -> tuple[Stretch, ...]:
    assert state.routine
    return state.routine.stretches[state.stretch + 1 :]


def _not_begun(state: State) -> bool:
    """Tell whether nothing has been said yet of the current stretch."""
    return state.step == 0 and not state.spoken


def ease(turn: Turn) -> None:
    """Do the current stretch in its easier version from now on: explained from its beginning, for this side."""
    state = turn.state
    moving = state.current_step.kind == "introducing"
    before = state.came_from if moving else state.current.position_when(state.easier)
    turn.set(easier=True, skip=0, sides_done=_sides_done(state), came_from=before)
    turn.enter_step(next(i for i, step in enumerate(turn.state.course) if step.part != "name"))


def _sides_done(state: State) -> int:
    """Return how many sides need not be done again. Where all are done, the last one is."""
    hold = state.current.hold
    sides_to_come = -(-state.holds_from(state.step) // hold.repeat)
    return max(len(hold.sides), 1) - max(sides_to_come, 1)
