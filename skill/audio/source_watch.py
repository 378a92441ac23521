"""The source that the sound server records from: the only sign that a microphone was unplugged, which is no error."""

import contextlib
import logging
import threading
import time
from dataclasses import dataclass
from typing import Any

from skill.audio.sound_server import ask, library, own_streams

PERIOD_S = 0.5
"""Longest interval between two queries of the sound server, seconds (wall clock). Its events cause one at once."""

STALE_S = 1.0
"""Age of the last answer after which it no longer holds, seconds (wall clock)."""

MOVING_S = 0.3
"""Time in which a server moves a stream to another source, seconds (wall clock): meanwhile it has none."""

REOPENED_S = 2.0
"""Longest time in which the server is expected to know a stream that was opened again, seconds (wall clock)."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Source:
    """What this program's stream is recorded from."""

    name: str
    description: str
    """Its name for users."""

    monitor: bool
    """Whether it is no microphone: the signal of a loudspeaker that nobody chose, or nothing at all."""

    muted: bool = False
    own: bool = False
    """Whether it is the loudspeaker of this program: the coach would hear only itself."""


NOTHING = Source("", "", monitor=True)
"""The source of a stream that is connected to none."""


class SourceWatch:
    """Follows the source of this program's recording stream, on PulseAudio or PipeWire.

    When a microphone is unplugged the server moves its stream elsewhere, at worst to the loudspeaker's own monitor.
    When the microphone is back the watch moves the stream back, if the server has not. It also moves the streams to the
    devices that the user chose. It runs in a thread of its own, because a server may be slow, or hang; the session only
    reads `source` and `certain`.
    """

    def __init__(self, source: str | None = None, sink: str | None = None) -> None:
        """Choose a source and a sink by the server's names for them; None: the server's choice."""
        self.source: Source | None = None
        """The current source; None: unknown (no such server, or no stream yet)."""

        self._source = source
        self._sink = sink
        self._first: str | None = None
        self._placed: set[tuple[str, int]] = set()
        self._moved: dict[int, float] = {}
        self._changed = False
        self._without_since: float | None = None
        self._answered: float | None = None
        self._opened = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sources", daemon=True)

    def __enter__(self) -> "SourceWatch":
        if library():
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()

    @property
    def certain(self) -> bool:
        """Whether `source` still holds; False if the server knew it, but has not answered for STALE_S."""
        return self._answered is None or time.monotonic() - self._answered < STALE_S

    @property
    def expected(self) -> bool:
        """Whether the server, which knew the source, will soon know the one of the stream that was opened again."""
        opening = time.monotonic() - self._opened < REOPENED_S
        return self._answered is not None and self.source is None and opening

    def reopened(self) -> None:
        """Forget the source: the stream was opened again."""
        self.source = None
        self._opened = time.monotonic()

    def _run(self) -> None:
        while not self._over.is_set():
            ask(self._follow)
            self.source = None  # the server is gone
            self._over.wait(PERIOD_S)

    def _follow(self, server: Any) -> None:
        server.event_mask_set("source", "source_output", "sink", "sink_input", "server")
        server.event_callback_set(self._stop_listening)
        while not self._over.is_set():
            self._changed = False
            self._look(server)
            if not self._changed:  # an event that came meanwhile would not end the listening
                server.event_listen(timeout=PERIOD_S)

    def _stop_listening(self, _: object) -> None:
        self._changed = True
        raise library().PulseLoopStop

    def _look(self, server: Any) -> None:
        asked = time.monotonic()
        stream = next(iter(own_streams(server, server.source_output_list())), None)
        if stream is None:
            self.source = None
            return
        played = own_streams(server, server.sink_input_list())
        sources = server.source_list()
        at = next((source for source in sources if source.index == stream.source), None)
        if at is not None:
            self._without_since = None
            self.source = self._as_value(at, stream, played)
        elif self._without_since is None:
            self._without_since = asked
        elif asked - self._without_since > MOVING_S:
            self.source = NOTHING
        if self.source and not self.source.monitor:
            self._first = self._first or self.source.name
        self._answered = asked
        self._move_input(server, stream, sources, at)
        self._move_output(server, played)

    def _as_value(self, source: Any, stream: Any, played: list[Any]) -> Source:
        """Return a source as a value; `played` is what this program plays."""
        monitor = source.monitor_of_sink_name is not None
        own = monitor and any(source.monitor_of_sink == playing.sink for playing in played)
        chosen = source.name == self._source and not own
        muted = bool(source.mute or stream.mute)
        return Source(source.name, source.description or source.name, monitor and not chosen, muted, own)

    def _move_input(self, server: Any, stream: Any, sources: list[Any], at: Any) -> None:
        """Move the stream to the chosen source, once; and away from a monitor, to a microphone, whenever there is one.

        Once, because the user may move it elsewhere in the desktop's settings.
        """
        lost = self.source is not None and self.source.monitor
        goal = _named(sources, self._source)
        if goal is None and lost:
            goal = _named(sources, self._first) or next((s for s in sources if s.monitor_of_sink_name is None), None)
        elif ("source", stream.index) in self._placed and not lost:
            return
        if goal is None:
            return
        if at is not None and at.index == goal.index:
            self._placed.add(("source", stream.index))
        else:
            self._move(server.source_output_move, stream, goal)

    def _move_output(self, server: Any, played: list[Any]) -> None:
        """Move what is played to the chosen sink, once."""
        goal = _named(server.sink_list(), self._sink) if self._sink else None
        if goal is None:
            return
        for stream in played:
            if stream.sink == goal.index:
                self._placed.add(("sink", stream.index))
            elif ("sink", stream.index) not in self._placed:
                self._move(server.sink_input_move, stream, goal)

    def _move(self, move: Any, stream: Any, goal: Any) -> None:
        """Move a stream; the server may refuse, and its device may be gone by now."""
        now = time.monotonic()
        if now - self._moved.get(stream.index, 0.0) < PERIOD_S:  # the move itself causes events
            return
        self._moved[stream.index] = now
        with contextlib.suppress(library().PulseError):
            move(stream.index, goal.index)
            _log.info("the stream is moved to %s", goal.name)


def _named(things: list[Any], name: str | None) -> Any:
    return next((thing for thing in things if name and thing.name == name), None)
