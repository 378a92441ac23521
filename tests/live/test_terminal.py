"""At a terminal: the live view with its bar, Ctrl-C, and the typed conversation without sound."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from skill.audio.device import STALLED_S
from skill.memory import Memory
from tests.live.coach import home, memory_file
from tests.live.conftest import experienced
from tests.live.sound_server import SoundServer
from tests.live.terminal import CTRL_C, CTRL_D, CTRL_Z, Terminal
from tests.live_parts.window import Window


def test_a_hold_shows_a_bar_and_ctrl_c_keeps_the_place(server: SoundServer, tmp_path: Path) -> None:
    folder = experienced(tmp_path)
    Memory(memory_file(folder)).prefer({"brief": True})
    terminal = Terminal("--rate", "220", folder=folder, environment=server.environment)
    try:
        terminal.expect("help")
        server.say("start with bridge")
        terminal.expect("getting ready")
        server.say("I'm ready")
        terminal.expect("bridge · holding")
        longer, shorter = (int(terminal.expect(r"━ +\d+ s left").split()[1]) for _ in range(2))
        while shorter == longer:
            shorter = int(terminal.expect(r"━ +\d+ s left").split()[1])
        assert 0 < shorter < longer <= 24
        terminal.press(CTRL_C)
        assert terminal.finish() == 0
        assert "[end: closed]" in terminal.text
        assert "Traceback" not in terminal.text
    finally:
        terminal.close()
    saved = Memory(memory_file(folder)).saved()
    assert saved
    assert (saved.stretch, saved.step > 0) == ("bridge", True)  # in the hold, what comes before it is over


@pytest.mark.parametrize("from_elsewhere", [False, True])
def test_stopped_it_goes_on_with_its_keys_and_its_sound(
    server: SoundServer, tmp_path: Path, from_elsewhere: bool
) -> None:
    """No device is reported as lost, however long it was stopped, and the session's time has stood still."""
    environment = home(experienced(tmp_path), server.environment)
    with Window(["bash", "--norc", "--noprofile", "-i"], environment=environment) as window:
        window.expect("$")
        window.type(f"{sys.executable} -m skill\r")
        window.expect("help")
        if from_elsewhere:
            os.killpg(os.tcgetpgrp(window.terminal), signal.SIGSTOP)
        else:
            window.type(CTRL_Z)
        window.expect("Stopped")
        time.sleep(STALLED_S + 2)
        window.type("clear; fg\r")
        window.wait_until(lambda: window.cursor_hidden)
        server.say("start back stretches")
        window.expect("seven stretches")
        window.type(" ")
        window.expect("paused")
        seen = "\n".join(window.rows)
        assert "sound device" not in seen
        window.type("q")
        window.expect("[end: closed]")


def test_without_devices_the_conversation_is_typed(tmp_path: Path, silence: dict[str, str]) -> None:
    terminal = Terminal(folder=experienced(tmp_path), environment=silence)
    try:
        terminal.expect("There is no microphone; connect a microphone and a speaker. Going on in writing")
        terminal.expect("coach  Hello")
        terminal.press("start with bridge\n")
        terminal.expect("you    start with bridge")
        terminal.expect("coach  ")
        terminal.press(CTRL_D)
        assert terminal.finish() == 0
    finally:
        terminal.close()
