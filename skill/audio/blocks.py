"""The unit of everything: blocks of 20 ms, 16 kHz, mono, int16."""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
"""Samples a second, everywhere between the device and the mind."""

BLOCK_SIZE = 320
"""Samples in a block."""

BLOCK_MS = 1000 * BLOCK_SIZE // SAMPLE_RATE
"""Milliseconds in a block: 20."""

Samples = NDArray[np.int16]
"""Mono samples at SAMPLE_RATE, of any length."""

Block = Samples
"""Exactly BLOCK_SIZE samples."""


def silence(samples: int = BLOCK_SIZE) -> Samples:
    """Return that many zero samples."""
    return np.zeros(samples, dtype=np.int16)


def blocks(samples: Samples) -> Iterator[Block]:
    """Cut samples into blocks; the last one is filled up with silence."""
    for start in range(0, len(samples), BLOCK_SIZE):
        block = samples[start : start + BLOCK_SIZE]
        if len(block) < BLOCK_SIZE:
            block = np.concatenate([block, silence(BLOCK_SIZE - len(block))])
        yield block


def to_int16(values: NDArray[np.floating]) -> Samples:
    """Round floats in [-1, 1] to int16, clipping what is outside."""
    return np.minimum(np.maximum(np.rint(values * 32768.0), -32768), 32767).astype(np.int16)  # clip: twice as long


def level_db(block: Samples) -> float:
    """Return the level of a block, dBFS; -120 for silence."""
    wide = block / 32768.0
    return 10 * math.log10(float(wide @ wide) / len(block) + 1e-12)
