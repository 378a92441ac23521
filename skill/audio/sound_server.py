"""The sound server (PulseAudio or PipeWire), queried through PulseAudio's protocol. No query can block its caller."""

import contextlib
import logging
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

ANSWER_S = 3.0
"""Timeout of a query, seconds (wall clock)."""

DUMMY = "auto_null"
"""Name of the loudspeaker that a server makes up while there is none ("Dummy Output")."""

_T = TypeVar("_T")

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Endpoint:
    """Something that the server records from (a source) or plays to (a sink)."""

    name: str
    """Unique among sources or sinks."""

    description: str
    """Its name for users, as in the desktop's sound settings."""

    monitor_of: str | None = None
    """Name of the sink whose signal this is; such a source is no microphone."""


@dataclass(frozen=True)
class Inventory:
    """What a server has."""

    pipewire: bool
    """Whether it is PipeWire."""

    sources: tuple[Endpoint, ...]
    sinks: tuple[Endpoint, ...]
    default_source: str
    default_sink: str

    @property
    def microphones(self) -> tuple[Endpoint, ...]:
        """The sources that are no monitors."""
        return tuple(source for source in self.sources if source.monitor_of is None)

    @property
    def speakers(self) -> tuple[Endpoint, ...]:
        """The sinks, without the server's own makeshift."""
        return tuple(sink for sink in self.sinks if sink.name != DUMMY)


def library() -> Any:
    """Return the pulsectl module, or None: without libpulse this system has another sound server, or none."""
    try:
        import pulsectl
    except (ImportError, OSError):
        return None
    return pulsectl


def inventory() -> Inventory | None:
    """Return the devices of the server; None if there is no server, or none that answers within ANSWER_S."""
    return _within(ANSWER_S, lambda: ask(_inventory))


def ask(question: Callable[[Any], _T]) -> _T | None:
    """Connect, and return what a function of the connection returns; None if there is no server, or if it fails.

    It may block as long as the server does: the caller is a thread of its own.
    """
    pulsectl = library()
    if pulsectl is None:
        return None
    try:
        with pulsectl.Pulse("back-stretches") as server:  # its own timeout would always be waited for
            return question(server)
    except Exception as error:  # whatever a server answers, or forbids, must not end the session
        _log.debug("the sound server gives no answer: %r", error)
        return None


def own_streams(server: Any, streams: list[Any]) -> list[Any]:
    """Return those of the streams that this process has.

    PulseAudio notes the process on the stream. PipeWire's ALSA plugin notes it only on the stream's client.
    """
    own = str(os.getpid())
    clients = {client.index for client in server.client_list() if _process(client) == own}
    return [stream for stream in streams if _process(stream) == own or stream.client in clients]


def missing_plugin() -> str | None:
    """Return the package that lets ALSA's programs reach the running sound server; None if no server runs."""
    found = inventory()
    if _accepts(_runtime_folder() / "pipewire-0") or (found and found.pipewire):
        return "pipewire-alsa"
    return "libasound2-plugins" if found else None


def _process(thing: Any) -> str | None:
    return thing.proplist.get("application.process.id")


def _inventory(server: Any) -> Inventory:
    info = server.server_info()
    return Inventory(
        "pipewire" in info.server_name.lower(),
        tuple(Endpoint(s.name, s.description or s.name, s.monitor_of_sink_name) for s in server.source_list()),
        tuple(Endpoint(s.name, s.description or s.name) for s in server.sink_list()),
        info.default_source_name or "",
        info.default_sink_name or "",
    )


def _within(seconds: float, call: Callable[[], _T | None]) -> _T | None:
    """Return what a call returns; None if it takes longer."""
    found: list[_T | None] = [None]

    def run() -> None:
        found[0] = call()

    thread = threading.Thread(target=run, name="sound server", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        _log.info("the sound server did not answer within %.0f s", seconds)
    return found[0]


def _runtime_folder() -> Path:
    folder = os.environ.get("PIPEWIRE_RUNTIME_DIR") or os.environ.get("XDG_RUNTIME_DIR")
    return Path(folder or f"/run/user/{os.getuid()}")


def _accepts(path: Path) -> bool:
    """Return whether a server listens at a socket."""
    with contextlib.suppress(OSError, AttributeError), socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1.0)
        client.connect(str(path))
        return True
    return False
