"""Single keys at the terminal: space pauses, arrows move, q quits."""

import contextlib
import os
import re
import select
import subprocess
import sys
from types import TracebackType
from typing import Any

from skill.live.job_control import in_foreground
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

_GUARD = """
trap '' HUP INT QUIT TERM TSTP TTOU
cat
[ "$(stty -g <&{terminal})" != "{ours}" ] || stty {before} <&{terminal}
"""
"""Waits until its input ends, which is when this program ends, and restores the terminal if it is as we left it."""


def intent_of(key: str, paused: bool) -> str | None:
    """Return the intent of the spoken command that a key stands for; None if there is none."""
    return {"space": "resume" if paused else "pause", "right": "next", "left": "previous"}.get(key)


class Keys:
    """Reads keys without waiting for them. If the input is no terminal there are none.

    While the program is stopped or in the background (Ctrl-Z, `bg`) the terminal is the shell's: its modes are set
    again as soon as the program is in the foreground. They are restored when the program ends; if it is killed, by a
    small separate process.
    """

    def __init__(self, terminal: int | None = None):
        """Take keys from a terminal (a file descriptor); None: standard input."""
        self._terminal = descriptor(sys.stdin) if terminal is None else terminal
        self._before: list[Any] | None = None
        """The terminal's modes without us."""

        self._ours: list[Any] | None = None
        """The modes that we have set last."""

        self._guard: subprocess.Popen[bytes] | None = None
        self._rest = b""

    @property
    def active(self) -> bool:
        """Whether keys are read, at least in the foreground."""
        return self._before is not None

    def __enter__(self) -> "Keys":
        if termios is not None and self._terminal is not None and os.isatty(self._terminal):
            with contextlib.suppress(termios.error):
                self._before = termios.tcgetattr(self._terminal)
                self._take(self._terminal)
        return self

    def __exit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        self.release()
        self._before = None
        if self._guard:
            self._guard.kill()
            self._guard.communicate()
            self._guard = None

    def release(self) -> None:
        """Restore the terminal's modes; the next call of `pressed` sets them again, if there is one."""
        if self._terminal is not None and self._before is not None and in_foreground(self._terminal):
            with contextlib.suppress(termios.error):  # the terminal is gone
                if termios.tcgetattr(self._terminal) == self._ours:
                    termios.tcsetattr(self._terminal, termios.TCSADRAIN, self._before)

    def _take(self, terminal: int) -> None:
        """Set the terminal's modes if they are not those that we have set: a shell sets its own whenever we stop."""
        now = termios.tcgetattr(terminal)
        if now == self._ours or not in_foreground(terminal):  # to set them in the background would stop the program
            return
        before = _modes(terminal) if not self._guard else None
        self._before = now
        tty.setcbreak(terminal)
        self._ours = termios.tcgetattr(terminal)
        if before:
            self._guard = _guard(terminal, before, _modes(terminal) or before)

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
        if self._before is None or self._terminal is None or not in_foreground(self._terminal):
            return b""
        try:
            self._take(self._terminal)
            ready = select.select([self._terminal], [], [], 0)[0]
            new = os.read(self._terminal, 1024) if ready else b""
        except (OSError, termios.error):  # the terminal is gone
            new = b""
        data = self._rest + new
        unfinished = _UNFINISHED.search(data)
        self._rest = unfinished.group() if unfinished and new else b""
        return data[: len(data) - len(self._rest)]


def _modes(terminal: int) -> str | None:
    """Return a terminal's modes as `stty` takes them."""
    try:
        asked = subprocess.run(["stty", "-g"], stdin=terminal, capture_output=True, check=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return asked.stdout.strip()


def _guard(terminal: int, before: str, ours: str) -> "subprocess.Popen[bytes] | None":
    """Start the process that restores the terminal if this one is killed."""
    own = os.dup(terminal)  # it may be 0, which is to be the guard's input
    command = ["sh", "-c", _GUARD.format(before=before, ours=ours, terminal=own)]
    quiet = subprocess.DEVNULL
    try:
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, pass_fds=(own,))
    except OSError:
        return None
    finally:
        os.close(own)
