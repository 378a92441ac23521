"""Going on by itself: the next line, the next step, the next stretch."""

from dataclasses import replace

from skill.dialogue.actions import Chime, End
from skill.dialogue.coach_question import Question
from skill.dialogue.course import Mark
from skill.dialogue.navigation import enter_step, enter_stretch, finish_routine
from skill.dialogue.transition import Transition

STILL_THERE_AFTER = 3
"""Number of stretches in a row without a word from the user after which the coach asks "Still there?"."""

PAUSE_TIMEOUT_MS = 600_000
"""Longest pause: then the routine ends, and the place is kept."""


def go_on(transition: Transition) -> None:
    """Do what the state calls for: say the next line, wait for an answer, or let the clock run."""
    if transition.ended or (transition.speech.current and not _cue_over_clock(transition)):
        return
    _ask_for_conditions(transition)
    turn = transition.turn
    if transition.speech.queue:
        transition.say(transition.speech.queue[0].text, "queue")
    elif transition.leaving:
        transition.ended = True
        transition.do(End("goodbye"))
    elif turn.paused:
        if transition.timer is None:
            transition.start_timer(PAUSE_TIMEOUT_MS)
    elif turn.question:
        if transition.timer is None and not turn.question.asked_again:
            transition.start_timer(turn.question.no_input.ms)
    elif transition.progress.routine:
        _go_on_in_step(transition)


def _cue_over_clock(transition: Transition) -> bool:
    """Return whether only a cue inside a hold is being said, during which the clock goes on."""
    speech, turn = transition.speech, transition.turn
    waiting = speech.queue or turn.paused or turn.question or transition.leaving
    in_hold = speech.current is not None and speech.current.role == "cue" and transition.progress.routine
    return bool(in_hold and not waiting)


def _ask_for_conditions(transition: Transition) -> None:
    """Ask once what to check first, between the greeting and the first stretch."""
    progress = transition.progress
    if progress.conditions_due and transition.state.mode == "introducing" and not transition.speech.queue:
        transition.progress = replace(progress, conditions_due=False)
        transition.ask(Question("conditions", transition.words("conditions")))


def _go_on_in_step(transition: Transition) -> None:
    while transition.state.skips_step:
        enter_step(transition, transition.progress.step_index + 1)
    if not transition.progress.line_said:
        if transition.speech.current is None:
            _say_line(transition)
        return
    transition.clock = transition.clock.started(transition.at)
    cue = transition.speech.interrupted_cue
    if cue and transition.speech.current is None:
        transition.say(cue, "cue")
        transition.speech = replace(transition.speech, interrupted_cue=None)
    run_clock(transition)


def _say_line(transition: Transition) -> None:
    """Say the line of the current step."""
    step = transition.state.current_step
    transition.speech = replace(transition.speech, last_said=(step.line,))
    if step.key == "ready":  # all instructions have been said in this session
        transition.history = replace(transition.history, explained_earlier=False)
    transition.say(step.line, "step")


def run_clock(transition: Transition) -> None:
    """Pass the marks of the current step that are due, end the step when its time is over, or wait for what is next."""
    step = transition.state.current_step
    elapsed = transition.clock.elapsed_at(transition.at)
    for mark in step.marks[transition.clock.marks_done :]:
        if mark.at > elapsed:
            break
        _pass_mark(transition, mark)
    if elapsed >= step.ms:
        end_step(transition)
    elif transition.timer is None:  # else it is set for the next mark
        following = step.marks[transition.clock.marks_done :]
        transition.start_timer((following[0].at if following else step.ms) - elapsed)


def _pass_mark(transition: Transition, mark: Mark) -> None:
    if mark.sound:
        transition.do(Chime(mark.sound))
    if mark.line and transition.speech.current is None:
        transition.say(mark.line, "cue")
    transition.clock = replace(transition.clock, marks_done=transition.clock.marks_done + 1)


def end_step(transition: Transition) -> None:
    """Go on after a step that is over; after its last hold the stretch is done."""
    state = transition.state
    if state.current_step.kind == "holding" and state.holds_left == 1:
        transition.history = transition.history.with_stretch_done()
    following = state.progress.step_index + 1
    if following < len(state.course):
        enter_step(transition, following)
    else:
        _next_stretch(transition)
    go_on(transition)


def _next_stretch(transition: Transition) -> None:
    """Go to the next stretch; after three without a word from the user, ask whether they are still there."""
    if not transition.progress.later_stretches:
        finish_routine(transition)
        return
    enter_stretch(transition, transition.progress.stretch_index + 1)
    quiet = transition.input.quiet_stretches + 1
    transition.input = replace(transition.input, quiet_stretches=quiet)
    if quiet >= STILL_THERE_AFTER:
        transition.ask(Question("still_there", transition.words("still_there")))
