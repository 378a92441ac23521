"""A microphone that goes away in a hold, or was never there: the coach says so, and never obeys its own voice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from skill.memory import Memory
from tests.live import servers
from tests.live.coach import Coach, memory_file, understood
from tests.live.conftest import experienced
from tests.live.sound_server import SoundServer
from tests.live.terminal import Terminal

EVERYTHING = ("module-remap-source", "module-null-sink")
"""Modules of all devices."""

ALONE_S = 12.0
"""How long the coach talks to itself, seconds: for longer than it says what is wrong."""


@pytest.fixture
def server() -> Iterator[SoundServer]:
    """A separate server, so that other tests are not affected."""
    server = servers.start()
    yield server
    server.stop()


def test_unplugged_in_a_hold_it_pauses_obeys_nothing_and_goes_on(server: SoundServer, tmp_path: Path) -> None:
    folder = experienced(tmp_path)
    Memory(memory_file(folder)).prefer({"brief": True})
    with server.recording() as recording:
        coach = Coach("--rate", "180", folder=folder, environment=server.environment)
        try:
            coach.expect("help")
            server.say("start with bridge")
            coach.expect("getting ready")
            server.say("I'm ready")
            coach.expect("holding, ")
            recording.wait_for(2.0)
            server.unplug_microphone()
            coach.expect("!      The microphone “Headset” is gone; plug it in again, and the coach goes on.")
            coach.expect("coach  I cannot hear you any more")
            left = coach.expect("paused, ").rpartition(", ")[2]
            recording.wait_for(ALONE_S)
            server.plug_in_microphone()
            assert coach.expect("holding, ").rpartition(", ")[2] == left
            coach.expect("done")
        finally:
            coach.close()
    assert [text.split()[-1] for text in understood(coach.lines)] == ["bridge", "ready"]


def test_a_server_that_stands_still_is_waited_for(server: SoundServer, tmp_path: Path) -> None:
    coach = Coach("--rate", "180", folder=experienced(tmp_path), environment=server.environment)
    try:
        coach.expect("help")
        server.say("start with bridge")
        coach.expect("coach  Lie down on your back")
        with server.frozen():
            coach.expect("!      The sound device has stopped; check that it is still plugged in.")
            coach.expect("paused")
        coach.expect("going on")
        coach.expect("coach  Lie down on your back")
        server.say("next")
        coach.expect("you    .*next")
    finally:
        coach.close()
    assert [text.split()[-1] for text in understood(coach.lines)] == ["bridge", "next"]


def test_a_monitor_is_no_microphone(server: SoundServer, tmp_path: Path) -> None:
    """With nothing else to record from, a server offers what the speaker plays: the coach goes on in writing."""
    server.unplug_microphone()
    assert server.pactl("list", "short", "sources").count("monitor") == 2
    terminal = Terminal(folder=experienced(tmp_path), environment=server.environment)
    try:
        terminal.expect("There is no microphone; connect a microphone and a speaker. Going on in writing")
    finally:
        terminal.close()


def test_a_dummy_output_is_no_speaker(server: SoundServer, tmp_path: Path) -> None:
    """All devices are gone: the server makes up a speaker, with a monitor."""
    for module in EVERYTHING:
        server.pactl("unload-module", module)
    assert "auto_null" in server.pactl("list", "short", "sinks")
    coach = Coach(folder=experienced(tmp_path), environment=server.environment)
    try:
        coach.expect("There is no microphone; ")
    finally:
        coach.close()


def test_what_the_coach_itself_plays_is_refused_as_its_microphone(server: SoundServer, tmp_path: Path) -> None:
    coach = Coach("--input", "speaker.monitor", folder=experienced(tmp_path), environment=server.environment)
    assert coach.finish() == 2
    assert coach.lines == []
    (line,) = coach.errors
    assert "the coach would hear only itself; choose a microphone (--input), or another speaker (--output)." in line
