"""Fixtures for tests of the voice: voices that are closed at the end."""

import threading
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from skill.settings import VoiceSettings
from skill.voice.synthesis import SystemVoice
from tests.voice.voices import Open


@pytest.fixture
def voice_of(tmp_path: Path) -> Iterator[Open]:
    """Open voices that keep their clips in one folder; they are closed at the end, and nothing of them is left."""
    voices = []

    def open_voice(
        worker: list[str] | None = None, cache: Path | None = tmp_path / "clips", lasting: Collection[str] = (), **how
    ) -> SystemVoice:
        voices.append(SystemVoice(VoiceSettings(**how), cache, worker, lasting))
        return voices[-1]

    threads = set(threading.enumerate())
    yield open_voice
    for voice in voices:
        voice.close()
    assert set(threading.enumerate()) <= threads
