"""The shell's job control: what the program does with its terminal when it is stopped, and when it goes on."""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Sequence
from types import FrameType, TracebackType
from typing import Any

from skill.system import descriptor


def in_foreground(terminal: int) -> bool:
    """Return whether the program may read from a terminal (a file descriptor) and set its modes.

    In the background the system would stop the program instead. A terminal without job control is always ours.
    """
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except (OSError, AttributeError):  # not the terminal of our session; or a system without job control
        return True


class JobControl:
    """Leaves the terminal to the shell when the program is stopped (Ctrl-Z), and takes it back afterwards.

    Like `Ending` it remembers the request until it is checked for, once a block; a second one stops the program at
    once. No audio arrives while the program is stopped, so the session's time stands still too.
    """

    def __init__(self, leave: Sequence[Callable[[], None]], take: Sequence[Callable[[], None]]):
        """Take what to call to leave the terminal, which is standard input, and to take it; all may be called twice."""
        self._terminal = descriptor(sys.stdin)
        self._leave = leave
        self._take = take
        self._asked = False
        self._handler: Any = None

    def __enter__(self) -> "JobControl":
        with contextlib.suppress(AttributeError):  # a system without job control
            if signal.getsignal(signal.SIGTSTP) is signal.SIG_DFL:  # else somebody does not want to be stopped
                self._handler = self._stop_asked
                signal.signal(signal.SIGTSTP, self._handler)
        return self

    def __exit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        if self._handler:
            signal.signal(signal.SIGTSTP, signal.SIG_DFL)

    def check(self) -> None:
        """Stop if that was asked for, until the shell lets the program go on; then use the terminal if it is ours."""
        if self._asked:
            self._call(self._leave)
            self._stop()
        ours = self._terminal is None or in_foreground(self._terminal)
        self._call(self._take if ours else self._leave)

    def _call(self, steps: Sequence[Callable[[], None]]) -> None:
        for step in steps:
            step()

    def _stop_asked(self, number: int, frame: FrameType | None) -> None:
        if self._asked:
            self._stop()
        self._asked = True

    def _stop(self) -> None:
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)  # this returns when the program goes on
        signal.signal(signal.SIGTSTP, self._handler)
        self._asked = False
