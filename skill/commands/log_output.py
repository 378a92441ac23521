"""The program's log on standard error, for developers. Users get their messages in other ways."""

import logging
import sys
from typing import Any

LEVELS = ("debug", "info", "warning", "error")

FORM = "%(asctime)s.%(msecs)03d %(levelname)-7s %(name)s: %(message)s"


class _StandardError(logging.Handler):
    """Writes to the current standard error: the live screen replaces it."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            print(self.format(record), file=sys.stderr)
        except Exception:  # it cannot be reported, and the session matters more
            self.handleError(record)


class _WithoutTraceback(logging.Formatter):
    """Shows of an exception only its type and message: a traceback is for developers, at level debug."""

    def formatException(self, ei: Any) -> str:
        return f"{ei[0].__name__}: {ei[1]}"


def show_log(level: str) -> None:
    """Show messages of this level (one of LEVELS) and above, in place of those shown before."""
    logger = logging.getLogger("skill")
    for handler in [each for each in logger.handlers if isinstance(each, _StandardError)]:
        logger.removeHandler(handler)
    handler = _StandardError()
    form = logging.Formatter if level == "debug" else _WithoutTraceback
    handler.setFormatter(form(FORM, "%H:%M:%S"))
    logger.addHandler(handler)
    logger.setLevel(level.upper())
