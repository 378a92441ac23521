"""The coach's short sounds."""

import itertools

import numpy as np
import pytest

from skill.audio.blocks import SAMPLE_RATE
from skill.audio.sounds import NOTES, sound


@pytest.mark.parametrize("name", NOTES)
def test_a_sound_is_short_soft_and_does_not_click(name: str) -> None:
    samples = sound(name).astype(float) / 32768
    assert sound(name).dtype == np.int16
    assert 0.04 * SAMPLE_RATE < len(samples) < 1.0 * SAMPLE_RATE
    assert 0.02 < np.abs(samples).max() < 0.25
    assert np.abs([*samples[:2], *samples[-4:]]).max() < 0.002


def test_sounds_can_be_told_apart() -> None:
    """By pitch or direction, not by level alone: each is unlike every other one."""
    for first, second in itertools.combinations(NOTES, 2):
        a, b = (sound(n)[:1600].astype(float) for n in (first, second))
        length = max(len(sound(first)), len(sound(second))) / min(len(sound(first)), len(sound(second)))
        a, b = a[: len(b)], b[: len(a)]
        alike = abs(a @ b) / np.sqrt((a @ a) * (b @ b))
        assert alike < 0.5 or length > 1.5, (first, second, alike)


@pytest.mark.parametrize("name", ["tick", "heard"])
def test_what_is_heard_often_is_the_softest(name: str) -> None:
    def level(other: str) -> int:
        return int(np.abs(sound(other).astype(int)).max())

    assert all(level(name) < level(other) for other in ("begin", "end", "pause", "resume"))


def test_an_unknown_sound_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        sound("gong")
