"""A coach that is killed in the middle of a routine keeps the place that it showed, and the memory is intact."""

import os
import pty
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from skill.dialogue.course import StepOptions, steps
from skill.memory import Memory
from tests.dialogue.world import CONTENT

FULL = CONTENT.routines["full"]
WAYS = {line for _, _, lines in FULL.cues for line in lines}
"""Said on the way into a stretch, before its first step."""

NO_STEP = re.compile("Still there|Half way|In: |Out: |Sorry")
LAST_HOLD_OVER = re.compile("umber seven of seven.*♪ +done", re.DOTALL)

NUMBER = re.compile(r"(?:Now n|N)umber (\w+) of seven: ")
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven")


def steps_before(stretch: int, step: int) -> int:
    """Return how many steps of the routine come before one: a place as one number."""
    courses = [steps(FULL, index, StepOptions(), CONTENT.responses) for index in range(stretch)]
    return step + sum(each.kind != "introducing" for course in courses for each in course)


def shown(captions: str) -> int:
    """Return the place that the captions of a session led to."""
    stretch, step = -1, -1
    for line in re.findall(r"coach  (.*)\n", captions):
        number = NUMBER.match(line)
        if number:
            stretch, step = NUMBERS.index(number[1]), -1
        elif stretch >= 0 and line not in WAYS and not NO_STEP.match(line):
            step += 1
    return steps_before(stretch, max(0, step))


def hold_a_session_and_kill_it(file: Path, dice: random.Random) -> str:
    """Let the coach lead through the routine faster than in reality, kill it, and return what it had shown."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "skill", "chat"]
    there = dice.choice(FULL.stretches).name
    again = ["no"] if Memory(file).saved() else []
    lines = ["start back stretches", *again, f"go to {there}", "/wait 300"]
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as coach:
        assert coach.stdout
        os.write(ours, "".join(f"{line}\n" for line in lines).encode())
        captions = ""
        while not captions.endswith(f": {there}.\n"):
            more = coach.stdout.readline()
            assert more, captions
            captions += more
        time.sleep(dice.random())
        coach.send_signal(signal.SIGKILL)
        captions += coach.stdout.read()
    os.close(ours)
    os.close(theirs)
    assert coach.returncode == -signal.SIGKILL
    return captions


@pytest.mark.parametrize("kills", [4, pytest.param(20, marks=pytest.mark.long)])
def test_a_killed_coach_keeps_its_place(home: Path, kills: int) -> None:
    file = home / "data" / "back-stretches" / "memory.sqlite"
    memory = Memory(file)
    memory.remember_safety_told()
    memory.keep_conditions([])
    dice = random.Random(7)
    places = set()
    for _ in range(kills):
        captions = hold_a_session_and_kill_it(file, dice)
        memory = Memory(file)
        assert memory.problem is None
        saved = memory.saved()
        if saved is None:  # it came to the end before it was killed: there is no place
            assert LAST_HOLD_OVER.search(captions), captions
            continue
        kept = steps_before(FULL.index(saved.stretch) or 0, saved.step)
        assert abs(shown(captions) - kept) <= 1, captions
        places.add(kept)
        with closing(sqlite3.connect(file)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len(places) >= kills / 4  # it was killed in many places
