"""The speech model on this machine: found, fetched and verified."""

from skill.speech_model.finder import find, locate

__all__ = ["find", "locate"]
