"""`back-stretches history`: the calendar and what is exported."""

import csv
import errno
import json
import os
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from skill.commands.history import FIELDS
from skill.memory import Memory
from skill.memory.schema import VERSION
from tests.commands.conftest import Run


@pytest.fixture
def file(home: Path) -> Path:
    return home / "data" / "back-stretches" / "memory.sqlite"


def stretch(file: Path, days_ago: int, *stretches: str, minutes: int = 5) -> None:
    """Leave what a session leaves that many days ago."""
    memory = Memory(file, clock=lambda: datetime.now().astimezone() - timedelta(days=days_ago))
    memory.begin_session("full")
    for name in stretches:
        memory.stretch_done(name)
    memory.keep_session(60 * minutes, finished=True)


def test_an_empty_history_creates_no_file(run: Run, home: Path) -> None:
    result = run("history")
    assert (result.code, result.err) == (0, "")
    assert "No stretches yet." in result.out
    assert not home.exists()


def test_the_calendar_shows_the_days(run: Run, file: Path) -> None:
    for days_ago in (0, 0, 1, 14):
        stretch(file, days_ago, "cat")
    stretch(file, 2)  # nothing was held to its end
    stretch(file, -3, "cat")  # from a clock that was wrong
    result = run("history", "--weeks", "4")
    *rows, _, summary = result.out.splitlines()
    assert len(rows) == 1 + 4
    assert result.out.count("[2]") == 1
    today = datetime.now().date()
    for days_ago in (1, 14):
        day = today - timedelta(days=days_ago)
        monday = day - timedelta(days=day.weekday())
        [row] = [row for row in rows if f"{monday.day} {monday:%b %Y}" in row]
        assert row[rows[0].rindex(("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")[day.weekday()]) :].lstrip()[0] == "●"
    assert summary.endswith("this week, the last one today; 4 sessions in all, 20 minutes.")


def test_a_terminal_without_such_signs_gets_plain_ones(run: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stretch(file, 0, "cat")
    monkeypatch.setattr("rich.console.Console.encoding", "ascii")
    result = run("history")
    assert "[#]" in result.out


@pytest.mark.parametrize("form", ["--json", "--csv=-"])
def test_a_session_that_ended_as_it_began_is_left_out(run: Run, file: Path, form: str) -> None:
    stretch(file, 1, minutes=0)
    stretch(file, 0, minutes=1)
    result = run("history", form)
    assert result.code == 0
    assert len([line for line in result.out.splitlines() if "full" in line]) == 1


def test_csv(run: Run, file: Path, tmp_path: Path) -> None:
    stretch(file, 1, "cat", "cow")
    stretch(file, 0, minutes=1)
    table = tmp_path / "sessions.csv"
    result = run("history", "--csv", table)
    assert (result.code, result.out) == (0, f"{table}: 2 sessions.\n")
    with table.open(newline="", encoding="utf-8") as lines:
        first, second = csv.DictReader(lines)
    assert tuple(first) == FIELDS
    assert (first["routine"], first["seconds"], first["finished"]) == ("full", "300", "yes")
    assert (first["stretches"], second["stretches"]) == ("cat cow", "")
    assert datetime.fromisoformat(first["started"]).tzinfo
    assert run("history", "--csv", "-").out.splitlines()[0] == ",".join(FIELDS)


def test_json(run: Run, file: Path) -> None:
    stretch(file, 0, "cat", "cow")
    [session] = [json.loads(line) for line in run("history", "--json").out.splitlines()]
    assert tuple(session) == FIELDS
    assert (session["stretches"], session["finished"], session["seconds"]) == (["cat", "cow"], True, 300)


def test_a_table_that_cannot_be_written_leaves_no_part(run: Run, file: Path, tmp_path: Path) -> None:
    stretch(file, 0, "cat")
    before = sorted(tmp_path.iterdir())
    for target, reason in ((tmp_path / "nowhere" / "a.csv", "No such file"), (tmp_path / "home", "directory")):
        result = run("history", "--csv", target)
        assert (result.code, result.out) == (1, "")
        assert f"{target}: cannot be written (" in result.err
        assert reason in result.err
    assert sorted(tmp_path.iterdir()) == before


def test_both_forms_together_are_wrong_usage(run: Run) -> None:
    assert run("history", "--csv", "a.csv", "--json").code == 2


def test_a_newer_memory_is_reported(run: Run, file: Path) -> None:
    stretch(file, 0, "cat")
    with closing(sqlite3.connect(file)) as database:
        database.execute(f"PRAGMA user_version = {VERSION + 1}")
    result = run("history")
    assert (result.code, result.out) == (1, "")
    assert "newer version of the coach" in result.err


def test_a_memory_that_cannot_be_reached_is_reported(run: Run, file: Path) -> None:
    """An empty calendar would say that there never was a session."""
    file.parent.parent.mkdir(parents=True)
    file.parent.write_text("")
    result = run("history")
    assert (result.code, result.out) == (1, "")
    assert "there is a file where its folder should be" in result.err


def test_a_folder_that_nobody_may_enter_is_reported(run: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stretch(file, 0, "cat")

    def refused(path: Path, **how: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(Path, "stat", refused)
    monkeypatch.setattr("skill.memory.sqlite_file._make_private", refused)
    result = run("history")
    assert (result.code, result.out) == (1, "")
    assert "permission denied" in result.err
    assert "error in the program itself" not in result.err
