"""The simulated loudspeaker: its distortion is not the one that echo control models."""

import numpy as np
import pytest

from skill.simulation.loudspeaker import Loudspeaker

BASS = 2 * np.pi * 200 / 16_000
TIME = np.arange(3200)


def amplitude(signal: np.ndarray, radians: float) -> float:
    """Return how much of a tone (radians a sample) is in the last tenth of a second of a signal."""
    part = signal[-1600:] * np.hanning(1600)
    return float(4 * abs(part @ np.exp(-1j * radians * np.arange(1600))) / 1600)


def test_without_a_limit_nothing_is_changed():
    tone = np.sin(BASS * TIME)
    assert np.array_equal(Loudspeaker(None).process(tone), tone)


def test_soft_sound_passes():
    tone = 0.003 * np.sin(BASS * TIME)
    assert Loudspeaker(0.3).process(tone) == pytest.approx(tone, abs=2e-5)


def test_the_limit_is_never_exceeded():
    noise = np.random.default_rng(1).normal(0, 1.0, 3200)
    assert 0.29 < np.abs(Loudspeaker(0.3).process(10 * noise)).max() < 0.3


def test_it_makes_odd_harmonics_and_some_even_ones():
    out = Loudspeaker(0.5).process(0.5 * np.sin(BASS * TIME))
    assert amplitude(out, 3 * BASS) > amplitude(out, 2 * BASS) > 0.005
    assert amplitude(out, 2.5 * BASS) < 1e-4


def test_it_is_no_curve_of_the_sample_alone():
    """The cone's displacement depends on the past: a memoryless function gives one value for each sample."""
    low, high = 0.4 * np.sin(BASS * TIME), 0.4 * np.sin(20 * BASS * TIME)  # 4 kHz: the cone hardly moves
    of_low, of_high = Loudspeaker(0.5).process(low), Loudspeaker(0.5).process(high)
    loudest = of_low[-800:].max(), of_high[-800:].max()
    assert low[-800:].max() == pytest.approx(high[-800:].max(), abs=0.01)
    assert loudest[1] > loudest[0] + 0.02


def test_pieces_of_any_length_give_the_same():
    noise = np.random.default_rng(1).normal(0, 0.3, 3200)
    whole, pieces = Loudspeaker(0.5), Loudspeaker(0.5)
    parts = [pieces.process(part) for part in np.split(noise, [1, 7, 500, 501, 1500])]
    assert np.concatenate(parts) == pytest.approx(whole.process(noise), abs=1e-12)
