"""The program's log on standard error, for developers. Users get their messages in other ways."""

import logging
import sys

LEVELS = ("debug", "info", "warning", "error")

FORM = "%(asctime)s.%(msecs)03d %(levelname)-7s %(name)s: %(message)s"


class _StandardError(logging.Handler):
    """Writes to the current standard error: the live screen replaces it."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            print(self.format(record), file=sys.stderr)
        except Exception:  # it cannot be reported, and the session matters more
            self.handleError(record)


def show_log(level: str) -> None:
    """Show messages of this level (one of LEVELS) and above, in place of those shown before."""
    logger = logging.getLogger("skill")
    for handler in [each for each in logger.handlers if isinstance(each, _StandardError)]:
        logger.removeHandler(handler)
    handler = _StandardError()
    handler.setFormatter(logging.Formatter(FORM, "%H:%M:%S"))
    logger.addHandler(handler)
    logger.setLevel(level.upper())
