"""Ending from outside: Ctrl-C, or a request to terminate."""

import signal
from types import FrameType


class Ending:
    """Remembers that the end was asked for, until the conversation looks; it does so with every block.

    Nothing is raised on the spot: Python may be anywhere at that moment, and an exception between taking a lock and
    using it leaves the lock taken for ever; one that is raised while something is cleaned up is dropped. Only who asks
    again, because the conversation does not look, gets it at once.
    """

    def __init__(self) -> None:
        self._asked = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._end)

    def _end(self, number: int, frame: FrameType | None) -> None:
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True

    def check(self) -> None:
        """Raise KeyboardInterrupt if the end was asked for."""
        if self._asked:
            raise KeyboardInterrupt
