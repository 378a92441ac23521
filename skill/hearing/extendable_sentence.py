"""A sentence that was decided although more words can extend it."""

from dataclasses import dataclass

from skill.audio.blocks import Block
from skill.understanding.understanding import Understood


@dataclass
class ExtendableSentence:
    """Its sound, and what has come since."""

    understood: Understood
    score: float
    """Log likelihood of the best hypothesis."""

    contexts: tuple[str | None, ...]
    blocks: list[Block]
    since: list[Block]
    until: int
    """Audio time (ms) until which more words extend it."""
