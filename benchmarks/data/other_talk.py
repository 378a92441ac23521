"""Other talk and sounds, to be heard shortly before a command."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.data import mixing, recordings
from benchmarks.data.synthetic_speakers import Speaker
from skill.audio.blocks import SAMPLE_RATE, Samples

SAID = {
    "dev": {
        "a word": ("well", "already", "anyway", "right then"),
        "a sentence": ("it is raining", "the kids are asleep", "i left my keys at work", "that was a long day"),
        "a sentence with words of commands": (
            "she told him to stop and wait for a moment",
            "we have to pause the film and start the washing machine",
            "the next bus is faster than this one",
            "he can help you to repeat the test",
        ),
        "a sentence that ends like the beginning of a command": (
            "we should do this again",
            "i never know where to go",
            "it was the first thing to do",
            "that is what i want to repeat",
        ),
    },
    "test": {
        "a word": ("so", "look", "honestly", "you know"),
        "a sentence": (
            "the soup is cold",
            "my sister called",
            "there is somebody at the door",
            "what a lovely evening",
        ),
        "a sentence with words of commands": (
            "the doctor said to go slower on the stairs",
            "they skip breakfast and then they stretch",
            "my brother is ready to help with the next one",
            "i cannot stop to hold that door",
        ),
        "a sentence that ends like the beginning of a command": (
            "can you read that once more",
            "this is how long it took to start",
            "i would like to see the next",
            "tell him what to say or what to skip",
        ),
    },
}
"""What is said, by kind, for each split. Nothing of it is a command."""

SOUNDS = ("a cough", "a bang", "a word by somebody else")
OTHER_WORDS = ("down", "left", "unknown", "up")
"""Recorded words of people that are no commands."""


@dataclass(frozen=True)
class Prelude:
    """What is heard before a command."""

    kind: str
    name: str
    text: str = ""
    """Words for the speaker of the command; empty for a sound that comes with it."""

    samples: Samples | None = None

    def sound(self, speaker: Speaker, speed: float, cache: Path) -> Samples:
        """Return its sound, without silence at its ends."""
        return speaker.say(self.text, speed, cache) if self.samples is None else self.samples


def preludes(folder: Path, split: str) -> list[Prelude]:
    """Return the preludes of a split, so ordered that kinds alternate."""
    said = [
        [Prelude(kind, text, text) for text in texts]
        for part, kinds in SAID.items()
        if split in ("all", part)
        for kind, texts in kinds.items()
    ]
    clips = [clip for clip in recordings.words(folder) if clip.label in OTHER_WORDS and split in ("all", clip.split)]
    others = [Prelude(SOUNDS[2], clip.name, samples=_sounding(clip.samples)) for clip in clips[::7][:4]]
    number = {"dev": 1, "test": 2}.get(split, 3)
    seeds = range(4 * number, 4 * number + 4)
    made = [Prelude(SOUNDS[seed % 2], f"{SOUNDS[seed % 2]} {seed}", samples=made_sound(seed)) for seed in seeds]
    columns = [*said, others, made]
    return [column[row % len(column)] for row in range(max(map(len, columns))) for column in columns]


def made_sound(seed: int) -> Samples:
    """Return a cough (even seeds: bursts of noise below 2.5 kHz), or a bang (odd: a decaying low thud)."""
    generator = np.random.default_rng(seed)
    if seed % 2:
        time = np.arange(SAMPLE_RATE // 3) / SAMPLE_RATE
        thud = np.sin(2 * np.pi * generator.uniform(80, 160) * time) + generator.normal(0, 0.4, len(time))
        return _scaled(thud * np.exp(-time / 0.05))
    bursts = []
    for _ in range(2):
        time = np.arange(round(generator.uniform(0.18, 0.28) * SAMPLE_RATE)) / SAMPLE_RATE
        noise = np.convolve(generator.normal(0, 1, len(time)), np.hanning(9), "same")
        bursts += [noise * np.minimum(1, time / 0.01) * np.exp(-time / 0.09), np.zeros(SAMPLE_RATE // 12)]
    return _scaled(np.concatenate(bursts[:-1]))


def _scaled(values: np.ndarray) -> Samples:
    return np.round(values / np.abs(values).max() * 12_000).astype(np.int16)


def _sounding(samples: Samples) -> Samples:
    """Return a recorded word without most of the silence around it."""
    frames = samples[: len(samples) // 160 * 160].reshape(-1, 160).astype(np.float64)
    loud = np.flatnonzero((frames**2).mean(axis=1) > (frames**2).mean(axis=1).max() * 10**-3.5)
    return samples[160 * loud[0] : mixing.end_of_speech(samples)]
