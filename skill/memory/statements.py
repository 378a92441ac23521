"""The SQL statements of the memory, and which earlier ones each of them supersedes."""

import json
from dataclasses import dataclass
from typing import Any

from skill.events import Saved


@dataclass(frozen=True)
class Statement:
    """One change of the tables."""

    sql: str
    values: tuple[Any, ...]
    row: tuple[str, ...]
    """What it writes: a table, or (table, key) for one row, or (table, key, part) for a part of that row."""

    only_adds: bool = False
    """It does nothing if the row exists; otherwise it replaces everything that was written before."""

    expendable: bool = False
    """Part of the history: dropped first if too many statements wait."""


def set_setting(name: str, value: str, at: str) -> Statement:
    """Keep a value under a name."""
    sql = "INSERT INTO settings VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value, at = excluded.at"
    return Statement(sql, (name, value, at), ("settings", name))


def change_setting(name: str, key: str, value: Any, at: str) -> Statement:
    """Change one key of a setting that is a JSON object; the others stay.

    In the file, not from the copy: if the file could not be read at first, it may hold more.
    """
    sql = (
        "INSERT INTO settings VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET at = excluded.at, value ="
        " CASE WHEN typeof(value) = 'text' AND json_valid(value) THEN json_patch(value, excluded.value)"
        " ELSE excluded.value END"
    )
    return Statement(sql, (name, json.dumps({key: value}, separators=(",", ":")), at), ("settings", name, key))


def forget_setting(name: str) -> Statement:
    """Delete what is kept under a name."""
    return Statement("DELETE FROM settings WHERE name = ?", (name,), ("settings", name))


def set_place(saved: Saved, at: str) -> Statement:
    """Keep where the routine is."""
    sql = "INSERT OR REPLACE INTO place (one, routine, stretch, step, easier, skipped, at) VALUES (1, ?, ?, ?, ?, ?, ?)"
    skipped = " ".join(sorted(saved.skipped))
    return Statement(sql, (saved.routine, saved.stretch, saved.step, int(saved.easier), skipped, at), ("place",))


def forget_place() -> Statement:
    """Delete where the routine was."""
    return Statement("DELETE FROM place", (), ("place",))


def add_condition(condition: str, at: str) -> Statement:
    """Keep a condition of the user's body, with the time at which it was first mentioned."""
    return Statement("INSERT OR IGNORE INTO conditions VALUES (?, ?)", (condition, at), ("conditions", condition), True)


def forget_condition(condition: str) -> Statement:
    """Delete a condition of the user's body."""
    return Statement("DELETE FROM conditions WHERE id = ?", (condition,), ("conditions", condition))


def forget_conditions() -> Statement:
    """Delete all that is kept about the user's body."""
    return Statement("DELETE FROM conditions", (), ("conditions",))


def set_session(session: str, started: str, ended: str, seconds: int, routine: str, finished: bool) -> Statement:
    """Keep the progress of a session."""
    sql = (
        "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET ended = excluded.ended,"
        " seconds = excluded.seconds, finished = excluded.finished"
    )
    values = (session, started, ended, seconds, routine, int(finished))
    return Statement(sql, values, ("sessions", session), expendable=True)


def add_stretch_done(session: str, number: int, stretch: str, at: str) -> Statement:
    """Keep that a stretch of a session was held to its end."""
    sql = "INSERT INTO stretches_done VALUES (?, ?, ?, ?)"
    return Statement(sql, (session, number, stretch, at), ("stretches_done", session, str(number)), expendable=True)
