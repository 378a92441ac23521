"""A line that is being spoken, until it is over or interrupted."""

from dataclasses import dataclass


@dataclass
class SpokenLine:
    """A line that is spoken in one or more pieces."""

    id: int
    left: tuple[str, ...]
    """Pieces that the player does not have yet, in their order."""

    playing: int = 0
    """Number of pieces that the player has, and has not finished."""
