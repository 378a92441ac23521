"""What the coach remembers, in its own terms: where a routine was left, sessions, settings, conditions."""

import contextlib
import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from skill.events import Saved
from skill.memory.database import Database, Statement
from skill.memory.history import History, PastSession, history

GO_ON_WITHIN = timedelta(days=1)
"""A routine that was broken off longer ago starts from its beginning."""

_SET = "INSERT INTO settings VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value, at = excluded.at"

_CHANGE = (
    "INSERT INTO settings VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET at = excluded.at, value ="
    " CASE WHEN typeof(value) = 'text' AND json_valid(value) THEN json_patch(value, excluded.value)"
    " ELSE excluded.value END"
)
"""In the file, and not from the copy: where the file could not be read at first, it may hold more."""

_FORGET_SETTING = "DELETE FROM settings WHERE name = ?"

_PLACE = "INSERT OR REPLACE INTO place (one, routine, stretch, step, easier, skipped, at) VALUES (1, ?, ?, ?, ?, ?, ?)"

_SESSION = (
    "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET ended = excluded.ended,"
    " seconds = excluded.seconds, finished = max(finished, excluded.finished)"
)

_ALL_CONDITIONS: Statement = ("DELETE FROM conditions", ())
_CONDITION_OVER = "DELETE FROM conditions WHERE id = ?"
_CONDITION = "INSERT OR IGNORE INTO conditions VALUES (?, ?)"

_PREFERENCES = "preferences"
_CONDITIONS_TOLD = "conditions_told"
UNWELL = "unwell"


def local_time() -> datetime:
    """Return the time on the wall, with its distance from UTC."""
    return datetime.now().astimezone()


class Memory:
    """Remembers what later sessions need.

    Without a file (None) it remembers for the length of the session: a replay must not depend on earlier ones. A
    file that cannot be read or written is reported in `problem`, one clear sentence; the session goes on.
    """

    def __init__(self, path: Path | None = None, clock: Callable[[], datetime] = local_time):
        """Read the file. `clock` tells the local time with its distance from UTC."""
        self._database = Database(path)
        self._clock = clock
        self._session: tuple[str, str, str] | None = None  # id, when it started, routine
        self._done = 0

    @property
    def problem(self) -> str | None:
        """What is wrong with the file, or None."""
        return self._database.problem

    def together(self) -> contextlib.AbstractContextManager[None]:
        """Make one transaction, one wait for the disk, of all that is kept meanwhile."""
        return self._database.together()

    # Settings

    def setting(self, name: str) -> str | None:
        """Return what was kept under a name."""
        rows = self._database.rows("SELECT value FROM settings WHERE name = ?", name)
        return str(rows[0][0]) if rows else None

    def keep_setting(self, name: str, value: str) -> None:
        """Keep a value under a name."""
        self._database.write((_SET, (name, value, self._now())))

    @property
    def safety_told(self) -> bool:
        """Whether the safety information has been said."""
        return self.setting("safety_told") is not None

    def remember_safety_told(self) -> None:
        """Keep that the safety information has been said."""
        self.keep_setting("safety_told", "yes")

    @property
    def preferences(self) -> dict[str, Any]:
        """How the user likes it: names and plain values; empty where nothing was chosen."""
        try:
            found = json.loads(self.setting(_PREFERENCES) or "{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def prefer(self, changes: Mapping[str, Any]) -> None:
        """Keep what has changed of how the user likes it: names and values that JSON can hold; the others stay."""
        self._database.write((_CHANGE, (_PREFERENCES, json.dumps(dict(changes), sort_keys=True), self._now())))

    # The user's body

    @property
    def conditions(self) -> frozenset[str] | None:
        """Ids of what the user told about their body; None: never answered."""
        if self.setting(_CONDITIONS_TOLD) is None:
            return None
        return frozenset(row[0] for row in self._database.rows("SELECT id FROM conditions"))

    @property
    def unwell(self) -> bool:
        """Whether the user felt unwell within a day of now, and has not said since that it is better."""
        rows = self._database.rows("SELECT at FROM settings WHERE name = ?", UNWELL)
        return any(self._is_of_late(at) for (at,) in rows)

    def keep_unwell(self, unwell: bool) -> None:
        """Keep that the user feels unwell, or, on the disk too, no longer that they did."""
        if unwell:
            self.keep_setting(UNWELL, "yes")
        elif self.setting(UNWELL):
            self._database.write((_FORGET_SETTING, (UNWELL,)))

    def keep_conditions(self, conditions: Iterable[str] | None, known: Iterable[str] | None = None) -> None:
        """Keep these and no others; None: forget, on the disk too, that anything was ever answered.

        `known` is what was there before, as far as whoever asks knew: what else there is stays.
        """
        if conditions is None:
            settings = [(_FORGET_SETTING, (name,)) for name in (_CONDITIONS_TOLD, UNWELL)]
            self._database.write(_ALL_CONDITIONS, *settings)
            return
        now, names = self._now(), set(conditions)
        over = [_ALL_CONDITIONS] if known is None else [(_CONDITION_OVER, (name,)) for name in set(known) - names]
        new: list[Statement] = [(_CONDITION, (name, now)) for name in sorted(names)]
        self._database.write(*over, (_SET, (_CONDITIONS_TOLD, "yes", now)), *new)

    # Where a routine was left

    def saved(self) -> Saved | None:
        """Return the routine that was broken off within a day of now."""
        for at, routine, stretch, step, easier, skipped in self._database.rows(
            "SELECT at, routine, stretch, step, easier, skipped FROM place"
        ):
            if self._is_of_late(at):
                return Saved(routine, stretch, _count(step), bool(easier), frozenset(str(skipped).split()))
        return None

    def save(self, saved: Saved | None) -> None:
        """Keep where the routine is; None: it was finished."""
        if saved is None:
            self._database.write(("DELETE FROM place", ()))
        else:
            skipped = " ".join(sorted(saved.skipped))
            values = (saved.routine, saved.stretch, saved.step, int(saved.easier), skipped, self._now())
            self._database.write((_PLACE, values))

    # Sessions

    def begin_session(self, routine: str) -> None:
        """A routine begins."""
        self._session = (uuid.uuid4().hex, self._now(), routine)
        self._done = 0
        self.keep_session(0)

    def keep_session(self, seconds: int, finished: bool = False) -> None:
        """Keep how long the session has been on by now, without its pauses, and whether it came to its end."""
        if self._session:
            session, started, routine = self._session
            self._database.write((_SESSION, (session, started, self._now(), seconds, routine, int(finished))))

    def stretch_done(self, stretch: str) -> None:
        """Keep that a stretch was held to its end."""
        if self._session:
            self._done += 1
            values = (self._session[0], self._done, stretch, self._now())
            self._database.write(("INSERT INTO stretches_done VALUES (?, ?, ?, ?)", values))

    def sessions(self) -> list[PastSession]:
        """Return all sessions, the oldest first; what cannot be read of one leaves it out."""
        done: dict[str, list[str]] = {}
        for session, stretch in self._database.rows("SELECT session, stretch FROM stretches_done ORDER BY number"):
            done.setdefault(session, []).append(str(stretch))
        found = []
        for row in self._database.rows("SELECT id, started, ended, seconds, routine, finished FROM sessions"):
            started, ended = _time(row[1]), _time(row[2])
            if started is not None and ended is not None:
                stretches = tuple(done.get(row[0], ()))
                found.append(PastSession(started, ended, _count(row[3]), str(row[4]), bool(row[5]), stretches))
        return sorted(found, key=lambda session: session.started)

    def history(self) -> History:
        """Sum up the earlier sessions as of now."""
        return history(self.sessions(), self._clock().date())

    def _is_of_late(self, at: str) -> bool:
        """Tell whether a moment is within a day of now, either way: clocks are put back, too."""
        when = _time(at)
        return when is not None and abs(self._clock() - when) <= GO_ON_WITHIN

    def _now(self) -> str:
        return self._clock().isoformat(timespec="seconds")


def _count(value: object) -> int:
    """Read a number that counts something; 0 where it is none: SQLite keeps anything in any column."""
    return max(0, value) if isinstance(value, int) else 0


def _time(text: str) -> datetime | None:
    """Read a time with its distance from UTC; None where it is none."""
    try:
        time = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return time if time.tzinfo else None
