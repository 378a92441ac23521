"""The voice activity detector: which levels stand out from the noise floor."""

import numpy as np
import pytest

from skill.audio.blocks import AudioFormatError, level_db, to_int16
from skill.audio.voice_activity import VoiceActivity, VoiceActivitySettings, level_without_rumble_db

DRAW = np.random.default_rng(1)


def noise(level_db: float) -> np.ndarray:
    """Return a block of white noise whose level without rumble is this, to a decibel."""
    white = DRAW.normal(0, 0.1, 320)
    return to_int16(white * 10 ** ((level_db - level_without_rumble_db(to_int16(white))) / 20))


def test_a_voice_stands_out_from_noise_and_the_noise_does_not():
    detector = VoiceActivity()
    quiet = [detector.hear(noise(-60)) for _ in range(150)]
    assert not any(quiet)
    assert all(detector.hear(noise(-50)) for _ in range(20))
    assert not detector.hear(noise(-55))


def test_a_file_may_begin_with_a_word():
    detector = VoiceActivity()
    assert detector.hear(noise(-30))
    assert not VoiceActivity().hear(noise(-50))


def test_what_goes_on_becomes_the_floor():
    detector = VoiceActivity()
    heard = [detector.hear(noise(-30)) for _ in range(150)]
    assert all(heard[:90])
    assert not any(heard[110:])


def test_rumble_is_not_heard():
    rumble = to_int16(0.1 * np.sin(2 * np.pi * 50 * np.arange(320) / 16_000))
    assert level_db(rumble) - level_without_rumble_db(rumble) > 20


def test_very_quiet_sound_is_no_voice():
    detector = VoiceActivity()
    for _ in range(150):
        detector.hear(noise(-84))
    assert not detector.hear(noise(-72))
    assert detector.hear(noise(-66))


def test_one_quiet_block_is_no_floor():
    detector = VoiceActivity()
    for level in [-60.0] * 150 + [-90.0, -60.0]:
        detector.follow(level)
    assert not detector.is_voice(-64.0)


def test_the_floor_may_be_a_quantile_of_the_levels():
    settings = VoiceActivitySettings(floor_blocks=10, floor_quantile=0.2, smoothing_blocks=1, start_floor_db=None)
    detector = VoiceActivity(settings)
    for level in [-20.0] * 5 + [-90.0, -50.0, -49.0, -48.0, -47.0, -46.0, -45.0, -44.0, -43.0, -42.0]:
        detector.follow(level)
    assert (detector.blocks_followed, detector.floor_db) == (10, -49.0)
    assert (detector.is_voice(-41.9), detector.is_voice(-42.1)) == (True, False)


@pytest.mark.parametrize(
    "wrong", [np.full(320, 0.1, np.float32), np.zeros(160, np.int16), np.zeros((320, 2), np.int16)]
)
def test_what_is_no_block_is_refused(wrong):
    """Floats at -20 dBFS looked like silence."""
    with pytest.raises(AudioFormatError, match=r"block .*; expected"):
        VoiceActivity().hear(wrong)
