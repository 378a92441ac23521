"""What the coach remembers: where a routine was left, sessions, settings, conditions."""

import contextlib
import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from skill.events import Saved
from skill.memory import statements as sql
from skill.memory.database import Database
from skill.memory.history import History, PastSession, history

GO_ON_WITHIN = timedelta(days=1)
"""A routine that was left longer ago starts from its beginning."""

_PREFERENCES = "preferences"
_CONDITIONS_TOLD = "conditions_told"
UNWELL = "unwell"


def local_time() -> datetime:
    """Return the local time, with its offset from UTC."""
    return datetime.now().astimezone()


class Memory:
    """Remembers what later sessions need.

    Without a file (None) it remembers for the length of the session: a replay must not depend on earlier ones. A
    file that cannot be read or written is reported in `problem`, one clear sentence; the session goes on.
    """

    def __init__(
        self, path: Path | None = None, clock: Callable[[], datetime] = local_time, in_background: bool = False
    ):
        """Read the file. `clock` returns the local time with its offset from UTC.

        `in_background`: a thread writes, so that the session does not wait for the disk. Call `close` at the end.
        """
        self._database = Database(path, in_background)
        self._clock = clock
        self._session: tuple[str, str, str] | None = None  # id, when it started, routine
        self._done, self._finished = 0, False

    @property
    def problem(self) -> str | None:
        """What is wrong with the file, or None."""
        return self._database.problem

    def together(self) -> contextlib.AbstractContextManager[None]:
        """Write everything that is kept meanwhile in one transaction, which waits for the disk once."""
        return self._database.together()

    def settle(self) -> None:
        """Wait until everything is in the file, or `problem` says why it is not."""
        self._database.settle()

    def close(self) -> None:
        """Write what is left; without a writing thread there is nothing to do."""
        self._database.close()

    # Settings

    def setting(self, name: str) -> str | None:
        """Return what was kept under a name."""
        rows = self._database.rows("SELECT value FROM settings WHERE name = ?", name)
        return str(rows[0][0]) if rows else None

    def keep_setting(self, name: str, value: str) -> None:
        """Keep a value under a name."""
        self._database.write(sql.set_setting(name, value, self._now()))

    @property
    def safety_told(self) -> bool:
        """Whether the safety information has been said."""
        return self.setting("safety_told") is not None

    def remember_safety_told(self) -> None:
        """Keep that the safety information has been said."""
        self.keep_setting("safety_told", "yes")

    @property
    def preferences(self) -> dict[str, Any]:
        """The user's preferences: names and plain values; empty if nothing was chosen."""
        try:
            found = json.loads(self.setting(_PREFERENCES) or "{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def prefer(self, changes: Mapping[str, Any]) -> None:
        """Keep changed preferences: names and JSON values; the others stay."""
        now = self._now()
        self._database.write(*(sql.change_setting(_PREFERENCES, key, changes[key], now) for key in sorted(changes)))

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
        return any(self._is_recent(at) for (at,) in rows)

    def keep_unwell(self, unwell: bool) -> None:
        """Keep that the user feels unwell; False: delete that, on the disk too."""
        if unwell:
            self.keep_setting(UNWELL, "yes")
        elif self.setting(UNWELL):
            self._database.write(sql.forget_setting(UNWELL))

    def keep_conditions(self, conditions: Iterable[str] | None, known: Iterable[str] | None = None) -> None:
        """Keep these and no others; None: delete, on the disk too, that the question was ever answered.

        `known`: the conditions that the caller knows of; others in the file stay.
        """
        if conditions is None:
            told = [sql.forget_setting(name) for name in (_CONDITIONS_TOLD, UNWELL)]
            self._database.write(sql.forget_conditions(), *told)
            return
        now, names = self._now(), set(conditions)
        over = (
            [sql.forget_conditions()] if known is None else [sql.forget_condition(name) for name in set(known) - names]
        )
        new = [sql.add_condition(name, now) for name in sorted(names)]
        self._database.write(*over, sql.set_setting(_CONDITIONS_TOLD, "yes", now), *new)

    # Where a routine was left

    def saved(self) -> Saved | None:
        """Return the routine that was left within a day of now."""
        for at, routine, stretch, step, easier, skipped in self._database.rows(
            "SELECT at, routine, stretch, step, easier, skipped FROM place"
        ):
            if self._is_recent(at):
                return Saved(routine, stretch, _count(step), bool(easier), frozenset(str(skipped).split()))
        return None

    def save(self, saved: Saved | None) -> None:
        """Keep where the routine is; None: it was finished."""
        self._database.write(sql.set_place(saved, self._now()) if saved else sql.forget_place())

    # Sessions

    def begin_session(self, routine: str) -> None:
        """Begin a session with a routine."""
        self._session = (uuid.uuid4().hex, self._now(), routine)
        self._done, self._finished = 0, False
        self.keep_session(0)

    def keep_session(self, seconds: int, finished: bool = False) -> None:
        """Keep how long the session has been on by now, without its pauses, and whether it came to its end."""
        if self._session:
            session, started, routine = self._session
            self._finished |= finished
            self._database.write(sql.set_session(session, started, self._now(), seconds, routine, self._finished))

    def stretch_done(self, stretch: str) -> None:
        """Keep that a stretch was held to its end."""
        if self._session:
            self._done += 1
            self._database.write(sql.add_stretch_done(self._session[0], self._done, stretch, self._now()))

    def sessions(self) -> list[PastSession]:
        """Return all sessions, the oldest first, without those that cannot be read."""
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
        """Return the summary of earlier sessions as of now."""
        return history(self.sessions(), self._clock().date())

    def _is_recent(self, at: str) -> bool:
        """Return whether a moment is within a day of now, before or after: clocks are put back, too."""
        when = _time(at)
        return when is not None and abs(self._clock() - when) <= GO_ON_WITHIN

    def _now(self) -> str:
        return self._clock().isoformat(timespec="seconds")


def _count(value: object) -> int:
    """Read a count; 0 if it is none: SQLite keeps values of any type in any column."""
    return max(0, value) if isinstance(value, int) else 0


def _time(text: str) -> datetime | None:
    """Read a time with its offset from UTC; None if it is none."""
    try:
        time = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return time if time.tzinfo else None
