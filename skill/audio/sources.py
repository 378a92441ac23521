"""The source that the sound server records from: the only sign that a microphone was unplugged, which is no error."""

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

PERIOD_S = 0.5
"""Interval between two queries of the sound server, seconds (wall clock)."""

ANSWER_S = 5.0
"""Timeout of a connection to the server, seconds (wall clock)."""


@dataclass(frozen=True)
class Source:
    """Something that the sound server can record from."""

    name: str
    description: str
    """Its name for users."""

    monitor: bool
    """Whether it is the signal of a loudspeaker, not a microphone."""

    muted: bool = False
    own: bool = False
    """Whether that is the loudspeaker of this program: the coach would hear only itself."""


def _library() -> Any:
    try:
        import pulsectl
    except (ImportError, OSError):  # no libpulse: this system has another sound server, or none
        return None
    return pulsectl


class SourceWatch:
    """Follows the source of this program's recording stream, on PulseAudio or PipeWire.

    When a microphone is unplugged the server moves its stream elsewhere, at worst to the loudspeaker's own monitor.
    When the microphone is back the watch moves the stream back, if the server has not. It runs in a thread of its own,
    because a server that has died may block it; the session only reads `source`.
    """

    def __init__(self) -> None:
        self.source: Source | None = None
        """The current source; None: unknown (no such server, or no stream yet)."""

        self._first: Source | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sources", daemon=True)

    def __enter__(self) -> "SourceWatch":
        if _library():
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()

    def _run(self) -> None:
        while not self._over.wait(PERIOD_S):
            _ask(self._follow)
            self.source = None  # the server is gone

    def _follow(self, server: Any) -> None:
        while not self._over.wait(PERIOD_S):
            self._look(server)

    def _look(self, server: Any) -> None:
        stream = _own_stream(server)
        if stream is None:
            self.source = None
            return
        sources = {source.index: source for source in server.source_list()}
        if stream.source not in sources:  # it is being moved at this moment
            return
        self.source = now = _as_value(sources[stream.source], stream, list(_own(server.sink_input_list())))
        self._first = self._first or now
        first = next((s for s in sources.values() if s.name == self._first.name), None)
        if first and now.monitor and now.name != first.name:
            server.source_output_move(stream.index, first.index)


def current() -> Source | None:
    """Query the source of this program's recording stream once; None if it is unknown."""
    found: list[Source] = []

    def query(server: Any) -> None:
        stream, played = _own_stream(server), list(_own(server.sink_input_list()))
        found.extend(_as_value(s, stream, played) for s in server.source_list() if stream and s.index == stream.source)

    _ask(query)
    return found[0] if found else None


def _ask(question: Callable[[Any], None]) -> None:
    """Query the sound server; do nothing if there is none, or if it ends meanwhile."""
    pulsectl = _library()
    if pulsectl is None:
        return
    with (
        contextlib.suppress(pulsectl.PulseError, pulsectl.PulseDisconnected),
        pulsectl.Pulse("back-stretches", connect=False) as server,
    ):
        server.connect(timeout=ANSWER_S)
        question(server)


def _own_stream(server: Any) -> Any:
    return next(_own(server.source_output_list()), None)


def _own(streams: list[Any]) -> Iterator[Any]:
    own = str(os.getpid())
    return (stream for stream in streams if stream.proplist.get("application.process.id") == own)


def _as_value(source: Any, stream: Any, played: list[Any]) -> Source:
    """Return a source as a value; `played` is what this program plays."""
    monitor = source.monitor_of_sink_name is not None
    own = monitor and any(source.monitor_of_sink == playing.sink for playing in played)
    return Source(source.name, source.description or source.name, monitor, bool(source.mute or stream.mute), own)
