"""Keys of a real terminal: what they mean, and that the terminal is as before, even after a kill."""

import contextlib
import os
import pty
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator

import pytest

from skill.live.keys import Keys, intent_of


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """The two ends of a terminal: what the user types into, and what the program has."""
    ours, theirs = pty.openpty()
    yield ours, theirs
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        (b" ", ["space"]),
        (b"q", ["quit"]),
        (b"\x1b[C\x1b[D", ["right", "left"]),
        (b"\x1bOC\x1bOD", ["right", "left"]),
        (b"\x1b[A\x1b[B\x1b[5~\x1b[1;5Cxyz1\t\r", []),
        ("schön ".encode(), ["space"]),
        (b"  q", ["space", "space", "quit"]),
        (b"\x1b", []),
    ],
)
def test_keys_have_names(terminal: tuple[int, int], typed: bytes, names: list[str]) -> None:
    ours, theirs = terminal
    with Keys(theirs) as keys:
        assert keys.active
        assert keys.pressed() == []
        os.write(ours, typed)
        assert keys.pressed() == names


def test_a_key_that_arrives_in_two_parts(terminal: tuple[int, int]) -> None:
    ours, theirs = terminal
    with Keys(theirs) as keys:
        os.write(ours, b"\x1b")
        assert keys.pressed() == []
        os.write(ours, b"[C")
        assert keys.pressed() == ["right"]


def test_space_pauses_and_goes_on() -> None:
    assert intent_of("space", paused=False) == "pause"
    assert intent_of("space", paused=True) == "resume"
    assert [intent_of(key, paused=False) for key in ("left", "right", "quit")] == ["previous", "next", None]


def modes(terminal: int) -> list:
    return termios.tcgetattr(terminal)


def test_the_terminal_is_put_right(terminal: tuple[int, int]) -> None:
    _, theirs = terminal
    before = modes(theirs)
    with contextlib.suppress(RuntimeError), Keys(theirs):
        assert modes(theirs) != before
        raise RuntimeError
    assert modes(theirs) == before


def test_the_terminal_is_put_right_after_a_kill(terminal: tuple[int, int]) -> None:
    _, theirs = terminal
    before = modes(theirs)
    program = (
        "import sys; from skill.live.keys import Keys\nwith Keys(): print('ready', flush=True); sys.stdin.buffer.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as killed:
        assert killed.stdout
        assert killed.stdout.readline() == b"ready\n"
        assert modes(theirs) != before
        killed.send_signal(signal.SIGKILL)
        killed.stdout.read()
    deadline = time.monotonic() + 30  # the guard needs a moment
    while modes(theirs) != before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert modes(theirs) == before


def test_without_a_terminal_there_are_no_keys() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"q")
    with Keys(reading) as keys:
        assert not keys.active
        assert keys.pressed() == []
    assert os.read(reading, 10) == b"q"
    os.close(reading)
    os.close(writing)
