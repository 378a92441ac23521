"""Workers for tests: one that is counted and can misbehave, one that does what the test says."""

import os
import select
import sys
from collections.abc import Callable
from pathlib import Path

from skill.audio.blocks import SAMPLE_RATE, Samples
from skill.voice.system_voice import SystemVoice

NO_WORKER = ["/nowhere/to/be/found"]

Open = Callable[..., SystemVoice]


TIMEOUT_S = 60
"""Timeout for a worker's next request, seconds (wall clock)."""


class ScriptedWorker:
    """A worker that reports each request to the test, and answers on the test's command, with 1 s of a hum."""

    def __init__(self, folder: Path):
        program = (
            "import os, sys; import numpy; import soundfile; from skill.voice.worker_server import serve\n"
            "asked, go = [os.open(name, os.O_RDWR) for name in sys.argv[1:]]\n"
            "def render(text, path, **_):\n"
            "    os.write(asked, text.encode() + b'\\n')\n"
            "    if os.read(go, 1) == b'!': raise OSError('told to fail')\n"
            "    soundfile.write(path, numpy.full(16_000, 500, numpy.int16), 16_000)\n"
            "serve(lambda: render)"
        )
        pipes = [folder / "asked", folder / "go"]
        for pipe in pipes:
            os.mkfifo(pipe)
        self._asked, self._go = (os.open(pipe, os.O_RDWR) for pipe in pipes)
        self.command = [sys.executable, "-c", program, *map(str, pipes)]

    def request(self) -> str:
        """Return the line of the next request, as soon as the worker has it."""
        assert select.select([self._asked], [], [], TIMEOUT_S)[0], "the worker was asked for nothing"
        line = b""
        while not line.endswith(b"\n"):
            line += os.read(self._asked, 1)
        return line.decode().strip()

    def answer(self, times: int = 1) -> None:
        """Let the worker answer requests."""
        os.write(self._go, b"." * times)

    def fail(self) -> None:
        """Let the worker answer a request with an error."""
        os.write(self._go, b"!")


class Counted:
    """The real worker, which notes its process ids; at its first request the first one does something bad."""

    def __init__(self, notes: Path, misdeed: str = "pass"):
        program = (
            "import os, pathlib, signal, sys; from skill.voice import pyttsx3_worker as worker\n"
            "notes = pathlib.Path(sys.argv[1]); first = not notes.exists()\n"
            "notes.open('a').write(f'{os.getpid()}\\n'); render = worker.render_complete\n"
            "def bad(*arguments, **request):\n"
            f"    {misdeed}\n"
            "    return render(*arguments, **request)\n"
            "worker.render_complete = bad if first else render\n"
            "worker.main()"
        )
        self.command = [sys.executable, "-c", program, str(notes)]
        self._notes = notes

    @property
    def pids(self) -> list[int]:
        return [int(line) for line in self._notes.read_text().split()] if self._notes.exists() else []


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def seconds(samples: Samples) -> float:
    return len(samples) / SAMPLE_RATE
