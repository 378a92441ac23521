"""A window of a terminal: a program runs in it, and what a person would see in it can be read."""

import contextlib
import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyte

REPOSITORY = Path(__file__).parents[2]

TIMEOUT_S = 60
"""Timeout for something to appear on a busy machine, seconds (wall clock)."""


class Window:
    """A window of some rows and columns, and the program in it."""

    def __init__(
        self,
        command: Sequence[str],
        rows: int = 24,
        columns: int = 80,
        pass_fds: Sequence[int] = (),
        environment: Mapping[str, str] = os.environ,
    ):
        """Start a program in a new window; `pass_fds` stay open for it."""
        self.terminal, theirs = pty.openpty()
        self._emulator = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._emulator)
        self.resize(rows, columns)
        kept = {name: value for name, value in environment.items() if name not in ("COLUMNS", "LINES")}
        self.process = subprocess.Popen(
            command,
            env={**kept, "TERM": "xterm", "PS1": "$ ", "PYTHONPATH": str(REPOSITORY)},
            preexec_fn=lambda: os.login_tty(theirs),
            pass_fds=[theirs, *pass_fds],
        )
        os.close(theirs)

    def __enter__(self) -> "Window":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.terminal)

    def resize(self, rows: int, columns: int) -> None:
        """Give the window another size; the program gets the signal for that."""
        self._emulator.resize(rows, columns)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self.terminal, keys.encode())

    @property
    def rows(self) -> list[str]:
        """What is in the window now."""
        return [row.rstrip() for row in self._emulator.display]

    @property
    def cursor_hidden(self) -> bool:
        """Whether there is no cursor."""
        return bool(self._emulator.cursor.hidden)

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is true about the window."""
        assert self.comes_true(condition, TIMEOUT_S), "it did not come true:\n" + "\n".join(self.rows)

    def comes_true(self, condition: Callable[[], bool], within_s: float) -> bool:
        """Return whether something becomes true about the window in time."""
        deadline = time.monotonic() + within_s
        while not condition():
            if time.monotonic() > deadline:
                return False
            if select.select([self.terminal], [], [], 0.05)[0]:
                with contextlib.suppress(OSError):  # nobody has it open any more
                    self._stream.feed(os.read(self.terminal, 65536))
        return True

    def expect(self, text: str) -> None:
        """Wait until a text is in the window."""
        self.wait_until(lambda: text in "\n".join(self.rows))
