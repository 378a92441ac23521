"""At a terminal: the live view with its bar, Ctrl-C, and the typed conversation without sound."""

from pathlib import Path

from skill.memory import Memory
from tests.live.coach import memory_file
from tests.live.conftest import experienced
from tests.live.sound_server import SoundServer
from tests.live.terminal import CTRL_C, CTRL_D, Terminal


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
