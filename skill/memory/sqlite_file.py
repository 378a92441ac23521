"""The memory's SQLite file: opening, copying, writing, and moving it aside when it is damaged."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import filelock

from skill.memory.causes import code
from skill.memory.schema import TABLES, NewerSchemaError, migrate
from skill.memory.statements import Statement

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_LACKS = ("no such table", "no such column", "has no column")


class DamagedError(Exception):
    """The file is no database, or lacks tables or columns of its version."""


def write(path: Path, statements: tuple[Statement, ...], timeout_s: float) -> None:
    """Carry out statements in the file, all of them or none."""
    with opened(path, timeout_s) as file, transaction(file):
        migrate(file)
        for statement in statements:
            file.execute(statement.sql, statement.values)


def empty_copy() -> sqlite3.Connection:
    """Return an empty database in memory with the current tables."""
    copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    migrate(copy)
    return copy


def _make_private(path: Path) -> None:
    """Create folder and file if needed, for their owner only; SQLite gives its journal the file's permissions."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError:
        if not path.is_file():
            raise  # an existing file may still be readable
    for place, mode in ((path.parent, 0o700), (path, 0o600)):
        if place.stat().st_mode & 0o077:
            with contextlib.suppress(OSError):
                place.chmod(mode)


@contextlib.contextmanager
def opened(path: Path, timeout_s: float) -> Iterator[sqlite3.Connection]:
    """Open the file so that a commit survives a power loss. Raises DamagedError if it is no database.

    A rollback journal, not a write-ahead log: it works on every file system, leaves one file, and a commit waits for
    the disk (EXTRA: also for the folder's entry, otherwise a deleted journal could reappear).
    """
    _make_private(path)
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=timeout_s, isolation_level=None)) as file:
            file.execute("PRAGMA synchronous = EXTRA")
            file.execute("PRAGMA secure_delete = ON")  # what is deleted about a person is gone from the disk
            file.execute("PRAGMA journal_mode = DELETE")
            yield file
    except sqlite3.DatabaseError as error:
        if code(error) in _DAMAGED or any(words in str(error) for words in _LACKS):
            raise DamagedError from error
        raise


@contextlib.contextmanager
def transaction(file: sqlite3.Connection) -> Iterator[None]:
    """Run an exclusive transaction: everything is written, or nothing."""
    file.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if file.in_transaction:
            file.execute("ROLLBACK")
        raise
    file.execute("COMMIT")


def copied(file: sqlite3.Connection) -> sqlite3.Connection:
    """Return a migrated copy in memory. Raises DamagedError if the file lacks tables or columns of its version."""
    copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    file.execute("BEGIN")
    file.execute("SELECT * FROM sqlite_master").fetchall()  # takes the lock: `backup` has no timeout
    file.backup(copy)
    file.execute("COMMIT")
    if copy.execute("PRAGMA quick_check").fetchone()[0] != "ok":
        raise DamagedError
    migrate(copy)
    if _columns(copy) != _columns(empty_copy()):
        raise DamagedError
    return copy


def _columns(database: sqlite3.Connection) -> list[tuple[str, ...]]:
    """Return the names of the columns of each table."""
    rows = [database.execute(f"PRAGMA table_info({table})").fetchall() for table in TABLES]
    return [tuple(sorted(row[1] for row in columns)) for columns in rows]


def move_aside(path: Path, timeout_s: float) -> Path | None:
    """Rename a damaged file and its journal; None if another process has just done so."""
    with filelock.FileLock(path.with_suffix(".lock"), timeout=timeout_s):
        if _is_intact(path, timeout_s):
            return None
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
        names = (path.with_name(f"{path.stem}.damaged-{stamp}{more}{path.suffix}") for more in ("", *range(1, 1000)))
        aside = next(name for name in names if not name.exists())
        journal = path.with_name(f"{path.name}-journal")
        if journal.exists():
            journal.rename(aside.with_name(f"{aside.name}-journal"))
        path.rename(aside)
        return aside


def _is_intact(path: Path, timeout_s: float) -> bool:
    try:
        with opened(path, timeout_s) as file:
            copied(file).close()
    except (DamagedError, NewerSchemaError, OSError, sqlite3.Error):
        return False
    return True
