"""What each intent does: the modules that say so, and the table they fill."""

from skill.dialogue import answering, body, conditions, moving, pausing, preferring, questions, starting, timing
from skill.dialogue.handlers import HANDLERS

MODULES = (answering, body, conditions, moving, pausing, preferring, questions, starting, timing)
"""Importing them has filled the table."""

__all__ = ["HANDLERS", "MODULES"]
