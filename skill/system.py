"""What this program asks of the operating system: its folders, other processes of itself, and file descriptors."""

import sys
from pathlib import Path
from typing import Any

import platformdirs

NAME = "back-stretches"
"""What the skill's folders are called."""


def cache_folder() -> Path:
    """Return where things are kept that can be made or fetched again."""
    return Path(platformdirs.user_cache_dir(NAME, appauthor=False))


def data_folder() -> Path:
    """Return where things are kept that are about the user."""
    return Path(platformdirs.user_data_dir(NAME, appauthor=False))


def config_folder() -> Path:
    """Return where users put files of their own."""
    return Path(platformdirs.user_config_dir(NAME, appauthor=False))


def module_command(module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module of this program.

    The current folder is no place to look for modules: there may be a file of the same name as one of ours.
    """
    return [sys.executable, "-P", "-m", module, *arguments]


def descriptor(stream: Any) -> int | None:
    """Return the file descriptor of a stream; None where it has none: closed, replaced by a test, or never there."""
    try:
        return int(stream.fileno())
    except (OSError, ValueError, AttributeError):
        return None
