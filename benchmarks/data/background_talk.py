"""Hours of background talk: everyday sentences, dialogues and sayings, read by many synthetic voices in turns."""

import hashlib
import importlib.util
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from benchmarks.data import mixing
from benchmarks.data.recordings import split_of
from benchmarks.data.synthetic_speakers import Speaker, render, speakers
from skill.audio.blocks import SAMPLE_RATE, Samples

SAYINGS = Path("/usr/share/games/fortunes")
"""Where Debian's `fortunes` and `fortunes-min` put jokes, quotations, news and poems."""

DIALOGUES = ("conversations", "food", "health", "humor", "literature", "money", "movies", "sports")
"""Files of the PyPI package chatterbot-corpus (BSD) that people could say to each other."""

PART_S = 60
"""Seconds of a part: two speakers in turns, then others."""

PAUSES_S = (0.3, 0.5, 0.8)
"""Between turns, one after the other."""

LEVELS_DB = (-3.0, -10.0, -18.0)
"""Levels of the parts: near the microphone, across the room, next door."""

ENGINES = (
    *("espeak-ng", "flite", "festival", "kokoro", "flite", "espeak-ng"),
    *("flite", "piper", "espeak-ng", "festival", "flite", "espeak-ng"),
    *("festival", "flite", "espeak-ng", "flite", "piper", "flite"),
    *("espeak-ng", "festival", "flite", "espeak-ng", "flite", "festival"),
)
"""Parts cycle through these engines and their voices; slow engines come less often."""


@dataclass(frozen=True)
class Turn:
    """What one speaker says before another one begins."""

    text: str
    speaker: str
    start: float
    """Seconds from the beginning of the part."""


@dataclass(frozen=True)
class Part:
    """About a minute of talk."""

    name: str
    samples: Samples
    turns: tuple[Turn, ...]

    def turn_at(self, second: float) -> Turn:
        """Return the turn at that time, or the last one before it."""
        return next((turn for turn in reversed(self.turns) if turn.start < second), self.turns[0])


def talk(cache: Path, split: str, room: Samples) -> Iterator[Part]:
    """Yield parts of talk of a split without end, every second one convolved with `room`.

    The texts and voices of a part are always the same. Yields nothing if no voice is installed.
    """
    voices = {engine: [voice for voice in speakers() if voice.engine == engine] for engine in ENGINES}
    engines = [engine for engine in ENGINES if voices[engine]]
    spoken = dict.fromkeys(engines, 0)
    texts = _texts(split)
    for number in itertools.count() if engines else ():
        engine = engines[number % len(engines)]
        ours, before = voices[engine], spoken[engine]
        spoken[engine] += 1
        pair = (ours[2 * before % len(ours)], ours[(2 * before + 1) % len(ours)])
        part = _part(f"{split} {number}", texts, pair, cache)
        samples = mixing.in_room(part.samples, room) if number % 2 else part.samples
        level = LEVELS_DB[number // 2 % len(LEVELS_DB)]
        yield Part(part.name, mixing.at_level(samples, level), part.turns)


def _part(name: str, texts: Iterator[str], pair: Sequence[Speaker], cache: Path) -> Part:
    sounds: list[Samples] = []
    turns: list[Turn] = []
    length = 0
    while length < PART_S * SAMPLE_RATE:
        several = [next(texts) for _ in range(4)]
        said = [(pair[(len(turns) + n) % 2], text) for n, text in enumerate(several)]
        render(((speaker, text, 1.0) for speaker, text in said), cache)
        for speaker, text in said:
            sound = speaker.say(text, 1.0, cache)
            pause = mixing.quiet(PAUSES_S[len(turns) % len(PAUSES_S)])
            turns.append(Turn(text, speaker.name, length / SAMPLE_RATE))
            sounds += [sound, pause]
            length += len(sound) + len(pause)
    return Part(name, np.concatenate(sounds), tuple(turns))


def _texts(split: str) -> Iterator[str]:
    """Yield texts of a split without end: everyday talk, dialogues and sayings in turn, each repeated."""
    kinds = [
        [text for text in kind if split in ("all", split_of(text))] for kind in (everyday(), _dialogues(), _sayings())
    ]
    rounds = [itertools.cycle(kind) for kind in kinds if kind]
    for kind in itertools.cycle(rounds):
        yield from itertools.islice(kind, 4)


def everyday() -> list[str]:
    """Return what people say in a living room, one turn a line."""
    lines = (Path(__file__).parent / "everyday.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _dialogues() -> list[str]:
    spec = importlib.util.find_spec("chatterbot_corpus")
    if spec is None or not spec.submodule_search_locations:
        return []
    folder = Path(spec.submodule_search_locations[0]) / "data" / "english"
    lines: dict[str, None] = {}
    for name in DIALOGUES:
        conversations = yaml.safe_load((folder / f"{name}.yml").read_text(encoding="utf-8"))["conversations"]
        lines |= dict.fromkeys(str(line) for conversation in conversations for line in conversation if line)
    return [line for line in lines if len(line) <= 300]


def _sayings() -> list[str]:
    found = []
    for file in sorted(path for path in SAYINGS.glob("*") if path.is_file() and not path.suffix):
        for saying in file.read_text(encoding="utf-8", errors="replace").split("\n%\n"):
            text = re.sub(r"[^\w\s.,;:!?'-]|_", " ", " ".join(saying.split()))
            if 40 < len(text) <= 300 and not saying.startswith("-"):
                found.append(text)
    return sorted(found, key=lambda text: hashlib.sha256(text.encode()).digest())  # a mixture, always the same
