"""A line while it is being said."""

from dataclasses import dataclass


@dataclass
class SpokenLine:
    """A line that is being said, in one or more pieces."""

    id: int
    left: tuple[str, ...]
    """Pieces that are not rendered yet."""

    playing: int = 0
    """Pieces that the player has."""
