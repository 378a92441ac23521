"""Echo control: removes the loudspeaker's sound from the microphone, and detects near-end speech."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import cycle

import numpy as np

from skill.audio.blocks import BLOCK_SIZE, SAMPLE_RATE, Samples, check_block, level_db, silence, to_int16
from skill.audio.voice_activity import VoiceActivity, VoiceActivitySettings
from skill.echo_control.bulk_delay import BulkDelay
from skill.echo_control.double_talk import DoubleTalkDetector
from skill.echo_control.echo_remover import EchoRemover, EchoSettings
from skill.echo_control.erl_estimator import ErlEstimator
from skill.echo_control.kalman_filter import HOP

LATENCY = HOP
"""Samples by which the cleaned signal is later than the microphone: 10 ms."""

REST_BLOCKS = 100
"""Silence at the far end after which there is no echo left, blocks: two seconds, more than any delay and decay."""

WITHOUT_ECHO = VoiceActivitySettings(
    rise_db=10.0, quietest_db=-60.0, floor_blocks=250, smoothing_blocks=1, start_floor_db=None
)
"""Voice activity without an echo. Unlike in `erl_estimator` the noise floor is the lowest level."""

MICROPHONE_NOISE = 3.0
"""Standard deviation, in steps of int16, of the noise that is added to the microphone: that of a quiet one, -80 dBFS.

Some microphones give digital silence between words. There the filter would be far too certain, and the faintest
residual echo would look like near-end speech.
"""

MICROPHONE_NOISE_BLOCKS = 50
"""Period of that noise, blocks: one second."""


@dataclass(frozen=True)
class Cleaned:
    """A microphone block without its echo, and what was measured."""

    block: Samples
    """BLOCK_SIZE samples: the echo removed, the user's words kept. LATENCY samples late."""

    near_end_speech: float
    """Probability of near-end speech, 0 to 1."""

    near_db: float
    """Level of the microphone, dBFS."""

    error_db: float
    """Level of the linear filter's error, dBFS. While only the far end sounds, near_db less error_db is the echo return
    loss enhancement (ERLE)."""

    delay_ms: float | None
    """Delay of the echo beyond `bulk_ms`, milliseconds; None until it is found."""

    drift_ppm: float
    """Clock drift: how much faster the microphone's clock is than the loudspeaker's, parts per million."""

    bulk_ms: int = 0
    """Delay of the far end by a loudspeaker on a network, milliseconds."""

    far_end_active: bool = False
    """Whether the far end, delayed by `bulk_ms`, is not silent in this block."""

    learnt: bool = False
    """Whether the filter has converged at the present delay of the echo: before, near-end speech is less certain."""

    mismatch_ms: int = 0
    """For how many milliseconds, as is known now, the filter has not matched the echo path, as after lost sound: what
    looked like near-end speech over the far end was echo. 0: it matches."""


class NoEcho:
    """Replaces echo control if the microphone cannot hear the loudspeaker: only detects voice activity."""

    can_echo = False
    """Whether the microphone may hear the far end."""

    def __init__(self) -> None:
        self._voice = VoiceActivity(WITHOUT_ECHO)

    def process(self, near: Samples, far: Samples) -> Cleaned:
        """Take what the microphone heard and what the loudspeaker was given in the same 20 ms.

        The microphone passes unchanged. Raises AudioFormatError unless both are blocks.
        """
        check_block(near, "near")
        check_block(far, "far")
        level = level_db(near)
        self._voice.follow(level)
        return Cleaned(
            near, float(self._voice.is_voice(level)), level, level, None, 0.0, far_end_active=bool(far.any())
        )


class EchoControl:
    """Removes the echo of the far end from the microphone, and detects near-end speech. Deterministic.

    Near and far end come in pairs of blocks: BLOCK_SIZE samples of int16, 16 kHz, mono. The arrays may be reused
    after the call.
    """

    can_echo = True

    def __init__(self, settings: EchoSettings | None = None, detector: DoubleTalkDetector | None = None) -> None:
        """detector: a double-talk detector in place of the shipped one."""
        self._new_remover = partial(EchoRemover, settings or EchoSettings(), detector)
        self._remover = self._new_remover()
        self._bulk_delay, self._erl = BulkDelay(), ErlEstimator()
        self._silent_blocks = 0
        self._late_near, self._last_near = silence(), silence()
        self._microphone_noise = cycle(
            np.random.default_rng(0).normal(0.0, MICROPHONE_NOISE / 32768.0, (MICROPHONE_NOISE_BLOCKS, BLOCK_SIZE))
        )

    @property
    def auxiliary_canceller(self) -> bool:
        """Whether the auxiliary canceller (WebRTC AEC3) is available; without it near-end speech is detected later."""
        return self._remover.auxiliary_canceller

    def process(self, near: Samples, far: Samples) -> Cleaned:
        """Take what the microphone heard and what the loudspeaker was given in the same 20 ms.

        Raises AudioFormatError unless both are blocks: BLOCK_SIZE samples of int16, 16 kHz, mono.
        """
        check_block(near, "near")
        check_block(far, "far")
        near_db = level_db(near)
        far = self._delayed(near_db, far)
        if self._resting(near, far):
            return self._rest(near_db)
        cleaned = self._remove_echo(near, far)
        if not self._erl.no_echo:
            return cleaned
        # Headphones: there is no echo to remove, and every voice is near-end speech.
        voice = self._erl.is_voice(near_db)
        return replace(
            cleaned, block=self._late_near, near_end_speech=1.0 if voice else 0.0, learnt=True, mismatch_ms=0
        )

    def _delayed(self, near_db: float, far: Samples) -> Samples:
        """Return the far end with the bulk delay; if that delay changes, start again with a new echo remover."""
        before = self._bulk_delay.blocks
        if self._remover.linear.converged:
            self._bulk_delay.confirm()
        far = self._bulk_delay.process(near_db, level_db(far), far)
        if self._bulk_delay.blocks != before:
            self._remover, self._erl = self._new_remover(), ErlEstimator()
        self._erl.update(near_db, level_db(far))
        return far

    def _resting(self, near: Samples, far: Samples) -> bool:
        """Return whether there can be no echo after a long silence of the far end: then nothing is computed."""
        rested = self._silent_blocks > REST_BLOCKS
        self._silent_blocks = self._silent_blocks + 1 if not far.any() else 0
        if rested and not self._silent_blocks:  # the far end is back: continue from the last block
            self._remove_echo(self._last_near, silence())
        before, self._last_near = self._last_near, near.copy()
        self._late_near = np.concatenate([before[-LATENCY:], near[:-LATENCY]])
        return self._silent_blocks > REST_BLOCKS

    def _rest(self, near_db: float) -> Cleaned:
        """Return the microphone unchanged, LATENCY late."""
        self._remover.linear.skip(BLOCK_SIZE // HOP)
        return self._cleaned(self._late_near, 0.0, (near_db, near_db), far_end_active=False)

    def _remove_echo(self, near: Samples, far: Samples) -> Cleaned:
        near = to_int16(near / 32768.0 + next(self._microphone_noise))
        cleaned, power = self._remover.process(near, far)
        levels_db = 10 * np.log10(power / BLOCK_SIZE + 1e-12)
        return self._cleaned(
            to_int16(cleaned),
            self._remover.near_end_speech,
            levels_db.tolist(),
            far_end_active=bool(far.any()),
            mismatch_ms=1000 * HOP // SAMPLE_RATE * self._remover.linear.mismatch_hops,
        )

    def _cleaned(
        self,
        block: Samples,
        near_end_speech: float,
        levels_db: Sequence[float],
        *,
        far_end_active: bool,
        mismatch_ms: int = 0,
    ) -> Cleaned:
        linear = self._remover.linear
        near_db, error_db = levels_db
        return Cleaned(
            block,
            near_end_speech,
            near_db,
            error_db,
            delay_ms=linear.alignment.delay_ms,
            drift_ppm=linear.drift_ppm,
            far_end_active=far_end_active,
            learnt=linear.learnt,
            mismatch_ms=mismatch_ms,
            bulk_ms=self._bulk_delay.ms,
        )
