"""After a kill at any moment the file opens, and no more than the running step is lost."""

import itertools
import multiprocessing
import random
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from skill.events import Saved
from skill.memory import Memory

TWO_STEPS = """
import pathlib, sys
from skill.memory import Memory, database
database.BUSY_TIMEOUT_S = 120
memory = Memory(pathlib.Path(sys.argv[1]))
memory.begin_session(sys.argv[2])
for number in range(100):
    with memory.together():
        memory.stretch_done(f"stretch {number}")
        memory.keep_session(number, finished=number == 99)
print(memory.problem)
"""


def step_of(memory: Memory) -> int:
    saved = memory.saved()
    return saved.step if saved else 0


def write_steps(file: Path, told: Connection, in_background: bool) -> None:
    """Keep one step after the other, and report each one that is kept."""
    memory = Memory(file, in_background=in_background)
    assert memory.problem is None, memory.problem
    memory.begin_session("full")
    for step in itertools.count(step_of(memory) + 1):
        with memory.together():
            memory.save(Saved("full", "cow", step))
            memory.keep_session(step)
            memory.stretch_done(f"stretch {step}")
        if in_background:
            memory.settle()
        told.send(step)


def write_and_kill(file: Path, dice: random.Random, in_background: bool) -> list[int]:
    """Let a process write, kill it at some moment, and return the steps that it had told to be kept."""
    processes = multiprocessing.get_context("forkserver")  # it starts quickly, with only its imports
    processes.set_forkserver_preload(["pytest", "skill.memory", __name__])
    here, there = processes.Pipe(duplex=False)
    writer = processes.Process(target=write_steps, args=(file, there, in_background))
    writer.start()
    there.close()
    told = [here.recv() for _ in range(dice.randrange(4))]
    writer.join(timeout=dice.random() * 0.03)
    assert writer.is_alive()
    writer.kill()
    with suppress(EOFError):
        while True:
            told.append(here.recv())
    writer.join()
    return told


@pytest.mark.parametrize(
    ("kills", "in_background"),
    [
        pytest.param(30, False, id="at once"),
        pytest.param(20, True, id="by a thread"),
        pytest.param(300, False, id="at once, hundreds of times", marks=pytest.mark.long),
        pytest.param(60, True, id="by a thread, many times", marks=pytest.mark.long),
    ],
)
def test_killed_again_and_again(tmp_path: Path, kills: int, in_background: bool) -> None:
    file = tmp_path / "memory.sqlite"
    dice = random.Random(5)
    before = 0
    for _ in range(kills):
        told = write_and_kill(file, dice, in_background)
        memory = Memory(file)
        assert memory.problem is None
        last = max([before, *told])
        assert last <= step_of(memory) <= last + 1
        latest = max(memory.sessions(), key=lambda session: session.seconds, default=None)
        assert (latest.seconds if latest else 0) == step_of(memory)  # the whole of a step is there, or none of it
        stretches = latest.stretches if latest else ()
        assert stretches[-1:] == ((f"stretch {step_of(memory)}",) if step_of(memory) else ())
        before = step_of(memory)
    assert before > kills  # it was killed while at work, not before
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_two_coaches_at_once(tmp_path: Path) -> None:
    file = tmp_path / "memory.sqlite"
    command = [sys.executable, "-c", TWO_STEPS, str(file)]
    coaches = [
        subprocess.Popen([*command, name], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for name in ("full", "quick")
    ]
    for coach in coaches:
        assert coach.communicate() == ("None\n", "")
    sessions = Memory(file).sessions()
    assert sorted(session.routine for session in sessions) == ["full", "quick"]
    for session in sessions:
        assert session.finished
        assert session.stretches == tuple(f"stretch {number}" for number in range(100))
