"""Sound servers that answer nonsense, nothing, or are missing: queries return, and the watch knows nothing."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from skill.audio import sound_server
from skill.audio.source_watch import SourceWatch

Behaviour = Callable[[socket.socket], None]


def nonsense(client: socket.socket) -> None:
    client.sendall(bytes(range(256)) * 64)


def silent(client: socket.socket) -> None:
    while client.recv(4096):
        pass


def hangs_up(client: socket.socket) -> None:
    client.close()


@contextlib.contextmanager
def server(path: Path, behaviour: Behaviour) -> Iterator[list[int]]:
    """A server that behaves like this towards every client; yields a list that has an item for each of them."""
    clients: list[int] = []

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                client = listener.accept()[0]
                clients.append(1)
                threading.Thread(target=answer, args=(client,), daemon=True).start()

    def answer(client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            behaviour(client)

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        threading.Thread(target=serve, daemon=True).start()
        yield clients
        listener.shutdown(socket.SHUT_RDWR)


@pytest.fixture(autouse=True)
def _only_this_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/socket")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("PIPEWIRE_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(sound_server, "ANSWER_S", 0.3)


@pytest.mark.parametrize("behaviour", [nonsense, silent, hangs_up])
def test_a_bad_server_is_as_good_as_none(tmp_path: Path, behaviour: Behaviour) -> None:
    with server(tmp_path / "socket", behaviour) as clients:
        assert sound_server.inventory() is None
        assert sound_server.missing_plugin() is None
        with SourceWatch() as watch:
            deadline = time.monotonic() + 10
            while len(clients) < 3 and time.monotonic() < deadline:
                time.sleep(0.02)
            assert (watch.source, watch.certain, watch.expected) == (None, True, False)
    assert len(clients) >= 3


def test_no_server() -> None:
    assert (sound_server.inventory(), sound_server.missing_plugin()) == (None, None)


def test_pipewire_is_seen_though_it_speaks_no_pulseaudio(tmp_path: Path) -> None:
    with server(tmp_path / "pipewire-0", silent):
        assert sound_server.missing_plugin() == "pipewire-alsa"
