"""A line always sounds the same, since each gets its own engine; an engine that hangs is killed."""

import os
import select
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from skill.voice import forked_call
from skill.voice.worker_server import WrongRequest
from tests.voice.voices import Open

pytest_plugins = ["tests.voice.voice_fixtures"]
pytestmark = pytest.mark.skipif(not forked_call.AVAILABLE, reason="the engine of this system is not espeak-ng")

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
    monkeypatch.setattr(forked_call, "TIMEOUT_S", 1)
    with pytest.raises(TimeoutError):
        forked_call.call_in_fork(time.sleep, 60)


def test_what_goes_wrong_in_it_is_reported() -> None:
    with pytest.raises(RuntimeError, match="ValueError"):
        forked_call.call_in_fork(int, "no number")
    with pytest.raises(RuntimeError, match="ended"):
        forked_call.call_in_fork(os._exit, 3)


def test_a_wrong_request_stays_one() -> None:
    def refuse() -> None:
        raise WrongRequest("There is no such voice.")

    with pytest.raises(WrongRequest, match=r"^There is no such voice\.$"):
        forked_call.call_in_fork(refuse)


def test_it_dies_with_its_worker() -> None:
    program = (
        "import os, signal; from skill.voice import forked_call\n"
        "def hang():\n"
        "    os.write(1, b'hangs')\n"
        "    signal.pause()\n"
        "forked_call.TIMEOUT_S = 600\n"
        "forked_call.call_in_fork(hang)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, bufsize=0) as worker:
        assert worker.stdout
        assert worker.stdout.read(5) == b"hangs"
        worker.send_signal(signal.SIGKILL)
        assert select.select([worker.stdout], [], [], 60)[0], "the fork lives on"
        assert worker.stdout.read(1) == b""  # nobody has the other end of the pipe any more
