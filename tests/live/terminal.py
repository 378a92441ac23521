"""The program at a terminal: what it draws there, and keys pressed."""

import contextlib
import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.live.coach import TIMEOUT_S, home

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r")

CTRL_C, CTRL_D, CTRL_Z = "\x03", "\x04", "\x1a"


class Terminal:
    """A running program whose standard streams are one terminal."""

    def __init__(self, *options: str, folder: Path, environment: Mapping[str, str]):
        """Start it with a folder as its home."""
        self._keys, screen = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "skill", *options],
            cwd=folder,
            env={**home(folder, environment), "TERM": "xterm", "COLUMNS": "100", "LINES": "40"},
            stdin=screen,
            stdout=screen,
            stderr=screen,
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(screen)
        self._drawn = b""

    def expect(self, pattern: str) -> str:
        """Wait until a pattern is drawn after the last one expected; return the match."""
        deadline = time.monotonic() + TIMEOUT_S
        while not (found := re.search(pattern, self.text)):
            assert self._read(), f"the program ended before “{pattern}”:\n{self.text}"
            assert time.monotonic() < deadline, f"“{pattern}” did not come:\n{self.text}"
        self._drawn = self.text[found.end() :].encode()
        return found[0]

    @property
    def text(self) -> str:
        """What was drawn since the last pattern, without colours and movements."""
        return _CONTROL.sub("", self._drawn.decode(errors="replace"))

    def press(self, keys: str) -> None:
        """Press keys."""
        os.write(self._keys, keys.encode())

    def finish(self) -> int:
        """Wait for the end; return the exit code."""
        while self._read():
            pass
        return self.process.wait(TIMEOUT_S)

    def close(self) -> None:
        """Kill it if it still runs."""
        self.process.kill()
        self.process.wait()
        os.close(self._keys)

    def _read(self) -> bool:
        """Read what is there; False if the terminal is closed."""
        if select.select([self._keys], [], [], 1.0)[0]:
            with contextlib.suppress(OSError):  # nobody has it open any more
                more = os.read(self._keys, 65536)
                self._drawn += more
                return bool(more)
            return False
        return self.process.poll() is None


def _take_terminal() -> None:
    """Make standard input the terminal of the new session, so that Ctrl-C reaches the program."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
