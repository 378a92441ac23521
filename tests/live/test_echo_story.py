"""The microphone hears the speaker too, as late as real devices are: the coach is interrupted, and not by itself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from skill.audio.blocks import Samples
from skill.audio.sounds import sound
from skill.content.routine_catalog import load_routines
from skill.settings import VoiceSettings
from skill.voice.static_prompts import impersonal_prompts
from skill.voice.system_voice import SystemVoice
from tests.dialogue.world import CONTENT
from tests.live import servers
from tests.live.coach import Coach, understood
from tests.live.conftest import experienced
from tests.live.hearing import Play, find, loudest, traces
from tests.live.sound_server import SoundServer
from tests.live.standstill import Standstill
from tests.speech import coach_clips

RATE = 120
"""Words a minute: slow, so that a sentence has a middle."""

STRETCH = load_routines()["full"].stretches[0]
INTERRUPTED, FOLLOWING = STRETCH.instructions[1:3]
PAUSED_S = 3.0
TRIES = 3


@dataclass
class Evidence:
    """What the program printed, and what it played."""

    lines: list[str]
    sound: Samples
    voice: SystemVoice

    def plays(self, line: str) -> list[Play]:
        """Return when the coach's voice spoke a line."""
        return traces(self.sound, self.voice.wait(line))

    def sounds(self, name: str) -> list[float]:
        """Return when a short sound was played."""
        return find(self.sound, sound(name))


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    """A conversation in a room with an echo; held again where the machine stood still, and the echo came ever later."""
    for left in reversed(range(TRIES)):
        folder, standstill = experienced(tmp_path_factory.mktemp("home")), Standstill()
        try:
            with standstill:
                lines, played = _conversation(folder)
        except AssertionError:
            if not standstill.seen or not left:
                raise
        else:
            if not standstill.seen:
                break
    voice = SystemVoice(VoiceSettings(rate=RATE), coach_clips(), impersonal=impersonal_prompts(CONTENT))
    yield Evidence(lines, played, voice)
    voice.close()


def _conversation(folder: Path) -> tuple[list[str], Samples]:
    """Return what the program printed and what it played."""
    server = servers.start()
    try:
        with server.echo(), server.recording() as recording:
            coach = Coach("--rate", str(RATE), folder=folder, environment=server.environment)
            try:
                _talk(coach, server, recording.wait_for)
            finally:
                coach.close()
            return coach.lines, recording.samples()
    finally:
        server.stop()


def _talk(coach: Coach, server: SoundServer, listen: Callable[[float], None]) -> None:
    coach.expect("coach  Or say, help")
    listen(2.5)
    server.say("start back stretches")
    coach.expect("you    start back stretches")
    coach.expect(f"coach  {INTERRUPTED}")
    listen(1.0)
    server.say("pause")
    coach.expect("paused")
    listen(PAUSED_S)
    server.say("resume")
    coach.expect("going on")
    coach.expect(f"coach  {FOLLOWING}")
    coach.interrupt()
    coach.finish()


def test_pause_in_mid_sentence_is_understood_over_the_echo(heard: Evidence) -> None:
    cut_off = heard.plays(INTERRUPTED)[0]
    assert cut_off.end is None, "“pause” came too late to interrupt the sentence"
    assert any(line.endswith("pause") for line in heard.lines if "you    " in line)


def test_the_coach_is_silent_until_resume(heard: Evidence) -> None:
    resumed = heard.sounds("resume")[0]
    assert resumed > PAUSED_S
    assert loudest(heard.sound, resumed - PAUSED_S, resumed - 0.05) == 0


def test_the_interrupted_sentence_is_said_again_from_its_beginning(heard: Evidence) -> None:
    resumed = heard.sounds("resume")[0]
    again = [play for play in heard.plays(INTERRUPTED) if play.start > resumed]
    assert len(again) == 1
    assert again[0].end is not None
    assert 0.0 < again[0].start - resumed < 2.0


def test_the_coach_hears_no_command_in_its_own_voice(heard: Evidence) -> None:
    # "let's pause" is "pause" with a bit of the coach before it, and no command of the coach's own.
    assert [text.removeprefix("let's ") for text in understood(heard.lines)] == [
        "start back stretches",
        "pause",
        "resume",
    ]
