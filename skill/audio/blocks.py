"""The unit of everything: blocks of 20 ms, 16 kHz, mono, int16."""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
"""Samples a second, everywhere between the device and the recogniser."""

BLOCK_SIZE = 320
"""Samples in a block."""

BLOCK_MS = 1000 * BLOCK_SIZE // SAMPLE_RATE
"""Milliseconds in a block: 20."""

_INT16 = np.dtype(np.int16)

_OTHER_RATES = {rate * BLOCK_MS // 1000: rate for rate in (8_000, 11_025, 22_050, 24_000, 32_000, 44_100, 48_000)}
"""Samples in 20 ms -> their probable rate."""

Samples = NDArray[np.int16]
"""Mono samples at SAMPLE_RATE, of any length."""

Block = Samples
"""Exactly BLOCK_SIZE samples."""


class AudioFormatError(ValueError):
    """Sound in another format than is expected; the message names both, and what to do."""


def check_samples(samples: object, name: str = "samples") -> None:
    """Raise AudioFormatError unless these are Samples: mono int16 of any length. The rate cannot be seen in them."""
    if not isinstance(samples, np.ndarray):
        wrong, remedy = f"a {type(samples).__name__}", "make a numpy array of it"
    elif samples.ndim != 1:
        wrong, remedy = f"an array of shape {samples.shape}", "choose one channel, or mix them"
    elif samples.dtype != _INT16:
        wrong, remedy = f"an array of {samples.dtype}", "convert floats in [-1, 1] with skill.audio.blocks.to_int16"
    else:
        return
    raise AudioFormatError(f"{name} is {wrong}; expected mono samples, a one-dimensional array of int16: {remedy}.")


def check_block(block: object, name: str = "block") -> None:
    """Raise AudioFormatError unless this is a Block: BLOCK_SIZE samples of mono int16."""
    if isinstance(block, np.ndarray) and block.dtype == _INT16 and block.shape == (BLOCK_SIZE,):
        return
    check_samples(block, name)
    size = len(block)  # type: ignore[arg-type]
    rate = _OTHER_RATES.get(size)
    remedy = f"{BLOCK_MS} ms at {rate} Hz must be resampled" if rate else "skill.audio.blocks.blocks cuts sound so"
    raise AudioFormatError(
        f"{name} has {size} samples; expected a block of {BLOCK_SIZE}, {BLOCK_MS} ms at {SAMPLE_RATE} Hz: {remedy}."
    )


def silence(samples: int = BLOCK_SIZE) -> Samples:
    """Return that many zero samples."""
    return np.zeros(samples, dtype=np.int16)


def blocks(samples: Samples) -> Iterator[Block]:
    """Cut samples into blocks, the last one padded with silence. Raises AudioFormatError unless these are Samples."""
    check_samples(samples)
    for start in range(0, len(samples), BLOCK_SIZE):
        block = samples[start : start + BLOCK_SIZE]
        if len(block) < BLOCK_SIZE:
            block = np.concatenate([block, silence(BLOCK_SIZE - len(block))])
        yield block


def to_int16(values: NDArray[np.floating]) -> Samples:
    """Round floats in [-1, 1] to int16, clipping what is outside. Raises AudioFormatError for integers and for NaN."""
    if values.dtype.kind != "f" or np.isnan(values).any():
        wrong = "NaN among them" if values.dtype.kind == "f" else f"they are {values.dtype}"
        raise AudioFormatError(f"expected floats in [-1, 1], but {wrong}.")
    return np.minimum(np.maximum(np.rint(values * 32768.0), -32768), 32767).astype(np.int16)  # clip: twice as long


def level_db(block: Samples) -> float:
    """Return the level of a block, dBFS; -120 for silence."""
    wide = block / 32768.0
    return 10 * math.log10(float(wide @ wide) / len(block) + 1e-12)
