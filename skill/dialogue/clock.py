"""The clock of the current step: how much of its time has passed."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class StepClock:
    """How much of the current step's time has passed. Times are audio time in milliseconds."""

    elapsed: int = 0
    """Time of the step that had passed when the clock was last stopped."""

    since: int | None = None
    """When the clock was last started; None while it is stopped."""

    marks_done: int = 0
    """How many marks of the step have been passed."""

    @property
    def runs(self) -> bool:
        """Whether the clock is running."""
        return self.since is not None

    def elapsed_at(self, at: int) -> int:
        """Return how much of the step's time has passed at a moment."""
        return self.elapsed + (at - self.since if self.since is not None else 0)

    def started(self, at: int) -> "StepClock":
        """Return this clock, running from a moment on; a clock that runs already goes on."""
        return self if self.runs else replace(self, since=at)

    def stopped(self, at: int) -> "StepClock":
        """Return this clock, stopped at a moment."""
        return replace(self, elapsed=self.elapsed_at(at), since=None)
