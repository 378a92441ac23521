"""Runs a function in a thread of its own on request."""

import logging
import threading
from collections.abc import Callable

_log = logging.getLogger(__name__)


class Background:
    """Runs a function again and again, one run at a time. Requests that come during a run make one more run."""

    def __init__(self, run: Callable[[], None], name: str):
        """`name` is that of the thread."""
        self._run = run
        self._changed = threading.Condition()
        self._asked = self._done = 0
        self._closed = False
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def ask(self) -> None:
        """Request a run; returns immediately."""
        with self._changed:
            self._asked += 1
            self._changed.notify_all()

    def settle(self, timeout_s: float) -> bool:
        """Wait until all requested runs are over; return False if that takes longer than `timeout_s`."""
        with self._changed:
            asked = self._asked
            return self._changed.wait_for(lambda: self._done >= asked, timeout_s)

    def close(self, timeout_s: float) -> None:
        """End the thread after all requested runs; wait for that at most `timeout_s`."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join(timeout_s)

    def _work(self) -> None:
        while (asked := self._next()) is not None:
            try:
                self._run()
            except Exception:
                _log.exception("the thread “%s” has failed, and goes on", self._thread.name)
            finally:
                with self._changed:
                    self._done = asked
                    self._changed.notify_all()

    def _next(self) -> int | None:
        """Wait for a request; None: it is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._asked > self._done or self._closed)
            return self._asked if self._asked > self._done else None
