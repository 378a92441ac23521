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
from skill.composition import NO_CANCELLER, Parts
from skill.content.language import load_language
from skill.errors import ContentError
from skill.settings import Settings
from tests.live.coach import home
from tests.live.conftest import without_canceller

TEMPLATES = """language: en
intents:
  rub:
    data:
      - sentences:
          - "rub my piriformis"
"""


def test_a_word_that_the_model_cannot_hear_is_named_before_a_session_begins(tmp_path: Path):
    file = tmp_path / "rub.yaml"
    file.write_text(TEMPLATES)
    parts = Parts(Settings())
    parts.__dict__["language"] = load_language(tmp_path)
    with pytest.raises(ContentError, match=r'rub\.yaml:6: .*"piriformis"; use another spelling'):
        parts.listener()


def problems(folder: Path, environment: Mapping[str, str], *options: str) -> list[str]:
    """Replay a moment of silence in a process of its own; return the problems that it tells."""
    wav.write(folder / "silence.wav", silence(1600))
    command = [sys.executable, "-m", "skill", "replay", "silence.wav", "--tail", "0", "--json", *options]
    environment = home(folder, environment)
    run = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True)
    events = [json.loads(line) for line in run.stdout.splitlines()]
    return [event["text"] for event in events if event["event"] == "problem"]


def test_a_session_with_echo_tells_once_that_the_canceller_is_missing(tmp_path: Path) -> None:
    wav.write(tmp_path / "room.wav", np.array([20_000, 0, 4_000], dtype=np.int16))
    room = ["--room", str(tmp_path / "room.wav")]
    assert problems(tmp_path, os.environ, *room) == []
    missing = without_canceller(tmp_path, os.environ)
    assert problems(tmp_path, missing, *room) == [NO_CANCELLER]
    assert problems(tmp_path, missing) == [], "without a room nothing is cancelled"
