"""Ending from outside: SIGINT (Ctrl-C) or SIGTERM."""

import signal
from types import FrameType


class Ending:
    """Remembers a request to end until the session checks for it, once a block.

    The signal handler itself raises nothing at first: an exception between acquiring a lock and the `try` after it
    would leave the lock held for ever, and one raised during cleaning up is lost. A second request, made because the
    session does not check any more, raises immediately.
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
