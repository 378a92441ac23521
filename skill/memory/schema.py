"""The tables of the memory, and the migrations of older files.

The tables of version 4. Times (`at`, `started`, `ended`) are local, ISO 8601, with their offset from UTC.

- place: where the routine was left; at most one row. one (always 1), routine (id), stretch (id), step (counted from the
  end of the introduction), at, easier (0 or 1: the easier version was being done), skipped (ids of stretches that were
  left out, with spaces between).
- sessions: one row a session. id, started, ended, seconds, routine (id), finished (0 or 1).
- stretches_done: session (id), number (from 1), stretch (id), at.
- settings: name, value, at. Preferences, chosen devices and voice, whether the safety advice was told.
- conditions: id (such as knees), at. What the user told about the body.
"""

import sqlite3
from collections.abc import Callable


class NewerSchemaError(Exception):
    """The file was written by a later version of the program."""


def version_of(database: sqlite3.Connection) -> int:
    """Return the version of a file's tables: the number of migrations applied to it."""
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def migrate(database: sqlite3.Connection) -> None:
    """Migrate the tables to the current version, inside the open transaction.

    Raises NewerSchemaError, and changes nothing, if a later version of the program has written the file.
    """
    version = version_of(database)
    if version > len(_MIGRATIONS):
        raise NewerSchemaError
    for migration in _MIGRATIONS[version:]:
        migration(database)
    if version < len(_MIGRATIONS):
        database.execute(f"PRAGMA user_version = {len(_MIGRATIONS)}")


def _keys_and_values(database: sqlite3.Connection) -> None:
    """Version 1. Files of the first release have the table already, and the version number 0."""
    database.execute("CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value TEXT NOT NULL, at TEXT NOT NULL)")


def _sessions(database: sqlite3.Connection) -> None:
    """Version 2: a table for each kind of thing. Times are local, with their offset from UTC."""
    for table in (
        "place (one INTEGER PRIMARY KEY CHECK (one = 1), routine TEXT NOT NULL, stretch TEXT NOT NULL,"
        " step INTEGER NOT NULL, at TEXT NOT NULL)",
        "sessions (id TEXT PRIMARY KEY, started TEXT NOT NULL, ended TEXT NOT NULL, seconds INTEGER NOT NULL,"
        " routine TEXT NOT NULL, finished INTEGER NOT NULL DEFAULT 0)",
        "stretches_done (session TEXT NOT NULL, number INTEGER NOT NULL, stretch TEXT NOT NULL, at TEXT NOT NULL,"
        " PRIMARY KEY (session, number))",
        "settings (name TEXT PRIMARY KEY, value TEXT NOT NULL, at TEXT NOT NULL)",
        "conditions (id TEXT PRIMARY KEY, at TEXT NOT NULL)",
    ):
        database.execute(f"CREATE TABLE {table}")
    database.execute(
        "INSERT INTO place SELECT 1, substr(value, 1, instr(value, '/') - 1), substr(value, instr(value, '/') + 1),"
        " 0, at FROM kept WHERE key = 'saved' AND instr(value, '/') > 1"
    )
    database.execute("INSERT INTO settings SELECT key, value, at FROM kept WHERE key = 'safety_told'")
    database.execute("DROP TABLE kept")


def _steps_in_position(database: sqlite3.Connection) -> None:
    """Version 3: steps are counted from the end of the introduction, in the version (usual or easier) that was done."""
    database.execute("UPDATE place SET step = 0")
    database.execute("ALTER TABLE place ADD COLUMN easier INTEGER NOT NULL DEFAULT 0")


def _skipped(database: sqlite3.Connection) -> None:
    """Version 4: stretches left out of the routine, as ids separated by spaces."""
    database.execute("ALTER TABLE place ADD COLUMN skipped TEXT NOT NULL DEFAULT ''")


_MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    _keys_and_values,
    _sessions,
    _steps_in_position,
    _skipped,
)
"""In order; a released one is never changed, a new version adds one."""

VERSION = len(_MIGRATIONS)
"""The version of the tables that this program writes."""

TABLES = ("place", "sessions", "stretches_done", "settings", "conditions")
"""The tables of VERSION."""
