"""Recordings of people, and the split (dev or test) of each."""

import hashlib
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from skill.audio import wav
from skill.audio.blocks import SAMPLE_RATE, Samples
from skill.errors import UsageError

SPLITS = ("dev", "test")
"""Settings are chosen on `dev`; figures are reported on `test`."""

COMMANDS = {"stop": "holding", "yes": "asking", "no": "asking", "go": "getting_ready"}
"""Single words that are commands, and the context in which each is one."""

INTENTS = {"stop": "stop", "yes": "affirm", "no": "deny", "go": "ready"}
"""Their intents in these contexts."""


@dataclass(frozen=True)
class Clip:
    """One recording."""

    name: str
    samples: Samples = field(repr=False)
    label: str = ""
    """The word spoken, or the intent."""

    slots: tuple[tuple[str, str], ...] = ()
    speaker: str = ""
    """Decides the split: a speaker is never in both."""

    @property
    def split(self) -> str:
        """Return the split that the clip belongs to, by a hash that never changes."""
        return split_of(self.speaker or self.name)

    @property
    def seconds(self) -> float:
        """Duration."""
        return len(self.samples) / SAMPLE_RATE


def split_of(name: str) -> str:
    """Return the split of a name; it never changes."""
    return SPLITS[hashlib.sha256(name.encode()).digest()[0] % 2]


def folder(option: Path | None = None) -> Path:
    """Return the folder of recordings. Raises UsageError if it is missing."""
    found = option or Path(__file__).resolve().parents[3] / "shared" / "speech"
    if not (found / "coffee" / "labels.jsonl").is_file():
        raise UsageError(f"{found}: the recordings of people are missing; give their folder with --recordings.")
    return found


def coffee(recordings: Path) -> Iterator[Clip]:
    """Yield the coffee orders; the label is the intent."""
    place = recordings / "coffee" / "labels.jsonl"
    for number, line in enumerate(place.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            file, intent, slots = recordings / "coffee" / row["file"], row["intent"], row["slots"]
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(f"{place}:{number}: not a label; it needs file, intent and slots.") from error
        if not file.is_file():
            raise UsageError(f"{place}:{number}: {row['file']} is missing; labels and sounds do not match.")
        yield Clip(row["file"], wav.read(file), intent, tuple(sorted(slots.items())))


def kitchen(recordings: Path) -> Samples:
    """Return the noise of a kitchen."""
    return wav.read(recordings / "coffee" / "kitchen-noise.flac")


def words(recordings: Path) -> Iterator[Clip]:
    """Yield single words; the speaker is in the file's name."""
    for file in sorted((recordings / "words").glob("*/*.flac")):
        label = file.parent.name
        parts = file.name.split("_nohash_")[0].split("_")
        yield Clip(f"{label}/{file.name}", wav.read(file), label, speaker=parts[-1])


def pieces(recordings: Path, kind: str) -> Iterator[Clip]:
    """Yield the sounds of `talk` or `noise`, each cut in half: one part for each split."""
    for file in sorted((recordings / kind).glob("*.flac")):
        samples = wav.read(file)
        if kind == "talk" and len(samples) < 25 * SAMPLE_RATE:
            yield Clip(file.name, samples, kind)
            continue
        middle = len(samples) // 2
        for split, part in zip(SPLITS, (samples[:middle], samples[middle:]), strict=True):
            yield Clip(f"{file.name} ({split})", part, kind, speaker=_named_for(split, file.name))


def rooms(recordings: Path) -> dict[str, Samples]:
    """Return the impulse responses of rooms."""
    return {file.stem: wav.read(file) for file in sorted((recordings / "rooms").glob("*.flac"))}


def _named_for(split: str, name: str) -> str:
    """Return a name whose hash falls into a split."""
    return next(n for n in (f"{name} {number}" for number in itertools.count()) if split_of(n) == split)
