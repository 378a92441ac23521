"""A simulated environment for the dialogue alone: speech takes time, timers fire, nothing makes a sound."""

from dataclasses import dataclass, field

from skill.content.content import Content
from skill.content.language import load_language
from skill.content.responses import Responses
from skill.content.routine_catalog import load_routines, routine_list, stretch_list
from skill.dialogue.actions import Action, Chime, End, Say, StartTimer, StopSpeaking, StopTimer
from skill.dialogue.state import State, initial
from skill.dialogue.step import step
from skill.dialogue.view import View, view
from skill.events import Event, Heard, Rejected, SessionStarted, SpeechEnded, TimerFired

WORD_MS = 400


def load_content() -> Content:
    routines = load_routines()
    lists = {"stretch": stretch_list(routines), "routine": routine_list(routines)}
    return Content(routines, Responses(load_language(lists=lists).responses))


CONTENT = load_content()
INTENT_SLOTS = {
    **dict.fromkeys(("repeat_stretch", "go_to", "how_to", "why"), "stretch"),
    "start_routine": "routine",
    "have_condition": "condition",
    "next": "stretch",
}
OPTIONAL_SLOT = ("start_routine", "next")


KNOWN = {"safety_told": True, "conditions": frozenset()}
"""What the coach knows from earlier sessions of someone who stretches often."""


@dataclass
class World:
    state: State = field(default_factory=lambda: initial(CONTENT))
    now: int = 0
    said: list[str] = field(default_factory=list)
    sounds: list[str] = field(default_factory=list)
    done: list[Action] = field(default_factory=list)
    ended: str | None = None
    speech: tuple[int, int] | None = None  # id, end
    timer: tuple[int, int] | None = None  # id, due

    def begin(self, **what) -> "World":
        self.happen(SessionStarted(self.now, **what))
        return self

    def happen(self, event: Event) -> None:
        self.state, actions = step(self.state, event)
        self.done += actions
        for action in actions:
            match action:
                case Say():
                    self.said.append(action.text)
                    self.speech = (action.id, self.now + WORD_MS * len(action.text.split()))
                case StopSpeaking():
                    self.speech = None
                case StartTimer():
                    self.timer = (action.id, self.now + action.ms)
                case StopTimer():
                    self.timer = None
                case Chime():
                    self.sounds.append(action.name)
                case End():
                    self.ended = action.reason

    def heard(self, intent: str, **slots: str) -> Heard:
        return Heard(self.now, intent.replace("_", " "), intent, tuple(sorted(slots.items())))

    def hear(self, intent: str, **slots: str) -> None:
        self.happen(self.heard(intent, **slots))

    def reject(self, text: str = "blah", addressed: bool = True, near: Heard | None = None) -> None:
        self.happen(Rejected(self.now, text, "no sentence", addressed, near))

    def wait(self, ms: int) -> None:
        """Let time pass, and all events that are due meanwhile."""
        end = self.now + ms
        while self._happens_until(end):
            pass
        self.now = end

    def wait_until(self, condition, limit: int = 3_600_000) -> None:
        """Let time pass in blocks of 20 ms until a condition holds."""
        end = self.now + limit
        while not condition(self):
            assert self.now < end, f"never so: {self.view}"
            self.wait(20)

    def _happens_until(self, end: int) -> bool:
        """Send the next event that is due; False if none is."""
        if self.speech and self.speech[1] <= min(end, self.timer[1] if self.timer else end):
            (speech, self.now), self.speech = self.speech, None
            self.happen(SpeechEnded(self.now, speech))
        elif self.timer and self.timer[1] <= end:
            (timer, self.now), self.timer = self.timer, None
            self.happen(TimerFired(self.now, timer))
        else:
            return False
        return True

    @property
    def view(self) -> View:
        return view(self.state, self.now)

    @property
    def mode(self) -> str:
        return self.state.mode

    def position(self) -> tuple:
        progress = self.state.progress
        place = (progress.routine, progress.stretch_index, progress.step_index)
        return (*place, progress.options.easier, progress.line_said, self.state.clock.marks_done)


def stretching(**what) -> World:
    """A routine that has just been started by someone who knows the safety information and was asked what to check."""
    world = World().begin(**KNOWN | what)
    world.hear("start_routine")
    return world


def holding(seconds: float = 5.0, stretch: str = "knee_to_chest") -> World:
    """A hold that has been going on for some seconds."""
    world = stretching()
    world.hear("go_to", stretch=stretch)
    world.wait_until(lambda w: w.mode == "getting_ready" and not w.speech)
    world.hear("ready")
    world.wait_until(lambda w: w.state.clock.runs and w.mode == "holding")
    world.wait(round(1000 * seconds))
    return world


def finish_speaking(world: World) -> None:
    world.wait_until(lambda w: not w.speech)
