"""Moving in the routine: next, previous, to a stretch by name, again, and in its easier version."""

from dataclasses import replace

from skill.content.content import Content
from skill.content.routine import Routine
from skill.dialogue.adaptation import leave_out, names_left_out, take_easier_variant
from skill.dialogue.beginning import begin
from skill.dialogue.handlers.registry import on
from skill.dialogue.handlers.replies import answer, lines_to_keep, reply_and_ask_again
from skill.dialogue.handlers.requirements import needs_health, needs_routine
from skill.dialogue.handlers.resuming import carry_on
from skill.dialogue.navigation import enter_step, enter_stretch, finish_routine
from skill.dialogue.place import Place
from skill.dialogue.transition import Transition
from skill.dialogue.wording import joined
from skill.events import Heard


@on("next")
@needs_routine
def next_(transition: Transition, heard: Heard) -> None:
    """Go to the next stretch immediately. If another stretch is named, leave that one out when its turn comes."""
    state, named = transition.state, heard.slot("stretch")
    current, kind = state.progress.stretch, state.turn.question_kind
    if named and named in (current.id, state.active_stretch, current.hold.alternate_with):
        _leave_current(transition, named)
    elif named:
        _leave_out_later(transition, named)
    elif kind == "conditions":  # "skip" that question
        transition.turn = replace(transition.turn, paused=False)
        carry_on(transition)
    elif kind == "pain":
        _leave_current(transition, current.id)
    else:
        _move(transition, +1)


def _leave_current(transition: Transition, stretch: str) -> None:
    """Leave the current stretch, and what alternates with it; the routine is over if nothing comes after that."""
    progress = transition.progress
    halves = {s.id for s in progress.later_stretches if s.hold.alternate_with == stretch}
    if halves:
        leave_out(transition, progress.skipped | halves)
    if halves and len(halves) == len(progress.later_stretches):
        _finish(transition)
    else:
        _move(transition, +1)


def _finish(transition: Transition) -> None:
    transition.interrupt()
    transition.drop_pending()
    finish_routine(transition)


def _leave_out_later(transition: Transition, stretch: str) -> None:
    """Leave out a stretch that is still to come; nothing else changes."""
    before = transition.state
    if any(stretch == s.id for s in before.progress.later_stretches):
        leave_out(transition, before.progress.skipped | {stretch})
        names = names_left_out(before, transition.state)
        said = transition.words("without", stretch=joined(transition.words, names))
    else:
        said = transition.words("all_right")
    reply_and_ask_again(transition, said)


@on("previous")
@needs_routine
def previous(transition: Transition, heard: Heard) -> None:
    """Go to the stretch before this one, immediately."""
    _move(transition, -1)


def _move(transition: Transition, by: int) -> None:
    progress = transition.progress
    index = progress.stretch_index + by
    if 0 <= index < len(progress.stretches):
        _go_to(transition, index)
    elif by < 0:
        answer(transition, "is_first", stretch=progress.stretch.name)
    elif transition.turn.question_kind == "pain":  # "skip" was offered, and nobody goes back to what hurts
        _finish(transition)
    else:
        answer(transition, "nothing_after", stretch=progress.stretch.name)


@on("go_to", "repeat_stretch")
@needs_health
def go_to(transition: Transition, heard: Heard) -> None:
    """Move to a stretch, from its beginning, and go on from there."""
    wanted = heard.slot("stretch") or ""
    _leave_in_again(transition, wanted)
    on_now = transition.progress.routine
    routine = on_now or _routine_with(transition.content, wanted)
    whole = transition.content.whole(routine)
    index, index_in_whole = routine.index(wanted), whole.index(wanted)
    if index_in_whole is None:
        answer(transition, "not_in_routine", routine=routine.name)
    elif index is None or (not on_now and _is_left_out(transition, whole, wanted)):
        answer(transition, "left_out", stretch=whole.stretches[index_in_whole].name)
    elif not on_now:
        transition.interrupt()
        begin(transition, Place(whole, index_in_whole))
    else:
        _go_to(transition, index)


def _routine_with(content: Content, stretch: str) -> Routine:
    """Return the routine in which a stretch is begun: the usual one, or the first that has it."""
    every = (content.default, *content.routines.values())
    return next((routine for routine in every if routine.index(stretch) is not None), content.default)


def _leave_in_again(transition: Transition, stretch: str) -> None:
    """Undo that the user left out a stretch, or the one it alternates with."""
    progress = transition.progress
    if progress.routine and progress.skipped:
        stretches = transition.content.whole(progress.routine).stretches
        halves = {s.hold.alternate_with for s in stretches if s.id == stretch}
        leave_out(transition, progress.skipped - {stretch} - halves)


def _is_left_out(transition: Transition, routine: Routine, stretch: str) -> bool:
    return routine.adapted(transition.user.known_conditions).index(stretch) is None


def _go_to(transition: Transition, index: int) -> None:
    transition.interrupt()
    transition.drop_pending(*lines_to_keep(transition))
    enter_stretch(transition, index)


@on("repeat")
def repeat(transition: Transition, heard: Heard) -> None:
    """Say the last thing again; restart a hold."""
    state = transition.state
    holding = state.mode == "holding" and not state.speech.queue
    transition.interrupt()
    if holding:
        transition.set_queue()
        enter_step(transition, state.progress.step_index)
    elif state.speech.queue:
        pass  # the interrupted sentence restarts by itself
    elif state.turn.question:
        transition.reply(state.turn.question.lines, keep=True)
    elif state.progress.routine and not state.turn.paused and state.speech.last_said == (state.current_step.line,):
        transition.progress = replace(transition.progress, line_said=False)  # it is not said twice
    else:
        transition.reply(state.speech.last_said or transition.words("welcome"))


@on("easier")
@needs_routine
def easier(transition: Transition, heard: Heard) -> None:
    """Explain the easier version of the current stretch, and change to it."""
    progress = transition.progress
    transition.interrupt()
    transition.drop_pending(*lines_to_keep(transition))
    transition.user = replace(transition.user, wanted_easier=transition.user.wanted_easier | {progress.stretch.id})
    take_easier_variant(transition)
    key = "easiest" if progress.options.easier else "easier"
    transition.reply(transition.words(key, stretch=progress.stretch.name))
