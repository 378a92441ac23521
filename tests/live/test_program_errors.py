"""An error in the audio callback is reported immediately as what it is, and the place is kept."""

from pathlib import Path

import pytest

from skill.events import Saved
from skill.memory import Memory
from tests.live.coach import Coach, memory_file
from tests.live.conftest import experienced
from tests.live.sound_server import SoundServer

BREAK_THE_PLAYER = """
import os
from skill.audio.player import Player

pull = Player.pull

def broken(player):
    if os.path.exists({signal!r}):
        raise IndexError("no such block")
    return pull(player)

Player.pull = broken
"""
"""Read by Python at its start, as `sitecustomize`."""


@pytest.mark.parametrize("debug", [False, True])
def test_an_exception_in_the_audio_callback_is_reported_as_what_it_is(
    server: SoundServer, tmp_path: Path, debug: bool
) -> None:
    signal = tmp_path / "broken"
    (tmp_path / "sitecustomize.py").write_text(BREAK_THE_PLAYER.format(signal=str(signal)))
    environment = {**server.environment, "PYTHONPATH": str(tmp_path)}
    options = ["--debug"] if debug else []
    coach = Coach(*options, folder=experienced(tmp_path), environment=environment)
    try:
        coach.expect("help")
        server.say("start with bridge")
        coach.expect("coach  Lie down on your back")
        signal.touch()
        assert coach.finish() == 1
    finally:
        coach.close()
    assert not any("still plugged in" in line for line in [*coach.lines, *coach.errors]), "waited for the device"
    assert any("[end: error]" in line for line in coach.lines)
    if debug:
        assert any('raise IndexError("no such block")' in line for line in coach.errors), coach.errors
    else:
        assert coach.errors == [
            "back-stretches: an error in the program itself (IndexError: no such block);"
            " run `back-stretches --debug ...` to see where, and report it."
        ]
    assert Memory(memory_file(tmp_path)).saved() == Saved("full", "bridge")
