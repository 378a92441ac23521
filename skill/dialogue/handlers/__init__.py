"""What each intent does: one family of intents a module. Importing the families fills HANDLERS."""

from skill.dialogue.handlers import (
    body,
    conditions,
    information,
    moving,
    pausing,
    preferring,
    starting,
    timing,
    yes_no,
)
from skill.dialogue.handlers.registry import HANDLERS

__all__ = [
    "HANDLERS",
    "body",
    "conditions",
    "information",
    "moving",
    "pausing",
    "preferring",
    "starting",
    "timing",
    "yes_no",
]
