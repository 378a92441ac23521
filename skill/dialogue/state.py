"""The state of the dialogue: one frozen value made of a few parts."""

from dataclasses import dataclass, field
from functools import lru_cache

from skill.content.content import Content
from skill.content.routine import EASIER, Routine, Stretch
from skill.dialogue.clock import StepClock
from skill.dialogue.coach_question import Kind, Question
from skill.dialogue.course import Step, StepOptions, steps
from skill.dialogue.history import History
from skill.dialogue.progress import Progress
from skill.dialogue.speech import Speech
from skill.dialogue.turn import Turn
from skill.dialogue.user import User
from skill.dialogue.user_input import UserInput


@dataclass(frozen=True)
class State:
    """The whole state of the dialogue. Times are audio time in milliseconds."""

    content: Content
    """The routines and responses; the same during the whole session."""

    progress: Progress = field(default_factory=Progress)
    """Where the user is in a routine."""

    clock: StepClock = field(default_factory=StepClock)
    """The clock of the current step."""

    speech: Speech = field(default_factory=Speech)
    """What the coach says, and what it still has to say."""

    turn: Turn = field(default_factory=Turn)
    """What the coach waits for."""

    input: UserInput = field(default_factory=UserInput)
    """Whether the user can be heard, and is understood."""

    user: User = field(default_factory=User)
    """What the coach knows about the user."""

    history: History = field(default_factory=History)
    """What was stretched before."""

    leaving: bool = False
    """The session ends as soon as the queue of speech is empty."""

    ended: bool = False
    """The session is over: no event changes anything."""

    timer: int | None = None
    """Id of the timer that is running."""

    next_id: int = 1
    """Id of the next utterance or timer."""

    @property
    def mode(self) -> str:
        """The state's name, one of content.states.STATES."""
        if self.ended:
            return "idle"
        if self.turn.paused:
            return "paused"
        if self.turn.question:
            return "asking"
        return self.current_step.kind if self.progress.routine else "idle"

    @property
    def asked(self) -> Question | None:
        """The question that can be answered now; None during a pause, after which it is asked again."""
        return None if self.turn.paused else self.turn.question

    @property
    def asked_kind(self) -> Kind | None:
        """The kind of the question that can be answered now; None if there is none."""
        return None if self.turn.paused else self.turn.question_kind

    @property
    def help_key(self) -> str:
        """Key of the response that tells what can be said now."""
        if self.asked is None:
            return f"help_{self.mode}"
        kind = "pain_easier" if self.asked.kind == "pain" and self.progress.options.easier else self.asked.kind
        return f"help_asking_{kind}"

    @property
    def waiting(self) -> bool:
        """Whether nothing happens until the user speaks; False for a question that is given up after a timeout."""
        if self.speech.current or self.speech.queue:
            return False
        if self.asked:
            return self.asked.no_input.then != "go on"
        return self.mode in ("idle", "paused")

    # While a routine is on

    @property
    def course(self) -> tuple[Step, ...]:
        """The steps of the current stretch. Only while a routine is on."""
        progress = self.progress
        assert progress.routine
        speed = self.user.preferences.speed
        return course_of(self.content, progress.routine, progress.stretch_index, progress.options, speed)

    @property
    def current_step(self) -> Step:
        """The current step of the course. Only while a routine is on."""
        return self.course[self.progress.step_index]

    @property
    def steps_left(self) -> tuple[Step, ...]:
        """The steps of the current stretch from the current one on. Only while a routine is on."""
        return self.course[self.progress.step_index :]

    @property
    def holds_left(self) -> int:
        """How many holds this stretch has from the current step on. Only while a routine is on."""
        return sum(step.kind == "holding" for step in self.steps_left)

    @property
    def position(self) -> str:
        """Position of the body, one of routine.POSITIONS or `start`. Only while a routine is on."""
        options = self.progress.options
        if self.current_step.kind == "introducing":  # not yet in the position of this stretch
            return options.came_from
        return self.progress.stretch.position_when(options.easier)

    @property
    def active_stretch(self) -> str | None:
        """Id of the stretch that is done now: in an alternation that of the last cue; None in `idle`."""
        if not self.progress.routine:
            return None
        passed = self.current_step.marks[: self.clock.marks_done]
        return next((mark.stretch for mark in reversed(passed) if mark.stretch), self.current_step.stretch)

    @property
    def number(self) -> int:
        """Place of the active stretch in the routine, from 1. Only while a routine is on."""
        assert self.progress.routine
        index = self.progress.routine.index(self.active_stretch or "")
        return (self.progress.stretch_index if index is None else index) + 1

    @property
    def skips_step(self) -> bool:
        """Whether the current step is passed over without a word. Only while a routine is on."""
        return not self.progress.line_said and self.leaves_out(self.current_step)

    def leaves_out(self, step: Step) -> bool:
        """Return whether a step is left out: an instruction, for a user who wants names and cues only."""
        return self.user.preferences.brief and step.part == "instruction"

    def remaining_at(self, at: int) -> int | None:
        """Return the milliseconds left of the hold at a moment; None outside a hold."""
        if not self.progress.routine or self.current_step.kind != "holding":
            return None
        return max(0, self.current_step.ms - self.clock.elapsed_at(at))

    @property
    def marks_passed(self) -> int:
        """How many marks of the step have been passed, after its length was changed; never its end mark."""
        elapsed, done = self.clock.elapsed, self.clock.marks_done
        return sum(
            mark.sound != "end" and (mark.at < elapsed or (mark.at == elapsed and number < done))
            for number, mark in enumerate(self.current_step.marks)
        )

    def easier_from_start(self, routine: Routine, stretch: Stretch) -> bool:
        """Return whether a stretch begins in its easier version: because of its routine, a wish, or a condition."""
        user = self.user
        advice = stretch.advice(user.known_conditions)
        return routine.easier or stretch.id in user.wanted_easier or advice == EASIER


@lru_cache(maxsize=64)
def course_of(
    content: Content, routine: Routine, index: int, options: StepOptions, speed: float = 1.0
) -> tuple[Step, ...]:
    """Return the steps of one stretch of a routine, from a cache of the latest results."""
    return steps(routine, index, options, content.responses, speed)


def initial(content: Content) -> State:
    """Return the state before the first event."""
    return State(content)
