"""What is kept between sessions, and what happens when it cannot be."""

import resource
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from skill.events import Saved
from skill.memory import Memory

PLACE = Saved("full", "bridge", step=7, easier=True, skipped=frozenset({"cat", "childs_pose"}))


NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "memory.sqlite"


def test_nothing_is_known_at_first(file: Path) -> None:
    memory = Memory(file)
    assert (memory.safety_told, memory.saved(), memory.problem) == (False, None, None)


def test_another_session_knows_what_was_kept(file: Path) -> None:
    memory = Memory(file)
    memory.save(PLACE)
    memory.remember_safety_told()
    for known in (memory, Memory(file)):
        assert (known.safety_told, known.saved(), known.problem) == (True, PLACE, None)


def test_the_last_place_counts_and_a_finished_routine_has_none(file: Path) -> None:
    memory = Memory(file)
    memory.save(Saved("quick", "cat"))
    memory.save(PLACE)
    assert Memory(file).saved() == PLACE
    memory.save(None)
    assert Memory(file).saved() is None


@pytest.mark.parametrize(
    ("age", "saved"),
    [
        (timedelta(minutes=5), PLACE),
        (timedelta(hours=23, minutes=59), PLACE),
        (timedelta(hours=24, minutes=1), None),
        (timedelta(hours=-3), PLACE),  # the clock was put back
        (timedelta(days=-2), None),
        (timedelta(days=400), None),
    ],
)
def test_a_place_is_offered_for_a_day(file: Path, age: timedelta, saved: Saved | None) -> None:
    memory = Memory(file, clock=lambda: NOW)
    memory.save(PLACE)
    memory.remember_safety_told()
    later = Memory(file, clock=lambda: NOW + age)
    assert later.saved() == saved
    assert later.safety_told


def test_without_a_file_nothing_outlives_the_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    memory = Memory()
    memory.save(PLACE)
    assert memory.saved() == PLACE
    assert Memory().saved() is None
    assert list(tmp_path.iterdir()) == []


def test_only_its_owner_can_read_it(file: Path) -> None:
    Memory(file).save(PLACE)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert list(file.parent.iterdir()) == [file]


def not_a_database(file: Path) -> None:
    file.write_bytes(b"no database at all, but long enough to be looked at" * 50)


def damaged(file: Path) -> None:
    Memory(file).save(PLACE)
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xaa" * (len(whole) - 4096))


def folder(file: Path) -> None:
    file.mkdir()


def below_a_file(file: Path) -> None:
    file.parent.rmdir()
    file.parent.write_text("")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (not_a_database, "is damaged; it is kept as memory.damaged-"),
        (damaged, "is damaged; it is kept as memory.damaged-"),
        (folder, "(there is a folder where the file should be); move that folder away. The session goes on."),
        (below_a_file, "(there is a file where its folder should be); move that file away. The session goes on."),
    ],
)
def test_a_file_that_cannot_be_used_is_reported_once_and_the_session_goes_on(
    file: Path, spoil: Callable[[Path], None], says: str
) -> None:
    file.parent.mkdir()
    spoil(file)
    memory = Memory(file)
    problem = memory.problem
    assert problem
    assert problem.startswith(f"{file}: ")
    assert says in problem
    assert problem.endswith(".")
    memory.save(PLACE)
    memory.remember_safety_told()
    assert (memory.saved(), memory.safety_told, memory.problem) == (PLACE, True, problem)


def test_a_file_that_breaks_during_the_session(file: Path) -> None:
    memory = Memory(file)
    memory.remember_safety_told()
    not_a_database(file)
    memory.save(PLACE)
    assert memory.problem
    assert (memory.saved(), memory.safety_told) == (PLACE, True)


def test_a_file_that_another_program_has_locked(file: Path) -> None:
    memory = Memory(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        memory.save(PLACE)
        assert "locked" in (memory.problem or "")
        assert memory.saved() == PLACE
    assert Memory(file).problem is None


def test_a_full_disk(file: Path) -> None:
    Memory(file).remember_safety_told()
    program = (
        "import sys, pathlib; from skill.memory import Memory; from skill.events import Saved\n"
        "memory = Memory(pathlib.Path(sys.argv[1])); assert memory.safety_told and not memory.problem\n"
        "memory.save(Saved('full', 'cat')); print(memory.saved()); print(memory.problem)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, str(file)],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)),
    )
    saved, problem = result.stdout.splitlines()
    assert saved == "Saved(routine='full', stretch='cat', step=0, easier=False, skipped=frozenset())"
    assert "your progress cannot be kept" in problem
    again = Memory(file)
    assert (again.safety_told, again.saved(), again.problem) == (True, None, None)
