"""Moving about in the routine."""

from skill.content.content import Content
from skill.content.routine import Routine
from skill.dialogue.beginning import begin, left_out, skip, take_easier_variant
from skill.dialogue.handlers.registry import (
    answer,
    carry_on,
    must_be_said,
    needs_health,
    needs_routine,
    on,
    reply_and_ask_again,
)
from skill.dialogue.place import Place
from skill.dialogue.response_selection import joined
from skill.dialogue.transition import Transition
from skill.events import Heard


@on("next")
@needs_routine
def next_(transition: Transition, heard: Heard) -> None:
    """The stretch after this one, at once; with the name of another: that one is left out when its turn comes."""
    state, named = transition.state, heard.slot("stretch")
    if named and named in (state.current.id, state.doing(), state.current.hold.alternate_with):
        _leave(transition, named)
    elif named:
        _leave_out(transition, named)
    elif state.question and state.question.kind == "conditions":  # "skip" that question
        transition.set(paused=False)
        carry_on(transition)
    elif state.question and state.question.kind == "pain":
        _leave(transition, state.current.id)
    else:
        _move(transition, +1)


def _leave(transition: Transition, stretch: str) -> None:
    """Leave the stretch that is on, and what alternates with it; where nothing comes after that, it was the last."""
    state = transition.state
    assert state.routine
    later = state.routine.stretches[state.stretch + 1 :]
    halves = {s.id for s in later if s.hold.alternate_with == stretch}
    if halves:
        skip(transition, state.skipped | halves)
    if halves and len(halves) == len(later):
        _finish(transition)
    else:
        _move(transition, +1)


def _finish(transition: Transition) -> None:
    transition.interrupt()
    transition.set(question=None, paused=False, answer=(), held=())
    transition.finish()


def _leave_out(transition: Transition, stretch: str) -> None:
    """Leave out a stretch that is still to come; nothing else changes."""
    state = transition.state
    assert state.routine
    if any(stretch == s.id for s in state.routine.stretches[state.stretch + 1 :]):
        skip(transition, state.skipped | {stretch})
        said = transition.words("without", stretch=joined(transition.words, left_out(state, transition.state)))
    else:
        said = transition.words("all_right")
    reply_and_ask_again(transition, said)


@on("previous")
@needs_routine
def previous(transition: Transition, heard: Heard) -> None:
    """The stretch before this one, at once."""
    _move(transition, -1)


def _move(transition: Transition, by: int) -> None:
    state = transition.state
    assert state.routine
    index = state.stretch + by
    if 0 <= index < len(state.routine.stretches):
        _go_to(transition, index)
    elif by < 0:
        answer(transition, "is_first", stretch=state.current.name)
    elif state.question and state.question.kind == "pain":  # "skip" was offered, and nobody goes back to what hurts
        _finish(transition)
    else:
        answer(transition, "nothing_after", stretch=state.current.name)


@on("go_to", "repeat_stretch")
@needs_health
def go_to(transition: Transition, heard: Heard) -> None:
    """Move to a stretch, from its beginning, and go on from there."""
    wanted = heard.slot("stretch") or ""
    _wish_for_after_all(transition, wanted)
    state = transition.state
    on_now = state.routine or _routine_with(state.content, wanted)
    whole = state.content.whole(on_now)
    index, in_whole = on_now.index(wanted), whole.index(wanted)
    if in_whole is None:
        answer(transition, "not_in_routine", routine=on_now.name)
    elif index is None or (not state.routine and _is_left_out(transition, whole, wanted)):
        answer(transition, "left_out", stretch=whole.stretches[in_whole].name)
    elif state.routine is None:
        transition.interrupt()
        begin(transition, Place(whole, in_whole))
    else:
        _go_to(transition, index)


def _routine_with(content: Content, stretch: str) -> Routine:
    """Return the routine in which a stretch is begun: the usual one, or the first that has it."""
    every = (content.default, *content.routines.values())
    return next((routine for routine in every if routine.index(stretch) is not None), content.default)


def _wish_for_after_all(transition: Transition, wanted: str) -> None:
    """Take back that the user left out a stretch, or what it alternates with."""
    state = transition.state
    if state.routine and state.skipped:
        stretches = state.content.whole(state.routine).stretches
        halves = {s.hold.alternate_with for s in stretches if s.id == wanted}
        skip(transition, state.skipped - {wanted} - halves)


def _is_left_out(transition: Transition, routine: Routine, stretch: str) -> bool:
    return routine.adapted(transition.state.conditions or frozenset()).index(stretch) is None


def _go_to(transition: Transition, index: int) -> None:
    transition.interrupt()
    transition.set(question=None, paused=False, answer=must_be_said(transition), held=())
    transition.enter_stretch(index)


@on("repeat")
def repeat(transition: Transition, heard: Heard) -> None:
    """Say the last thing again; restart a hold."""
    state = transition.state
    holding = state.mode == "holding" and not state.answer
    transition.interrupt()
    if holding:
        transition.set(answer=())
        transition.enter_step(state.step)
    elif state.answer:
        pass  # the interrupted sentence restarts by itself
    elif state.question:
        transition.reply(state.question.lines, keep=True)
    elif state.routine and not state.paused and state.last_said == (state.current_step.line,):
        transition.set(spoken=False)  # the line of the step itself: no need to say it twice
    else:
        transition.reply(state.last_said or transition.words("welcome"))


@on("easier")
@needs_routine
def easier(transition: Transition, heard: Heard) -> None:
    """Explain the easier version of the current stretch, and do that one."""
    state = transition.state
    transition.interrupt()
    transition.set(question=None, paused=False, answer=must_be_said(transition), held=())
    transition.set(wanted_easier=state.wanted_easier | {state.current.id})
    take_easier_variant(transition)
    transition.reply(
        transition.words("easiest") if state.easier else transition.words("easier", stretch=state.current.name)
    )
