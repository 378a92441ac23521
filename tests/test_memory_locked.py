"""A memory that another program holds when the coach begins: nothing in it is lost, and what is wrong is told."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path

import pytest

from skill.actions import KeepConditions, Prefer
from skill.events import Saved
from skill.memory import Memory, Recorder, database
from skill.preferences import Preferences

SLOW = Preferences(pace=-1, brief=True)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A memory of somebody who has told of their body and of what they like."""
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0.05)
    memory = Memory(tmp_path / "memory.sqlite")
    memory.keep_conditions({"glaucoma"})
    memory.prefer(asdict(SLOW))
    memory.save(Saved("full", "bridge"))
    return tmp_path / "memory.sqlite"


@contextmanager
def locked(file: Path) -> Iterator[None]:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


def test_what_could_not_be_read_is_told(file: Path) -> None:
    with locked(file):
        memory = Memory(file)
        assert memory.conditions is None
    assert memory.problem == (
        f"{file}: what was kept cannot be read, and your progress cannot be kept (database is locked);"
        " close the other program that is using it. The session goes on."
    )


def test_it_is_read_when_it_is_free_before_the_session_begins(file: Path) -> None:
    with locked(file):
        memory = Memory(file)
    started = Recorder(memory).started(0)
    assert (started.conditions, started.preferences, started.saved) == ({"glaucoma"}, SLOW, Saved("full", "bridge"))


@pytest.mark.parametrize("at_once", [True, False], ids=["after the lock", "during the lock"])
@pytest.mark.parametrize("told", [frozenset(), frozenset({"knees"})], ids=["nothing", "knees"])
def test_what_a_session_changes_that_knew_nothing_is_added(file: Path, told: frozenset[str], at_once: bool) -> None:
    with locked(file):
        memory = Memory(file)
        recorder = Recorder(memory)
        assert recorder.started(0).conditions is None
        if not at_once:
            recorder.keep(KeepConditions(told))
    if at_once:
        recorder.keep(KeepConditions(told))
    recorder.keep(Prefer(Preferences(volume=2)))
    recorder.keep(KeepConditions(told | {"wrists"}))
    for kept in (memory, Memory(file)):
        assert kept.conditions == told | {"glaucoma", "wrists"}
        assert Preferences.read(kept.preferences) == Preferences(pace=-1, volume=2, brief=True)
        assert kept.saved() == Saved("full", "bridge")


def test_what_is_forgotten_is_gone_all_the_same(file: Path) -> None:
    with locked(file):
        recorder = Recorder(Memory(file))
        recorder.started(0)
        recorder.keep(KeepConditions(None))
    recorder.keep(Prefer(SLOW))
    assert Memory(file).conditions is None
