"""How the user likes it: pace, volume, and how much is said. Kept for next time."""

from dataclasses import replace
from typing import Any

from skill.dialogue.actions import Prefer
from skill.dialogue.handlers.registry import answer, on
from skill.dialogue.transition import Turn
from skill.events import Heard
from skill.preferences import FASTEST, LOUDEST, SLOWEST, SOFTEST, Preferences


@on("slower")
def slower(turn: Turn, heard: Heard) -> None:
    """Speak and breathe more slowly."""
    pace = turn.state.preferences.pace
    _prefer(turn, "slower", "slowest", pace=max(SLOWEST, pace - 1))


@on("faster")
def faster(turn: Turn, heard: Heard) -> None:
    """Speak and breathe faster."""
    pace = turn.state.preferences.pace
    _prefer(turn, "faster", "fastest", pace=min(FASTEST, pace + 1))


@on("louder")
def louder(turn: Turn, heard: Heard) -> None:
    """Speak up."""
    volume = turn.state.preferences.volume
    _prefer(turn, "louder", "loudest", volume=min(LOUDEST, volume + 1))


@on("softer")
def softer(turn: Turn, heard: Heard) -> None:
    """Speak more quietly."""
    volume = turn.state.preferences.volume
    _prefer(turn, "softer", "softest", volume=max(SOFTEST, volume - 1))


@on("talk_less")
def talk_less(turn: Turn, heard: Heard) -> None:
    """Names and cues only."""
    _prefer(turn, "talk_less", "talks_less_already", brief=True)


@on("talk_more")
def talk_more(turn: Turn, heard: Heard) -> None:
    """All of the instructions again."""
    _prefer(turn, "talk_more", "talks_more_already", brief=False)


_OPPOSITE = {"slower": "faster", "faster": "slower", "louder": "softer", "softer": "louder"}
"""Wishes that come in degrees: "still" more of one is said only after the same, with nothing of the other between."""


def _prefer(turn: Turn, changed: str, already: str, **choice: Any) -> None:
    before = turn.state.preferences
    preferences = replace(before, **choice)
    if preferences == before:
        answer(turn, already)
        return
    turn.interrupt()
    _set(turn, preferences)
    turn.do(Prefer(preferences))
    answer(turn, f"{changed}_still" if changed in turn.state.wishes else changed)
    if changed in _OPPOSITE:
        turn.set(wishes=(turn.state.wishes - {_OPPOSITE[changed]}) | {changed})


def _set(turn: Turn, preferences: Preferences) -> None:
    """Change them; a hold that is counted in breaths stands at the same place of its new length."""
    state = turn.state
    length = state.current_step.ms if state.routine else 0
    turn.set(preferences=preferences)
    if state.routine and length:
        turn.set(elapsed=state.elapsed * turn.state.current_step.ms // length)
        turn.set(marks_done=turn.state.marks_behind)
