"""Beginning a routine, and fitting it to what is known about the body."""

from dataclasses import replace

from skill.content.routine import EASIER, LEAVE_OUT, Routine, Stretch
from skill.dialogue.course import spoken_number
from skill.dialogue.length import left_ms
from skill.dialogue.place import Place, placed
from skill.dialogue.response_selection import spoken_minutes
from skill.dialogue.state import State
from skill.dialogue.transition import Transition


def begin(transition: Transition, where: Place) -> None:
    """Start a routine at one of its stretches, without those to be left out: greeting, safety, and off."""
    state, wanted = transition.state, where.routine.stretches[where.stretch]
    transition.set(question=None, paused=False, answer=(), held=(), quiet_stretches=0)
    wished = where.routine.without(where.skipped, keep=wanted.id)
    found = placed(wished, wanted.id, state.conditions or frozenset())
    if found is None:
        transition.reply(transition.words("nothing_left"))
        return
    routine, index = found
    transition.set(
        routine=routine,
        saved=None,
        came_from="start",
        done=state.done if where.again else 0,  # what is gone on with at once is the same session
        skipped=where.skipped,
        wanted_easier=(state.wanted_easier if where.again else frozenset()) | ({wanted.id} if where.easier else set()),
        check_due=state.conditions is None,
    )
    if routine.stretches[index] is wanted:
        transition.stand_at(index, where.skip, where.easier)
    else:  # it is left out
        transition.stand_at(index)
    _greet(transition, routine, where.again)


def _greet(transition: Transition, routine: Routine, again: bool) -> None:
    state = transition.state
    elsewhere = "greeting_again" if again else "greeting_from"
    key = elsewhere if state.stretch > 0 or state.skip > 0 else "greeting"
    length = spoken_minutes(transition.words, left_ms(state, transition.at))
    count = spoken_number(len(routine.stretches))
    names = {"routine": routine.name, "stretch": state.current.name}
    greeting = transition.words(key, **names, time=length, count=count)
    keys = ("safety_short",) if state.safety_told else ("safety_first", "safety_full")
    safety = (line for key in keys for line in transition.words(key))
    transition.reply((*greeting, *safety), keep=True)
    if not state.safety_told:
        *lines, last = transition.state.answer
        transition.set(answer=(*lines, replace(last, tells_safety=True)))


def adapt(transition: Transition) -> tuple[str, ...]:
    """Let what is now known about the user's body count for the routine that is on, and for the stretch that is on.

    Return what there is to say about that.
    """
    state = transition.state
    if state.routine is None:
        return ()
    advice = state.current.advice(state.conditions or frozenset())
    if advice == LEAVE_OUT:
        return _leave_current(transition)
    _fit(transition)
    if _not_begun(state):
        transition.stand_at(transition.state.stretch, state.skip, state.easier and state.skip > 0)
    elif advice == EASIER and not state.easier and state.holds_from(state.step):
        take_easier_variant(transition)
        if state.question and state.question.kind == "pain":
            transition.set(question=replace(state.question, lines=transition.words("pain_offer_easier")))
        return transition.state.asked.lines if transition.state.asked else transition.words("easier")
    return ()


def skip(transition: Transition, stretches: frozenset[str]) -> None:
    """Leave these stretches, by id, out of the routine that is on, because the user wishes so; the place stays."""
    transition.set(skipped=stretches)
    _fit(transition)


def left_out(before: State, after: State) -> list[str]:
    """Return the names of the stretches that were still to come before, and are left out of the routine after."""
    if before.routine is None or after.routine is None:
        return []
    ids = {stretch.id for stretch in after.routine.stretches}
    return [stretch.name for stretch in before.routine.stretches[before.stretch :] if stretch.id not in ids]


def _fit(transition: Transition) -> None:
    """Leave out of the routine that is on what is to be left out, and nothing else; the current stretch stays."""
    state = transition.state
    here = state.current.id
    found = placed(_whole(state, here), here, state.conditions or frozenset(), keep=here)
    if found and state.routine and found[0].stretches != state.routine.stretches:
        transition.set(routine=found[0], stretch=found[1])


def _leave_current(transition: Transition) -> tuple[str, ...]:
    """Leave the current stretch, which is to be left out, for the next that is not."""
    state = transition.state
    found = placed(_whole(state, state.current.id), state.current.id, state.conditions or frozenset())
    if found is None:
        transition.leave_routine()
        return transition.words("nothing_left")
    routine, index = found
    if state.question and state.question.kind == "conditions":  # the routine has not begun
        transition.set(routine=routine)
        transition.stand_at(index)
        return ()
    transition.set(question=None)
    if routine.stretches[index] not in _later(state):
        transition.set(paused=False, answer=(), held=())
        transition.finish()
        return transition.words("left_out", stretch=state.current.name)
    transition.enter_stretch(index, routine)
    if not state.asked:
        return ()
    transition.pause()  # something hurts: nothing goes on by itself
    return transition.words("take_your_time")


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


def take_easier_variant(transition: Transition) -> None:
    """Do the current stretch in its easier version from now on: explained from its beginning, for this side."""
    state = transition.state
    moving = state.current_step.kind == "introducing"
    before = state.came_from if moving else state.current.position_when(state.easier)
    transition.set(easier=True, skip=0, sides_done=_sides_done(state), came_from=before)
    transition.enter_step(next(i for i, step in enumerate(transition.state.course) if step.part != "name"))


def _sides_done(state: State) -> int:
    """Return how many sides need not be done again. Where all are done, the last one is."""
    hold = state.current.hold
    sides_to_come = -(-state.holds_from(state.step) // hold.repeat)
    return max(len(hold.sides), 1) - max(sides_to_come, 1)
