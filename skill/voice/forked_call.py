"""Calls a function in a fork of this process, so that each line gets a speech engine that was never started.

espeak-ng can be started once a process and carries its state from one text into the next: the same line comes out a
little different each time, and its beginning or end may be missing. So each line is spoken in a fork of the worker, in
which the engine's library is loaded but was never started.
"""

import contextlib
import ctypes
import json
import os
import signal
import sys
from collections.abc import Callable

from skill.voice.worker_server import WrongRequest

AVAILABLE = sys.platform == "linux"
"""On other systems the engine is part of the system and does not work in a fork."""

TIMEOUT_S = 3
"""A line takes some 0.1 s, on a small board a second. A call that takes longer hangs and is killed: the worker makes
another attempt, and all of its attempts must fit into the time that it has for an answer."""

_PR_SET_PDEATHSIG = 1
"""See prctl(2)."""


def call_in_fork(function: Callable[..., None], *arguments: object) -> None:
    """Call a function in a fork. RuntimeError or WrongRequest if it fails, TimeoutError if it takes too long."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        _be_the_child(theirs, function, *arguments)
    os.close(theirs)
    with os.fdopen(ours, encoding="utf-8") as answer:
        problem = answer.read()
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
        raise TimeoutError("the speech engine hangs")
    if problem:
        refused, message = json.loads(problem)
        raise WrongRequest(message) if refused else RuntimeError(message)
    if status:
        raise RuntimeError(f"the speech engine ended with status {status}")


def _be_the_child(answer: int, function: Callable[..., None], *arguments: object) -> None:
    """Call the function, report its error, and end without running anything of the parent's.

    The child is killed when its parent ends, or when it takes too long.
    """
    with contextlib.suppress(BaseException):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.alarm(TIMEOUT_S)
        try:
            function(*arguments)
        except WrongRequest as error:
            os.write(answer, json.dumps([True, str(error)]).encode())
        except Exception as error:
            os.write(answer, json.dumps([False, f"{type(error).__name__}: {error}"]).encode())
    os._exit(0)
