"""Resuming: going on after a question of the coach, or where an earlier routine was left."""

from dataclasses import replace

from skill.content.routine import Routine
from skill.dialogue.beginning import begin
from skill.dialogue.navigation import enter_step, start_stretch
from skill.dialogue.place import Place, resume_place, saved_place
from skill.dialogue.transition import Transition
from skill.events import Heard


def earlier_place(transition: Transition) -> Place | None:
    """Return where an earlier routine was left, if that place still exists."""
    return resume_place(transition.content, transition.history.saved)


def wanted_routine(transition: Transition, heard: Heard) -> Routine:
    """Return the routine that was asked for, now or before the open question; the usual one if none was named."""
    content, question = transition.content, transition.turn.question
    before = question.command.slot("routine") if question and question.command else None
    return content.routines.get(heard.slot("routine") or before or "", content.default)


def carry_on(transition: Transition) -> None:
    """Take the offer of the open question: go on where the routine is, or resume the earlier one."""
    kind, place = transition.turn.question_kind, earlier_place(transition)
    transition.interrupt()
    transition.turn = replace(transition.turn, question=None)
    transition.speech = replace(transition.speech, queue=transition.speech.held, held=())
    if kind == "go_on":
        begin(transition, place or Place(transition.content.default))
    elif kind == "pain":
        _into_position_again(transition)


def _into_position_again(transition: Transition) -> None:
    """After pain in a hold the user is not in position any more: wait for "ready" before the hold begins afresh."""
    state = transition.state
    if state.current_step.kind != "holding" and state.current_step.part != "again":
        return
    place = resume_place(state.content, saved_place(state))
    if place:
        start_stretch(transition, state.progress.stretch_index, place.steps_done, place.easier)
        course = transition.state.course
        enter_step(transition, next(i for i, step in enumerate(course) if step.kind != "introducing"))
