"""A listener in a thread of its own, so that the session's thread never waits for the decoder."""

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable

from skill.audio.blocks import Block
from skill.events import Heard, Rejected, SpeechStarted
from skill.turn_taking.listener_protocol import ListenerProtocol

Decision = SpeechStarted | Heard | Rejected

WAIT_S = 0.005
"""Timeout of a block for its own decision, seconds (wall clock): most come in time, and none a whole block late."""

MAX_WAITING = 1500
"""Maximum number of waiting blocks: half a minute. Later ones are dropped and counted."""

CLOSE_S = 5.0
"""Timeout for the thread to end, seconds (wall clock)."""

_log = logging.getLogger(__name__)


class ListenerThread:
    """Passes blocks to a listener in their order; what it decides comes out of this call of `hear` or a later one.

    Decisions and `sentence` always belong together: both are what the listener knew after the same block. An error in
    the thread is raised by the next call. Without the thread (a replay) use the listener itself: it is deterministic.
    """

    def __init__(self, make: Callable[[], ListenerProtocol], wait_s: float = WAIT_S):
        """Begin to make the listener, in the thread; what is heard meanwhile waits."""
        self.dropped = 0
        """Number of blocks dropped because too many were waiting."""

        self.ready = threading.Event()
        """Set when the listener is made and understands speech, or could not be made: `hear` raises the reason."""

        self._make = make
        self._wait_s = wait_s
        self._requests: queue.SimpleQueue[Callable[[ListenerProtocol], Iterable[Decision]] | None] = queue.SimpleQueue()
        self._changed = threading.Condition()
        self._asked = self._done = 0
        self._results: deque[tuple[list[Decision], str]] = deque()
        self._contexts: list[str | None] = []
        """What is to be listened for from the next block on."""

        self._error: Exception | None = None
        self._sentence = ""
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="listener", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many blocks have not been heard yet."""
        return self._asked - self._done

    @property
    def sentence(self) -> str:
        """What is being said, if it is a whole sentence so far, as of the last decisions; else an empty string."""
        return self._sentence

    def listen(self, context: str | None) -> None:
        """From the next block on the sentences of this context are active."""
        self._contexts.append(context)

    def hear(self, block: Block, now: int, near_end_active: bool | None = None) -> list[Decision]:
        """Take a block that ends at audio time `now` (ms), and return what has been decided since the last call."""
        behind = self.waiting
        if behind >= MAX_WAITING:
            if not self.dropped:
                _log.warning("the listener is %d blocks behind: what is said is lost", behind)
            self.dropped += 1
        else:
            self._ask(lambda listener: listener.hear(block, now, near_end_active))
        return self._take(0.0 if behind else self._wait_s)

    def finish(self, now: int) -> list[Decision]:
        """Decide what is pending, and wait for it: no more sound will come."""
        self._ask(lambda listener: listener.finish(now))
        return self._take(None)

    def close(self) -> None:
        """End the thread; what still waits is not heard."""
        self._closed = True
        self._requests.put(None)
        self._thread.join(CLOSE_S)

    def _ask(self, request: Callable[[ListenerProtocol], Iterable[Decision]]) -> None:
        contexts, self._contexts = self._contexts, []

        def run(listener: ListenerProtocol) -> Iterable[Decision]:
            for context in contexts:
                listener.listen(context)
            return request(listener)

        self._asked += 1
        self._requests.put(run)

    def _take(self, wait_s: float | None) -> list[Decision]:
        """Wait until all requests are done, at most `wait_s` (None: for ever); return the decisions."""
        with self._changed:
            self._changed.wait_for(lambda: self._done == self._asked or self._error or self._closed, wait_s)
            results, error = list(self._results), self._error
            self._results.clear()
        if error:
            raise error
        if results:
            self._sentence = results[-1][1]
        return [decision for decisions, _ in results for decision in decisions]

    def _work(self) -> None:
        try:
            listener = self._make()
            self.ready.set()
            while (request := self._requests.get()) is not None and not self._closed:
                decided = list(request(listener))
                with self._changed:
                    self._results.append((decided, listener.sentence))
                    self._done += 1
                    self._changed.notify_all()
        except Exception as error:
            with self._changed:
                self._error = error
                self._changed.notify_all()
            self.ready.set()
