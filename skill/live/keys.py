"""Single keys at the terminal: space pauses, arrows move, q quits."""

import contextlib
import os
import re
import select
import subprocess
import sys
from types import TracebackType
from typing import Any

from skill.system import descriptor

try:
    import termios
    import tty
except ImportError:  # a system without Unix terminals: there are no keys
    termios = None  # type: ignore[assignment]

HINT = "Keys: space pauses and goes on, the arrows → and ← move, q quits."

_NAMES = {b" ": "space", b"q": "quit", b"Q": "quit"}
_NAMES |= {b"\x1b[C": "right", b"\x1bOC": "right", b"\x1b[D": "left", b"\x1bOD": "left"}

_KEY = re.compile(rb"\x1b[\[O][0-9;]*[A-Za-z~]|[^\x1b]|\x1b(?=[^\[O])")
_UNFINISHED = re.compile(rb"\x1b([\[O][0-9;]*)?\Z")

_GUARD = "trap '' TTOU INT; cat; stty {modes} <&{terminal}"
"""Waits until its input ends, which is when this program ends, and restores the terminal."""


def intent_of(key: str, paused: bool) -> str | None:
    """Return the intent of the spoken command that a key stands for; None if there is none."""
    return {"space": "resume" if paused else "pause", "right": "next", "left": "previous"}.get(key)


class Keys:
    """Reads keys without waiting for them. If the input is no terminal there are none.

    The terminal's modes are restored when the program ends; if it is killed, by a small separate process.
    """

    def __init__(self, terminal: int | None = None):
        """Take keys from a terminal (a file descriptor); None: standard input."""
        self._terminal = descriptor(sys.stdin) if terminal is None else terminal
        self._modes: list[Any] | None = None
        self._guard: subprocess.Popen[bytes] | None = None
        self._rest = b""

    @property
    def active(self) -> bool:
        """Whether keys are read."""
        return self._modes is not None

    def __enter__(self) -> "Keys":
        if termios is None or self._terminal is None or not os.isatty(self._terminal):
            return self
        with contextlib.suppress(termios.error):
            self._modes = termios.tcgetattr(self._terminal)
            self._guard = _guard(self._terminal)
            tty.setcbreak(self._terminal)
        return self

    def __exit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        if self._modes is not None and self._terminal is not None:
            with contextlib.suppress(termios.error):  # the terminal is gone
                termios.tcsetattr(self._terminal, termios.TCSADRAIN, self._modes)
            self._modes = None
        if self._guard:
            self._guard.kill()
            self._guard.communicate()
            self._guard = None

    def pressed(self) -> list[str]:
        """Return the names of the keys pressed since the last call: space, right, left, quit; others are left out."""
        found = []
        for key in _KEY.findall(self._read()):
            name = _NAMES.get(key)
            if name:
                found.append(name)
        return found

    def _read(self) -> bytes:
        """Return complete key sequences; an incomplete one waits for its end."""
        if self._modes is None or self._terminal is None:
            return b""
        try:
            ready = select.select([self._terminal], [], [], 0)[0]
            new = os.read(self._terminal, 1024) if ready else b""
        except OSError:  # the terminal is gone
            new = b""
        data = self._rest + new
        unfinished = _UNFINISHED.search(data)
        self._rest = unfinished.group() if unfinished and new else b""
        return data[: len(data) - len(self._rest)]


def _guard(terminal: int) -> "subprocess.Popen[bytes] | None":
    """Start the process that restores the terminal if this one is killed."""
    own = os.dup(terminal)  # it may be 0, which is to be the guard's input
    try:
        modes = subprocess.run(["stty", "-g"], stdin=own, capture_output=True, check=True).stdout.decode().strip()
        command = ["sh", "-c", _GUARD.format(modes=modes, terminal=own)]
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, pass_fds=(own,))
    except (OSError, subprocess.CalledProcessError):
        return None
    finally:
        os.close(own)
