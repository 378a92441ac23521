"""The simulated clocks: a delay between samples, and one that grows."""

import numpy as np
import pytest

from skill.simulation.drifting_delay import DriftingDelay


def delayed(delay: DriftingDelay, signal: np.ndarray) -> np.ndarray:
    return np.concatenate([delay.process(signal[at : at + 320]) for at in range(0, len(signal), 320)])


@pytest.mark.parametrize("step", [0.05, 0.3, 2.7])  # radians a sample: 130 Hz, 760 Hz, 6.9 kHz
def test_a_delay_between_samples_shifts_a_tone_by_its_phase(step):
    out = delayed(DriftingDelay(100.3, 0.0), np.sin(step * np.arange(4000)))
    assert np.allclose(out[200:], np.sin(step * (np.arange(4000) - 100.3))[200:], atol=1e-4)


@pytest.mark.parametrize("drift_ppm", [100.0, -100.0])
def test_drift_makes_the_delay_grow_by_as_many_parts_per_million(drift_ppm):
    out = delayed(DriftingDelay(200.0, drift_ppm), np.sin(0.05 * np.arange(160_000)))
    late = np.arange(150_000, 160_000)
    assert np.allclose(out[late], np.sin(0.05 * (late - 200.0 - drift_ppm * 1e-6 * late)), atol=1e-4)


def test_a_delay_shorter_than_the_kernel_does_not_read_what_is_not_there_yet():
    noise, delay = np.random.default_rng(1).normal(0, 0.1, 640), DriftingDelay(0.5, 0.0)
    pieces = [delay.process(noise[at : at + 7]) for at in range(0, 640, 7)]
    assert np.allclose(np.concatenate(pieces), delayed(DriftingDelay(0.5, 0.0), noise), atol=1e-12)
