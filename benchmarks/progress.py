"""How far a long measure is: one line that is written over, at a terminal; elsewhere a line every tenth of it."""

import sys


class Progress:
    """Shows, on standard error, how much audio a measure of some hours has gone through, and what it found."""

    def __init__(self, what: str, hours: float) -> None:
        self._what, self._hours = what, hours
        self._tenths = 0

    def show(self, seconds: float, found: str) -> None:
        """Take how much audio there has been, and what was found in it, in words."""
        line = f"{self._what}: {seconds / 60:.0f} of {60 * self._hours:.0f} min, {found}"
        over = seconds >= 3600 * self._hours
        before, self._tenths = self._tenths, int(10 * seconds / (3600 * self._hours))
        if sys.stderr.isatty():
            print(f"\r{line} ", end="\n" if over else "", file=sys.stderr, flush=True)
        elif self._tenths > before:
            print(line, file=sys.stderr, flush=True)
