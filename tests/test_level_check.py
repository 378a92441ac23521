"""The level check of the first start, with speech at several levels."""

import numpy as np
import pytest

from skill.audio.blocks import BLOCK_MS, Samples, blocks
from skill.live.level_check import PATIENCE_MS, LevelCheck
from tests.speech import quiet, say


def check(sound: Samples) -> LevelCheck:
    found = LevelCheck()
    for block in blocks(sound):
        if not found.over:
            found.hear(block)
    return found


def hello(gain: float) -> Samples:
    speech = say("hello, hello, can you hear me").astype(np.float64) * gain
    rest = np.zeros(16 * PATIENCE_MS - len(speech))
    noise = quiet(PATIENCE_MS).astype(np.float64) * min(1.0, gain)
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


def test_it_ends_as_soon_as_somebody_was_heard() -> None:
    found = LevelCheck()
    sound = list(blocks(hello(1.0)))
    heard = []
    while not found.over:
        heard.append(sound[len(heard)])
        found.hear(heard[-1])
    assert found.heard
    assert len(heard) * BLOCK_MS < 2000


def test_steady_noise_is_no_hello() -> None:
    noise = np.random.default_rng(3).normal(0, 1000, 16 * PATIENCE_MS).astype(np.int16)
    found = check(noise)
    assert not found.heard
    assert found.verdict.startswith("I heard no voice")


def test_the_bar_grows_with_the_level() -> None:
    lengths = []
    for gain in (0.01, 0.1, 1.0):
        found = LevelCheck()
        for block in blocks((np.ones(3200) * 8000 * gain).astype(np.int16)):
            found.hear(block)
        lengths.append(found.bar().count("#"))
    assert lengths == sorted(set(lengths))
    assert len(LevelCheck().bar()) == len(found.bar())
