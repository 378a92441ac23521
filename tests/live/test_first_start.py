"""Around the conversation: the first start with its level check, keys, and choices that are remembered."""

import re
from pathlib import Path

from skill.memory import Memory
from tests.live.coach import Coach, memory_file
from tests.live.conftest import experienced
from tests.live.sound_server import SoundServer
from tests.live.terminal import Terminal


def test_the_first_start_checks_the_level(server: SoundServer, tmp_path: Path) -> None:
    with server.talk("hello hello"):
        terminal = Terminal(folder=tmp_path, environment=server.environment)
        try:
            terminal.expect("Say hello, from where you will stretch")
            terminal.expect(r"\[#+-+\] +-\d+ dBFS")
            terminal.expect("coach +Hello")
            terminal.press("q")
            assert terminal.finish() == 0
        finally:
            terminal.close()
    assert Memory(memory_file(tmp_path)).setting("microphone_heard") == "yes"


def test_q_quits_the_level_check_too(server: SoundServer, tmp_path: Path) -> None:
    terminal = Terminal(folder=tmp_path, environment=server.environment)
    try:
        terminal.expect(r"\[-+\] +-\d+ dBFS")
        terminal.press("q")
        assert terminal.finish() == 0
        assert "coach" not in terminal.text
    finally:
        terminal.close()


def test_a_silent_microphone_is_reported_and_any_key_goes_on(server: SoundServer, tmp_path: Path) -> None:
    terminal = Terminal(folder=tmp_path, environment=server.environment)
    try:
        terminal.expect(r"\[-+\] +-\d+ dBFS")
        terminal.press(" ")
        terminal.expect("Too quiet: I hear nothing at all; unmute the microphone")
        terminal.expect("coach +Hello")
        terminal.press("q")
        assert terminal.finish() == 0
    finally:
        terminal.close()
    assert Memory(memory_file(tmp_path)).setting("microphone_heard") is None


def test_keys_pause_move_and_quit(server: SoundServer, tmp_path: Path) -> None:
    terminal = Terminal("--rate", "220", folder=experienced(tmp_path), environment=server.environment)
    try:
        terminal.expect("Keys: space pauses")
        terminal.expect("help")
        server.say("start with bridge")
        terminal.expect("bridge · introducing")
        terminal.press(" ")
        terminal.expect("bridge · paused")
        terminal.press(" ")
        terminal.expect("bridge · introducing")
        terminal.press("\x1b[C")
        terminal.expect("child's pose · introducing")
        terminal.press("\x1b[D")
        terminal.expect("bridge · introducing")
        terminal.press("q")
        assert terminal.finish() == 0
        assert "[end: closed]" in terminal.text
    finally:
        terminal.close()
    [session] = Memory(memory_file(tmp_path)).sessions()
    assert (session.routine, session.finished) == ("full", False)


def test_a_device_is_remembered_until_it_is_gone(server: SoundServer, tmp_path: Path) -> None:
    def shown(*options: str) -> tuple[list[str], str]:
        coach = Coach(*options, folder=tmp_path, environment=server.environment)
        try:
            line = coach.expect("Microphone: ")
            coach.expect("coach  Hello")
            coach.interrupt()
            assert coach.finish() == 0
            return coach.lines, re.search(r"Microphone: (.*)\. Speaker", line)[1]  # type: ignore[index]
        finally:
            coach.close()

    folder = experienced(tmp_path)
    assert shown()[1] == "default"
    assert shown("--input", "headset")[1] == "Headset"
    assert shown()[1] == "Headset"
    Memory(memory_file(folder)).keep_setting("microphone", "unplugged")
    lines, name = shown()
    assert name == "default"
    assert lines[0].startswith("There is no microphone called “unplugged”; ")
    assert lines[0].endswith("It was remembered from an earlier session; the system's default is used instead.")
    shown("--input", "default")
    assert not Memory(memory_file(folder)).setting("microphone")
