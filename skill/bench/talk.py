"""Hours of talk that is not for us: texts that Debian ships, read by synthetic voices."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from skill.audio.blocks import SAMPLE_RATE, Samples
from skill.bench.recordings import half_of
from skill.bench.voices import Speaker, speakers

TEXTS = Path("/usr/share/games/fortunes")
"""Where Debian's `fortunes` and `fortunes-min` put their sayings: jokes, dialogues, quotations, definitions."""

PART_S = 60
"""Seconds of a part; sayings follow each other after a pause of half a second."""

LONGEST = 600
"""Characters of a saying that is read."""

PARTS = 60
"""Parts that are made, before they are split into halves."""


def talk(cache: Path, half: str) -> Iterator[Samples]:
    """Yield parts of synthetic talk of a half, each by one voice; nothing where the texts are not installed."""
    voices = [voice for voice in speakers() if voice.engine in ("espeak-ng", "flite")]
    sayings = list(_sayings())
    for number in range(PARTS if voices else 0):
        voice = voices[number % len(voices)]
        if half in ("all", half_of(f"talk {number}")):
            yield _part(sayings[number::PARTS], voice, cache)


def _part(sayings: list[str], voice: Speaker, cache: Path) -> Samples:
    sounds: list[Samples] = []
    length = 0
    for saying in sayings:
        sound = voice.say(saying, 1.0, cache)
        sounds += [sound, np.zeros(SAMPLE_RATE // 2, np.int16)]
        length += len(sound)
        if length > PART_S * SAMPLE_RATE:
            break
    return np.concatenate(sounds) if sounds else np.zeros(0, np.int16)


def _sayings() -> Iterator[str]:
    for file in sorted(path for path in TEXTS.glob("*") if path.is_file() and not path.suffix):
        for saying in file.read_text(encoding="utf-8", errors="replace").split("\n%\n"):
            text = " ".join(saying.split())
            if 40 < len(text) <= LONGEST and not text.startswith("-"):
                yield text
