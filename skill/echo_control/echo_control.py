"""Echo control: takes the coach's own voice off the microphone and tells when somebody else speaks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import cycle

import numpy as np

from skill.audio.blocks import BLOCK_SIZE, Samples, check_block, level_db, silence, to_int16
from skill.audio.voice_activity import VoiceActivity, VoiceActivitySettings
from skill.echo_control.bulk_delay import BulkDelay
from skill.echo_control.double_talk import DoubleTalkDetector
from skill.echo_control.echo_remover import EchoRemover, EchoSettings
from skill.echo_control.erl_estimator import ErlEstimator
from skill.echo_control.kalman_filter import HOP

LATENCY = HOP
"""Samples by which the cleaned signal is later than the microphone: 10 ms."""

REST_BLOCKS = 100
"""Blocks of silence at the far end after which no echo can be left: two seconds, more than any delay and room."""

WITHOUT_ECHO = VoiceActivitySettings(
    rise_db=10.0, quietest_db=-60.0, floor_blocks=250, smoothing_blocks=1, start_floor_db=None
)
"""What stands out where the microphone cannot hear the coach: as in `erl_estimator`, with the least of the levels."""

HISS = 3.0
"""Standard deviation, in steps of int16, of a hiss that is added to the microphone: that of a quiet one, -80 dBFS.

Some microphones give digital silence between words. There the filter would be sure of itself beyond reason, and the
faintest remainder of the coach would stand out as somebody's voice does.
"""

HISS_BLOCKS = 50
"""The hiss repeats itself after so many blocks: a second."""


@dataclass(frozen=True)
class Cleaned:
    """What is left of a microphone block, and what was seen in it."""

    block: Samples
    """As many samples as came in: the echo removed, the user's words kept. LATENCY samples late."""

    near_end_speech: float
    """0 to 1: how likely it is that somebody other than the coach speaks now."""

    near_db: float
    """Level of the microphone, dBFS."""

    error_db: float
    """Level of what the linear filter leaves, dBFS: near_db less error_db is the echo return loss enhancement."""

    delay_ms: float | None
    """Delay of the echo beyond `bulk_ms`, None until it was found."""

    drift_ppm: float
    """How much faster the microphone's clock runs than the loudspeaker's."""

    bulk_ms: int = 0
    """How long the far end was held back: a loudspeaker on a network plays it so much later."""

    far_heard: bool = False
    """Whether the far end, held back, sounds in this block."""


class NoEcho:
    """In place of echo control where the microphone cannot hear the coach: only tells whether anybody speaks."""

    can_echo = False
    """Whether the microphone may hear the far end."""

    def __init__(self) -> None:
        self._voice = VoiceActivity(WITHOUT_ECHO)

    def process(self, near: Samples, far: Samples) -> Cleaned:
        """Take what the microphone heard and what the loudspeaker was given in the same 20 ms; it is heard as it is.

        Raises AudioFormatError unless both are blocks.
        """
        check_block(near, "near")
        check_block(far, "far")
        level = level_db(near)
        self._voice.follow(level)
        return Cleaned(near, float(self._voice.is_voice(level)), level, level, None, 0.0, far_heard=bool(far.any()))


class EchoControl:
    """Removes the echo of the far end from the near end, in pairs of blocks of 320 samples. Deterministic.

    And decides whether anybody but the coach speaks.
    """

    can_echo = True

    def __init__(self, settings: EchoSettings | None = None, speech: DoubleTalkDetector | None = None) -> None:
        """speech: what weighs the evidence of somebody's speech, where it is not the shipped decision."""
        self._new_path = partial(EchoRemover, settings or EchoSettings(), speech)
        self._path = self._new_path()
        self._bulk, self._coupling = BulkDelay(), ErlEstimator()
        self._silent = 0
        self._late, self._last = silence(), silence()
        self._hiss = cycle(np.random.default_rng(0).normal(0.0, HISS / 32768.0, (HISS_BLOCKS, BLOCK_SIZE)))

    @property
    def auxiliary_canceller(self) -> bool:
        """Whether AEC3 helps to decide; without it the linear filter decides alone, and is a little slower."""
        return self._path.auxiliary_canceller

    def process(self, near: Samples, far: Samples) -> Cleaned:
        """Take what the microphone heard and what the loudspeaker was given in the same 20 ms.

        Raises AudioFormatError unless both are blocks: BLOCK_SIZE samples of int16, 16 kHz, mono.
        """
        check_block(near, "near")
        check_block(far, "far")
        near_db = level_db(near)
        far = self._held_back(near_db, far)
        if self._rests(near, far):
            return self._rest(near_db)
        cleaned = self._control(near, far)
        if not self._coupling.none:
            return cleaned
        # Headphones: there is nothing to take off, and whoever is heard is not the coach.
        voice = self._coupling.voice(near_db)
        return replace(cleaned, block=self._late, near_end_speech=1.0 if voice else 0.0)

    def _held_back(self, near_db: float, far: Samples) -> Samples:
        """Return the far end as late as a loudspeaker on a network plays it; what was learnt sooner is of no use."""
        before = self._bulk.blocks
        if self._path.linear.fits:
            self._bulk.confirm()
        far = self._bulk.hear(near_db, level_db(far), far)
        if self._bulk.blocks != before:
            self._path, self._coupling = self._new_path(), ErlEstimator()
        self._coupling.hear(near_db, level_db(far))
        return far

    def _rests(self, near: Samples, far: Samples) -> bool:
        """Tell whether the coach has been silent for so long that there is nothing to take off, and save the work."""
        rested = self._silent > REST_BLOCKS
        self._silent = self._silent + 1 if not far.any() else 0
        if rested and not self._silent:  # awake again: continue from what was last heard
            self._control(self._last, silence())
        before, self._last = self._last, near
        self._late = np.concatenate([before[-LATENCY:], near[:-LATENCY]])
        return self._silent > REST_BLOCKS

    def _rest(self, near_db: float) -> Cleaned:
        """Return what was heard, as late as ever."""
        self._path.linear.rest(BLOCK_SIZE // HOP)
        return self._cleaned(self._late, 0.0, (near_db, near_db), far_heard=False)

    def _control(self, near: Samples, far: Samples) -> Cleaned:
        near = to_int16(near / 32768.0 + next(self._hiss))
        cleaned, power = self._path.hear(near, far)
        levels_db = 10 * np.log10(power / BLOCK_SIZE + 1e-12)
        return self._cleaned(
            to_int16(cleaned), self._path.near_end_speech, levels_db.tolist(), far_heard=bool(far.any())
        )

    def _cleaned(
        self, block: Samples, near_end_speech: float, levels_db: Sequence[float], *, far_heard: bool
    ) -> Cleaned:
        linear = self._path.linear
        near_db, error_db = levels_db
        return Cleaned(
            block,
            near_end_speech,
            near_db,
            error_db,
            delay_ms=linear.alignment.delay_ms,
            drift_ppm=linear.drift_ppm,
            far_heard=far_heard,
            bulk_ms=self._bulk.ms,
        )
