"""Putting the parts together."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from skill.coach_settings import Settings
from skill.composition import Parts
from skill.errors import ModelError
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


def loads_here(work: Callable[[], object]) -> bool:
    """Tell whether this thread itself loads the speech model when it does something."""
    called = set()
    sys.setprofile(lambda frame, event, argument: called.add(frame.f_code.co_qualname))
    try:
        work()
    finally:
        sys.setprofile(None)
    return "SpeechModel.recognizer" in called


def test_a_listener_that_was_loaded_ahead_is_used_once(home: Path) -> None:
    parts = Parts(Settings())
    parts.load_ahead()
    assert not loads_here(parts.listener)
    assert loads_here(parts.listener)


def test_what_goes_wrong_ahead_is_told_when_the_listener_is_asked_for(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOSK_MODEL_PATH", str(home / "nowhere"))
    parts = Parts(Settings())
    parts.load_ahead()
    with pytest.raises(ModelError, match="there is no such folder"):
        parts.listener()
