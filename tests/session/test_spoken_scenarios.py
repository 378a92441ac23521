"""The scenarios of tests/scenarios, spoken: a synthetic user, the real listener, voice and player, and `replay`."""

import json
import os
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from skill.audio import wav
from skill.composition.coach_settings import Settings
from skill.dialogue.handlers import HANDLERS
from skill.voice.static_prompts import impersonal_prompts
from skill.voice.system_voice import SystemVoice
from skill.voice.voice import Voice
from tests.dialogue.test_scenarios import TypedStage
from tests.dialogue.world import CONTENT
from tests.scenarios.play import Play
from tests.scenarios.reading import Scenario, scenarios
from tests.session.spoken_stage import SpokenStage
from tests.speech import coach_cache, coach_clips, model

FILE = Path(__file__).parent / "representative_scenarios.txt"
REPRESENTATIVE = {line for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")}
"""The names of scenarios that are spoken each time; the others are in the long tier."""

SPOKEN = [scenario for scenario in scenarios() if not scenario.only_typed]

KNOWN_FROM_THE_START = ("how to, before starting", "no history yet", "the routines")
"""Parts of the names of scenarios that need nothing of earlier sessions: `replay` remembers none."""

FIRST_SESSIONS = [
    scenario
    for scenario in SPOKEN
    if scenario.rows[0].text == "a first session"
    or scenario.name.split(": ")[1].lower().startswith(KNOWN_FROM_THE_START)
]


def each(found: list[Scenario], chosen: Collection[str]) -> pytest.MarkDecorator:
    """Return a mark that lets a test run for each scenario; those that are not chosen are in the long tier."""
    marks = {scenario.name: () if scenario.name in chosen else pytest.mark.long for scenario in found}
    return pytest.mark.parametrize(
        "scenario", [pytest.param(scenario, id=scenario.name, marks=marks[scenario.name]) for scenario in found]
    )


@pytest.fixture(scope="session")
def voice() -> Iterator[Voice]:
    with closing(SystemVoice(Settings().voice, coach_clips(), impersonal=impersonal_prompts(CONTENT))) as voice:
        yield voice


@each(SPOKEN, REPRESENTATIVE)
def test_scenario(scenario: Scenario, voice: Voice) -> None:
    Play(scenario, SpokenStage(voice, scenario.voice))


def test_at_least_fifty_are_spoken_and_all_others_say_why_not() -> None:
    assert len(SPOKEN) >= 50
    assert all(len(scenario.only_typed.split()) > 3 for scenario in scenarios() if scenario.only_typed)


def test_the_scenarios_that_are_spoken_each_time_have_every_file_intent_row_and_voice() -> None:
    chosen = [scenario for scenario in SPOKEN if scenario.name in REPRESENTATIVE]
    assert {scenario.name for scenario in chosen} == REPRESENTATIVE
    assert _intents(chosen) == set(HANDLERS)
    assert {s.file for s in chosen} == {s.file for s in SPOKEN}
    assert {s.voice for s in chosen} == {s.voice for s in SPOKEN}
    assert {row.kind for s in chosen for row in s.rows} == {row.kind for s in SPOKEN for row in s.rows}


def _intents(played: list[Scenario]) -> set[str]:
    """Return what users mean in scenarios, by what they type: which is what they say."""
    found = set[str]()
    for scenario in played:
        stage = TypedStage()
        Play(scenario, stage)
        found |= set(stage.intents)
    return found


REPLAYED = [scenario.name for scenario in FIRST_SESSIONS if scenario.name in REPRESENTATIVE][::2]


@each(FIRST_SESSIONS, REPLAYED)
def test_replay_of_what_the_microphone_heard_goes_the_same_way(
    scenario: Scenario, voice: Voice, tmp_path: Path
) -> None:
    """The same sound, from a file, as a user runs it: the command in a process of its own."""
    stage = SpokenStage(voice, scenario.voice, knows_nothing=True)
    Play(scenario, stage)
    file = tmp_path / "microphone.wav"
    wav.write(file, stage.microphone)
    environment = {**os.environ, "XDG_CACHE_HOME": str(coach_cache()), "VOSK_MODEL_PATH": str(model().folder)}
    command = [sys.executable, "-m", "skill", "replay", str(file), "--json", "--tail", "0"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    replayed = [json.loads(line) for line in done.stdout.splitlines()]
    assert course(replayed) == course(stage.events)


def course(events: list[dict]) -> list[object]:
    """Return what was meant and said; the decoder's trace of noise may change times, and "that's" to "that is"."""
    kinds = {"heard": ("intent", "slots"), "say": ("text",), "state": ("state", "stretch", "side")}
    return [[event[key] for key in kinds[event["event"]]] for event in events if event["event"] in kinds]
