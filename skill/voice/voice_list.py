"""The voices of the operating system, and the one that a name means."""

import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, TypeVar

from skill.errors import UsageError
from skill.system import module_command

TIMEOUT_S = 15.0
"""Timeout for an engine to list its voices, seconds (wall clock)."""

SHOWN = 14
"""Number of voices that fit in a message."""


class Named(Protocol):
    """A voice as a speech engine describes it."""

    @property
    def id(self) -> str:
        """Its name for programs."""

    @property
    def name(self) -> str:
        """Its name for people."""


@dataclass(frozen=True)
class SystemVoiceName:
    """A voice of the operating system."""

    id: str
    name: str
    english: bool


_Any = TypeVar("_Any", bound=Named)


def best_match(wanted: str, voices: list[_Any]) -> _Any | None:
    """Return the voice with this id or name, else the first whose id or name contains it; None if there is none."""
    exact = [voice for voice in voices if wanted.lower() in (voice.id.lower(), voice.name.lower())]
    partly = [voice for voice in voices if wanted.lower() in f"{voice.id} {voice.name}".lower()]
    return next(iter([*exact, *partly]), None)


def check(wanted: str) -> None:
    """UsageError if there is no such voice; a system without a speech engine has none, and is not asked for one."""
    voices = installed_voices()
    if voices and not best_match(wanted, voices):
        english = [voice.id for voice in voices if voice.english]
        raise UsageError(unknown_voice(wanted, ["default", "natural", *(english or [voice.id for voice in voices])]))


def unknown_voice(wanted: str, names: Iterable[str]) -> str:
    """Return the message that there is no such voice; it shows the first of those that there are."""
    shown = ", ".join(f"“{name}”" for name in islice(names, SHOWN))
    return f"There is no voice called “{wanted}”; there is {shown}."


def installed_voices() -> list[SystemVoiceName]:
    """Return the voices of the speech engine, asked in a process of its own; none if that fails."""
    command = module_command("skill.voice.pyttsx3_worker", "voices")
    try:
        answer = subprocess.run(command, capture_output=True, timeout=TIMEOUT_S, check=True, text=True)
        return [SystemVoiceName(**voice) for voice in json.loads(answer.stdout.splitlines()[-1])]
    except (OSError, subprocess.SubprocessError, ValueError, IndexError, TypeError):
        return []
