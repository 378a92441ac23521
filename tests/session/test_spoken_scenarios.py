"""The scenarios of tests/scenarios, spoken: a synthetic user, the real ears, voice and player, and `replay`."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from skill.audio import wav
from skill.coach_settings import Settings
from skill.voice.static_prompts import impersonal_prompts
from skill.voice.system_voice import SystemVoice
from skill.voice.voice import Voice
from tests.dialogue.world import CONTENT
from tests.scenarios.play import Play
from tests.scenarios.reading import Scenario, scenarios
from tests.session.spoken_stage import SpokenStage
from tests.speech import model

SPOKEN = [scenario for scenario in scenarios() if not scenario.only_typed]

KNOWN_FROM_THE_START = ("how to, before starting", "no history yet", "the routines")
"""Parts of the names of scenarios that need nothing of earlier sessions: `replay` remembers none."""


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def voice(clips: Path) -> Iterator[Voice]:
    folder = clips / "back-stretches" / "speech"
    with closing(SystemVoice(Settings().voice, folder, impersonal=impersonal_prompts(CONTENT))) as voice:
        yield voice


@pytest.mark.parametrize("scenario", SPOKEN, ids=[s.name for s in SPOKEN])
def test_scenario(scenario: Scenario, voice: Voice) -> None:
    Play(scenario, SpokenStage(voice, scenario.voice))


def test_at_least_fifty_are_spoken_and_all_others_say_why_not() -> None:
    assert len(SPOKEN) >= 50
    assert all(len(scenario.only_typed.split()) > 3 for scenario in scenarios() if scenario.only_typed)


def first_sessions() -> list[Scenario]:
    return [
        s
        for s in SPOKEN
        if s.rows[0].text == "a first session" or s.name.split(": ")[1].lower().startswith(KNOWN_FROM_THE_START)
    ]


@pytest.mark.parametrize("scenario", first_sessions(), ids=[s.name for s in first_sessions()])
def test_replay_of_what_the_microphone_heard_goes_the_same_way(
    scenario: Scenario, voice: Voice, clips: Path, tmp_path: Path
) -> None:
    """The same sound, from a file, as a user runs it: the command in a process of its own."""
    stage = SpokenStage(voice, scenario.voice, knows_nothing=True)
    Play(scenario, stage)
    file = tmp_path / "microphone.wav"
    wav.write(file, stage.microphone)
    environment = {**os.environ, "XDG_CACHE_HOME": str(clips), "VOSK_MODEL_PATH": str(model().folder)}
    command = [sys.executable, "-m", "skill", "replay", str(file), "--json", "--tail", "0"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    replayed = [json.loads(line) for line in done.stdout.splitlines()]
    assert course(replayed) == course(stage.events)


def course(events: list[dict]) -> list[object]:
    """Return what was meant and said; the decoder's trace of noise may change times, and "that's" to "that is"."""
    kinds = {"heard": ("intent", "slots"), "say": ("text",), "state": ("state", "stretch", "side")}
    return [[event[key] for key in kinds[event["event"]]] for event in events if event["event"] in kinds]
