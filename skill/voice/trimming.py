"""Trimming: speech engines leave up to 0.3 s of silence at either end of a clip."""

import numpy as np

from skill.audio.blocks import SAMPLE_RATE, Samples

VERSION = 1
"""Part of the key of clips on disk: raise it when a clip is trimmed differently."""

QUIET = 100
"""Samples up to this level (of 32767) count as silence."""

MARGIN = SAMPLE_RATE // 50
"""Samples of silence that are left at either end: 20 ms."""


def trim(samples: Samples, margin: int = MARGIN) -> Samples:
    """Return 16 kHz int16 samples without the silence at both ends, except `margin` samples; silence stays as it is."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > QUIET)
    if not len(loud):
        return samples
    return samples[max(0, loud[0] - margin) : loud[-1] + margin]
