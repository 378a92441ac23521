"""A memory that another program locks when the coach begins: nothing is lost, and the problem is reported."""

import json
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from skill.dialogue.actions import KeepConditions, Prefer
from skill.events import Heard, Saved
from skill.memory import Memory, Recorder, database
from skill.memory.schema import TABLES
from skill.preferences import Preferences
from skill.session import Session
from skill.voice.silent_voice import SilentVoice
from tests.dialogue.world import CONTENT

SLOW = Preferences(pace=-1, brief=True)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A memory with conditions and preferences."""
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0.05)
    memory = Memory(tmp_path / "memory.sqlite")
    memory.keep_conditions({"glaucoma"})
    memory.prefer(asdict(SLOW))
    memory.save(Saved("full", "bridge"))
    return tmp_path / "memory.sqlite"


CHANGES: list[Callable[[Memory], None]] = [
    lambda memory: memory.keep_conditions(None),
    lambda memory: memory.keep_conditions({"glaucoma", "knees"}, known={"wrists"}),
    lambda memory: memory.keep_conditions({"wrists"}, known={"knees"}),
    lambda memory: memory.keep_conditions({"wrists"}),
    lambda memory: memory.keep_unwell(True),
    lambda memory: memory.keep_unwell(False),
    lambda memory: memory.prefer({"pace": 1, "brief": True}),
    lambda memory: memory.prefer({"pace": -1}),
    lambda memory: memory.save(Saved("full", "bridge", 2)),
    lambda memory: memory.save(None),
    lambda memory: memory.begin_session("full"),
    lambda memory: memory.keep_session(7),
    lambda memory: memory.keep_session(8, finished=True),
    lambda memory: memory.stretch_done("bridge"),
]


def content(file: Path) -> dict[str, list[tuple]]:
    """Return all rows of a memory; the ids of sessions are random."""
    columns = {"sessions": "started, ended, seconds, routine, finished", "stretches_done": "number, stretch, at"}
    with closing(sqlite3.connect(file)) as opened:
        queries = {table: f"SELECT {columns.get(table, '*')} FROM {table}" for table in TABLES}
        found = {table: sorted(opened.execute(query).fetchall()) for table, query in queries.items()}
    found["settings"] = [(name, _in_order(value), at) for name, value, at in found["settings"]]
    return found


def _in_order(value: str) -> str:
    return json.dumps(json.loads(value), sort_keys=True) if value.startswith("{") else value


@contextmanager
def locked(file: Path) -> Iterator[None]:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def folder_in_its_place(file: Path) -> Iterator[None]:
    aside = file.rename(file.with_name("aside"))
    file.mkdir()
    yield
    file.rmdir()
    aside.rename(file)


def test_what_could_not_be_read_is_reported(file: Path) -> None:
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


def test_what_is_deleted_while_locked_is_gone_later(file: Path) -> None:
    with locked(file):
        recorder = Recorder(Memory(file))
        recorder.started(0)
        recorder.keep(KeepConditions(None))
    recorder.keep(Prefer(SLOW))
    assert Memory(file).conditions is None


def test_a_deletion_is_never_dropped_however_much_is_kept_afterwards(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "MAX_WAITING", 20)
    memory = Memory(file)
    memory.keep_unwell(True)
    with locked(file):
        memory.keep_conditions(None)
        memory.save(None)
        memory.begin_session("full")
        for number in range(100):
            memory.keep_setting("microphone", str(number))
            memory.keep_session(number)
            memory.stretch_done(f"stretch {number}")
        assert memory.problem == (
            f"{file}: the oldest entries of your history are lost, since nothing could be written for so long"
            " (database is locked); close the other program that is using it. The session goes on."
        )
    memory.keep_session(100)
    again = Memory(file)
    assert (again.conditions, again.unwell, again.saved(), again.setting("microphone")) == (None, False, None, "99")
    (session,) = again.sessions()
    assert session.seconds == 100
    assert 10 < len(session.stretches) < 100
    assert session.stretches[-1] == "stretch 99"
    assert memory.problem is None


def test_what_waits_leaves_the_same_as_if_it_had_been_written_one_by_one(tmp_path: Path) -> None:
    dice = random.Random(3)
    now = 0
    for number in range(6):
        files = [tmp_path / f"{kind}-{number}.sqlite" for kind in ("at once", "later")]
        at_once, later = memories = [Memory(file, lambda: datetime.fromtimestamp(now, UTC)) for file in files]  # noqa: B023
        for memory in memories:
            memory.keep_conditions({"knees"})
        with locked(files[1]):
            for change in [dice.choice(CHANGES) for _ in range(dice.randrange(1, 40))]:
                now += 1
                for memory in memories:
                    change(memory)
        for memory in memories:
            memory.remember_safety_told()
        assert content(files[0]) == content(files[1])
        assert (at_once.problem, later.problem) == (None, None)


def test_a_problem_that_is_over_is_cleared_and_the_next_one_is_reported(file: Path) -> None:
    memory, problems = Memory(file), []
    for spoil in (locked, locked, folder_in_its_place):
        with spoil(file):
            memory.remember_safety_told()
            memory.save(None)
            problems.append(memory.problem or "")
        memory.remember_safety_told()
        assert memory.problem is None
    assert [problem.split("(")[1].split(")")[0] for problem in problems] == [
        "database is locked",
        "database is locked",
        "there is a folder where the file should be",
    ]


def test_another_problem_takes_the_place_of_the_first(file: Path) -> None:
    memory = Memory(file)
    with locked(file):
        memory.save(None)
    with folder_in_its_place(file):
        memory.save(None)
        assert "there is a folder where the file should be" in (memory.problem or "")


def test_that_a_new_memory_was_begun_stays_a_problem(file: Path) -> None:
    file.write_bytes(b"no database" * 100)
    memory = Memory(file)
    with locked(file):
        memory.save(None)
    assert "database is locked" in (memory.problem or "")
    file.write_bytes(b"no database" * 100)
    memory = Memory(file)
    memory.save(None)
    assert "is damaged; it is kept as" in (memory.problem or "")


def test_a_session_reports_each_problem_once_and_not_its_end(file: Path) -> None:
    events: list[dict] = []
    memory = Memory(file)
    session = Session(CONTENT, None, SilentVoice(), memory, events.append)
    session.start()
    for _ in range(2):
        with locked(file):
            session.handle(Heard(session.now, "louder", "louder"))
        session.handle(Heard(session.now, "softer", "softer"))
    told = [event["text"] for event in events if event["event"] == "problem"]
    assert len(told) == 2
    assert all("database is locked" in text for text in told)
