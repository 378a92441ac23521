"""Ending from outside: Ctrl-C, or a request to terminate."""

import signal
import threading
from types import FrameType


class Ending:
    """Raises KeyboardInterrupt when either comes, and remembers it.

    Python drops an exception that is raised while it cleans up or calls back (it can only report it as ignored), and
    the request would be lost with it; so the conversation also asks here, block by block.
    """

    def __init__(self) -> None:
        self._asked = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._end)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self._asked.set()
        raise KeyboardInterrupt

    def check(self) -> None:
        """Raise KeyboardInterrupt if the end was asked for."""
        if self._asked.is_set():
            raise KeyboardInterrupt
