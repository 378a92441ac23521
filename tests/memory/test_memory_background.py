"""A memory that a thread writes: no waiting for the disk, the order is kept, and nothing is lost at the end."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from skill.events import Saved
from skill.memory import Memory, database


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "memory.sqlite"


def test_all_is_in_the_file_once_it_is_closed(file: Path) -> None:
    with closing(Memory(file, in_background=True)) as memory:
        memory.begin_session("full")
        for step in range(200):
            with memory.together():
                memory.save(Saved("full", "cow", step))
                memory.stretch_done(f"stretch {step}")
    kept = Memory(file)
    assert kept.saved() == Saved("full", "cow", 199)
    assert kept.sessions()[0].stretches == tuple(f"stretch {step}" for step in range(200))


def test_what_is_kept_together_is_written_together(file: Path) -> None:
    over = threading.Event()
    seen = set()

    def look() -> None:
        while not over.is_set():
            with closing(sqlite3.connect(file, timeout=60)) as other:
                rows = other.execute("SELECT value FROM settings WHERE name IN ('a', 'b')").fetchall()
            assert len(set(rows)) < 2
            seen.update(rows)

    with closing(Memory(file, in_background=True)) as memory:
        reader = threading.Thread(target=look)
        reader.start()
        for step in range(100):
            with memory.together():
                memory.keep_setting("a", str(step))
                memory.keep_setting("b", str(step))
        memory.settle()
        over.set()
        reader.join()
    assert seen


def test_nobody_waits_while_another_program_holds_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 120)
    with closing(Memory(file, in_background=True)) as memory:
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            memory.save(Saved("full", "cow", 1))  # would wait for two minutes
            assert memory.saved() == Saved("full", "cow", 1)
            other.execute("ROLLBACK")
            memory.settle()
        assert memory.problem is None
    assert Memory(file).saved() == Saved("full", "cow", 1)


def test_what_goes_wrong_is_known_when_it_has_settled(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0.05)
    with closing(Memory(file, in_background=True)) as memory:
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            memory.save(Saved("full", "cow", 1))
            memory.settle()
            assert "database is locked" in (memory.problem or "")
        memory.save(Saved("full", "cow", 2))
        memory.settle()
        assert memory.problem is None
    assert Memory(file).saved() == Saved("full", "cow", 2)
