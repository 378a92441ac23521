"""What is kept between sessions: one small SQLite file that only its owner can read."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from skill.events import Saved

GO_ON_WITHIN = timedelta(days=1)
"""A routine that was broken off longer ago starts from its beginning."""

LOCKED_S = 2.0
"""How long another program may hold the file before it counts as unusable: the session stands still meanwhile."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)

_SCHEMA = "CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value TEXT NOT NULL, at TEXT NOT NULL)"


class Memory:
    """Remembers where a routine was left, and that the safety information was said.

    Without a file (None) it remembers for the length of the session: a replay must not depend on earlier ones. A
    file that cannot be read or written is reported once in `problem`; the session goes on without it.
    """

    def __init__(self, path: Path | None = None):
        self.problem: str | None = None
        self._path = path
        self._kept: dict[str, tuple[str, datetime]] = {}
        with self._database() as database:
            for key, value, at in database.execute("SELECT key, value, at FROM kept"):
                self._kept[key] = (str(value), _moment(at))

    @property
    def safety_told(self) -> bool:
        """Whether the safety information has been said."""
        return "safety_told" in self._kept

    def remember_safety_told(self) -> None:
        """Keep that the safety information has been said."""
        self._keep("safety_told", "yes")

    def saved(self) -> Saved | None:
        """Return the routine that was broken off within the last day."""
        value, at = self._kept.get("saved", ("", _LONG_AGO))
        if not value or not timedelta(0) <= datetime.now(UTC) - at <= GO_ON_WITHIN:
            return None
        routine, _, stretch = value.partition("/")
        return Saved(routine, stretch)

    def save(self, saved: Saved | None) -> None:
        """Keep where the routine is; None: it was finished."""
        self._keep("saved", f"{saved.routine}/{saved.stretch}" if saved else "")

    def _keep(self, key: str, value: str) -> None:
        now = datetime.now(UTC)
        self._kept[key] = (value, now)
        with self._database() as database:
            database.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", (key, value, now.isoformat()))

    @contextlib.contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one transaction; where that fails, an empty one in memory takes its place."""
        try:
            database = self._open(self._path)
        except (OSError, sqlite3.Error) as error:
            self._give_up(error)
            database = self._open(None)
        try:
            with contextlib.closing(database), database:
                yield database
        except sqlite3.Error as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        if self.problem is None:
            self.problem = (
                f"{self._path}: your progress cannot be kept ({error}); check that the folder can be written,"
                " or move the file away."
            )
        self._path = None

    def _open(self, path: Path | None) -> sqlite3.Connection:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        database = sqlite3.connect(path or ":memory:", timeout=LOCKED_S)
        try:
            database.execute(_SCHEMA)
        except sqlite3.Error:
            database.close()
            raise
        return database


def _moment(text: object) -> datetime:
    """Return when something was kept; the distant past where that cannot be read."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return _LONG_AGO
    return moment if moment.tzinfo else _LONG_AGO
