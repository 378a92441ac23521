"""The state of the conversation: one frozen value that holds all there is to know."""

from dataclasses import dataclass
from functools import lru_cache

from skill.content.content import Content
from skill.content.routine import EASIER, Routine, Stretch
from skill.dialogue.course import Mark, Step, StepOptions, steps
from skill.dialogue.lines import Line, Speech
from skill.dialogue.question import GO_ON, Question
from skill.events import Saved
from skill.preferences import USUAL, Preferences


@dataclass(frozen=True)
class State:
    """The whole conversation. Times are audio time in milliseconds."""

    content: Content
    routine: Routine | None = None
    """The routine that is on; None in `idle`."""

    stretch: int = 0
    """Place in the routine."""

    step: int = 0
    """Place in the course of the stretch."""

    skipped: frozenset[str] = frozenset()
    """Ids of stretches yet to come that the user left out of this routine, this time."""

    came_from: str = "start"
    """Position of the body before this stretch."""

    easier: bool = False
    """Whether this stretch is done in its easier version."""

    wanted_easier: frozenset[str] = frozenset()
    """Ids of the stretches that the user wanted easier in this routine: they stay so, whenever they come again."""

    skip: int = 0
    """Steps of this stretch, after its introduction, that were done before the routine was broken off."""

    remind: bool = False
    """Whether the instructions come again after those steps: it was in another session that they were said."""

    elsewhere: bool = False
    """Whether it was in another session that the instructions were said of the stretch at which a routine was left."""

    sides_done: int = 0
    """Sides of this stretch that were done before its easier version was asked for."""

    extra: int = 0
    """Milliseconds by which the user made the holds of this stretch longer (negative: shorter)."""

    spoken: bool = False
    """Whether the line of the step has been said to its end."""

    elapsed: int = 0
    """How much of the step's time is over, as of the moment when its clock last stopped."""

    since: int | None = None
    """When the step's clock was last started; None while it is frozen."""

    marks_done: int = 0
    """How many of the step's marks have happened."""

    cue: str | None = None
    """A cue inside the hold that was interrupted: said again when the clock goes on."""

    answer: tuple[Line, ...] = ()
    """What is still to be said before the course goes on."""

    last_said: tuple[str, ...] = ()
    """The last thing that the coach said, for "repeat"."""

    speech: Speech | None = None
    timer: int | None = None
    """Id of the timer that is running."""

    question: Question | None = None
    paused: bool = False
    held: tuple[Line, ...] = ()
    """What was still to be said when the pause began: said after it."""

    input_lost: bool = False
    """Nothing that is said can be heard: the microphone is gone."""

    paused_by_input_loss: bool = False
    """The pause began for that reason, and ends when the reason does."""

    leaving: bool = False
    """The session ends as soon as the answer has been said."""

    ended: bool = False
    saved: Saved | None = None
    """Where an earlier routine was left."""

    safety_told: bool = False
    preferences: Preferences = USUAL
    wishes: frozenset[str] = frozenset()
    """What was last wished in this session of pace and of volume: `slower` or `faster`, `louder` or `softer`."""

    conditions: frozenset[str] | None = None
    """What the user told about their body; None: never answered."""

    unwell: bool = False
    """The user felt unwell, now or within the day before, and has not said since that it is better."""

    check_due: bool = False
    """What to check first is still to be asked, before the first stretch."""

    this_week: int = 0
    """Sessions since Monday: routines of which at least one stretch was held to its end."""

    days_since_last: int | None = None
    """Days since the last session; None: there was none."""

    done: int = 0
    """Stretches that were held to their end since the routine began; the first of them makes it a session."""

    more: str | None = None
    """What "more" goes on with: a key of responses, set by "help"."""

    counts: tuple[tuple[str, int], ...] = ()
    """(response key, how often it was said) where there are variants, sorted: they take turns."""

    variety: tuple[tuple[str, int], ...] = ()
    """The counts as this stretch began: the sentences of its course are chosen by them."""

    no_match_count: int = 0
    """Utterances in a row that were not understood."""

    no_match_at: int = 0
    """When the last of them was heard."""

    quiet_stretches: int = 0
    """Stretches in a row without a word from the user."""

    utterances: int = 0
    """Counts what was heard."""

    next_id: int = 1

    @property
    def mode(self) -> str:
        """One of STATES."""
        if self.ended:
            return "idle"
        if self.paused:
            return "paused"
        if self.question:
            return "asking"
        return self.current_step.kind if self.routine else "idle"

    @property
    def asked(self) -> Question | None:
        """The question that is open; None while paused: it is asked again afterwards."""
        return None if self.paused else self.question

    @property
    def help(self) -> str:
        """Key of the response that tells what can be said now."""
        if self.asked is None:
            return f"help_{self.mode}"
        kind = "pain_easier" if self.asked.kind == "pain" and self.easier else self.asked.kind
        return f"help_asking_{kind}"

    @property
    def waiting(self) -> bool:
        """Whether only the user can make something happen; a question that the coach gives up leaves it False."""
        if self.speech or self.answer:
            return False
        if self.asked:
            return self.asked.no_input.then != GO_ON
        return self.mode in ("idle", "paused")

    @property
    def current(self) -> Stretch:
        """The stretch at the place in the routine. Only while a routine is on."""
        assert self.routine
        return self.routine.stretches[self.stretch]

    @property
    def course(self) -> tuple[Step, ...]:
        """The steps of the current stretch. Only while a routine is on."""
        assert self.routine
        pace = self.preferences.speed
        options = StepOptions(
            self.easier, self.came_from, pace, self.extra, self.variety, self.skip, self.remind, self.sides_done
        )
        return course_of(self.content, self.routine, self.stretch, options)

    @property
    def current_step(self) -> Step:
        """The step at the place in the course. Only while a routine is on."""
        return self.course[self.step]

    @property
    def left_unsaid(self) -> bool:
        """Whether the step is passed over without a word. Only while a routine is on."""
        return not self.spoken and self.leaves_out(self.current_step)

    def leaves_out(self, step: Step) -> bool:
        """Tell whether a step is an instruction for someone who wants names and cues only."""
        return self.preferences.brief and step.part == "instruction"

    def holds_from(self, step: int) -> int:
        """Return how many holds this stretch has from a step on. Only while a routine is on."""
        return sum(each.kind == "holding" for each in self.course[step:])

    def elapsed_at(self, at: int) -> int:
        """Return how much of the step's time is over at a moment, in milliseconds."""
        return self.elapsed + (at - self.since if self.since is not None else 0)

    def remaining_at(self, at: int) -> int | None:
        """Return the milliseconds left of the hold at a moment; None outside a hold."""
        if not self.routine or self.current_step.kind != "holding":
            return None
        return max(0, self.current_step.ms - self.elapsed_at(at))

    @property
    def marks_behind(self) -> int:
        """How many marks of the step lie behind, where it has another length than before; its end never does."""
        elapsed, done = self.elapsed, self.marks_done
        return sum(
            mark.sound != "end" and (mark.at < elapsed or (mark.at == elapsed and number < done))
            for number, mark in enumerate(self.current_step.marks)
        )

    def doing(self) -> str | None:
        """Return the id of the stretch that is being done: in an alternation the one of the last cue."""
        if not self.routine:
            return None
        marks: tuple[Mark, ...] = self.current_step.marks[: self.marks_done]
        return next((m.stretch for m in reversed(marks) if m.stretch), self.current_step.stretch)

    @property
    def number(self) -> int:
        """The place, from 1, of the stretch that is being done. Only while a routine is on."""
        assert self.routine
        index = self.routine.index(self.doing() or "")
        return (self.stretch if index is None else index) + 1


@lru_cache(maxsize=64)
def course_of(content: Content, routine: Routine, index: int, options: StepOptions) -> tuple[Step, ...]:
    """Return the steps of one stretch of a routine; what was worked out is kept."""
    return steps(routine, index, options, content.responses)


def easier_for(state: State, routine: Routine, stretch: Stretch) -> bool:
    """Tell whether a stretch is done in its easier version from the start: by its routine, a wish, or the body."""
    return (
        routine.easier or stretch.id in state.wanted_easier or stretch.advice(state.conditions or frozenset()) == EASIER
    )


def initial(content: Content) -> State:
    """Return the state before anything has happened."""
    return State(content)
