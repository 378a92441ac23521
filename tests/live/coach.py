"""The program as users start it: a separate process, observed through its output."""

import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from skill import speech_model
from tests.speech import coach_cache

TIMEOUT_S = 90
"""Timeout for the next line on a busy machine, seconds (wall clock)."""


def home(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment with home and memory in a folder, and the speech model and cache that all tests share."""
    places = {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("CONFIG", "DATA", "STATE")}
    places["XDG_CACHE_HOME"] = str(coach_cache())
    model = {"VOSK_MODEL_PATH": str(speech_model.find())}
    return {**environment, **places, **model, "HOME": str(folder), "PYTHONUNBUFFERED": ""}


def memory_file(folder: Path) -> Path:
    """Return where the program keeps its memory in a home."""
    return folder / "data" / "back-stretches" / "memory.sqlite"


def understood(lines: Iterable[str]) -> list[str]:
    """Return the commands among the lines that a program has printed."""
    heard = [line.partition("you    ")[2] for line in lines if "you    " in line]
    return [text for text in heard if "(not understood)" not in text]


class Coach:
    """A running program: what it has printed, and its end."""

    def __init__(self, *options: str, folder: Path, environment: Mapping[str, str]):
        """Start it with a folder as its home."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "skill", *options],
            cwd=folder,
            env=home(folder, environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.lines: list[str] = []
        self.errors: list[str] = []
        self._news = threading.Condition()
        self._seen = 0
        self._readers = [
            threading.Thread(target=self._read, args=(self.process.stdout, self.lines)),
            threading.Thread(target=self._read, args=(self.process.stderr, self.errors)),
        ]
        for reader in self._readers:
            reader.start()

    def _read(self, stream: object, lines: list[str]) -> None:
        for line in stream:  # type: ignore[attr-defined]
            with self._news:
                lines.append(line.rstrip("\n"))
                self._news.notify_all()
        with self._news:
            self._news.notify_all()

    def expect(self, pattern: str) -> str:
        """Wait for a line that matches a pattern, after the last one expected; return it."""
        deadline = time.monotonic() + TIMEOUT_S
        with self._news:
            while True:
                for number in range(self._seen, len(self.lines)):
                    if re.search(pattern, self.lines[number]):
                        self._seen = number + 1
                        return self.lines[number]
                ended = not self._readers[0].is_alive() or self.process.poll() is not None
                assert not ended, f"the program ended before “{pattern}”:\n{self.transcript()}"
                assert time.monotonic() < deadline, f"“{pattern}” did not come:\n{self.transcript()}"
                self._news.wait(0.2)

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self.process.send_signal(signal.SIGINT)

    def finish(self) -> int:
        """Wait for the end; return the exit code."""
        code = self.process.wait(TIMEOUT_S)
        for reader in self._readers:
            reader.join()
        return code

    def close(self) -> None:
        """Kill it if it still runs."""
        self.process.kill()
        self.finish()

    def transcript(self) -> str:
        """Return all it has printed."""
        return "\n".join([*self.lines, "--- standard error:", *self.errors])
