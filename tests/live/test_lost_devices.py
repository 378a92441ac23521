"""Devices that go away while the coach is talking, and come back: it says so, keeps the place, and goes on.

One conversation for all of it, in which everything happens that can happen to a device.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from skill.events import Saved
from skill.memory import Memory
from tests.live import servers
from tests.live.coach import Coach, memory_file
from tests.live.conftest import experienced
from tests.live.sound_server import SoundServer

INSTRUCTION = "coach  Lie down on your back"


@pytest.fixture
def server() -> Iterator[SoundServer]:
    """A separate server, so that other tests are not affected."""
    server = servers.start()
    yield server
    server.stop()


def test_lost_devices_are_reported_waited_for_and_survived(server: SoundServer, tmp_path: Path) -> None:
    coach = Coach("--rate", "180", folder=experienced(tmp_path), environment=server.environment)
    try:
        coach.expect("help")
        server.say("start with bridge")
        coach.expect(INSTRUCTION)
        _unplug_the_microphone(server, coach)
        _mute_it(server, coach)
        _let_the_server_die(server, coach)
        assert Memory(memory_file(tmp_path)).saved() == Saved("full", "bridge")
        _take_everything_away(server, coach)
        server.kill()
        assert coach.finish() == 1
        assert coach.errors == [
            "back-stretches: The sound device has stopped; check that it is still plugged in, then start again."
        ]
        assert any("[end: no sound]" in line for line in coach.lines)
        assert any(line.startswith("Sound was lost: ") for line in coach.lines)
    finally:
        coach.close()
    assert Memory(memory_file(tmp_path)).saved() == Saved("full", "childs_pose")


def _unplug_the_microphone(server: SoundServer, coach: Coach) -> None:
    """In mid-sentence; what comes back has another rate."""
    server.unplug_microphone()
    coach.expect("!      The microphone “Headset” is gone; plug it in again, and the coach goes on.")
    coach.expect("paused")
    coach.expect("coach  I cannot hear you any more")
    server.say("next")  # nobody hears it
    server.plug_in_microphone(rate=22_050)
    coach.expect("going on")
    coach.expect("coach  I can hear you again")
    coach.expect(INSTRUCTION)
    assert not any("you    next" in line for line in coach.lines)
    assert sum("!  " in line for line in coach.lines) == 1


def _mute_it(server: SoundServer, coach: Coach) -> None:
    server.pactl("set-source-mute", "microphone", "1")
    coach.expect("!      The microphone “Headset” is muted; unmute it, and the coach goes on.")
    coach.expect("paused")
    server.pactl("set-source-mute", "microphone", "0")
    coach.expect("going on")
    coach.expect(INSTRUCTION)


def _let_the_server_die(server: SoundServer, coach: Coach) -> None:
    server.kill()
    coach.expect("!      The sound device has stopped; check that it is still plugged in. The coach waits for it")
    coach.expect("paused")
    server.start()
    coach.expect("going on")
    coach.expect("coach  I can hear you again")
    coach.expect(INSTRUCTION)


def _take_everything_away(server: SoundServer, coach: Coach) -> None:
    """As a sound card does that is unplugged; it comes back with other rates, and "next" is heard."""
    for module in ("module-remap-source", "module-null-sink"):
        server.pactl("unload-module", module)
    coach.expect("!      The microphone “Headset” is gone")
    server.pactl("load-module", "module-null-sink", "sink_name=speaker", "rate=96000")
    server.pactl("load-module", "module-null-sink", "sink_name=mouth", "rate=32000")
    server.pactl("set-default-sink", "speaker")
    server.plug_in_microphone(rate=16_000)
    coach.expect("coach  I can hear you again")
    coach.expect(INSTRUCTION)
    server.say("next")
    coach.expect("you    next")
    coach.expect("child's pose")
