"""The level check of the first start, with speech at several levels."""

import numpy as np
import pytest

from skill.audio.blocks import BLOCK_MS, Samples, blocks, silence, to_int16
from skill.live.level_check import TIMEOUT_MS, LevelCheck
from tests.speech import quiet, say


def check(sound: Samples) -> LevelCheck:
    found = LevelCheck()
    for block in blocks(sound):
        if not found.over:
            found.hear(block)
    return found


def hello(gain: float) -> Samples:
    speech = say("hello, hello, can you hear me").astype(np.float64) * gain
    rest = np.zeros(16 * TIMEOUT_MS - len(speech))
    noise = quiet(TIMEOUT_MS).astype(np.float64) * min(1.0, gain)
    return np.clip(np.concatenate([speech, rest]) + noise, -32768, 32767).astype(np.int16)


@pytest.mark.parametrize(
    ("gain", "verdict"),
    [
        (1.0, "I can hear you."),
        (0.05, "I can hear you."),
        (0.012, "Too quiet: -5"),
        (0.0005, "Too quiet: I hear nothing at all; unmute"),
        (0.0, "Too quiet: I hear nothing at all; unmute"),
        (100.0, "Too loud: "),
    ],
)
def test_what_is_said_about_a_level(gain: float, verdict: str) -> None:
    found = check(hello(gain))
    assert found.over
    assert found.verdict.startswith(verdict)


def test_it_ends_as_soon_as_the_user_was_heard() -> None:
    found = LevelCheck()
    sound = list(blocks(hello(1.0)))
    heard = []
    while not found.over:
        heard.append(sound[len(heard)])
        found.hear(heard[-1])
    assert found.heard
    assert len(heard) * BLOCK_MS < 2000


def test_steady_noise_is_no_hello() -> None:
    noise = np.random.default_rng(3).normal(0, 1000, 16 * TIMEOUT_MS).astype(np.int16)
    found = check(noise)
    assert not found.heard
    assert found.verdict.startswith("I heard no voice")


def tone(db: float, seconds: float) -> Samples:
    """Return a tone of a level in dBFS (mean of its squares)."""
    wave = np.sqrt(2) * np.sin(2 * np.pi * 500 * np.arange(round(16_000 * seconds)) / 16_000)
    return to_int16(10 ** (db / 20) * wave)


def over_noise(speech_db: float, noise_db: float, seconds: float = 0.4) -> LevelCheck:
    """Return what is found of speech after a second of noise."""
    return check(np.concatenate([tone(noise_db, 1), tone(speech_db, seconds), tone(noise_db, 8)]))


@pytest.mark.parametrize(
    ("speech_db", "noise_db", "heard"),
    [
        (-19, -30, False),  # less than 12 dB over the noise
        (-17, -30, True),
        (-51, -70, False),  # softer than -50 dBFS
        (-49, -70, True),
    ],
)
def test_speech_must_stand_out_from_the_noise_and_be_loud_enough(speech_db: int, noise_db: int, heard: bool) -> None:
    assert over_noise(speech_db, noise_db).heard is heard


def test_speech_at_the_beginning_is_heard_immediately() -> None:
    assert check(np.concatenate([tone(-60, 0.1), tone(-30, 0.3)])).heard


@pytest.mark.parametrize(("seconds", "heard"), [(0.28, False), (0.3, True)])
def test_a_hello_takes_a_third_of_a_second(seconds: float, heard: bool) -> None:
    assert over_noise(-30, -60, seconds).heard is heard


@pytest.mark.parametrize(
    ("speech_db", "noise_db", "verdict"),
    [
        (-55, -80, "Too quiet: -55 dBFS at most"),
        (-64, -80, "Too quiet: -64 dBFS at most"),
        (-66, -80, "Too quiet: I hear nothing at all"),
        (-55, -60, "I heard no voice"),
    ],
)
def test_what_is_said_about_soft_speech(speech_db: int, noise_db: int, verdict: str) -> None:
    assert over_noise(speech_db, noise_db).verdict.startswith(verdict)


def test_it_times_out_after_eight_seconds() -> None:
    found = LevelCheck()
    for _ in range(8 * 50 - 1):
        found.hear(silence())
        assert not found.over
    found.hear(silence())
    assert found.over


def bar(*sounds: Samples) -> str:
    found = LevelCheck()
    for block in blocks(np.concatenate([silence(0), *sounds])):
        found.hear(block)
    return found.bar()


@pytest.mark.parametrize(("db", "filled"), [(-75, 0), (-70, 0), (-68, 1), (-40, 15), (-12, 29), (-10, 30), (-6, 30)])
def test_the_bar_goes_from_70_to_10_db_below_full_scale(db: int, filled: int) -> None:
    assert bar(tone(db, 1)) == f"[{'#' * filled:-<30}] {db:4d} dBFS"


def test_the_bar_is_empty_before_anything_is_heard() -> None:
    assert bar() == f"[{'-' * 30}]  -70 dBFS"


@pytest.mark.parametrize(("since_s", "shown"), [(0.18, -20), (0.2, -60)])
def test_the_bar_shows_the_loudest_of_the_last_fifth_of_a_second(since_s: float, shown: int) -> None:
    assert bar(tone(-20, 0.5), tone(-60, since_s)).endswith(f" {shown} dBFS")
