"""Whether anything of the loudspeaker reaches the microphone at all: with headphones nothing does."""

from collections import deque
from statistics import median

from skill.audio.voice_activity import VoiceActivity, VoiceActivitySettings

LOUD_DB = -35.0
"""A far-end block as loud as this must be heard, if anything is."""

LOUD_BLOCKS = 100
"""Two seconds with the coach: longer than the delay of any device, so that a late echo is not missed."""

ENOUGH_BLOCKS = 25
"""So many without it are enough to begin with."""

REST_BLOCKS = 40
"""After so many blocks of silence at the far end nothing of it is left in the room: devices are late, rooms ring."""

NOTHING_DB = 3.0
"""Where the coach's loud blocks raise the microphone's level by less over the floor, nothing of it arrives."""

VOICE = VoiceActivitySettings(
    rise_db=10.0, quietest_db=-60.0, floor_blocks=250, floor_quantile=0.2, smoothing_blocks=1, start_floor_db=None
)
"""The floor is that of five seconds without the coach: a user who speaks before the coach does must not fill them."""


class ErlEstimator:
    """Compares the microphone's level while the far end is loud with that while it is silent. Levels in dBFS."""

    def __init__(self) -> None:
        self._loud: deque[float] = deque(maxlen=LOUD_BLOCKS)
        self._without = VoiceActivity(VOICE)
        self._rested = 0

    def hear(self, near_db: float, far_db: float) -> None:
        """Take the levels of the two ends in the same 20 ms."""
        self._rested = self._rested + 1 if far_db < -100.0 else 0
        if far_db > LOUD_DB:
            self._loud.append(near_db)
        elif self._rested > REST_BLOCKS:
            self._without.follow(near_db)

    @property
    def none(self) -> bool:
        """Whether nothing of the far end arrives; False as long as that is not known."""
        known = len(self._loud) == LOUD_BLOCKS and self._without.blocks_followed >= ENOUGH_BLOCKS
        return known and median(self._loud) < self._without.floor_db + NOTHING_DB

    def voice(self, near_db: float) -> bool:
        """Tell whether a block stands out, where nothing of the far end arrives."""
        return self._without.is_voice(near_db)
