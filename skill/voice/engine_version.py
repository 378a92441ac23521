"""Name and version of the operating system's speech engine: part of the key of clips on disk."""

import ctypes
import platform
import sys
from functools import cache
from importlib.metadata import version

LIBRARIES = ("libespeak-ng.so.1", "/usr/local/lib/libespeak-ng.so.1", "libespeak.so.1")
"""Where pyttsx3 looks for eSpeak on Linux, in this order."""


@cache
def system_engine() -> str:
    """Return the engine behind pyttsx3; outside Linux it comes with the operating system, and has its version."""
    engine = _espeak() if sys.platform == "linux" else platform.platform()
    return f"pyttsx3 {version('pyttsx3')}, {engine}"


def _espeak() -> str:
    """Ask the library itself: the program `espeak-ng` need not be installed. Nothing is started by that (3 ms)."""
    for library in LIBRARIES:
        try:
            info = ctypes.CDLL(library).espeak_Info
        except (OSError, AttributeError):
            continue
        info.restype, info.argtypes = ctypes.c_char_p, [ctypes.c_void_p]
        return f"{library} {(info(None) or b'').decode(errors='replace')}"
    return "no eSpeak"
