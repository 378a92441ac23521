"""The echo return loss (ERL): whether the loudspeaker reaches the microphone at all; with headphones it does not."""

from collections import deque
from statistics import median

from skill.audio.voice_activity import VoiceActivity, VoiceActivitySettings

LOUD_DB = -35.0
"""Level of the far end, dBFS, above which its echo must be audible, if there is one."""

LOUD_BLOCKS = 100
"""Loud blocks that are compared: two seconds, more than the delay of any device, so that a late echo is not missed."""

MIN_SILENT_BLOCKS = 25
"""Minimum number of blocks without the far end for a first decision."""

DECAY_BLOCKS = 40
"""Blocks of silence at the far end after which its echo is over: devices are late, rooms reverberate."""

MIN_RISE_DB = 3.0
"""If the loud far end raises the microphone's level by less than this above the floor, dB, there is no echo."""

VOICE = VoiceActivitySettings(
    rise_db=10.0, quietest_db=-60.0, floor_blocks=250, floor_quantile=0.2, smoothing_blocks=1, start_floor_db=None
)
"""The noise floor is that of five seconds without the far end: a user who speaks before it must not fill them."""


class ErlEstimator:
    """Compares the microphone's level while the far end is loud with that while it is silent. Levels in dBFS."""

    def __init__(self) -> None:
        self._loud: deque[float] = deque(maxlen=LOUD_BLOCKS)
        self._noise = VoiceActivity(VOICE)
        self._silent_blocks = 0

    def update(self, near_db: float, far_db: float) -> None:
        """Take the levels of the two ends in the same 20 ms."""
        self._silent_blocks = self._silent_blocks + 1 if far_db < -100.0 else 0
        if far_db > LOUD_DB:
            self._loud.append(near_db)
        elif self._silent_blocks > DECAY_BLOCKS:
            self._noise.follow(near_db)

    @property
    def no_echo(self) -> bool:
        """Whether there is no echo at all; False while that is unknown."""
        known = len(self._loud) == LOUD_BLOCKS and self._noise.blocks_followed >= MIN_SILENT_BLOCKS
        return known and median(self._loud) < self._noise.floor_db + MIN_RISE_DB

    def is_voice(self, near_db: float) -> bool:
        """Return whether a level is a voice, if there is no echo."""
        return self._noise.is_voice(near_db)
