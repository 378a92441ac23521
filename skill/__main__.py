"""The program from its first moment: `python -m skill` is `back-stretches`."""

import importlib
import os
import signal
from types import FrameType


def main() -> None:
    """Load the command line and run it; Ctrl-C ends it in one word, also while it is still being loaded."""
    usual = signal.getsignal(signal.SIGINT)
    if usual is signal.default_int_handler:  # else whoever started it wants no Ctrl-C to end it
        signal.signal(signal.SIGINT, _stop_at_once)
    command_line = importlib.import_module("skill.cli")
    if usual is signal.default_int_handler:
        signal.signal(signal.SIGINT, usual)
    command_line.main()


def _stop_at_once(number: int, frame: FrameType | None) -> None:
    """Leave without an exception: it would be raised in the middle of whatever library is being loaded."""
    os.write(2, b"Stopped.\n")
    os._exit(1)


if __name__ == "__main__":
    main()
