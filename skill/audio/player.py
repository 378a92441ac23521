"""Plays the coach's clips, one block at a time."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skill.audio.blocks import BLOCK_SIZE, SAMPLE_RATE, Block, Samples, silence
from skill.audio.limiter import Limiter

FADE_MS = 50
"""Fade-out of a clip that is stopped or paused, milliseconds: without it there is a click."""


@dataclass(frozen=True)
class Played:
    """A clip is over."""

    id: int
    interrupted: bool


@dataclass
class _Clip:
    id: int
    samples: Samples
    position: int = 0
    """The next sample to be played."""

    sounding: bool = False
    """Whether it has begun to play: then it continues without a gap, and stops with a fade-out."""


class Player:
    """Mixes what the coach says with its short sounds.

    The audio thread calls `pull`, the session's thread everything else. They share only two queues (deques, whose
    operations are atomic), so neither ever waits for the other.
    """

    def __init__(self) -> None:
        self._commands: deque[Callable[[], None]] = deque()
        self._played: deque[Played] = deque()
        self._clips: deque[_Clip] = deque()
        self._overlay: NDArray[np.float32] = np.zeros(0, dtype=np.float32)  # sounds, and clips that fade out
        self._paused = False
        self._gain = 1.0
        self._target = 1.0
        self._gain_step = 0.0
        self._limiter = Limiter()

    # Called by the session's thread

    def play(self, clip_id: int, samples: Samples) -> None:
        """Play a clip after those that are waiting, without a gap."""
        clip = _Clip(clip_id, samples)
        self._commands.append(lambda: self._clips.append(clip))

    def sound(self, samples: Samples) -> None:
        """Play a short sound immediately, mixed with what is playing; clips that have not begun wait for its end."""
        self._commands.append(lambda: self._mix_in(samples.astype(np.float32)))

    def stop(self) -> None:
        """Fade out, and drop all clips."""
        self._commands.append(self._stop)

    def pause(self) -> None:
        """Fade out, and keep the clips."""
        self._commands.append(self._pause)

    def resume(self) -> None:
        """Go on after `pause`, with the next sample; otherwise do nothing."""
        self._commands.append(self._resume)

    def set_gain(self, db: float, ramp_ms: int = FADE_MS) -> None:
        """Change the volume linearly within `ramp_ms`; 0 dB plays the clips as they are."""
        target = 10 ** (db / 20)
        self._commands.append(lambda: self._set_gain(target, ramp_ms))

    def played(self) -> list[Played]:
        """Return the clips that have come to an end since the last call."""
        return [self._played.popleft() for _ in range(len(self._played))]

    # Called by the audio thread

    def pull(self) -> Block:
        """Return the next BLOCK_SIZE samples for the speaker; silence if there is nothing to play."""
        while self._commands:
            self._commands.popleft()()
        if not self._clips and not len(self._overlay):
            self._gains()  # the volume changes in silence too
            self._limiter.rest()
            return silence()
        mix = self._pull_clips()
        overlay, self._overlay = self._overlay[:BLOCK_SIZE], self._overlay[BLOCK_SIZE:]
        mix[: len(overlay)] += overlay
        mix = self._limiter.process(mix, self._following())
        return np.clip(np.rint(mix), -32768, 32767).astype(np.int16)

    def _pull_clips(self) -> NDArray[np.float32]:
        mix = np.zeros(BLOCK_SIZE, dtype=np.float32)
        filled = 0
        while self._clips and not self._paused and filled < BLOCK_SIZE:
            clip = self._clips[0]
            if not clip.sounding and len(self._overlay) > filled:  # begins only after the sound
                filled = min(BLOCK_SIZE, len(self._overlay))
                if filled == BLOCK_SIZE:
                    break
            part = clip.samples[clip.position : clip.position + BLOCK_SIZE - filled]
            mix[filled : filled + len(part)] = part
            filled += len(part)
            clip.position += len(part)
            clip.sounding = True
            if clip.position >= len(clip.samples):
                self._clips.popleft()
                self._played.append(Played(clip.id, interrupted=False))
        return mix * self._gains()

    def _following(self) -> NDArray[np.float32]:
        """Return the next block as it would be if nothing changed."""
        block = np.zeros(BLOCK_SIZE, dtype=np.float32)
        filled = 0
        for clip in () if self._paused else self._clips:
            part = clip.samples[clip.position : clip.position + BLOCK_SIZE - filled]
            block[filled : filled + len(part)] = part
            filled += len(part)
        block *= self._gain
        overlay = self._overlay[:BLOCK_SIZE]
        block[: len(overlay)] += overlay
        return block

    def _gains(self) -> NDArray[np.float32]:
        """Return the gain of each sample of this block, moving towards the target."""
        if self._gain == self._target:
            return np.full(BLOCK_SIZE, self._gain, dtype=np.float32)
        ramp = self._gain + self._gain_step * np.arange(1, BLOCK_SIZE + 1, dtype=np.float32)
        low, high = sorted((self._gain, self._target))
        ramp = np.clip(ramp, low, high)
        self._gain = float(ramp[-1]) if abs(ramp[-1] - self._target) > 1e-4 else self._target
        return ramp

    def _set_gain(self, target: float, ramp_ms: int) -> None:
        self._target = target
        self._gain_step = (target - self._gain) / max(1, ramp_ms * SAMPLE_RATE // 1000)

    def _mix_in(self, samples: NDArray[np.float32]) -> None:
        longer, shorter = sorted((self._overlay, samples), key=len, reverse=True)
        mixed = longer.copy()
        mixed[: len(shorter)] += shorter
        self._overlay = mixed

    def _fade_out(self) -> None:
        """Move the next FADE_MS of the current clip, fading out, to the overlay."""
        if not self._clips or not self._clips[0].sounding:
            return
        clip = self._clips[0]
        clip.sounding = False
        tail = clip.samples[clip.position : clip.position + FADE_MS * SAMPLE_RATE // 1000]
        fade = np.linspace(self._gain, 0.0, len(tail), dtype=np.float32)
        self._mix_in(tail * fade)

    def _stop(self) -> None:
        self._fade_out()
        self._paused = False
        for clip in self._clips:
            self._played.append(Played(clip.id, interrupted=True))
        self._clips.clear()

    def _pause(self) -> None:
        self._fade_out()
        self._paused = True

    def _resume(self) -> None:
        self._paused = False
