"""Imports a part of the program; Ctrl-C meanwhile ends the program immediately, with one word."""

import importlib
import os
import signal
from types import FrameType, ModuleType


def load(module: str) -> ModuleType:
    """Import a module and all that it needs, and return it."""
    usual = signal.getsignal(signal.SIGINT)
    if usual is not signal.default_int_handler:  # the caller has chosen another reaction to Ctrl-C
        return importlib.import_module(module)
    signal.signal(signal.SIGINT, _stop_now)
    try:
        return importlib.import_module(module)
    finally:
        signal.signal(signal.SIGINT, usual)


def _stop_now(number: int, frame: FrameType | None) -> None:
    """Leave without an exception: it would be raised in the middle of whatever library is being loaded."""
    os.write(2, b"Stopped.\n")
    os._exit(1)
