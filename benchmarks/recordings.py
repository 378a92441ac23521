"""Recordings of people, and which half of the data each belongs to."""

import hashlib
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from skill.audio import wav
from skill.audio.blocks import SAMPLE_RATE, Samples
from skill.errors import UsageError

HALVES = ("tune", "judge")
"""Settings are chosen by what the first half says; the second one only judges."""

COMMANDS = {"stop": "holding", "yes": "asking", "no": "asking", "go": "getting_ready"}
"""Single words that are commands, and the context in which each is one."""

INTENTS = {"stop": "stop", "yes": "affirm", "no": "deny", "go": "ready"}
"""What they mean there."""


@dataclass(frozen=True)
class Clip:
    """One recording."""

    name: str
    samples: Samples = field(repr=False)
    label: str = ""
    """The word spoken, or the intent."""

    slots: tuple[tuple[str, str], ...] = ()
    speaker: str = ""
    """What decides about the half: a speaker's data are never in both."""

    @property
    def half(self) -> str:
        """Return the half that the clip belongs to, by a hash that never changes."""
        return half_of(self.speaker or self.name)

    @property
    def seconds(self) -> float:
        """Length."""
        return len(self.samples) / SAMPLE_RATE


def half_of(name: str) -> str:
    """Return the half that a name falls into, for good."""
    return HALVES[hashlib.sha256(name.encode()).digest()[0] % 2]


def folder(option: Path | None = None) -> Path:
    """Return the folder of recordings. Raises UsageError where it is missing."""
    found = option or Path(__file__).resolve().parents[2] / "shared" / "speech"
    if not (found / "coffee" / "labels.jsonl").is_file():
        raise UsageError(f"{found}: the recordings of people are not there; name their folder with --recordings.")
    return found


def coffee(recordings: Path) -> Iterator[Clip]:
    """Yield the coffee orders; the label is the intent."""
    place = recordings / "coffee" / "labels.jsonl"
    for number, line in enumerate(place.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            file, intent, slots = recordings / "coffee" / row["file"], row["intent"], row["slots"]
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(f"{place}:{number}: not a label (needs file, intent, slots); mend the line.") from error
        if not file.is_file():
            raise UsageError(f"{place}:{number}: {row['file']} is not there; labels and sounds do not match.")
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
    """Yield the sounds of `talk` or `noise`, each cut into two: one for either half."""
    for file in sorted((recordings / kind).glob("*.flac")):
        samples = wav.read(file)
        if kind == "talk" and len(samples) < 25 * SAMPLE_RATE:
            yield Clip(file.name, samples, kind)
            continue
        middle = len(samples) // 2
        for half, part in zip(HALVES, (samples[:middle], samples[middle:]), strict=True):
            yield Clip(f"{file.name} ({half})", part, kind, speaker=_named_for(half, file.name))


def rooms(recordings: Path) -> dict[str, Samples]:
    """Return the impulse responses of rooms."""
    return {file.stem: wav.read(file) for file in sorted((recordings / "rooms").glob("*.flac"))}


def _named_for(half: str, name: str) -> str:
    """Return a name whose hash falls into a half."""
    return next(n for n in (f"{name} {number}" for number in itertools.count()) if half_of(n) == half)
