"""Devices that are missing, misspelt, or checked."""

from pathlib import Path

import pytest

from skill.memory import Memory
from tests.live import servers
from tests.live.coach import Coach, memory_file
from tests.live.conftest import experienced, without_canceller
from tests.live.sound_server import SoundServer


@pytest.mark.parametrize(("option", "word"), [("--input", "microphone"), ("--output", "speaker")])
def test_an_unknown_device_is_wrong_usage(server: SoundServer, tmp_path: Path, option: str, word: str) -> None:
    coach = Coach(option, "nothing like it", folder=tmp_path, environment=server.environment)
    assert coach.finish() == 2
    assert coach.lines == []
    (line,) = coach.errors
    assert line.startswith(f"back-stretches: There is no {word} called “nothing like it”; there is “")
    assert "“default”" in line


def test_without_devices_the_demonstration_follows(tmp_path: Path, silence: dict[str, str]) -> None:
    coach = Coach(folder=tmp_path, environment=silence)
    try:
        line = coach.expect("There is no microphone; ")
        assert coach.lines[0] == line
        assert line.endswith("a recorded session. To type instead, use `back-stretches chat`.")
        coach.expect("you    start back stretches")
        assert coach.errors == []
    finally:
        coach.close()


def test_doctor_hears_the_microphone(server: SoundServer, tmp_path: Path) -> None:
    with server.talk("one two three"):
        coach = Coach("doctor", folder=tmp_path, environment=server.environment)
        assert coach.finish() == 0
    coach.expect("ok       sound devices: microphone “default”, speaker “default”")
    coach.expect(r"ok       microphone level: loudest -\d+ dBFS in 2 s from “Headset”")
    coach.expect("sound losses: ")


def test_doctor_says_what_to_do_about_a_silent_microphone(tmp_path: Path) -> None:
    server = servers.start()  # a new one: PipeWire's virtual microphone begins with the end of what was said before
    try:
        coach = Coach("doctor", folder=tmp_path, environment=server.environment)
        assert coach.finish() == 0
        coach.expect("problem  microphone level: the microphone is silent .*; unmute it or choose another")
    finally:
        server.stop()


def test_doctor_without_devices_can_do_without(tmp_path: Path, silence: dict[str, str]) -> None:
    coach = Coach("doctor", folder=tmp_path, environment=silence)
    assert coach.finish() == 0
    coach.expect("problem  sound devices: There is no microphone; connect")


def test_an_unknown_voice_is_wrong_usage_and_not_remembered(server: SoundServer, tmp_path: Path) -> None:
    coach = Coach("--voice", "nobody", folder=tmp_path, environment=server.environment)
    assert coach.finish() == 2
    assert coach.lines == []
    (line,) = coach.errors
    assert line.startswith("back-stretches: There is no voice called “nobody”; there is “default”, “natural”, “gmw/en")
    memory = Memory(memory_file(experienced(tmp_path)))
    assert not memory.setting("voice")
    memory.keep_setting("voice", "nobody")
    coach = Coach(folder=tmp_path, environment=server.environment)
    try:
        coach.expect("no voice called “nobody”.*It was remembered from an earlier session; the default voice is used")
        coach.expect("coach  Hello")
    finally:
        coach.close()


def test_doctor_says_what_else_may_be_wrong_with_a_microphone(tmp_path: Path) -> None:
    def found(what: str) -> str:
        coach = Coach("doctor", folder=tmp_path, environment=server.environment)
        assert coach.finish() == 0
        return coach.expect(f"{what}: ")

    server = servers.start()
    try:
        server.pactl("set-source-mute", "microphone", "1")
        assert found("microphone level").endswith(": “Headset” is muted; unmute it in the sound settings.")
        server.unplug_microphone()
        server.pactl("set-default-source", "speaker.monitor")
        assert found("sound devices").endswith(": There is no microphone; connect a microphone and a speaker.")
    finally:
        server.stop()


def test_doctor_reports_that_the_canceller_is_missing(tmp_path: Path, silence: dict[str, str]) -> None:
    coach = Coach("doctor", folder=tmp_path, environment=without_canceller(tmp_path, silence))
    assert coach.finish() == 0
    coach.expect("problem  echo control: WebRTC's canceller is missing, .*: keep the speaker low")
    assert coach.errors == []
