"""A fresh speech engine for each line, so that a line sounds the same whatever was said before it.

espeak-ng can be started once a process and carries its state from one text into the next: the same line comes out a
little different each time, and its beginning or end may be missing. So every line is spoken in a fork of the worker, in
which the engine's library is loaded but was never started.
"""

import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Callable

POSSIBLE = sys.platform == "linux"
"""Elsewhere the engine is part of the system, and does not bear a fork."""

LONGEST_S = 3
"""A line takes some 0.1 s, on a small board a second. Where it takes longer it hangs, and another one is tried: all
attempts must fit into the time that the worker has for an answer."""

_DIE_WITH_PARENT = 1
"""prctl's PR_SET_PDEATHSIG."""


def run(speak: Callable[..., None], *arguments: object) -> None:
    """Call a function in a fork of this process. RuntimeError where it fails, TimeoutError where it takes too long."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        _be_the_child(theirs, speak, *arguments)
    os.close(theirs)
    with os.fdopen(ours, encoding="utf-8") as answer:
        problem = answer.read()
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
        raise TimeoutError("the speech engine hangs")
    if problem or status:
        raise RuntimeError(problem or f"the speech engine ended with status {status}")


def _be_the_child(answer: int, speak: Callable[..., None], *arguments: object) -> None:
    """Speak, tell what went wrong, and end without a word to anybody else. Killed with its parent, or when it hangs."""
    with contextlib.suppress(BaseException):
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        signal.alarm(LONGEST_S)
        try:
            speak(*arguments)
        except Exception as error:
            os.write(answer, f"{type(error).__name__}: {error}".encode(errors="replace"))
    os._exit(0)
