"""Speech to test with: synthesised where it must ship, recordings of people where they are at hand."""

import subprocess
from functools import cache
from pathlib import Path

import numpy as np

from skill import speech_model
from skill.audio import wav
from skill.audio.blocks import Samples
from skill.hearing.recognizer import SpeechModel

RECORDINGS = Path(__file__).resolve().parents[2] / "shared" / "speech"


@cache
def model() -> SpeechModel:
    """Return the speech model; it is looked for, and fetched where there is none."""
    return SpeechModel(speech_model.find())


@cache
def say(text: str, voice: str = "en-us", rate: int = 150) -> Samples:
    """Return text spoken by espeak-ng, with half a second of silence before it."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        subprocess.run(["espeak-ng", "-v", voice, "-s", str(rate), "-w", str(path), text], check=True)
        return np.concatenate([quiet(500), wav.read(path)])


def quiet(ms: int) -> Samples:
    """Return a room's silence: very soft noise."""
    noise = np.random.default_rng(1).normal(0, 6, 16 * ms)
    return noise.astype(np.int16)


def read(name: str) -> Samples:
    """Return a recording of people by its name below the folder of recordings."""
    return wav.read(RECORDINGS / name)
