"""Which voice is meant by a name, and what is said about one that does not exist."""

import sys
from dataclasses import dataclass

import pytest

from skill.errors import UsageError
from skill.voice.voice_list import best_match, check, installed_voices


@dataclass
class Voice:
    id: str
    name: str


VOICES = [Voice("gmw/en-029", "English (Caribbean)"), Voice("gmw/en", "English"), Voice("gmw/de", "German")]


@pytest.mark.parametrize(
    ("wanted", "id"), [("gmw/en", "gmw/en"), ("english", "gmw/en"), ("carib", "gmw/en-029"), ("DE", "gmw/de")]
)
def test_the_exact_name_goes_first_and_a_part_is_enough(wanted: str, id: str) -> None:
    found = best_match(wanted, VOICES)
    assert found
    assert found.id == id


def test_the_engine_lists_its_voices() -> None:
    voices = installed_voices()
    assert any(voice.id == "gmw/en-us" and voice.english for voice in voices)
    assert any(voice.id == "gmw/de" and not voice.english for voice in voices)
    check("en-us")


def test_a_voice_that_does_not_exist_is_wrong_usage_and_the_message_names_those_that_do() -> None:
    with pytest.raises(UsageError, match="There is no voice called “nobody”; there is “default”, “natural”, “") as e:
        check("nobody")
    assert "“gmw/en-us”" in str(e.value)
    assert "“gmw/de”" not in str(e.value)


def test_without_an_engine_there_is_no_voice_to_choose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert installed_voices() == []
    check("nobody")
