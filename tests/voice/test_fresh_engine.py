"""A line always sounds the same: each is spoken in an engine of its own, and an engine that hangs is given up."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from skill.voice import fresh_engine
from tests.voice.voices import Open

pytest_plugins = ["tests.voice.voice_fixtures"]
pytestmark = pytest.mark.skipif(not fresh_engine.POSSIBLE, reason="the engine of this system is not espeak-ng")

LINES = (
    "Hello.",
    "Okay.",
    "Sorry?",
    "Half way.",
    "Hold for twenty seconds.",
    "Now the other side, the left one.",
    "Bend both knees and put your feet flat on the floor.",
    "And come out of it gently.",
)


def test_a_line_sounds_the_same_in_any_order_and_with_any_cache(voice_of: Open) -> None:
    """Each voice renders everything itself: it has no cache but its own temporary one."""
    first = voice_of(cache=None)
    clips = {line: first.wait(line) for line in LINES}
    for order in (LINES[::-1], sorted(LINES, key=len), LINES[3:] + LINES[:3]):
        voice = voice_of(cache=None)
        for line in order:
            np.testing.assert_array_equal(voice.wait(line), clips[line], err_msg=line)


def test_a_line_sounds_the_same_at_its_speed_after_lines_at_another(voice_of: Open) -> None:
    slow, usual = voice_of(cache=None, rate=100), voice_of(cache=None)
    usual.wait("Half way.")
    usual.set_speed(100 / usual.settings.rate)
    np.testing.assert_array_equal(usual.wait("And come out of it gently."), slow.wait("And come out of it gently."))


def test_an_engine_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fresh_engine, "LONGEST_S", 1)
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        fresh_engine.run(time.sleep, 60)
    assert time.monotonic() - began < 10


def test_what_goes_wrong_in_it_is_told() -> None:
    with pytest.raises(RuntimeError, match="ValueError"):
        fresh_engine.run(int, "no number")
    with pytest.raises(RuntimeError, match="ended"):
        fresh_engine.run(os._exit, 3)


def test_it_dies_with_its_worker(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    program = (
        "import os, pathlib, sys, time; from skill.voice import fresh_engine\n"
        "def hang():\n"
        "    pathlib.Path(sys.argv[1]).write_text(f'{os.getpid()}.')\n"
        "    time.sleep(60)\n"
        "fresh_engine.LONGEST_S = 60\n"
        "fresh_engine.run(hang)"
    )
    worker = subprocess.Popen([sys.executable, "-c", program, str(note)])
    while not (note.exists() and note.read_text().endswith(".")):
        assert worker.poll() is None
        time.sleep(0.01)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    deadline = time.monotonic() + 10
    while _lives(int(note.read_text()[:-1])):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _lives(pid: int) -> bool:
    """Tell whether a process is there, and not only its entry."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
