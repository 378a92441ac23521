"""The dialogue: a pure state machine over frozen values."""

from skill.dialogue.state import Content, State, initial
from skill.dialogue.step import step

__all__ = ["Content", "State", "initial", "step"]
