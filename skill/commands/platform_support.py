"""Whether all dependencies are published for this system, processor and C library."""

import platform
import sys

from skill.errors import SkillError

COMPLETE = {"linux": ("x86_64", "aarch64"), "darwin": ("arm64", "x86_64"), "win32": ("AMD64",)}
"""The systems and processors for which all dependencies are published (docs/platforms.md)."""

OLDEST_GLIBC = (2, 28)
"""The oldest version of Linux's C library for which they are."""


def describe() -> str:
    """Return what this machine is; raise SkillError where some dependencies are not published for it."""
    libc, version = platform.libc_ver()
    here = f"{platform.system()} {platform.machine()}{f', {libc} {version}' if libc else ''}"
    complete = platform.machine() in COMPLETE.get(sys.platform, ())
    if sys.platform == "linux":
        complete &= libc == "glibc" and tuple(map(int, version.split("."))) >= OLDEST_GLIBC
    if not complete:
        raise SkillError(
            f"{here} is untried, and some parts are not published for it: build what is missing from source, or use"
            " Linux (x86_64, aarch64; glibc 2.28 or newer), macOS, or Windows on AMD64."
        )
    return f"{here}, Python {platform.python_version()}"
