"""Fixtures for tests of the voice: voices that are closed at the end."""

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from skill.settings import VoiceSettings
from skill.voice.system_voice import SystemVoice
from tests.voice.voices import Open, ScriptedWorker


@pytest.fixture
def voice_of(tmp_path: Path) -> Iterator[Open]:
    """Open voices that keep their clips in one folder; they are closed at the end, and nothing of them is left."""
    voices = []

    def open_voice(
        worker: list[str] | None = None,
        cache: Path | None = tmp_path / "clips",
        options: Mapping[str, Any] = MappingProxyType({}),
        kind: type[SystemVoice] = SystemVoice,
        **settings: Any,
    ) -> SystemVoice:
        voices.append(kind(VoiceSettings(**settings), cache, worker, **options))
        return voices[-1]

    threads = set(threading.enumerate())
    yield open_voice
    for voice in voices:
        voice.close()
    assert set(threading.enumerate()) <= threads


@pytest.fixture
def scripted(tmp_path: Path) -> ScriptedWorker:
    """A worker that waits for the test before it answers a request."""
    return ScriptedWorker(tmp_path)
