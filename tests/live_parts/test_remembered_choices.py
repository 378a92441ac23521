"""Which voice speaks: the one that is named, else the remembered one, else the default."""

from dataclasses import replace
from pathlib import Path

import pytest

from skill.composition.coach_settings import Settings
from skill.composition.parts import Parts
from skill.errors import UsageError
from skill.live.remembered_choices import voice
from skill.memory import Memory
from skill.settings import VoiceSettings

SCOTTISH = "gmw/en-gb-scotland"


@pytest.fixture(autouse=True)
def _no_clips_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def parts(named: str | None) -> Parts:
    """Return the parts for a voice that is named on the command line as the program does."""
    chosen = VoiceSettings.voice if named in (None, "default") else named
    return Parts(replace(Settings(), voice=VoiceSettings(voice=chosen)), named_voice=named)


def chosen(memory: Memory, named: str | None) -> tuple[str, list[str]]:
    """Return the voice that a live session speaks with, and what the user is told."""
    notices: list[str] = []
    found = voice(memory, parts(named), notices.append)
    found.close()
    return found.settings.voice, notices


def test_a_named_voice_is_remembered_until_the_default_is_named() -> None:
    memory = Memory()
    assert chosen(memory, None) == (VoiceSettings.voice, [])
    assert memory.setting("voice") is None
    assert chosen(memory, SCOTTISH) == (SCOTTISH, [])
    assert chosen(memory, None) == (SCOTTISH, [])
    assert chosen(memory, "default") == (VoiceSettings.voice, [])
    assert chosen(memory, None) == (VoiceSettings.voice, [])


def test_a_remembered_voice_that_is_missing_is_reported_and_the_default_speaks() -> None:
    memory = Memory()
    memory.keep_setting("voice", "of-another-machine")
    spoken, (notice,) = chosen(memory, None)
    assert spoken == VoiceSettings.voice
    assert "the default voice is used instead" in notice


def test_a_named_voice_that_is_missing_is_wrong_usage_and_not_remembered() -> None:
    memory = Memory()
    with pytest.raises(UsageError):
        chosen(memory, "of-another-machine")
    assert memory.setting("voice") is None
