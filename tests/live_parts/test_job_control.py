"""The program in a real shell: stopped with Ctrl-Z or from elsewhere, in the background, in the foreground again."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live_parts.window import Window

PROGRAM = """
import os, sys, time
from pathlib import Path
from skill.live.ending import Ending
from skill.live.job_control import JobControl
from skill.live.keys import Keys
from skill.live.screen import Screen
from tests.dialogue.world import holding
view, ending = holding(5).view, Ending()
Path(sys.argv[1]).write_text(str(os.getpid()))
with (
    Keys() as keys,
    Screen() as screen,
    JobControl((keys.release, screen.release), (screen.take,)) as jobs,
):
    pressed = []
    while "quit" not in pressed:
        jobs.check()
        ending.check()
        new = keys.pressed()
        pressed += new
        if new:
            screen.log({"t": 0, "event": "say", "id": 1, "text": f"{len(pressed)} pressed"})
        screen.draw(view)
        time.sleep(0.01)
"""
"""A session as far as the terminal knows it: counts the keys that are pressed, and ends with q."""

CTRL_Z = "\x1a"
SHELLS = {"bash": ["bash", "--norc", "--noprofile", "-i"], "sh": ["sh", "-i"]}


class Shell:
    """A shell in a window, with the program as a command."""

    def __init__(self, window: Window, folder: Path):
        self.window = window
        self._pid = folder / "pid"
        (folder / "program.py").write_text(PROGRAM)
        window.expect("$")
        self._modes = self._modes_now()
        self.command = f"{sys.executable} {folder / 'program.py'} {self._pid}"
        self._asked = 0

    def enter(self, line: str) -> None:
        """Enter a line."""
        self.window.type(f"{line}\r")

    def answers(self) -> None:
        """Wait until the shell does what is typed, and shows the cursor."""
        self._asked += 1
        self.enter(f"echo {self._asked}:$((6 * 7))")
        self.window.expect(f"{self._asked}:42")
        assert not self.window.cursor_hidden

    def press(self) -> None:
        """Press the space bar until the program gets it: keys are discarded while it takes the terminal back."""
        before = self._pressed()
        self.window.wait_until(lambda: self.window.cursor_hidden and self._state() != "T")
        for _ in range(20):
            self.window.type(" ")
            if self.window.comes_true(lambda: self._pressed() > before, within_s=1.0):
                return
        raise AssertionError("its keys are dead:\n" + "\n".join(self.window.rows))

    def start_and_stop(self) -> None:
        """Start the program, and stop it with Ctrl-Z once it has its keys."""
        self.enter(self.command)
        self.press()
        self.window.type(CTRL_Z)
        self.stopped()

    def stopped(self) -> None:
        """Wait until the program is stopped and the shell has the terminal."""
        self.window.wait_until(lambda: self._state() == "T")
        self.answers()

    def bring_back(self) -> None:
        """Bring the program, which runs in the background, to the foreground: it has its keys."""
        self.enter("clear; jobs")
        self.window.expect("unning")
        self.enter("fg")
        self.press()

    def signal(self, number: int) -> None:
        """Send the program a signal from elsewhere."""
        os.kill(int(self._pid.read_text()), number)

    def quit(self) -> None:
        """End the program with q; the terminal is then as it was before."""
        self.window.type("q")
        self.window.wait_until(lambda: not self._state())
        self.answers()
        self.window.wait_until(self.has_its_modes)  # at its prompt the shell has other modes than while it answers

    def _pressed(self) -> int:
        """Return how many keys the program has shown."""
        return max(map(int, re.findall(r"(\d+) pressed", "\n".join(self.window.rows))), default=0)

    def _state(self) -> str:
        """Return the first letter of the state of the program, T if it is stopped; empty if there is none."""
        if not self._pid.exists():
            return ""
        command = ["ps", "-o", "stat=", "-p", self._pid.read_text()]
        return subprocess.run(command, capture_output=True, text=True).stdout[:1]

    def has_its_modes(self) -> bool:
        """Return whether the terminal has the modes that it had before the program."""
        return self._modes_now() == self._modes

    def _modes_now(self) -> str:
        asked = subprocess.run(["stty", "-g"], stdin=self.window.terminal, check=True, capture_output=True, text=True)
        return asked.stdout


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shell]:
    with Window(SHELLS[request.param]) as window:
        yield Shell(window, tmp_path)


def test_stopped_with_ctrl_z_it_leaves_the_terminal_to_the_shell_and_goes_on_with_its_keys(shell: Shell) -> None:
    shell.enter(shell.command)
    shell.press()
    for _ in range(2):
        shell.window.type(CTRL_Z)
        shell.stopped()
        shell.enter("fg")
        shell.press()
    shell.quit()


def test_the_window_may_have_another_size_when_it_goes_on(shell: Shell) -> None:
    shell.start_and_stop()
    shell.window.resize(6, 40)
    shell.enter("fg")
    shell.press()
    shell.window.wait_until(lambda: "pressed" in shell.window.rows[-1])


def test_stopped_from_elsewhere_it_goes_on_with_its_keys(shell: Shell) -> None:
    shell.enter(shell.command)
    shell.press()
    shell.signal(signal.SIGSTOP)
    shell.window.wait_until(lambda: "topped" in "".join(shell.window.rows))
    shell.enter("fg")
    shell.press()
    shell.quit()


def test_stopped_and_continued_behind_the_shells_back_it_keeps_its_keys(shell: Shell) -> None:
    shell.enter(f"exec {shell.command}")
    shell.press()
    shell.signal(signal.SIGSTOP)
    shell.signal(signal.SIGCONT)
    shell.press()


def test_in_the_background_it_leaves_the_terminal_alone(shell: Shell) -> None:
    shell.start_and_stop()
    shell.enter("bg")
    shell.answers()
    shell.answers()
    shell.bring_back()
    shell.quit()


def test_started_in_the_background_it_has_keys_once_it_is_in_the_foreground(shell: Shell) -> None:
    shell.enter(f"{shell.command} &")
    shell.answers()
    shell.bring_back()
    shell.quit()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_it_can_be_ended_in_the_background(shell: Shell, number: int) -> None:
    shell.start_and_stop()
    shell.enter("bg")
    shell.answers()
    shell.signal(number)
    shell.enter("wait; clear; jobs; echo $((1000 + 1))")
    shell.window.expect("1001")
    shell.answers()
    assert "unning" not in "".join(shell.window.rows)


@pytest.mark.parametrize("number", [signal.SIGQUIT, signal.SIGKILL])
def test_killed_in_the_foreground_it_leaves_the_terminal_as_it_was(shell: Shell, number: int) -> None:
    shell.enter(shell.command)
    shell.press()
    if number == signal.SIGQUIT:
        shell.window.type("\x1c")  # to all processes in the foreground
    else:
        shell.signal(number)
    shell.window.wait_until(shell.has_its_modes)
