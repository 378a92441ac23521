"""Echo control for callers whose blocks have any size."""

import numpy as np

from skill.audio.blocks import BLOCK_SIZE, Samples, silence
from skill.audio.echo import Cleaned, EchoControl


class Reblocker:
    """Feeds echo control in blocks of 320 samples and gives back as many samples as came in, without a gap.

    The output is late by LATENCY samples on top of echo control's own delay: what has not filled a block must wait.
    """

    LATENCY = BLOCK_SIZE - 1

    def __init__(self, control: EchoControl) -> None:
        self._control = control
        self._near = silence(0)
        self._far = silence(0)
        self._ready = silence(self.LATENCY)

    def process(self, near: Samples, far: Samples) -> tuple[Samples, list[Cleaned]]:
        """Take a pair of any, equal length; return as many cleaned samples, and the blocks that were completed."""
        if len(near) != len(far):
            raise ValueError(f"near has {len(near)} samples, far {len(far)}: a pair must be of one length")
        self._near = np.concatenate([self._near, near])
        self._far = np.concatenate([self._far, far])
        done = []
        whole = len(self._near) // BLOCK_SIZE * BLOCK_SIZE
        for start in range(0, whole, BLOCK_SIZE):
            part = slice(start, start + BLOCK_SIZE)
            done.append(self._control.process(self._near[part], self._far[part]))
        self._near, self._far = self._near[whole:], self._far[whole:]
        self._ready = np.concatenate([self._ready, *(cleaned.block for cleaned in done)])
        result, self._ready = self._ready[: len(near)], self._ready[len(near) :]
        return result, done
