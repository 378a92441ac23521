"""The file of the memory: whole transactions, a working copy, and what to do when the file is no good."""

import contextlib
import os
import sqlite3
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import filelock

from skill.memory.causes import cause_and_remedy, code
from skill.memory.schema import TABLES, NewerSchemaError, migrate, version_of

BUSY_TIMEOUT_S = 2.0
"""How long to wait for another program that is writing. Microphone blocks wait in a queue meanwhile."""

MOST_WAITING = 1000
"""Statements that are kept for the next try when the file cannot be written; more than a long session makes."""

Statement = tuple[str, tuple[Any, ...]]

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_LACKS = ("no such table", "no such column", "has no column")


class DamagedError(Exception):
    """The file is no database, or lacks what its version promises."""


class Database:
    """A file that is read once and then only written; everything that is asked later comes from a copy in memory.

    So a file that fails in the middle of a session takes nothing from it. What could not be read or written (another
    program is writing, the disk is full) is tried again with the next write; nothing is written to a file that could
    not be read. Without a file (None) only the copy exists. Every transaction opens the file anew: nothing is locked in
    between, and where a file was deleted, what was in it stays gone.
    """

    def __init__(self, path: Path | None):
        self.problem: str | None = None
        self._cause: str | None = None
        """Why the file cannot be used for now, where that is the problem."""

        self._path = path
        self._copy = _empty_copy()
        self._waiting: deque[Statement] = deque(maxlen=MOST_WAITING)
        self._timeout = BUSY_TIMEOUT_S
        self._together = 0
        self._unread = True
        """What is in the file is not in the copy."""

        if path is not None:
            self._load(path)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return the rows that a query finds in the copy; a file that could not be read is tried again."""
        if self._unread and self._path is not None:
            self._load(self._path)
        return self._copy.execute(query, values).fetchall()

    def write(self, *statements: Statement) -> None:
        """Carry out statements, all of them or none; they are on the disk when this returns."""
        for statement, values in statements:
            self._copy.execute(statement, values)
        if self._path is not None:
            self._waiting.extend(statements)
            if not self._together:
                self._flush(self._path)

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Make one transaction of all that is written meanwhile."""
        self._together += 1
        try:
            yield
        finally:
            self._together -= 1
            if self._waiting and not self._together and self._path is not None:
                self._flush(self._path)

    # Reading, once

    def _load(self, path: Path) -> None:
        try:
            self._read(path)
        except DamagedError:
            self._start_afresh(path)
        except NewerSchemaError:
            self._give_up("it was written by a newer version of the coach; update this one")
        except (OSError, sqlite3.Error) as error:
            self._report(error)
            self._timeout = 0  # waited once; from now on only try

    def _read(self, path: Path) -> None:
        """Fill the copy from the file and what was changed meanwhile, and bring the file up to date."""
        _make_private(path)
        try:
            with _opened(path, self._timeout) as file:
                copy = _copied(file)
                for statement, values in self._waiting:
                    copy.execute(statement, values)
                self._copy, self._unread = copy, False
                self._recover()
                with _transaction(file):
                    migrate(file)
        except sqlite3.OperationalError as error:
            if code(error) != sqlite3.SQLITE_READONLY:
                raise
            self._report(error)  # what is there has been read, and that is worth something

    # Writing

    def _flush(self, path: Path) -> None:
        try:
            if self._unread:
                self._read(path)
            self._write_waiting(path)
        except DamagedError:
            self._start_afresh(path)
        except NewerSchemaError:
            self._give_up("it was written by a newer version of the coach; update this one")
        except (OSError, sqlite3.Error) as error:
            self._report(error)
            self._timeout = 0
        else:
            self._waiting.clear()
            self._recover()

    def _write_waiting(self, path: Path) -> None:
        _make_private(path)
        with _opened(path, self._timeout) as file, _transaction(file):
            migrate(file)
            for statement, values in self._waiting:
                file.execute(statement, values)

    # A file that is no good

    def _start_afresh(self, path: Path) -> None:
        """Move a damaged file aside and write all that is known into a new one."""
        try:
            aside = _move_aside(path)
            _make_private(path)
            with _opened(path, BUSY_TIMEOUT_S) as file:
                if not version_of(file):  # else another coach has begun it meanwhile
                    self._copy.backup(file)
            self._waiting.clear()
            self._unread = False
        except (OSError, sqlite3.Error, filelock.Timeout) as error:
            cause, remedy = cause_and_remedy(error)
            self._give_up(f"it is damaged and cannot be moved aside ({cause}); {remedy}")
            return
        self._recover()
        if aside is not None:
            self.problem = f"{path}: the coach's memory is damaged; it is kept as {aside.name}, and a new one begins."

    def _give_up(self, reason: str) -> None:
        """Leave the file alone from now on."""
        self.problem = f"{self._path}: your progress cannot be kept: {reason}. The session goes on without memory."
        self._path = None
        self._waiting.clear()

    def _report(self, error: Exception) -> None:
        """Tell that the file cannot be used for now: once, until it can or the cause is another."""
        cause, remedy = cause_and_remedy(error)
        if cause != self._cause:
            self._cause = cause
            what = "what was kept cannot be read, and your progress cannot be kept"
            what = what if self._unread else "your progress cannot be kept"
            self.problem = f"{self._path}: {what} ({cause}); {remedy}. The session goes on."

    def _recover(self) -> None:
        """The file can be used again; that a new one was begun stays a problem."""
        self._timeout = BUSY_TIMEOUT_S
        if self._cause is not None:
            self.problem = self._cause = None


def _empty_copy() -> sqlite3.Connection:
    copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    migrate(copy)
    return copy


def _make_private(path: Path) -> None:
    """See that folder and file exist and belong to their owner alone; SQLite gives its journal the file's rights."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError:
        if not path.is_file():
            raise  # one that is there may still be read
    for place, mode in ((path.parent, 0o700), (path, 0o600)):
        if place.stat().st_mode & 0o077:
            with contextlib.suppress(OSError):
                place.chmod(mode)


@contextlib.contextmanager
def _opened(path: Path, timeout: float) -> Iterator[sqlite3.Connection]:
    """Open the file so that a commit survives the loss of power; DamagedError where it turns out to be no database.

    A rollback journal, not a write-ahead log: it works on every file system, leaves one file, and a commit waits for
    the disk (EXTRA also for the folder's entry, without which a deleted journal could come back).
    """
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=timeout, isolation_level=None)) as file:
            file.execute("PRAGMA synchronous = EXTRA")
            file.execute("PRAGMA secure_delete = ON")  # what is deleted about a person is gone from the disk
            file.execute("PRAGMA journal_mode = DELETE")
            yield file
    except sqlite3.DatabaseError as error:
        if code(error) in _DAMAGED or any(words in str(error) for words in _LACKS):
            raise DamagedError from error
        raise


@contextlib.contextmanager
def _transaction(file: sqlite3.Connection) -> Iterator[None]:
    """Write alone: all of it, or nothing."""
    file.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if file.in_transaction:
            file.execute("ROLLBACK")
        raise
    file.execute("COMMIT")


def _copied(file: sqlite3.Connection) -> sqlite3.Connection:
    """Return a copy in memory with today's tables. DamagedError where the file has not what its version promises."""
    copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    file.execute("BEGIN")
    file.execute("SELECT * FROM sqlite_master").fetchall()  # takes the lock, so that the copying cannot wait for ever
    file.backup(copy)
    file.execute("COMMIT")
    if copy.execute("PRAGMA quick_check").fetchone()[0] != "ok":
        raise DamagedError
    migrate(copy)
    if _columns(copy) != _columns(_empty_copy()):
        raise DamagedError
    return copy


def _columns(database: sqlite3.Connection) -> list[tuple[str, ...]]:
    """Return the names of the columns of each table."""
    rows = [database.execute(f"PRAGMA table_info({table})").fetchall() for table in TABLES]
    return [tuple(sorted(row[1] for row in columns)) for columns in rows]


def _move_aside(path: Path) -> Path | None:
    """Rename a damaged file and its journal; None where another coach did so a moment ago."""
    with filelock.FileLock(path.with_suffix(".lock"), timeout=BUSY_TIMEOUT_S):
        if _sound(path):
            return None
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
        names = (path.with_name(f"{path.stem}.damaged-{stamp}{more}{path.suffix}") for more in ("", *range(1, 1000)))
        aside = next(name for name in names if not name.exists())
        journal = path.with_name(f"{path.name}-journal")
        if journal.exists():
            journal.rename(aside.with_name(f"{aside.name}-journal"))
        path.rename(aside)
        return aside


def _sound(path: Path) -> bool:
    try:
        with _opened(path, BUSY_TIMEOUT_S) as file:
            _copied(file).close()
    except (DamagedError, NewerSchemaError, OSError, sqlite3.Error):
        return False
    return True
