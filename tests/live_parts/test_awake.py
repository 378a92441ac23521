"""Keeping the computer awake: a child process that lives as long as it is needed, and never longer."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from skill.live.awake import COMMANDS, Awake

TIMEOUT_S = 60


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def notes_its_id(file: Path) -> tuple[str, ...]:
    return ("sh", "-c", f"echo $$ > {file}.part; mv {file}.part {file}; exec cat")


def pid_in(file: Path) -> int:
    deadline = time.monotonic() + TIMEOUT_S
    while not file.exists():
        assert time.monotonic() < deadline, "it was not started"
        os.sched_yield()
    return int(file.read_text())


def wait_for_its_end(pid: int) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while is_running(pid):
        assert time.monotonic() < deadline, "it is still there"
        os.sched_yield()


def test_it_runs_while_it_is_asked_for(tmp_path: Path) -> None:
    with Awake((notes_its_id(tmp_path / "pid"),)) as awake:
        awake.keep(False)
        assert not (tmp_path / "pid").exists()
        awake.keep(True)
        awake.keep(True)
        pid = pid_in(tmp_path / "pid")
        assert is_running(pid)
        awake.keep(False)
        wait_for_its_end(pid)


def test_it_ends_with_the_session(tmp_path: Path) -> None:
    with Awake((notes_its_id(tmp_path / "pid"),)) as awake:
        awake.keep(True)
        pid = pid_in(tmp_path / "pid")
    assert not is_running(pid)


def test_it_ends_with_a_program_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from skill.live.awake import Awake\n"
        "awake = Awake((tuple(sys.argv[1:]),)); awake.keep(True); print('on', flush=True); signal.pause()"
    )
    command = [sys.executable, "-c", program, *notes_its_id(tmp_path / "pid")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as killed:
        assert killed.stdout
        killed.stdout.readline()
        pid = pid_in(tmp_path / "pid")
        killed.send_signal(signal.SIGKILL)
    wait_for_its_end(pid)


@pytest.mark.parametrize("commands", [(), (("no-such-command-anywhere",),), (("false",),)])
def test_a_command_that_is_missing_or_fails_does_no_harm(commands: tuple[tuple[str, ...], ...]) -> None:
    with Awake(commands) as awake:
        awake.keep(True)
        awake.keep(False)
        awake.keep(True)


def test_the_commands_end_with_this_program() -> None:
    inhibit, caffeinate = COMMANDS
    assert inhibit[-1] == "cat"
    assert caffeinate[-2:] == ("-w", str(os.getpid()))
