"""The user's preferences: pace, volume, and how much is said. Kept for later sessions."""

from dataclasses import replace

from skill.dialogue.actions import Prefer
from skill.dialogue.handlers.registry import on
from skill.dialogue.handlers.replies import answer
from skill.dialogue.transition import Transition
from skill.events import Heard
from skill.preferences import FASTEST, LOUDEST, SLOWEST, SOFTEST, Preferences


@on("slower")
def slower(transition: Transition, heard: Heard) -> None:
    """Speak and breathe more slowly."""
    now = transition.user.preferences
    _prefer(transition, replace(now, pace=max(SLOWEST, now.pace - 1)), "slower", "slowest")


@on("faster")
def faster(transition: Transition, heard: Heard) -> None:
    """Speak and breathe faster."""
    now = transition.user.preferences
    _prefer(transition, replace(now, pace=min(FASTEST, now.pace + 1)), "faster", "fastest")


@on("louder")
def louder(transition: Transition, heard: Heard) -> None:
    """Speak louder."""
    now = transition.user.preferences
    _prefer(transition, replace(now, volume=min(LOUDEST, now.volume + 1)), "louder", "loudest")


@on("softer")
def softer(transition: Transition, heard: Heard) -> None:
    """Speak more quietly."""
    now = transition.user.preferences
    _prefer(transition, replace(now, volume=max(SOFTEST, now.volume - 1)), "softer", "softest")


@on("talk_less")
def talk_less(transition: Transition, heard: Heard) -> None:
    """Say names and cues only."""
    _prefer(transition, replace(transition.user.preferences, brief=True), "talk_less", "talks_less_already")


@on("talk_more")
def talk_more(transition: Transition, heard: Heard) -> None:
    """Say all of the instructions again."""
    _prefer(transition, replace(transition.user.preferences, brief=False), "talk_more", "talks_more_already")


_OPPOSITE = {"slower": "faster", "faster": "slower", "louder": "softer", "softer": "louder"}
"""Wishes that come in degrees: "slower still" is said only if the last wish for the pace was "slower" too."""


def _prefer(transition: Transition, preferences: Preferences, changed: str, already: str) -> None:
    """Change the preferences, and say so (response key `changed`); or say that they are `already` like that."""
    if preferences == transition.user.preferences:
        answer(transition, already)
        return
    transition.interrupt()
    _set(transition, preferences)
    transition.do(Prefer(preferences))
    wishes = transition.user.wishes
    answer(transition, f"{changed}_still" if changed in wishes else changed)
    if changed in _OPPOSITE:
        transition.user = replace(transition.user, wishes=(wishes - {_OPPOSITE[changed]}) | {changed})


def _set(transition: Transition, preferences: Preferences) -> None:
    """Change the preferences; a hold that is counted in breaths keeps its place in its new length."""
    before = transition.state
    length = before.current_step.ms if before.progress.routine else 0
    transition.user = replace(transition.user, preferences=preferences)
    if length:
        elapsed = before.clock.elapsed * transition.state.current_step.ms // length
        transition.clock = replace(transition.clock, elapsed=elapsed)
        transition.clock = replace(transition.clock, marks_done=transition.state.marks_passed)
