"""What was stretched before: earlier sessions, and the place where a routine was left."""

from dataclasses import dataclass, replace

from skill.events import Saved


@dataclass(frozen=True)
class History:
    """What was stretched before, in this session and in earlier ones."""

    saved: Saved | None = None
    """Where a routine was left; None: there is nothing to resume."""

    explained_earlier: bool = False
    """The instructions of the saved stretch were said in an earlier session: they are repeated when it is resumed."""

    sessions_this_week: int = 0
    """Sessions since Monday: routines in which at least one stretch was held to its end."""

    days_since_last: int | None = None
    """Days since the last session, 0: today; None: there was none."""

    stretches_done: int = 0
    """Stretches held to their end since the routine began; a routine that is resumed goes on counting."""

    def with_stretch_done(self) -> "History":
        """Return this history with one stretch more. The first one of a routine makes it a session of this week."""
        done = self.stretches_done + 1
        if self.stretches_done:
            return replace(self, stretches_done=done)
        return replace(self, stretches_done=done, sessions_this_week=self.sessions_this_week + 1, days_since_last=0)
