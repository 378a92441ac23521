"""A machine that stands still for a moment: the sound server's loopback is late by as long for ever after."""

import threading
import time

LONGEST_S = 0.5
"""A thread that wants to wake up every few hundredths of a second and does not for so long: the machine stood still."""


class Standstill:
    """Watches the machine while it is entered."""

    def __init__(self) -> None:
        self.seen = False
        """Whether the machine stood still."""

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
