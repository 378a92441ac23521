"""Which voices the operating system has, and whether one of them is what somebody asks for."""

import json
import subprocess
from dataclasses import dataclass
from typing import Protocol, TypeVar

from skill.errors import UsageError
from skill.system import module_command

PATIENCE_S = 15.0
"""An engine that has not told its voices by then (wall clock) hangs."""

SHOWN = 12
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


def fitting(wanted: str, voices: list[_Any]) -> _Any | None:
    """Return the voice whose id or name is what is wanted, else the first that has it in one of them."""
    exact = [voice for voice in voices if wanted.lower() in (voice.id.lower(), voice.name.lower())]
    partly = [voice for voice in voices if wanted.lower() in f"{voice.id} {voice.name}".lower()]
    return next(iter([*exact, *partly]), None)


def check(wanted: str) -> None:
    """Do nothing where there is such a voice, or where nothing can speak at all. UsageError where there is none."""
    voices = installed()
    if not voices or fitting(wanted, voices):
        return
    english = [voice.id for voice in voices if voice.english]
    shown = ", ".join(f"“{name}”" for name in ("default", "natural", *(english or [v.id for v in voices])[:SHOWN]))
    raise UsageError(f"There is no voice called “{wanted}”; there is {shown}.")


def installed() -> list[SystemVoiceName]:
    """Return the voices of the speech engine, asked in a process of its own; none where it cannot be asked."""
    command = module_command("skill.voice.synthesis_worker", "voices")
    try:
        answer = subprocess.run(command, capture_output=True, timeout=PATIENCE_S, check=True, text=True)
        return [SystemVoiceName(**voice) for voice in json.loads(answer.stdout.splitlines()[-1])]
    except (OSError, subprocess.SubprocessError, ValueError, IndexError, TypeError):
        return []
