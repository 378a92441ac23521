"""Earlier sessions, and what can be said about them. Pure: the day it is comes in from outside."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True)
class PastSession:
    """One time that a routine was on."""

    started: datetime
    """Local time, with its distance from UTC."""

    ended: datetime
    """When it was last heard of."""

    seconds: int
    """How long it was on without its pauses, by the audio clock: right also where the clock of the computer jumped."""

    routine: str
    """Routine id."""

    finished: bool
    """Whether it went on to its end."""

    stretches: tuple[str, ...] = ()
    """Ids of the stretches that were held to their end, in their order."""

    @property
    def day(self) -> date:
        """The day on which it began, where its user was."""
        return self.started.date()


@dataclass(frozen=True)
class History:
    """What there is to say about earlier sessions."""

    this_week: int = 0
    """Sessions since Monday."""

    days_since_last: int | None = None
    """0: today; None: there was none."""

    total: int = 0


def counted(sessions: Iterable[PastSession], today: date) -> list[PastSession]:
    """Return the sessions that count: at least one stretch was done, and not on a day that is still to come.

    A session in the future comes from a clock that was wrong; it stays in the file and counts when its day is there.
    """
    return [session for session in sessions if session.stretches and session.day <= today]


def history(sessions: Iterable[PastSession], today: date) -> History:
    """Sum up earlier sessions on a day."""
    days = [session.day for session in counted(sessions, today)]
    if not days:
        return History()
    monday = today - timedelta(days=today.weekday())
    return History(sum(day >= monday for day in days), (today - max(days)).days, len(days))


def weeks(today: date, number: int) -> list[list[date]]:
    """Return the days of the last weeks, Monday first, this week last."""
    monday = today - timedelta(days=today.weekday())
    firsts = (monday - timedelta(weeks=back) for back in reversed(range(number)))
    return [[first + timedelta(days=day) for day in range(7)] for first in firsts]
