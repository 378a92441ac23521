"""The actions of the dialogue: the session carries them out."""

from dataclasses import dataclass

from skill.events import Saved
from skill.preferences import Preferences


@dataclass(frozen=True)
class Say:
    """Say one sentence; the event `SpeechEnded` with the same id follows when it is over."""

    id: int
    text: str


@dataclass(frozen=True)
class StopSpeaking:
    """Stop the sentence that is being said, with a short fade-out."""


@dataclass(frozen=True)
class StartTimer:
    """Send `TimerFired` with this id after `ms` milliseconds of audio time. A new timer replaces the old one."""

    id: int
    ms: int


@dataclass(frozen=True)
class StopTimer:
    """Stop the timer."""


@dataclass(frozen=True)
class Listen:
    """Listen for the sentences of this context from now on."""

    context: str
    """One of content.states.STATES."""


@dataclass(frozen=True)
class Chime:
    """Play a short sound: `begin`, `tick`, `end`, `heard`, `pause` or `resume`."""

    name: str


@dataclass(frozen=True)
class Save:
    """Keep this place for a later session; None: there is nothing to resume."""

    saved: Saved | None


@dataclass(frozen=True)
class RememberSafetyTold:
    """Keep that the safety information has been said: later sessions need only one sentence."""


@dataclass(frozen=True)
class Prefer:
    """Use this pace, volume and amount of words, now and in later sessions."""

    preferences: Preferences


@dataclass(frozen=True)
class KeepConditions:
    """Keep these conditions, and nothing else, about the user's body."""

    conditions: frozenset[str] | None
    """Ids of routine.CONDITIONS; empty: the user said that there are none; None: delete all that was told."""


@dataclass(frozen=True)
class KeepUnwell:
    """Keep whether the user feels unwell, for a session that begins within a day."""

    unwell: bool


@dataclass(frozen=True)
class End:
    """End the session."""

    reason: str
    """`goodbye`, or the reason of the event `Closing`."""


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
