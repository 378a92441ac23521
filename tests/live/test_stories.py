"""What the coach is for, by voice through real devices: start; ask in between; pause and resume. Judged by its sound.

One conversation gives the evidence for all tests: the sound that came out of the speaker, and the program's lines.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from skill.audio.blocks import Samples
from skill.audio.sounds import sound
from skill.content.routine_catalog import load_routines
from skill.settings import VoiceSettings
from skill.voice.static_prompts import impersonal_prompts
from skill.voice.system_voice import SystemVoice
from tests.dialogue.world import CONTENT
from tests.live.coach import Coach
from tests.live.conftest import experienced
from tests.live.hearing import Play, find, loudest, plays, traces
from tests.live.sound_server import SoundServer
from tests.speech import coach_clips

RATE = 120
"""Words a minute: slow, so that there is time to interrupt a sentence in its middle."""

ROUTINE = load_routines()["full"]
CHILDS_POSE = ROUTINE.stretches[ROUTINE.index("childs_pose") or 0]
KNEE_TO_CHEST = ROUTINE.stretches[0]
INTERRUPTED, FOLLOWING = KNEE_TO_CHEST.instructions[:2]
HOLD_S = KNEE_TO_CHEST.hold.seconds or 0.0

PAUSED_S = 4.0
"""Minimum length of the pause."""

TOLERANCE_S = 1.0
"""Tolerance for the time of sounds: a busy machine hears a command, and plays a sound, a little late."""


@dataclass
class Evidence:
    """What the program heard, as it says, and what it played, as it was recorded."""

    lines: list[str]
    sound: Samples
    voice: SystemVoice
    exit_code: int

    def plays(self, line: str) -> list[Play]:
        """Return when the coach's voice spoke a line."""
        return plays(self.sound, self.voice.wait(line))

    def whole(self, line: str, after: float) -> Play:
        """Return the first time at which a line was spoken to its end, after some moment."""
        found = [play for play in self.plays(line) if play.start > after and play.end]
        assert found, f"“{line}” was not played to its end after {after:.1f} s"
        return found[0]

    def sounds(self, name: str) -> list[float]:
        """Return when a short sound was played."""
        return find(self.sound, sound(name))


@pytest.fixture(scope="module")
def heard(server: SoundServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    folder = experienced(tmp_path_factory.mktemp("home"))
    with server.recording() as recording:
        coach = Coach("--rate", str(RATE), folder=folder, environment=server.environment)
        try:
            _talk(coach, server, recording.wait_for)
            code = coach.finish()
        finally:
            coach.close()
    voice = SystemVoice(VoiceSettings(rate=RATE), coach_clips(), impersonal=impersonal_prompts(CONTENT))
    yield Evidence(coach.lines, recording.samples(), voice, code)
    voice.close()


def _talk(coach: Coach, server: SoundServer, listen: Callable[[float], None]) -> None:
    coach.expect("coach  Or say, help")
    listen(2.5)
    server.say("start back stretches")
    coach.expect("you    start back stretches")
    coach.expect(f"coach  {INTERRUPTED}")
    server.say("how do I do child's pose")
    coach.expect("you    how do i do child's pose")
    coach.expect(f"coach  {INTERRUPTED}")
    coach.expect(f"coach  {FOLLOWING}")
    listen(1.0)
    server.say("fewer words")
    coach.expect("you    fewer words")
    coach.expect("getting ready")
    server.say("I'm ready")
    coach.expect("begin")
    server.say("pause")
    coach.expect("paused, ")
    listen(PAUSED_S)
    server.say("resume")
    coach.expect("holding, ")
    server.say("how do I do child's pose")
    coach.expect("you    how do i do child's pose")
    coach.expect("done")
    server.say("stop")
    coach.expect("coach  I'll keep your place")
    server.say("goodbye")


def test_start_back_stretches_starts_the_routine(heard: Evidence) -> None:
    assert any(line.endswith("you    start back stretches") for line in heard.lines)
    welcome = heard.whole("Say, start back stretches.", after=0.0)
    name = next(line.partition("coach  ")[2] for line in heard.lines if ": knee to chest." in line)
    introduced = heard.whole(name, after=welcome.start)
    assert introduced.start < heard.plays(INTERRUPTED)[0].start


def test_how_to_in_mid_sentence_is_answered_and_the_sentence_said_again(heard: Evidence) -> None:
    first, again, *more = traces(heard.sound, heard.voice.wait(INTERRUPTED))  # it gets quieter meanwhile
    assert first.end is None, "the question came too late to interrupt the sentence"
    assert again.end is not None
    assert more == []
    at = first.start
    for line in CHILDS_POSE.how_to:
        answer = heard.whole(line, after=at)
        at = answer.end or 0.0
    assert at < again.start
    assert again.end < traces(heard.sound, heard.voice.wait(FOLLOWING))[0].start


def test_pause_and_resume_in_a_hold_keep_silence_and_the_exact_time(heard: Evidence) -> None:
    begin, paused, resumed = heard.sounds("begin")[0], heard.sounds("pause")[0], heard.sounds("resume")[0]
    assert begin < paused < resumed
    assert resumed - paused > PAUSED_S
    assert loudest(heard.sound, paused + 0.4, resumed - 0.05) == 0, "not silent while paused"
    left = [line.rpartition(", ")[2] for line in heard.lines if "paused, " in line or "holding, " in line]
    assert len(set(left[1:3])) == 1, f"the time left changed over the pause: {left}"


def test_a_question_in_a_hold_stops_its_clock_meanwhile(heard: Evidence) -> None:
    begin, paused, resumed = heard.sounds("begin")[0], heard.sounds("pause")[0], heard.sounds("resume")[0]
    asked = next(at for at in heard.sounds("heard") if at > resumed + 0.5)
    answered = heard.whole(CHILDS_POSE.how_to[-1], after=asked).end or 0.0
    end = next(at for at in heard.sounds("end") if at > answered)
    held = (paused - begin) + (asked - resumed) + (end - answered)
    assert held == pytest.approx(HOLD_S, abs=TOLERANCE_S)


def test_goodbye_ends_the_program(heard: Evidence) -> None:
    assert heard.lines[-1].endswith("[end: goodbye]") or "Sound was lost" in heard.lines[-1]
    assert heard.exit_code == 0
