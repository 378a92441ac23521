"""Which voices the operating system has, and whether one of them is what somebody asks for."""

import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, TypeVar

from skill.errors import UsageError
from skill.system import module_command

PATIENCE_S = 15.0
"""An engine that has not told its voices by then (wall clock) hangs."""

SHOWN = 14
"""So many voices fit in a message."""


class Named(Protocol):
    """What a speech engine calls a voice."""

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
    """Return the voice whose id or name is what is wanted, else the first that has it in one of them."""
    exact = [voice for voice in voices if wanted.lower() in (voice.id.lower(), voice.name.lower())]
    partly = [voice for voice in voices if wanted.lower() in f"{voice.id} {voice.name}".lower()]
    return next(iter([*exact, *partly]), None)


def check(wanted: str) -> None:
    """Do nothing where there is such a voice, or where nothing can speak at all. UsageError where there is none."""
    voices = installed_voices()
    if voices and not best_match(wanted, voices):
        english = [voice.id for voice in voices if voice.english]
        raise UsageError(unknown_voice(wanted, ["default", "natural", *(english or [voice.id for voice in voices])]))


def unknown_voice(wanted: str, names: Iterable[str]) -> str:
    """Return the message that there is no such voice; it shows the first of those that there are."""
    shown = ", ".join(f"“{name}”" for name in islice(names, SHOWN))
    return f"There is no voice called “{wanted}”; there is {shown}."


def installed_voices() -> list[SystemVoiceName]:
    """Return the voices of the speech engine, asked in a process of its own; none where it cannot be asked."""
    command = module_command("skill.voice.pyttsx3_worker", "voices")
    try:
        answer = subprocess.run(command, capture_output=True, timeout=PATIENCE_S, check=True, text=True)
        return [SystemVoiceName(**voice) for voice in json.loads(answer.stdout.splitlines()[-1])]
    except (OSError, subprocess.SubprocessError, ValueError, IndexError, TypeError):
        return []
