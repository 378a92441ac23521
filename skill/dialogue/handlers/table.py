"""What each intent does: the modules that say so, and the table they fill."""

from skill.dialogue.handlers import (
    body,
    conditions,
    moving,
    pausing,
    preferring,
    questions,
    starting,
    timing,
    yes_no,
)
from skill.dialogue.handlers.registry import HANDLERS

MODULES = (yes_no, body, conditions, moving, pausing, preferring, questions, starting, timing)
"""Importing them has filled the table."""

__all__ = ["HANDLERS", "MODULES"]
