"""Putting the parts together."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from skill.audio import wav
from skill.audio.blocks import silence
from skill.composition.coach_settings import Settings
from skill.composition.parts import NO_CANCELLER, Parts
from tests.live import coach
from tests.live.conftest import without_canceller
from tests.speech import model

ROUTINE = "routines: {mine: {name: %s, stretches: [cat, cow]}}"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of a user's own."""
    monkeypatch.setenv("VOSK_MODEL_PATH", str(model().folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "config" / "back-stretches" / "routines").mkdir(parents=True)
    return tmp_path


def own_routine(home: Path, name: str) -> None:
    file = home / "config" / "back-stretches" / "routines" / "mine.yaml"
    file.write_text(ROUTINE % name, encoding="utf-8")


def test_what_was_compiled_before_is_used_until_a_name_changes(home: Path) -> None:
    own_routine(home, "sunrise moves")
    first = Parts(Settings())
    assert first.content.responses.variants
    first.listener()
    entries = {file: file.stat().st_mtime_ns for file in (home / "cache").rglob("*.built")}
    assert len(entries) == 3

    again = Parts(Settings())
    again.listener()
    assert again.content.responses.variants == first.content.responses.variants
    assert again.sentences == first.sentences
    assert {file: file.stat().st_mtime_ns for file in (home / "cache").rglob("*.built")} == entries

    own_routine(home, "sunset moves")
    changed = Parts(Settings())
    assert "sunset" in changed.sentences.everything.words
    assert "sunrise" not in changed.sentences.everything.words


def test_a_damaged_cache_is_made_anew(home: Path) -> None:
    first = Parts(Settings())
    first.listener()
    for file in (home / "cache").rglob("*.built"):
        data = file.read_bytes()
        file.write_bytes(data[:-100] + b"?" * 100)
    again = Parts(Settings())
    again.listener()
    assert again.sentences == first.sentences
    assert all(b"?" * 100 not in file.read_bytes() for file in (home / "cache").rglob("*.built"))


def problems(folder: Path, environment: Mapping[str, str], *options: str) -> list[str]:
    """Replay a moment of silence in a process of its own; return the problems that it reports."""
    wav.write(folder / "silence.wav", silence(1600))
    command = [sys.executable, "-m", "skill", "replay", "silence.wav", "--tail", "0", "--json", *options]
    environment = coach.home(folder, environment)
    run = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True)
    events = [json.loads(line) for line in run.stdout.splitlines()]
    return [event["text"] for event in events if event["event"] == "problem"]


def test_a_session_with_echo_reports_once_that_the_canceller_is_missing(tmp_path: Path) -> None:
    wav.write(tmp_path / "room.wav", np.array([20_000, 0, 4_000], dtype=np.int16))
    room = ["--room", str(tmp_path / "room.wav")]
    assert problems(tmp_path, os.environ, *room) == []
    missing = without_canceller(tmp_path, os.environ)
    assert problems(tmp_path, missing, *room) == [NO_CANCELLER]
    assert problems(tmp_path, missing) == [], "without a room nothing is cancelled"
