"""What the dialogue can ask for. The session carries it out."""

from dataclasses import dataclass

from skill.events import Saved
from skill.preferences import Preferences


@dataclass(frozen=True)
class Say:
    """Speak one line; `SpeechEnded` with the same id follows when it is over."""

    id: int
    text: str


@dataclass(frozen=True)
class StopSpeaking:
    """Fade out what is being said, and forget what is not yet said."""


@dataclass(frozen=True)
class StartTimer:
    """Fire `TimerFired` with this id after so much audio time. There is one timer; a new one replaces it."""

    id: int
    ms: int


@dataclass(frozen=True)
class StopTimer:
    """No timer from now on."""


@dataclass(frozen=True)
class Listen:
    """From now on the sentences of this context are active."""

    context: str


@dataclass(frozen=True)
class Chime:
    """Play a short sound: `begin`, `tick`, `end`, `heard`, `pause` or `resume`."""

    name: str


@dataclass(frozen=True)
class Save:
    """Keep this place for a later session; None: there is nothing to go on with."""

    saved: Saved | None


@dataclass(frozen=True)
class RememberSafetyTold:
    """The safety information has been said: later sessions need only one sentence."""


@dataclass(frozen=True)
class Prefer:
    """From now on, and in later sessions: this pace, volume and amount of words."""

    preferences: Preferences


@dataclass(frozen=True)
class KeepConditions:
    """Keep this, and nothing else, about the user's body."""

    conditions: frozenset[str] | None
    """Ids of routine.CONDITIONS, empty: the user said that there is nothing; None: forget that it was ever answered."""


@dataclass(frozen=True)
class KeepUnwell:
    """The user feels unwell, or says that it is better: for a session that begins within a day."""

    unwell: bool


@dataclass(frozen=True)
class End:
    """The session is over."""

    reason: str
    """`goodbye`, or what `Closing` gave."""


Action = (
    Say
    | StopSpeaking
    | StartTimer
    | StopTimer
    | Listen
    | Chime
    | Save
    | RememberSafetyTold
    | KeepUnwell
    | Prefer
    | KeepConditions
    | End
)
