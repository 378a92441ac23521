"""How this program starts another process of itself."""

import sys


def module_command(module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module of this program.

    The current folder is no place to look for modules: there may be a file of the same name as one of ours.
    """
    return [sys.executable, "-P", "-m", module, *arguments]
