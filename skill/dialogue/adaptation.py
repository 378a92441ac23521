"""Adapting the routine that is on: to the user's conditions, and to what they want to leave out or have easier."""

from dataclasses import replace

from skill.content.routine import EASIER, LEAVE_OUT, Routine
from skill.dialogue.navigation import enter_step, enter_stretch, finish_routine, leave_routine, start_stretch
from skill.dialogue.place import fitted
from skill.dialogue.state import State
from skill.dialogue.transition import Transition


def adapt_to_conditions(transition: Transition) -> tuple[str, ...]:
    """Adapt the routine that is on, and its current stretch, to the conditions that are known now.

    Returns the sentences that tell the user what changes.
    """
    state = transition.state
    progress, options = state.progress, state.progress.options
    if progress.routine is None:
        return ()
    advice = progress.stretch.advice(state.user.known_conditions)
    if advice == LEAVE_OUT:
        return _leave_current(transition)
    _update_left_out(transition)
    if _not_begun(state):
        easier = options.easier and options.steps_done > 0
        start_stretch(transition, transition.progress.stretch_index, options.steps_done, easier)
    elif advice == EASIER and not options.easier and state.holds_left:
        take_easier_variant(transition)
        return _explain_easier_variant(transition)
    return ()


def _explain_easier_variant(transition: Transition) -> tuple[str, ...]:
    """Return what is said where a condition made the current stretch easier: the open question, or the change."""
    question = transition.turn.question
    if question and question.kind == "pain":
        question = replace(question, lines=transition.words("pain_offer_easier"))
        transition.turn = replace(transition.turn, question=question)
    return transition.state.asked.lines if transition.state.asked else transition.words("easier")


def leave_out(transition: Transition, stretches: frozenset[str]) -> None:
    """Let exactly these stretches, by id, be left out because the user wishes so; the current stretch stays."""
    transition.progress = replace(transition.progress, skipped=stretches)
    _update_left_out(transition)


def names_left_out(before: State, after: State) -> list[str]:
    """Return the names of the stretches that were still to come before, and are left out of the routine after."""
    if before.progress.routine is None or after.progress.routine is None:
        return []
    ids = {stretch.id for stretch in after.progress.stretches}
    to_come = before.progress.stretches[before.progress.stretch_index :]
    return [stretch.name for stretch in to_come if stretch.id not in ids]


def _update_left_out(transition: Transition) -> None:
    """Leave out of the routine that is on all that is to be left out, and nothing else; the current stretch stays."""
    progress = transition.progress
    here = progress.stretch.id
    whole = _without_skipped(transition)
    found = fitted(whole, here, transition.user.known_conditions, keep=here)
    if found and found[0].stretches != progress.stretches:
        transition.progress = replace(progress, routine=found[0], stretch_index=found[1])


def _leave_current(transition: Transition) -> tuple[str, ...]:
    """Leave the current stretch, which is to be left out, for the next one; return what is said about it."""
    progress = transition.progress
    found = fitted(_without_skipped(transition), progress.stretch.id, transition.user.known_conditions)
    if found is None:
        leave_routine(transition)
        return transition.words("nothing_left")
    routine, index = found
    if transition.turn.question_kind == "conditions":  # the routine has not begun
        transition.progress = replace(progress, routine=routine)
        start_stretch(transition, index)
        return ()
    asked = transition.state.asked
    transition.turn = replace(transition.turn, question=None)
    if routine.stretches[index] not in progress.later_stretches:
        transition.drop_pending()
        finish_routine(transition)
        return transition.words("left_out", stretch=progress.stretch.name)
    enter_stretch(transition, index, routine)
    if not asked:
        return ()
    transition.pause()  # something hurts: nothing goes on by itself
    return transition.words("take_your_time")


def _without_skipped(transition: Transition) -> Routine:
    """Return the routine that is on with all its stretches but those that the user left out; the current one stays."""
    progress = transition.progress
    assert progress.routine
    return transition.content.whole(progress.routine).without(progress.skipped, keep=progress.stretch.id)


def _not_begun(state: State) -> bool:
    """Return whether nothing of the current stretch has been said yet."""
    return state.progress.step_index == 0 and not state.progress.line_said


def take_easier_variant(transition: Transition) -> None:
    """Change to the easier version of the current stretch: explained from its beginning, for the sides to come."""
    state, options = transition.state, transition.progress.options
    options = replace(options, easier=True, steps_done=0, sides_done=_sides_done(state), came_from=state.position)
    transition.progress = replace(transition.progress, options=options)
    enter_step(transition, next(i for i, step in enumerate(transition.state.course) if step.part != "name"))


def _sides_done(state: State) -> int:
    """Return how many sides need not be done again; the last side is always done again."""
    hold = state.progress.stretch.hold
    sides_to_come = -(-state.holds_left // hold.repeat)
    return max(len(hold.sides), 1) - max(sides_to_come, 1)
