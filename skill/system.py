"""The operating system: the program's folders, commands for its own modules, and file descriptors."""

import sys
from pathlib import Path
from typing import Any

import platformdirs

NAME = "back-stretches"
"""Name of the program's folders."""


def cache_folder() -> Path:
    """Return the folder for what can be made or downloaded again."""
    return Path(platformdirs.user_cache_dir(NAME, appauthor=False))


def data_folder() -> Path:
    """Return the folder for what is stored about the user."""
    return Path(platformdirs.user_data_dir(NAME, appauthor=False))


def config_folder() -> Path:
    """Return the folder for the user's own files."""
    return Path(platformdirs.user_config_dir(NAME, appauthor=False))


def module_command(module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module of this program.

    Modules are not searched in the current folder, which may contain a file with the same name (`-P`).
    """
    return [sys.executable, "-P", "-m", module, *arguments]


def descriptor(stream: Any) -> int | None:
    """Return the file descriptor of a stream; None if it has none (closed, replaced or missing)."""
    try:
        return int(stream.fileno())
    except (OSError, ValueError, AttributeError):
        return None
