"""The file of the memory: older and newer versions, damage, folders and disks that fail."""

import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from skill.events import Saved
from skill.memory import Memory, database, schema
from skill.memory.schema import VERSION

PLACE = Saved("full", "bridge", step=7, easier=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder / "memory.sqlite"


def execute(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def first_release(file: Path) -> None:
    """Write what the first release left behind."""
    now = datetime.now().astimezone().isoformat()
    execute(
        file,
        "CREATE TABLE kept (key TEXT PRIMARY KEY, value TEXT NOT NULL, at TEXT NOT NULL)",
        f"INSERT INTO kept VALUES ('saved', 'full/bridge', '{now}'), ('safety_told', 'yes', '{now}')",
    )


def test_a_file_of_the_first_release_is_brought_up_to_date(file: Path) -> None:
    first_release(file)
    for _ in range(2):
        memory = Memory(file)
        assert (memory.saved(), memory.safety_told, memory.problem) == (Saved("full", "bridge"), True, None)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
        assert not connection.execute("SELECT * FROM sqlite_master WHERE name = 'kept'").fetchall()


def test_a_place_that_was_counted_in_another_way_begins_at_its_first_step(file: Path) -> None:
    now = datetime.now().astimezone().isoformat()
    with closing(sqlite3.connect(file)) as connection, connection:
        for migration in schema._MIGRATIONS[:2]:
            migration(connection)
        connection.execute("PRAGMA user_version = 2")
        connection.execute("INSERT INTO place VALUES (1, 'full', 'bridge', 9, ?)", (now,))
    assert Memory(file).saved() == Saved("full", "bridge")


def test_a_finished_routine_of_the_first_release_has_no_place(file: Path) -> None:
    first_release(file)
    execute(file, "UPDATE kept SET value = '' WHERE key = 'saved'")
    assert Memory(file).saved() is None


def test_a_file_of_a_newer_version_is_left_alone(file: Path) -> None:
    Memory(file).save(PLACE)
    execute(file, f"PRAGMA user_version = {VERSION + 1}")
    before = file.read_bytes()
    memory = Memory(file)
    assert memory.problem == (
        f"{file}: your progress cannot be kept: it was written by a newer version of the coach; update this one."
        " The session goes on without memory."
    )
    memory.save(Saved("quick", "cat"))
    assert memory.saved() == Saved("quick", "cat")
    assert file.read_bytes() == before


def test_a_file_that_becomes_newer_during_a_session_is_left_alone(file: Path) -> None:
    memory = Memory(file)
    memory.save(PLACE)
    execute(file, f"PRAGMA user_version = {VERSION + 1}")
    before = file.read_bytes()
    memory.save(Saved("quick", "cat"))
    assert "newer version" in (memory.problem or "")
    assert file.read_bytes() == before


def no_database(file: Path) -> None:
    file.write_bytes(b"no database at all, but long enough to be looked at" * 50)


def overwritten(file: Path) -> None:
    Memory(file).save(PLACE)
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xaa" * (len(whole) - 4096))


def cut_off(file: Path) -> None:
    Memory(file).save(PLACE)
    file.write_bytes(file.read_bytes()[:5000])


def without_a_table(file: Path) -> None:
    Memory(file).save(PLACE)
    execute(file, "DROP TABLE sessions")


def other_columns(file: Path) -> None:
    execute(file, "CREATE TABLE kept (something TEXT)")


def without_a_column(file: Path) -> None:
    Memory(file).save(PLACE)
    execute(file, "ALTER TABLE place DROP COLUMN step")


DAMAGE = [no_database, overwritten, cut_off, without_a_table, without_a_column, other_columns]


@pytest.mark.parametrize("spoil", DAMAGE)
def test_a_damaged_file_is_moved_aside_and_a_new_one_begun(file: Path, spoil: Callable[[Path], None]) -> None:
    spoil(file)
    spoilt = file.read_bytes()
    memory = Memory(file)
    memory.save(PLACE)
    [aside] = file.parent.glob("memory.damaged-*.sqlite")
    assert aside.read_bytes() == spoilt
    assert memory.problem == f"{file}: the coach's memory is damaged; it is kept as {aside.name}, and a new one begins."
    again = Memory(file)
    assert (again.saved(), again.problem) == (PLACE, None)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("spoil", [damage for damage in DAMAGE if damage is not without_a_table])
def test_a_file_that_breaks_during_a_session_loses_nothing(file: Path, spoil: Callable[[Path], None]) -> None:
    memory = Memory(file)
    memory.remember_safety_told()
    memory.keep_conditions({"sore_knees"})
    file.unlink()
    spoil(file)
    memory.save(PLACE)
    assert "is damaged; it is kept as memory.damaged-" in (memory.problem or "")
    again = Memory(file)
    assert (again.saved(), again.safety_told, again.conditions) == (PLACE, True, {"sore_knees"})


def test_two_damaged_files_are_both_kept(file: Path) -> None:
    for _ in range(2):
        no_database(file)
        Memory(file)
    assert len(list(file.parent.glob("memory.damaged-*.sqlite"))) == 2


def test_an_empty_file_is_a_new_one(file: Path) -> None:
    file.write_bytes(b"")
    memory = Memory(file)
    memory.save(PLACE)
    assert (memory.problem, Memory(file).saved()) == (None, PLACE)


def test_a_file_deleted_during_a_session_stays_forgotten(file: Path) -> None:
    memory = Memory(file)
    memory.keep_conditions({"sore_knees"})
    file.unlink()
    memory.save(PLACE)
    again = Memory(file)
    assert (again.problem, again.conditions, again.saved()) == (None, None, PLACE)


def test_what_could_not_be_written_is_written_later(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0.05)
    memory = Memory(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        memory.save(PLACE)
        memory.keep_conditions({"sore_knees"})
        assert "close the other program that is using it" in (memory.problem or "")
        assert "locked" in (Memory(file).problem or "")
    memory.remember_safety_told()
    later = Memory(file)
    assert (later.saved(), later.conditions, later.safety_told) == (PLACE, {"sore_knees"}, True)


def test_a_second_writer_waits(file: Path) -> None:
    """Another program holds the file until this one has begun to wait: SQLite's own waiting bridges that."""
    memory = Memory(file)
    program = (
        "import sqlite3, sys\n"
        "other = sqlite3.connect(sys.argv[1], isolation_level=None); other.execute('BEGIN IMMEDIATE')\n"
        "print('locked', flush=True); sys.stdin.readline(); other.execute('COMMIT')"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout
        assert other.stdin
        other.stdout.readline()
        other.stdin.write("\n")
        other.stdin.flush()
        memory.save(PLACE)
    assert (memory.problem, Memory(file).saved()) == (None, PLACE)


def test_a_disk_that_is_full_for_a_while(file: Path) -> None:
    Memory(file).remember_safety_told()
    program = (
        "import pathlib, resource, sys; from skill.memory import Memory; from skill.events import Saved\n"
        "memory = Memory(pathlib.Path(sys.argv[1]))\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))\n"
        "memory.save(Saved('full', 'cat')); print(memory.problem)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))\n"
        "memory.keep_setting('microphone', 'the good one')"
    )
    result = subprocess.run([sys.executable, "-c", program, str(file)], capture_output=True, text=True, check=True)
    assert result.stdout.startswith(f"{file}: your progress cannot be kept (")
    assert result.stdout.count("\n") == 1
    again = Memory(file)
    assert (again.saved(), again.setting("microphone"), again.safety_told) == (
        Saved("full", "cat"),
        "the good one",
        True,
    )


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody can read."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_a_file_that_can_only_be_read_is_read(open_folder: Path) -> None:
    file = open_folder / "memory.sqlite"
    Memory(file).save(PLACE)
    # Root may write anything, so the program becomes another user, who must be let in. The owner narrows such rights.
    is_root = os.getuid() == 0
    file.chmod(0o444 if is_root else 0o400)
    open_folder.chmod(0o555 if is_root else 0o500)
    program = (
        "import os, pathlib, sys; from skill.memory import Memory\n"
        "if os.getuid() == 0: os.setuid(65534)\n"
        "memory = Memory(pathlib.Path(sys.argv[1])); print(memory.saved())\n"
        "memory.remember_safety_told(); print(memory.safety_told); print(memory.problem)"
    )
    result = subprocess.run([sys.executable, "-c", program, str(file)], capture_output=True, text=True)
    assert result.stderr == ""
    saved, told, problem = result.stdout.splitlines()
    assert (saved, told) == (str(PLACE), "True")
    assert "check that the file and its folder can be written" in problem


def test_rights_that_are_too_wide_are_narrowed(file: Path) -> None:
    Memory(file).save(PLACE)
    file.chmod(0o644)
    file.parent.chmod(0o755)
    Memory(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_deleted_conditions_leave_no_trace_in_the_file(file: Path) -> None:
    memory = Memory(file)
    memory.keep_conditions({"glaucoma", "sore_knees"})
    assert b"glaucoma" in file.read_bytes()
    memory.keep_conditions({"sore_knees"})
    assert b"glaucoma" not in file.read_bytes()
    assert Memory(file).conditions == {"sore_knees"}
