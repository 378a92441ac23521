"""Progress of a long measure: one line that is overwritten at a terminal, otherwise a line for every tenth."""

import sys


class Progress:
    """Shows on standard error how much audio a measure has processed, and what it found."""

    def __init__(self, what: str, hours: float) -> None:
        self._what, self._hours = what, hours
        self._tenths = 0

    def show(self, seconds: float, found: str) -> None:
        """Show the seconds of audio processed so far, and what was found in them."""
        line = f"{self._what}: {seconds / 60:.0f} of {60 * self._hours:.0f} min, {found}"
        over = seconds >= 3600 * self._hours
        before, self._tenths = self._tenths, int(10 * seconds / (3600 * self._hours))
        if sys.stderr.isatty():
            print(f"\r{line} ", end="\n" if over else "", file=sys.stderr, flush=True)
        elif self._tenths > before:
            print(line, file=sys.stderr, flush=True)
