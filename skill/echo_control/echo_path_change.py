"""Notices when a filter that knew the room is out of step: sound was lost, and the echo comes at another time."""


class EchoPathChangeDetector:
    """Compares the powers of microphone, remainder and predicted echo, smoothed.

    A filter out of step adds an echo of its own to the real one. Somebody who speaks over the coach does not bring
    that about, unless they are much louder: what was taken off is still taken off.
    """

    MEMORY = 0.95
    """Of the powers, a hop: a fifth of a second."""

    MISFIT = 0.6
    """Part of the microphone's power from which the remainder is too much ..."""

    ECHO = 0.25
    """... where the predicted echo is so much of it, ..."""

    HOPS = 15
    """... for so many hops."""

    CERTAIN = 0.8
    """The same part, where no voice over the coach's can be the cause."""

    FIT = 0.1
    """Part of the microphone's power up to which the remainder shows a filter that knows the room ..."""

    LOUD = 1e-4
    """... where a hop (sum of squares) is so loud."""

    def __init__(self) -> None:
        self._near = self._left = self._echo = 0.0
        self._bad_hops = 0

    def hear(self, near: float, left: float, echo: float) -> None:
        """Take the powers of one hop: of the microphone, of what is left of it, and of the predicted echo."""
        self._near += (1 - self.MEMORY) * (near - self._near)
        self._left += (1 - self.MEMORY) * (left - self._left)
        self._echo += (1 - self.MEMORY) * (echo - self._echo)
        self._bad_hops = self._bad_hops + 1 if self._leaves(self.MISFIT) else 0

    @property
    def certain(self) -> bool:
        """Whether the filter is out of step at the moment: nobody can leave that much of what it should take off."""
        return self._leaves(self.CERTAIN)

    @property
    def noticed(self) -> bool:
        """Whether the filter has been out of step for a while."""
        return self._bad_hops >= self.HOPS

    @property
    def fits(self) -> bool:
        """Whether the filter knows the room at the moment."""
        return self._near > self.LOUD and self._left < self.FIT * self._near

    def _leaves(self, part: float) -> bool:
        """Tell whether more than this part of the microphone's power is left, although there is an echo to take off."""
        return self._left > part * self._near and self._echo > self.ECHO * self._near
