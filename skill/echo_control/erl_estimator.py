"""Whether anything of the loudspeaker reaches the microphone at all: with headphones nothing does."""

from collections import deque
from statistics import median

LOUD_DB = -35.0
"""A far-end block as loud as this must be heard, if anything is."""

LOUD_BLOCKS = 100
"""Two seconds with the coach: longer than the delay of any device, so that a late echo is not missed."""

SILENT_BLOCKS = 250
"""Five seconds without it: a user who speaks before the coach does must not fill them."""

ENOUGH_BLOCKS = 25
"""So many without it are enough to begin with."""

REST_BLOCKS = 40
"""After so many blocks of silence at the far end nothing of it is left in the room: devices are late, rooms ring."""

FLOOR = 0.2
"""The quietest so much of the blocks without the coach tells how quiet it is without anybody."""

NOTHING_DB = 3.0
"""Where the coach's loud blocks raise the microphone's level by less over that, nothing of it arrives ..."""

VOICE_DB = 10.0
"""... and what is so much over it is somebody's voice, or another sound of the room ..."""

QUIETEST_DB = -60.0
"""... if it is at least as loud as this."""


class ErlEstimator:
    """Compares the microphone's level while the far end is loud with that while it is silent. Levels in dBFS."""

    def __init__(self) -> None:
        self._loud: deque[float] = deque(maxlen=LOUD_BLOCKS)
        self._silent: deque[float] = deque(maxlen=SILENT_BLOCKS)
        self._rested = 0

    def hear(self, near_db: float, far_db: float) -> None:
        """Take the levels of the two ends in the same 20 ms."""
        self._rested = self._rested + 1 if far_db < -100.0 else 0
        if far_db > LOUD_DB:
            self._loud.append(near_db)
        elif self._rested > REST_BLOCKS:
            self._silent.append(near_db)

    @property
    def none(self) -> bool:
        """Whether nothing of the far end arrives; False as long as that is not known."""
        known = len(self._loud) == LOUD_BLOCKS and len(self._silent) >= ENOUGH_BLOCKS
        return known and median(self._loud) < self._floor_db + NOTHING_DB

    def voice(self, near_db: float) -> bool:
        """Tell whether a block stands out, where nothing of the far end arrives."""
        return near_db > max(self._floor_db + VOICE_DB, QUIETEST_DB)

    @property
    def _floor_db(self) -> float:
        return sorted(self._silent)[int(FLOOR * len(self._silent))]
