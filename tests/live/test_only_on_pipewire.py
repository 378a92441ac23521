"""What can happen only where sound and PulseAudio's protocol come from different programs.

These tests run if the live tests run on PipeWire (see `conftest.py`).
"""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live import servers
from tests.live.coach import Coach, understood
from tests.live.conftest import experienced
from tests.live.pipewire import PipeWire


@pytest.fixture
def server() -> Iterator[PipeWire]:
    server = PipeWire()
    yield server
    server.stop()


def test_a_server_that_does_not_answer_but_plays_and_records_is_no_loss(server: PipeWire, tmp_path: Path) -> None:
    door, leads_to_it = server.second_door()
    environment = {**server.environment, "PULSE_SERVER": leads_to_it}
    coach = Coach("--rate", "180", folder=experienced(tmp_path), environment=environment)
    try:
        coach.expect("help")
        server.say("start with bridge")
        coach.expect("coach  Lie down on your back")
        door.send_signal(signal.SIGSTOP)
        coach.expect("coach  Bend your knees")
        coach.expect("coach  Lay your arms")
        door.send_signal(signal.SIGCONT)
        coach.expect("coach  Bring your heels")
        server.say("next")
        coach.expect("you    .*next")
    finally:
        coach.close()
    assert [text.split()[-1] for text in understood(coach.lines)] == ["bridge", "next"]
    assert not any("!  " in line for line in coach.lines)


def test_another_server_answers_in_place_of_the_one_that_plays(server: PipeWire, tmp_path: Path) -> None:
    """ALSA leads to PipeWire, the protocol to a server that knows nothing of the coach, loses its devices and dies."""
    other = servers.other(server)
    environment = {**server.environment, "PULSE_SERVER": other.environment["PULSE_SERVER"]}
    try:
        coach = Coach("--rate", "180", folder=experienced(tmp_path), environment=environment)
        try:
            coach.expect("help")
            server.say("start with bridge")
            coach.expect("coach  Lie down on your back")
            other.unplug_microphone()
            coach.expect("coach  Bend your knees")
            other.kill()
            coach.expect("coach  Lay your arms")
            server.say("next")
            coach.expect("you    .*next")
        finally:
            coach.close()
    finally:
        other.stop()
    assert [text.split()[-1] for text in understood(coach.lines)] == ["bridge", "next"]
    assert not any("!  " in line for line in coach.lines)
