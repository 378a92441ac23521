"""Detects a change of the echo path: sound was lost, or the room has changed."""


class EchoPathChangeDetector:
    """Compares the smoothed powers of microphone, error (what is left) and predicted echo.

    A filter that does not match the echo path adds an echo of its own to the real one. Double-talk does not look like
    that unless the user is much louder than the echo: the filter still removes the echo. The words "converged" and
    "diverged" are WebRTC AEC3's.
    """

    MEMORY = 0.95
    """Smoothing of the powers, per hop: a fifth of a second."""

    CHANGED_SHARE = 0.6
    """Share of the microphone's power above which the error is too large ..."""

    ECHO_SHARE = 0.25
    """... if the predicted echo has at least this share, ..."""

    CHANGED_HOPS = 15
    """... for this many hops."""

    DIVERGED_SHARE = 0.8
    """Share above which double-talk cannot be the cause."""

    CONVERGED_SHARE = 0.1
    """Share of the microphone's power up to which the error shows a converged filter ..."""

    RECOVERY_HOPS = 100
    """Hops after a mismatch until the filter counts as matching again even if it has not converged: somebody speaks."""

    LONGEST_MISMATCH_HOPS = 150
    """The most hops before its discovery for which a mismatch is assumed: in loud noise no filter converges."""

    SMOOTHING_DELAY_HOPS = 10
    """Hops by which a mismatch is older than the smoothed powers show."""

    AUDIBLE = 1e-4
    """... if the hop has at least this power (sum of squares)."""

    def __init__(self) -> None:
        self._near = self._error = self._echo = 0.0
        self._changed_hops = self._recovery_hops = 0
        self._hops_since_converged: int | None = None  # None: it never was

    def update(self, near: float, error: float, echo: float) -> None:
        """Take the powers of one hop: of the microphone, of the error, and of the predicted echo."""
        self._near += (1 - self.MEMORY) * (near - self._near)
        self._error += (1 - self.MEMORY) * (error - self._error)
        self._echo += (1 - self.MEMORY) * (echo - self._echo)
        self._changed_hops = self._changed_hops + 1 if self._error_above(self.CHANGED_SHARE) else 0
        if self.converged:
            self._hops_since_converged = 0
        elif self._hops_since_converged is not None:
            self._hops_since_converged += 1
        self._recovery_hops = 0 if self.converged else max(0, self._recovery_hops - 1)

    def note_mismatch(self) -> None:
        """Note that the filter does not match the echo path now: it has diverged, or the echo has another delay.

        There must be sound: in silence a filter that is not needed has an echo of its own too.
        """
        if self._near > self.AUDIBLE:
            self._recovery_hops = self.RECOVERY_HOPS

    @property
    def mismatch_hops(self) -> int:
        """For how many hops the filter has not matched the echo path; 0 if it matches, as far as is known.

        A mismatch is noticed late: until then its error looks like near-end speech. It is over when the filter has
        converged again. A filter that never has (where there is no echo) has none.
        """
        if not self._recovery_hops or self._hops_since_converged is None:
            return 0
        return min(self._hops_since_converged, self.LONGEST_MISMATCH_HOPS) + self.SMOOTHING_DELAY_HOPS

    @property
    def diverged(self) -> bool:
        """Whether the filter makes an echo of its own at the moment."""
        return self._error_above(self.DIVERGED_SHARE)

    @property
    def changed(self) -> bool:
        """Whether the echo path seems to have changed: the filter has not matched it for CHANGED_HOPS."""
        return self._changed_hops >= self.CHANGED_HOPS

    @property
    def converged(self) -> bool:
        """Whether the filter removes most of the echo at the moment."""
        return self._near > self.AUDIBLE and self._error < self.CONVERGED_SHARE * self._near

    def _error_above(self, share: float) -> bool:
        """Return whether the error exceeds this share of the microphone's power, although there is echo to remove."""
        return self._error > share * self._near and self._echo > self.ECHO_SHARE * self._near
