"""What is kept between sessions: one small SQLite file that only its owner can read."""

from skill.memory.history import History, PastSession
from skill.memory.memory import GO_ON_WITHIN, Memory
from skill.memory.recorder import Recorder

__all__ = ["GO_ON_WITHIN", "History", "Memory", "PastSession", "Recorder"]
