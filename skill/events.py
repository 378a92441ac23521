"""The events that the dialogue reacts to. Times are audio time in milliseconds since the session began."""

from dataclasses import dataclass, field

from skill.preferences import USUAL, Preferences

ONLY_LIKE_A_COMMAND = "not meant"
"""Reason of `Rejected` for out-of-scope speech that resembles a command: "hello coach", "don't skip this one"."""


@dataclass(frozen=True)
class SpeechStarted:
    """The user began to speak."""

    at: int


@dataclass(frozen=True)
class Heard:
    """An utterance was understood as an intent."""

    at: int
    """When it was understood."""

    text: str
    """The sentence that was recognised."""

    intent: str
    """Name of the intent, e.g. `go_to`."""

    slots: tuple[tuple[str, str], ...] = ()
    """Slot names and values, sorted by name."""

    confidence: float = 1.0
    """From 0 to 1."""

    words_at: tuple[int, int] | None = field(default=None, compare=False)
    """When its first word began and its last one ended; None if that is unknown."""

    def slot(self, name: str) -> str | None:
        """Return the value of a slot, or None."""
        return dict(self.slots).get(name)


@dataclass(frozen=True)
class Rejected:
    """An utterance was heard that is no command."""

    at: int
    text: str
    """What was recognised."""

    reason: str
    """One word or a few, stable: `no speech`, `unknown words`, `no sentence`, `not now`, ..."""

    addressed: bool = True
    """Whether it was clearly addressed to the coach: only then does the coach say "Sorry?"."""

    near: Heard | None = None
    """A similar command: the coach asks "Did you mean, ...?" before it carries it out."""


@dataclass(frozen=True)
class Saved:
    """The place at which a routine was left, to be resumed later."""

    routine: str
    """Routine id."""

    stretch: str
    """Stretch id."""

    step: int = 0
    """Steps of the stretch, after its introduction, that were done."""

    easier: bool = False
    """Whether those were steps of the easier version."""

    skipped: frozenset[str] = frozenset()
    """Ids of the stretches that the user left out of the routine."""


@dataclass(frozen=True)
class SessionStarted:
    """The session begins, with what is remembered of earlier ones."""

    at: int
    safety_told: bool = False
    """Whether the safety information was said in an earlier session."""

    saved: Saved | None = None
    """Where a routine was left within the last day; None: there is none to resume."""

    preferences: Preferences = USUAL
    """What was chosen in earlier sessions."""

    conditions: frozenset[str] | None = None
    """The user's conditions (ids of routine.CONDITIONS); None: the question was never answered."""

    this_week: int = 0
    """Earlier sessions since Monday."""

    days_since_last: int | None = None
    """Days since the last session, 0: today; None: there was none."""

    unwell: bool = False
    """Whether the user felt unwell within the last day, and has not said since that it is better."""


@dataclass(frozen=True)
class SpeechEnded:
    """A sentence of the coach has ended."""

    at: int
    id: int
    """The id of its `Say` action."""

    interrupted: bool = False
    """Whether it was stopped before its end."""


@dataclass(frozen=True)
class TimerFired:
    """A timer has run out."""

    at: int
    id: int


@dataclass(frozen=True)
class EchoLoopDetected:
    """The coach took its own voice for commands too often; from now on it listens only while it is silent."""

    at: int


@dataclass(frozen=True)
class MicrophoneLost:
    """The microphone is gone: nothing can be heard from now on."""

    at: int


@dataclass(frozen=True)
class MicrophoneBack:
    """The microphone is back: the user can be heard again."""

    at: int


@dataclass(frozen=True)
class Closing:
    """The program is about to end: Ctrl-C, or there is no more input."""

    at: int
    reason: str = "closed"


Event = (
    SpeechStarted
    | Heard
    | Rejected
    | SessionStarted
    | SpeechEnded
    | TimerFired
    | EchoLoopDetected
    | MicrophoneLost
    | MicrophoneBack
    | Closing
)
