"""Tests: the pitch of what is left tells somebody else's vowel from noise, and from the coach's own."""

import numpy as np
import pytest

from skill.audio.kalman import HOP
from skill.audio.suppressor import WINDOW
from skill.audio.voicing import COUNT, Voicing

OWN, ECHO, ERROR_AT_ECHO, ECHO_AT_OWN, AS_BEFORE, PASSED, HARMONICS = range(COUNT)
SECOND = 16_000


def vowel(pitch: float) -> np.ndarray:
    """Return a second of a buzz with formants: harmonics that are louder around 600 and 1200 Hz."""
    time = np.arange(SECOND) / SECOND
    tones = np.arange(pitch, 4000, pitch)
    loud = np.exp(-(((tones - 600) / 300) ** 2)) + 0.5 * np.exp(-(((tones - 1200) / 300) ** 2)) + 0.02
    return 0.1 * (loud[:, None] * np.sin(2 * np.pi * tones[:, None] * time)).sum(axis=0)


def noise() -> np.ndarray:
    """Return a second of it."""
    return np.random.default_rng(1).normal(0, 0.1, SECOND)


def values(error: np.ndarray, echo: np.ndarray, passed: np.ndarray | None = None) -> np.ndarray:
    """Return the values, averaged over the last half of the second."""
    voicing, frames, found = Voicing(), np.zeros((3, 2 * HOP)), []
    sounds = np.stack([error, echo, np.zeros(SECOND) if passed is None else passed])
    for at in range(0, SECOND, HOP):
        frames[:, :HOP] = frames[:, HOP:]
        frames[:, HOP:] = sounds[:, at : at + HOP]
        found.append(voicing.hear(frames[:, HOP:], np.fft.rfft(frames * WINDOW)))
    return np.array(found)[len(found) // 2 :].mean(axis=0)


@pytest.mark.parametrize("pitch", [80, 120, 210, 350])
def test_a_vowel_is_periodic_and_a_noise_is_not(pitch: float) -> None:
    assert values(vowel(pitch), noise())[[OWN, AS_BEFORE]].min() > 0.9
    heard = values(noise(), vowel(pitch), vowel(pitch))
    assert heard[[OWN, AS_BEFORE]].max() < 0.6
    assert heard[[ECHO, PASSED]].min() > 0.9


def test_somebody_else_has_another_pitch_than_the_coach() -> None:
    other = values(vowel(190), vowel(110))
    assert other[[OWN, ECHO]].min() > 0.9
    assert other[[ERROR_AT_ECHO, ECHO_AT_OWN, HARMONICS]].max() < 0.6


def test_what_is_left_of_the_coach_has_its_pitch() -> None:
    left = values(0.03 * vowel(110) + 0.002 * noise(), vowel(110))
    assert left[[ERROR_AT_ECHO, ECHO_AT_OWN]].min() > 0.8
    assert left[HARMONICS] > 0.7


def test_silence_has_no_pitch() -> None:
    silent = values(np.zeros(SECOND), np.zeros(SECOND))
    assert np.abs(silent).max() < 1e-6
