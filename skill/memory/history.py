"""Earlier sessions, and a summary of them. Pure: today's date is an argument."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True)
class PastSession:
    """An earlier session with a routine."""

    started: datetime
    """Local time, with its offset from UTC."""

    ended: datetime
    """When it was last updated."""

    seconds: int
    """Duration without pauses, by the audio clock, which is right even if the computer's clock was changed."""

    routine: str
    """Routine id."""

    finished: bool
    """Whether it was done to its end."""

    stretches: tuple[str, ...] = ()
    """Ids of the stretches that were held to their end, in their order."""

    @property
    def day(self) -> date:
        """The local day on which it began."""
        return self.started.date()


@dataclass(frozen=True)
class History:
    """Summary of earlier sessions."""

    this_week: int = 0
    """Sessions since Monday."""

    days_since_last: int | None = None
    """0: today; None: there was none."""

    total: int = 0


def counted(sessions: Iterable[PastSession], today: date) -> list[PastSession]:
    """Return the sessions that count: those with at least one stretch done, and not on a future day.

    A session in the future comes from a clock that was wrong; it stays in the file and counts from its day on.
    """
    return [session for session in sessions if session.stretches and session.day <= today]


def history(sessions: Iterable[PastSession], today: date) -> History:
    """Return the summary of earlier sessions on a day."""
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
