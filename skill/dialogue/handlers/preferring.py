"""How the user likes it: pace, volume, and how much is said. Kept for next time."""

from dataclasses import replace
from typing import Any

from skill.dialogue.actions import Prefer
from skill.dialogue.handlers.registry import answer, on
from skill.dialogue.transition import Transition
from skill.events import Heard
from skill.preferences import FASTEST, LOUDEST, SLOWEST, SOFTEST, Preferences


@on("slower")
def slower(transition: Transition, heard: Heard) -> None:
    """Speak and breathe more slowly."""
    pace = transition.state.preferences.pace
    _prefer(transition, "slower", "slowest", pace=max(SLOWEST, pace - 1))


@on("faster")
def faster(transition: Transition, heard: Heard) -> None:
    """Speak and breathe faster."""
    pace = transition.state.preferences.pace
    _prefer(transition, "faster", "fastest", pace=min(FASTEST, pace + 1))


@on("louder")
def louder(transition: Transition, heard: Heard) -> None:
    """Speak up."""
    volume = transition.state.preferences.volume
    _prefer(transition, "louder", "loudest", volume=min(LOUDEST, volume + 1))


@on("softer")
def softer(transition: Transition, heard: Heard) -> None:
    """Speak more quietly."""
    volume = transition.state.preferences.volume
    _prefer(transition, "softer", "softest", volume=max(SOFTEST, volume - 1))


@on("talk_less")
def talk_less(transition: Transition, heard: Heard) -> None:
    """Names and cues only."""
    _prefer(transition, "talk_less", "talks_less_already", brief=True)


@on("talk_more")
def talk_more(transition: Transition, heard: Heard) -> None:
    """All of the instructions again."""
    _prefer(transition, "talk_more", "talks_more_already", brief=False)


_OPPOSITE = {"slower": "faster", "faster": "slower", "louder": "softer", "softer": "louder"}
"""Wishes that come in degrees: "still" more of one is said only after the same, with nothing of the other between."""


def _prefer(transition: Transition, changed: str, already: str, **choice: Any) -> None:
    before = transition.state.preferences
    preferences = replace(before, **choice)
    if preferences == before:
        answer(transition, already)
        return
    transition.interrupt()
    _set(transition, preferences)
    transition.do(Prefer(preferences))
    answer(transition, f"{changed}_still" if changed in transition.state.wishes else changed)
    if changed in _OPPOSITE:
        transition.set(wishes=(transition.state.wishes - {_OPPOSITE[changed]}) | {changed})


def _set(transition: Transition, preferences: Preferences) -> None:
    """Change them; a hold that is counted in breaths stands at the same place of its new length."""
    state = transition.state
    length = state.current_step.ms if state.routine else 0
    transition.set(preferences=preferences)
    if state.routine and length:
        transition.set(elapsed=state.elapsed * transition.state.current_step.ms // length)
        transition.set(marks_done=transition.state.marks_behind)
