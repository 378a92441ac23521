"""Where things are kept on this machine."""

from pathlib import Path

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
