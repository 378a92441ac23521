"""Input and output of the program as the system sees them."""

from typing import Any


def descriptor(stream: Any) -> int | None:
    """Return the file descriptor of a stream; None where it has none: closed, replaced by a test, or never there."""
    try:
        return int(stream.fileno())
    except (OSError, ValueError, AttributeError):
        return None
