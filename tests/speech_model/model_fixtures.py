"""Fixtures for tests of the speech model: a web server that hands it out, and an empty home."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.speech_model.miniature_model import Server


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server, server.running():
        yield server


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty home: no model of this machine is seen."""
    # The npm client is to find its settings all the same.
    settings = os.environ.get("NPM_CONFIG_USERCONFIG", str(Path.home() / ".npmrc"))
    monkeypatch.setenv("NPM_CONFIG_USERCONFIG", settings)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home" / ".cache"))
    monkeypatch.delenv("VOSK_MODEL_PATH", raising=False)
