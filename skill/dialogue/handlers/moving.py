"""Moving about in the routine."""

from skill.content.content import Content
from skill.content.routine import Routine
from skill.dialogue.beginning import begin, ease, left_out, skip
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
from skill.dialogue.transition import Turn
from skill.events import Heard


@on("next")
@needs_routine
def next_(turn: Turn, heard: Heard) -> None:
    """The stretch after this one, at once; with the name of another: that one is left out when its turn comes."""
    state, named = turn.state, heard.slot("stretch")
    if named and named in (state.current.id, state.doing(), state.current.hold.alternate_with):
        _leave(turn, named)
    elif named:
        _leave_out(turn, named)
    elif state.question and state.question.kind == "conditions":  # "skip" that question
        turn.set(paused=False)
        carry_on(turn)
    elif state.question and state.question.kind == "pain":
        _leave(turn, state.current.id)
    else:
        _move(turn, +1)


def _leave(turn: Turn, stretch: str) -> None:
    """Leave the stretch that is on, and what alternates with it; where nothing comes after that, it was the last."""
    state = turn.state
    assert state.routine
    later = state.routine.stretches[state.stretch + 1 :]
    halves = {s.id for s in later if s.hold.alternate_with == stretch}
    if halves:
        skip(turn, state.skipped | halves)
    if halves and len(halves) == len(later):
        _finish(turn)
    else:
        _move(turn, +1)


def _finish(turn: Turn) -> None:
    turn.interrupt()
    turn.set(question=None, paused=False, answer=(), held=())
    turn.finish()


def _leave_out(turn: Turn, stretch: str) -> None:
    """Leave out a stretch that is still to come; nothing else changes."""
    state = turn.state
    assert state.routine
    if any(stretch == s.id for s in state.routine.stretches[state.stretch + 1 :]):
        skip(turn, state.skipped | {stretch})
        said = turn.words("without", stretch=joined(turn.words, left_out(state, turn.state)))
    else:
        said = turn.words("all_right")
    reply_and_ask_again(turn, said)


@on("previous")
@needs_routine
def previous(turn: Turn, heard: Heard) -> None:
    """The stretch before this one, at once."""
    _move(turn, -1)


def _move(turn: Turn, by: int) -> None:
    state = turn.state
    assert state.routine
    index = state.stretch + by
    if 0 <= index < len(state.routine.stretches):
        _go_to(turn, index)
    elif by < 0:
        answer(turn, "is_first", stretch=state.current.name)
    elif state.question and state.question.kind == "pain":  # "skip" was offered, and nobody goes back to what hurts
        _finish(turn)
    else:
        answer(turn, "nothing_after", stretch=state.current.name)


@on("go_to", "repeat_stretch")
@needs_health
def go_to(turn: Turn, heard: Heard) -> None:
    """Move to a stretch, from its beginning, and go on from there."""
    wanted = heard.slot("stretch") or ""
    _wish_for_after_all(turn, wanted)
    state = turn.state
    on_now = state.routine or _routine_with(state.content, wanted)
    whole = state.content.whole(on_now)
    index, in_whole = on_now.index(wanted), whole.index(wanted)
    if in_whole is None:
        answer(turn, "not_in_routine", routine=on_now.name)
    elif index is None or (not state.routine and _is_left_out(turn, whole, wanted)):
        answer(turn, "left_out", stretch=whole.stretches[in_whole].name)
    elif state.routine is None:
        turn.interrupt()
        begin(turn, Place(whole, in_whole))
    else:
        _go_to(turn, index)


def _routine_with(content: Content, stretch: str) -> Routine:
    """Return the routine in which a stretch is begun: the usual one, or the first that has it."""
    every = (content.default, *content.routines.values())
    return next((routine for routine in every if routine.index(stretch) is not None), content.default)


def _wish_for_after_all(turn: Turn, wanted: str) -> None:
    """Take back that the user left out a stretch, or what it alternates with."""
    state = turn.state
    if state.routine and state.skipped:
        stretches = state.content.whole(state.routine).stretches
        halves = {s.hold.alternate_with for s in stretches if s.id == wanted}
        skip(turn, state.skipped - {wanted} - halves)


def _is_left_out(turn: Turn, routine: Routine, stretch: str) -> bool:
    return routine.adapted(turn.state.conditions or frozenset()).index(stretch) is None


def _go_to(turn: Turn, index: int) -> None:
    turn.interrupt()
    turn.set(question=None, paused=False, answer=must_be_said(turn), held=())
    turn.enter_stretch(index)


@on("repeat")
def repeat(turn: Turn, heard: Heard) -> None:
    """Say the last thing again; restart a hold."""
    state = turn.state
    holding = state.mode == "holding" and not state.answer
    turn.interrupt()
    if holding:
        turn.set(answer=())
        turn.enter_step(state.step)
    elif state.answer:
        pass  # the interrupted sentence restarts by itself
    elif state.question:
        turn.reply(state.question.lines, keep=True)
    elif state.routine and not state.paused and state.last_said == (state.current_step.line,):
        turn.set(spoken=False)  # the line of the step itself: no need to say it twice
    else:
        turn.reply(state.last_said or turn.words("welcome"))


@on("easier")
@needs_routine
def easier(turn: Turn, heard: Heard) -> None:
    """Explain the easier version of the current stretch, and do that one."""
    state = turn.state
    turn.interrupt()
    turn.set(question=None, paused=False, answer=must_be_said(turn), held=())
    turn.set(eased=state.eased | {state.current.id})
    ease(turn)
    turn.reply(turn.words("easiest") if state.easier else turn.words("easier", stretch=state.current.name))
