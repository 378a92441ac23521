"""Invalid values in the memory, from another version of the coach or another program, stop nothing."""

import contextlib
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from skill.events import Heard, Saved
from skill.memory import Memory
from tests.memory.test_memory_sessions import NOW, Conversation

VALUES = (
    0, -5, 10**18, 1.5, "", "nonsense", "x" * 3000, b"\xff\0", "2026-11-18", f"{NOW:%Y-%m-%dT%H:%M:%S%z}", "[]",
    "0001-01-01T00:00:00+13:00", "9999-12-31T23:59:59-11:00", '{"pace": "fast"}', '{"pace": 1e999}',
)  # fmt: skip

SESSIONS = [
    *(("sessions", column) for column in ("id", "started", "ended", "seconds", "routine", "finished")),
    *(("stretches_done", column) for column in ("session", "number", "stretch", "at")),
]

TALKED_ABOUT = [
    *(("place", column) for column in ("routine", "stretch", "step", "easier", "at")),
    ("conditions", "id"),
    ("settings", "value"),
]

INTENTS = ("history", "my_conditions", "start_routine", "affirm", "louder", "stop", "forget_conditions")


def used(file: Path) -> None:
    """Leave something in every table."""
    memory = Memory(file, clock=lambda: NOW)
    with memory.together():
        memory.save(Saved("full", "bridge", step=2))
        memory.begin_session("full")
        memory.stretch_done("cat")
        memory.keep_session(600)
        memory.keep_conditions({"knees"})
        memory.prefer({"pace": 1})


def put(file: Path, table: str, column: str, value: object) -> None:
    with closing(sqlite3.connect(file)) as database, contextlib.suppress(sqlite3.IntegrityError), database:
        database.execute(f"UPDATE OR IGNORE {table} SET {column} = ?", (value,))


@pytest.mark.parametrize(("table", "column"), SESSIONS)
def test_sessions_can_be_read_whatever_stands_there(tmp_path: Path, table: str, column: str) -> None:
    for number, value in enumerate(VALUES):
        file = tmp_path / f"{number}.sqlite"
        used(file)
        put(file, table, column, value)
        memory = Memory(file, clock=lambda: NOW)
        memory.history()
        for session in memory.sessions():
            assert session.seconds >= 0
            assert all(isinstance(name, str) for name in (session.routine, *session.stretches))


@pytest.mark.parametrize(("table", "column"), TALKED_ABOUT)
@pytest.mark.parametrize("value", [-5, "nonsense", b"\xff\0", '{"pace": 1e999}'])
def test_a_conversation_goes_on_whatever_stands_there(tmp_path: Path, table: str, column: str, value: object) -> None:
    file = tmp_path / "memory.sqlite"
    used(file)
    put(file, table, column, value)
    talk = Conversation(file, NOW + timedelta(hours=1))
    for intent in INTENTS:
        talk.session.handle(Heard(talk.session.now, intent, intent))
    talk.session.close("closed")
    assert (talk.memory.problem, Memory(file).conditions) == (None, None)


def test_a_condition_that_this_version_does_not_know_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "memory.sqlite"
    Memory(file).keep_conditions({"knees", "sore_elbows"})
    talk = Conversation(file)
    talk.say("what do you know about me", then_wait=20)
    assert talk.said[-1] == "Sore knees."
    talk.say("start back stretches", then_wait=60)
    assert talk.session.view.stretch == "knee_to_chest"
