"""Chooses a microphone or a speaker by the name that the desktop's sound settings show."""

from collections.abc import Sequence

from skill.audio.sound_server import Endpoint
from skill.errors import UsageError

_MONITOR = "monitor"


def choose(endpoints: Sequence[Endpoint], name: str) -> Endpoint | None:
    """Return the device of a name, or the only one whose name has this part (in any case); None if there is none.

    A monitor is only found by a name with the word "monitor": whoever says "Headset" does not mean its loudspeaker.
    Raises UsageError if several have the part.
    """
    wanted = name.lower()
    possible = [e for e in endpoints if e.monitor_of is None or _MONITOR in wanted]
    exact = [e for e in possible if wanted in (e.description.lower(), e.name.lower())]
    found = exact or [e for e in possible if wanted in e.description.lower()]
    found = found or [e for e in possible if wanted in e.name.lower()]
    if len(found) > 1:
        names = ", ".join(f"“{_unique(e, found)}”" for e in found)
        raise UsageError(f"“{name}” may be any of {names}; give one of these names.")
    return found[0] if found else None


def _unique(endpoint: Endpoint, others: Sequence[Endpoint]) -> str:
    """Return its name for users, or the server's if others have the same."""
    same = [other for other in others if other.description.lower() == endpoint.description.lower()]
    return endpoint.description if len(same) == 1 else endpoint.name
