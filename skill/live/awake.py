"""Keeps the computer from going to sleep during a routine, if the system has a command for that."""

import contextlib
import os
import shutil
import subprocess

from skill.background import Background

COMMANDS = (
    ("systemd-inhibit", "--what=idle:sleep", "--who=back-stretches", "--why=A routine is on", "--mode=block", "cat"),
    ("caffeinate", "-d", "-i", "-w", str(os.getpid())),
)
"""Each ends with this program, even if that is killed: `cat` when its input is closed, caffeinate by process id."""


END_S = 2.0
"""Timeout for a child process to end, seconds (wall clock), before it is killed."""


class Awake:
    """Keeps a child process running while the computer is to stay awake; does nothing if there is no such command.

    Child processes are started and ended in another thread, so that the audio never waits for them.
    """

    def __init__(self, commands: tuple[tuple[str, ...], ...] = COMMANDS):
        self._command = next((command for command in commands if shutil.which(command[0])), None)
        self._child: subprocess.Popen[bytes] | None = None
        self._on = False
        self._background = Background(self._follow, "awake")

    def __enter__(self) -> "Awake":
        return self

    def __exit__(self, *_: object) -> None:
        self.keep(False)
        self._background.close(2 * END_S)

    def keep(self, on: bool) -> None:
        """Keep the computer awake from now on, or no longer. Idempotent; returns immediately."""
        if on != self._on:
            self._on = on
            self._background.ask()

    def _follow(self) -> None:
        on = self._on
        if on and not self._child:
            self._start()
        elif not on and self._child:
            self._end(self._child)
            self._child = None

    def _start(self) -> None:
        if self._command is None:
            return
        nothing = subprocess.DEVNULL
        with contextlib.suppress(OSError):
            self._child = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=nothing, stderr=nothing)

    def _end(self, child: "subprocess.Popen[bytes]") -> None:
        if child.stdin:
            with contextlib.suppress(OSError):
                child.stdin.close()
        child.terminate()
        try:
            child.wait(timeout=END_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
