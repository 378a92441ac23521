"""A worker that is counted and can misbehave, and what tests of voices share."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from skill.audio.blocks import SAMPLE_RATE, Samples
from skill.voice.synthesis import SystemVoice

NO_WORKER = ["/nowhere/to/be/found"]

Open = Callable[..., SystemVoice]


class Counted:
    """The real worker, which notes its process ids; at its first request the first one does something bad."""

    def __init__(self, notes: Path, misdeed: str = "pass"):
        program = (
            "import os, pathlib, signal, sys; from skill.voice import synthesis_worker as worker\n"
            "notes = pathlib.Path(sys.argv[1]); first = not notes.exists()\n"
            "notes.open('a').write(f'{os.getpid()}\\n'); render = worker._render\n"
            "def bad(*arguments, **request):\n"
            f"    {misdeed}\n"
            "    return render(*arguments, **request)\n"
            "worker._render = bad if first else render\n"
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
