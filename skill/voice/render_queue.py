"""The lines that wait to be rendered, by how soon they are needed."""

from collections.abc import Callable, Iterable
from enum import IntEnum
from itertools import islice
from typing import NamedTuple


class ClipKey(NamedTuple):
    """Key of a clip: a line, and the words a minute at which it is spoken."""

    line: str
    rate: int


class Need(IntEnum):
    """How soon a line is needed, the soonest first."""

    NOW = 0
    """The session waits for it."""

    NEXT = 1
    """The routine goes on with it if nobody interrupts."""

    ANSWER = 2
    """It answers something that the user may say."""

    LATER = 3
    """It is rendered for later sessions, when there is nothing else to do."""


LIMITS = {Need.NOW: 32, Need.NEXT: 64, Need.ANSWER: 128, Need.LATER: 10_000}
"""Lines of each kind that may wait. A session has some 3, 20 and 36; the shipped routines have 370 static prompts."""


class RenderQueue:
    """Lines of each kind, in the order in which they were requested. Not thread-safe."""

    def __init__(self) -> None:
        self._waiting: dict[Need, dict[ClipKey, None]] = {need: {} for need in Need}

    @property
    def is_urgent(self) -> bool:
        """Whether there are lines other than those for later."""
        return any(lines for need, lines in self._waiting.items() if need < Need.LATER)

    def add_now(self, key: ClipKey) -> None:
        """Add a line that the session waits for."""
        self._waiting[Need.NOW][key] = None

    def is_needed_now(self, key: ClipKey) -> bool:
        """Return whether the session waits for a line."""
        return key in self._waiting[Need.NOW]

    def drop_now(self, key: ClipKey) -> None:
        """Remove a line that the session does not wait for any more; it may still be needed later."""
        self._waiting[Need.NOW].pop(key, None)

    def replace(self, need: Need, lines: Iterable[ClipKey]) -> list[ClipKey]:
        """Replace all lines of a kind, those beyond its limit are left out; return those that are cancelled by it."""
        before = self._waiting[need]
        self._waiting[need] = dict.fromkeys(islice(lines, LIMITS[need]))
        return [key for key in before if key not in self]

    def pop(self) -> tuple[ClipKey, Need] | None:
        """Take out the line that is needed soonest; None if nothing waits."""
        for need, lines in self._waiting.items():
            if lines:
                key = next(iter(lines))
                for others in self._waiting.values():
                    others.pop(key, None)
                return key, need
        return None

    def discard(self, unwanted: Callable[[ClipKey], bool]) -> None:
        """Take out the lines for which `unwanted` is true."""
        for need, lines in self._waiting.items():
            self._waiting[need] = {key: None for key in lines if not unwanted(key)}

    def __contains__(self, key: ClipKey) -> bool:
        return any(key in lines for lines in self._waiting.values())

    def __len__(self) -> int:
        return len(set().union(*self._waiting.values()))
