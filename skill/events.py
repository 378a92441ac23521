"""What can happen. Times are audio time in milliseconds since the session began."""

from dataclasses import dataclass, field

from skill.preferences import USUAL, Preferences

ONLY_LIKE_A_COMMAND = "not meant"
"""Why something is rejected that sounds like a command and is none: "hello coach", "don't skip this one"."""


@dataclass(frozen=True)
class SpeechStarted:
    """Someone began to speak."""

    at: int


@dataclass(frozen=True)
class Heard:
    """An utterance was understood as an intent."""

    at: int
    """When the decision fell."""

    text: str
    """The sentence it was taken for."""

    intent: str
    slots: tuple[tuple[str, str], ...] = ()
    """Slot names and values, sorted by name."""

    confidence: float = 1.0
    """From 0 to 1."""

    words_at: tuple[int, int] | None = field(default=None, compare=False)
    """When its first word began and its last one ended; None where that is not known."""

    def slot(self, name: str) -> str | None:
        """Return the value of a slot, or None."""
        return dict(self.slots).get(name)


@dataclass(frozen=True)
class Rejected:
    """An utterance was heard that is no sentence for us."""

    at: int
    text: str
    reason: str
    """One word or a few, stable: `no speech`, `unknown words`, `no sentence`, `not now`, ..."""

    addressed: bool = True
    """Whether it was clearly said to the coach: only then is "Sorry?" an answer."""

    near: Heard | None = None
    """The sentence that it almost was: asked for ("Did you mean, ...?") before it counts."""


@dataclass(frozen=True)
class Saved:
    """Where an earlier routine was left."""

    routine: str
    """Routine id."""

    stretch: str
    """Stretch id."""

    step: int = 0
    """Steps of the stretch, after its introduction, that were over."""

    easier: bool = False
    """Whether they are those of the easier version."""

    skipped: frozenset[str] = frozenset()
    """Ids of the stretches that the user left out of it."""


@dataclass(frozen=True)
class SessionStarted:
    """The session begins; brings what the dialogue may know of earlier ones."""

    at: int
    safety_told: bool = False
    """Whether the safety information has been said in an earlier session."""

    saved: Saved | None = None
    """A routine that was broken off within the last day."""

    preferences: Preferences = USUAL
    """What was chosen in earlier sessions."""

    conditions: frozenset[str] | None = None
    """What the user told about their body (ids of routine.CONDITIONS); None: has never been answered."""

    this_week: int = 0
    """Earlier sessions since Monday."""

    days_since_last: int | None = None
    """Days since the last session, 0: today; None: there was none."""

    unwell: bool = False
    """The user felt unwell within the last day, and has not said since that it is better."""


@dataclass(frozen=True)
class SpeechEnded:
    """A line of the coach has come to its end."""

    at: int
    id: int
    interrupted: bool = False


@dataclass(frozen=True)
class TimerFired:
    """A timer ran out."""

    at: int
    id: int


@dataclass(frozen=True)
class EchoLoopDetected:
    """The coach has taken its own voice for a command too often, and now listens only while it is silent."""

    at: int


@dataclass(frozen=True)
class MicrophoneLost:
    """From now on nothing that is said can be heard."""

    at: int


@dataclass(frozen=True)
class MicrophoneBack:
    """What is said can be heard again."""

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
