"""Detects that the machine stalls: after that the sound server's loopback stays late by the length of the stall."""

import threading
import time

LONGEST_S = 0.5
"""The machine stalled if a thread that wakes up every few hundredths of a second is late by this, seconds."""


class Standstill:
    """Watches the machine while it is entered."""

    def __init__(self) -> None:
        self.seen = False
        """Whether the machine stalled."""

        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Standstill":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        before = time.monotonic()
        while not self._over.wait(0.05):
            now = time.monotonic()
            self.seen |= now - before > LONGEST_S
            before = now
