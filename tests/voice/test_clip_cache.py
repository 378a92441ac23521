"""Clips on disk: for their owner alone, and gone when what they tell is forgotten."""

from pathlib import Path

import numpy as np
import pytest

from skill.audio.blocks import silence
from skill.errors import SkillError
from skill.events import Heard
from skill.memory import Memory
from skill.session import Session
from skill.voice.clip_cache import Clips
from skill.voice.static_prompts import lasting_lines, static_prompts
from skill.voice.synthesis import SilentVoice
from tests.dialogue.world import CONTENT
from tests.voice.voices import NO_WORKER, Open

pytest_plugins = ["tests.voice.voice_fixtures"]

TOLD = "I will keep in mind: high blood pressure."


def rights(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_clips_are_for_their_owner_alone(tmp_path: Path) -> None:
    clips = Clips(tmp_path / "cache" / "speech", "a voice")
    clips.keep(TOLD, 150, silence(320))
    (file,) = (tmp_path / "cache" / "speech").iterdir()
    assert (rights(file.parent), rights(file)) == (0o700, 0o600)
    assert np.array_equal(clips.read(TOLD, 150), silence(320))


def test_a_folder_of_before_is_closed_to_others_as_soon_as_there_is_a_voice(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    Clips(tmp_path, "a voice")
    assert rights(tmp_path) == 0o700


def test_what_is_said_to_everybody_tells_nothing_about_a_body() -> None:
    lasting, fixed = set(lasting_lines(CONTENT)), set(static_prompts(CONTENT))
    assert lasting < fixed
    assert "Say ready when you are there." in lasting
    for line in ("high blood pressure", "I will keep in mind:", "This is what I keep about your body."):
        assert line in fixed - lasting


def test_a_voice_that_forgets_keeps_the_lines_that_are_said_to_everybody(voice_of: Open, tmp_path: Path) -> None:
    voice = voice_of(lasting=["Well done."])
    first = voice.wait("Well done.")
    voice.wait(TOLD)
    voice.forget_told()
    assert len(list((tmp_path / "clips").iterdir())) == 1
    assert voice.get(TOLD) is None  # not in this process either; it is rendered again
    assert len(voice.wait(TOLD))
    voice.forget_told()
    assert np.array_equal(voice_of(NO_WORKER, lasting=["Well done."]).wait("Well done."), first)


class Forgetful(SilentVoice):
    """A voice that notes how often it had to forget, or cannot."""

    def __init__(self, problem: str = "") -> None:
        super().__init__()
        self.forgot = 0
        self._problem = problem

    def forget_told(self) -> None:
        self.forgot += 1
        if self._problem:
            raise SkillError(self._problem)


@pytest.mark.parametrize("problem", ["", "That cannot be deleted; delete it by hand."])
def test_forgetting_conditions_by_voice_deletes_their_clips(problem: str) -> None:
    voice, events, memory = Forgetful(problem), [], Memory()
    memory.keep_conditions({"knees"})
    session = Session(CONTENT, None, voice, memory, events.append)
    session.start()
    session.handle(Heard(session.now, "forget my conditions", "forget_conditions"))
    assert (memory.conditions, voice.forgot) == (None, 1)
    assert [event["text"] for event in events if event["event"] == "problem"] == [problem] * bool(problem)
