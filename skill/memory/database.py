"""The memory's file: transactions, a working copy, and what happens if the file cannot be used."""

import contextlib
import logging
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import filelock

from skill.background import Background
from skill.memory.causes import cause_and_remedy, code
from skill.memory.pending_writes import PendingWrites
from skill.memory.schema import NewerSchemaError, migrate, version_of
from skill.memory.sqlite_file import DamagedError, copied, empty_copy, move_aside, opened, transaction, write
from skill.memory.statements import Statement

BUSY_TIMEOUT_S = 2.0
"""Timeout for another program that is writing, seconds."""

MAX_WAITING = 1000
"""Maximum number of statements kept for the next try if the file cannot be written; a long session makes fewer."""

SETTLE_S = 10.0
"""Timeout of the end of a session for the writing thread, seconds (wall clock)."""

_log = logging.getLogger(__name__)


class Database:
    """A file that is read once and then only written; all queries are answered from a copy in memory.

    So a session loses nothing if the file fails in the middle of it. What could not be read or written (another
    program is writing, the disk is full) is tried again with the next write; nothing is written to a file that could
    not be read. Without a file (None) only the copy exists. Every transaction opens the file anew: nothing is locked in
    between, and the content of a deleted file is not restored.

    With `in_background` a thread writes: `write` returns immediately, and the statements are written in the same order,
    each group in one transaction. A kill loses what is not written yet: usually the last milliseconds.
    """

    def __init__(self, path: Path | None, in_background: bool = False):
        self.problem: str | None = None
        self._cause: str | None = None
        """Why the file cannot be used for now; None: it can."""

        self._remedy = ""
        self._path = path
        self._copy = empty_copy()
        self._pending = PendingWrites(MAX_WAITING)
        self._lost = 0
        self._group: list[Statement] | None = None
        """Statements of the transaction that is being collected."""

        self._changing = threading.RLock()  # guards the copy and the pending statements; held briefly
        self._at_file = threading.Lock()  # guards the file; held during a whole transaction
        self._timeout = BUSY_TIMEOUT_S
        self._unread = True
        """Whether the file has not been read into the copy yet."""

        if path is not None:
            self._load(path)
        self._background = Background(self._store, "memory") if in_background and path is not None else None

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query on the copy; tries again to read a file that could not be read."""
        if self._unread and self._path is not None and self._at_file.acquire(blocking=False):
            try:
                self._load(self._path)
            finally:
                self._at_file.release()
        with self._changing:
            return self._copy.execute(query, values).fetchall()

    def write(self, *statements: Statement) -> None:
        """Carry out statements, all of them or none; they are on the disk when this returns, if no thread writes."""
        with self._changing:
            for statement in statements:
                self._copy.execute(statement.sql, statement.values)
            if self._group is not None:
                self._group.extend(statements)
                return
        self._keep(statements)

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Collect everything that is written meanwhile in one transaction."""
        if self._group is not None:  # inside another one
            yield
            return
        self._group = []
        try:
            yield
        finally:
            with self._changing:
                group, self._group = self._group, None
            if group:
                self._keep(group)

    def settle(self) -> None:
        """Wait, at most SETTLE_S, until everything is written to the file or has failed."""
        if self._background and not self._background.settle(SETTLE_S):
            _log.error("the memory is not written after %s s", SETTLE_S)

    def close(self) -> None:
        """Write what is left, and end the writing thread."""
        if self._background:
            self._background.close(SETTLE_S)
            self._background = None

    def _keep(self, statements: "list[Statement] | tuple[Statement, ...]") -> None:
        if self._path is None:
            return
        with self._changing:
            self._pending.add(statements)
        if self._background:
            self._background.ask()
        else:
            self._store()
        if self._pending.lost > self._lost:
            self._report_loss()

    # Reading

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
        try:
            with opened(path, self._timeout) as file:
                copy = copied(file)
                with self._changing:
                    for statement in (*self._pending.batch(), *(self._group or ())):
                        copy.execute(statement.sql, statement.values)
                    self._copy, self._unread = copy, False
                self._recover()
                with transaction(file):
                    migrate(file)
        except sqlite3.OperationalError as error:
            if code(error) != sqlite3.SQLITE_READONLY:
                raise
            self._report(error)  # the content has been read nevertheless

    # Writing

    def _store(self) -> None:
        """Write everything that is pending to the file, or nothing."""
        with self._at_file:
            with self._changing:
                batch = self._pending.batch()
            if self._path is not None and batch:
                self._flush(self._path, batch)

    def _flush(self, path: Path, batch: tuple[Statement, ...]) -> None:
        try:
            if self._unread:
                self._read(path)
            write(path, batch, self._timeout)
        except DamagedError:
            self._start_afresh(path)
        except NewerSchemaError:
            self._give_up("it was written by a newer version of the coach; update this one")
        except (OSError, sqlite3.Error) as error:
            self._report(error)
            self._timeout = 0
        else:
            with self._changing:
                self._pending.written(batch)
            self._recover()

    # A file that cannot be used

    def _start_afresh(self, path: Path) -> None:
        """Move a damaged file aside and write all that is known into a new one."""
        try:
            aside = move_aside(path, BUSY_TIMEOUT_S)
            with opened(path, BUSY_TIMEOUT_S) as file, self._changing:
                if not version_of(file):  # otherwise another process has created it meanwhile
                    self._copy.backup(file)
                self._pending.clear()
                self._unread = False
        except (OSError, sqlite3.Error, filelock.Timeout) as error:
            cause, remedy = cause_and_remedy(error)
            self._give_up(f"it is damaged and cannot be moved aside ({cause}); {remedy}")
            return
        self._recover()
        if aside is not None:
            self.problem = f"{path}: the coach's memory is damaged; it is kept as {aside.name}, and a new one begins."

    def _give_up(self, reason: str) -> None:
        """Do not use the file any more."""
        self.problem = f"{self._path}: your progress cannot be kept: {reason}. The session goes on without memory."
        _log.info("%s", self.problem)
        with self._changing:
            self._path = None
            self._pending.clear()

    def _report(self, error: Exception) -> None:
        """Report that the file cannot be used for now: once for each cause."""
        cause, remedy = cause_and_remedy(error)
        if cause != self._cause:
            _log.info("the memory cannot be used: %s", cause)
            self._cause, self._remedy = cause, remedy
            what = "what was kept cannot be read, and your progress cannot be kept"
            what = what if self._unread else "your progress cannot be kept"
            self.problem = f"{self._path}: {what} ({cause}); {remedy}. The session goes on."

    def _report_loss(self) -> None:
        """Report that statements will never be written, once for each period in which that happens."""
        if not self._lost:
            self.problem = (
                f"{self._path}: the oldest entries of your history are lost, since nothing could be written for so long"
                f" ({self._cause or 'the disk is too slow'}); {self._remedy or 'close other programs'}."
                " The session goes on."
            )
        self._lost = self._pending.lost

    def _recover(self) -> None:
        """Clear the problem, since the file can be used again; that a new file was begun stays a problem."""
        self._timeout = BUSY_TIMEOUT_S
        if self._cause is not None:
            _log.info("the memory can be used again")
            self.problem = self._cause = None
