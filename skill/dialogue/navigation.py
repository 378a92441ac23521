"""Moving in the routine: to a step, to a stretch, and out of it."""

from dataclasses import replace

from skill.content.routine import Routine
from skill.dialogue.actions import Save
from skill.dialogue.clock import StepClock
from skill.dialogue.course import StepOptions
from skill.dialogue.place import saved_place
from skill.dialogue.progress import Progress
from skill.dialogue.transition import Transition


def enter_step(transition: Transition, index: int) -> None:
    """Go to the beginning of a step of the current stretch."""
    transition.stop_timer()
    transition.progress = replace(transition.progress, step_index=index, line_said=False)
    transition.clock = StepClock()
    transition.speech = replace(transition.speech, interrupted_cue=None)


def enter_stretch(transition: Transition, index: int, routine: Routine | None = None) -> None:
    """Go to the beginning of another stretch of the routine that is on, or of `routine`, what is left of it now."""
    _count_stretch(transition)  # first: `came_from` decides which steps this stretch has
    progress = transition.progress
    options = replace(progress.options, came_from=transition.state.position)
    transition.progress = replace(progress, options=options, routine=routine or progress.routine)
    start_stretch(transition, index)


def _count_stretch(transition: Transition) -> None:
    """Count the responses that were said in this stretch, so that their next variants are next."""
    course, index = transition.state.course, transition.progress.step_index
    transition.count_said(step.key for step in course[: index + 1])


def start_stretch(transition: Transition, index: int, steps_done: int = 0, easier: bool = False) -> None:
    """Start a stretch; the body is where it was before the stretch that was current.

    `steps_done`: number of steps to leave out, of the easier or the usual version; no step is left out if the stretch
    is now done in the other version.
    """
    progress = transition.progress
    assert progress.routine
    now_easier = easier or transition.state.easier_from_start(progress.routine, progress.stretches[index])
    steps_done = steps_done if now_easier == easier else 0
    repeat_instructions = transition.history.explained_earlier and steps_done > 0
    options = StepOptions(
        easier=now_easier,
        came_from=progress.options.came_from,
        variant_counts=transition.speech.variant_counts,
        steps_done=steps_done,
        repeat_instructions=repeat_instructions,
    )
    transition.progress = replace(progress, stretch_index=index, options=options)
    transition.history = replace(transition.history, explained_earlier=repeat_instructions)
    transition.input = replace(transition.input, no_match_count=0)
    enter_step(transition, 0)
    transition.do(Save(saved_place(transition.state)))


def finish_routine(transition: Transition) -> None:
    """End the routine after its last stretch: there is nothing to resume."""
    _count_stretch(transition)
    transition.progress, transition.clock = Progress(), StepClock()
    transition.history = replace(transition.history, saved=None)
    transition.do(Save(None))
    transition.reply(transition.words("finished"), keep=True)


def leave_routine(transition: Transition) -> None:
    """End the routine before its end, and keep the place."""
    if transition.progress.routine is None:
        return
    saved = saved_place(transition.state)
    _count_stretch(transition)
    transition.interrupt()
    transition.progress, transition.clock = Progress(), StepClock()
    transition.history = replace(transition.history, saved=saved)
    transition.drop_pending()
    transition.do(Save(saved))
