"""Speech for tests: synthesised, and recordings of people if they are available."""

import hashlib
import json
import os
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from skill import speech_model
from skill.audio import wav
from skill.audio.blocks import Samples
from skill.hearing.recognizer import SpeechModel

RECORDINGS = Path(__file__).resolve().parents[2] / "shared" / "speech"

FOLDER = "TEST_SPEECH_FOLDER"
"""Environment variable with the folder of all speech synthesised in this run, which all processes share."""


@cache
def model() -> SpeechModel:
    """Return the speech model; it is fetched if it is missing."""
    return SpeechModel(speech_model.find())


def coach_cache() -> Path:
    """Return the folder that stands for the user's cache, where the coach's voice is rendered once for all tests."""
    return Path(os.environ[FOLDER]) / "cache"


def coach_clips() -> Path:
    """Return the folder of the coach's speech in that cache."""
    return coach_cache() / "back-stretches" / "speech"


@cache
def say(text: str, voice: str = "en-us", rate: int = 150) -> Samples:
    """Return text spoken by espeak-ng, with half a second of silence before it."""
    name = hashlib.sha256(json.dumps([text, voice, rate]).encode()).hexdigest()
    path = Path(os.environ[FOLDER]) / f"{name}.wav"
    if not path.exists():
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            part = Path(folder) / "speech.wav"
            subprocess.run(["espeak-ng", "-v", voice, "-s", str(rate), "-w", str(part), text], check=True)
            part.replace(path)
    return np.concatenate([quiet(500), wav.read(path)])


def quiet(ms: int) -> Samples:
    """Return the very soft noise of a quiet room."""
    noise = np.random.default_rng(1).normal(0, 6, 16 * ms)
    return noise.astype(np.int16)


def read(name: str) -> Samples:
    """Return a recording of people by its name below the folder of recordings."""
    return wav.read(RECORDINGS / name)
