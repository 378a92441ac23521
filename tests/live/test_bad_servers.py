"""Sound servers that answer nonsense, or late: the session goes on, and says nothing about it.

They run if the live tests run on PipeWire (see `conftest.py`): elsewhere the sound comes from the same server.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.live.coach import Coach
from tests.live.conftest import experienced
from tests.live.sound_server import SoundServer

SLOW_S = 2.0
"""Delay of each answer of the slow server, seconds (wall clock)."""


class Between:
    """Stands between a program and the sound server: passes on what the program asks, and changes the answers."""

    def __init__(self, server: SoundServer, folder: Path, change: Callable[[bytes], bytes]):
        self._real = server.environment["PULSE_SERVER"].removeprefix("unix:")
        self._change = change
        self.answers = 0
        self.path = folder / "between"
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.path))
        self._listener.listen()
        self._start(self._serve)

    def _start(self, call: Callable[..., None], *arguments: object) -> None:
        threading.Thread(target=call, args=arguments, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                program, server = self._listener.accept()[0], socket.socket(socket.AF_UNIX)
                server.connect(self._real)
                self._start(self._pass, program, server, lambda asked: asked)
                self._start(self._pass, server, program, self._answer)

    def _pass(self, source: socket.socket, sink: socket.socket, change: Callable[[bytes], bytes]) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                sink.sendall(change(data))
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _answer(self, data: bytes) -> bytes:
        self.answers += 1
        return self._change(data)

    def close(self) -> None:
        self._listener.close()


def late(data: bytes) -> bytes:
    time.sleep(SLOW_S)
    return data


def nonsense(data: bytes) -> bytes:
    return bytes(len(data))


@pytest.mark.parametrize("change", [late, nonsense])
def test_the_session_goes_on_beside_a_bad_server(
    server: SoundServer, tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    between = Between(server, tmp_path, change)
    (tmp_path / "client.conf").write_text("enable-shm = no\n")  # what stands between passes on bytes, not memory
    settings = {"PULSE_SERVER": f"unix:{between.path}", "PULSE_CLIENTCONFIG": str(tmp_path / "client.conf")}
    environment = {**server.environment, **settings}
    coach = Coach("--rate", "180", folder=experienced(tmp_path), environment=environment)
    try:
        coach.expect("help")
        time.sleep(2.0)  # what follows is said after the coach, which is not heard over it here
        server.say("start with bridge")
        coach.expect("you    start with bridge")
        coach.expect("coach  Lie down on your back")
        coach.interrupt()
        assert coach.finish() == 0
    finally:
        coach.close()
        between.close()
    assert between.answers, "it was not asked"
    assert coach.errors == []
    assert not any("!  " in line for line in coach.lines), coach.transcript()
