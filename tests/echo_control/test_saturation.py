"""Loudspeaker saturation is learnt if there is one; double-talk does not look like saturation."""

import math

import numpy as np
import pytest

from skill.audio.blocks import BLOCK_SIZE, Samples, silence
from skill.echo_control.kalman_filter import HOP
from skill.echo_control.linear_canceller import LinearCanceller
from skill.echo_control.saturation import Saturation
from skill.simulation.impulse_response import BOXES, generated
from skill.simulation.room import Room, RoomSettings
from tests.speech import say

LOUD = say("Roll over to one side, and come up onto your hands and knees. Spread your fingers, and press your palms.")


def talk(seconds: int) -> Samples:
    loud = LOUD * (30_000 / np.abs(LOUD.astype(float)).max())
    return np.resize(loud, seconds * 16_000).astype(np.int16)


def heard(far: Samples, user: Samples | None = None, **settings: float) -> Samples:
    room = Room(generated(BOXES["living"]), RoomSettings(delay_ms=60, **settings))
    blocks = [
        room.microphone(silence() if user is None else user[at : at + BLOCK_SIZE], far[at : at + BLOCK_SIZE])
        for at in range(0, len(far), BLOCK_SIZE)
    ]
    hiss = np.random.default_rng(1).normal(0, 6, len(far))
    return np.clip(np.concatenate(blocks) + hiss, -32768, 32767).astype(np.int16)


def cancel(near: Samples, far: Samples, since_s: int) -> tuple[LinearCanceller, float]:
    """Return the canceller and the echo return loss enhancement from a moment on."""
    canceller, power = LinearCanceller(), np.zeros(2)
    for at in range(0, len(far), HOP):
        part = slice(at, at + HOP)
        output = canceller.process(near[part] / 32768, far[part] / 32768)
        if at >= since_s * 16_000:
            power += np.square(near[part] / 32768).sum(), np.square(output.error).sum()
    return canceller, 10 * math.log10(power[0] / power[1])


def test_what_a_loudspeaker_adds_at_its_limit_is_taken_off_too():
    far = talk(16)
    canceller, enhancement = cancel(heard(far, soft_clip=0.3), far, since_s=10)
    assert canceller.saturation.strength**-0.5 == pytest.approx(0.3, abs=0.05)  # although it is no tanh
    assert enhancement > 16


def test_a_loudspeaker_that_does_not_saturate_is_left_alone():
    far = talk(16)
    canceller, enhancement = cancel(heard(far, speaker_gain_db=-12), far, since_s=10)
    assert canceller.saturation.strength < 1.5**-2
    assert enhancement > 16


@pytest.mark.parametrize(("soft_clip", "strength"), [(None, 0.0), (0.4, 3.5)])
def test_double_talk_does_not_look_like_saturation(soft_clip, strength):
    far = talk(20)
    user = np.resize(say("how do i do the cat", "en-gb-scotland+f3"), len(far))
    user[: 6 * 16_000] = 0
    for spoken in (None, user):
        near = heard(far, spoken, soft_clip=soft_clip, speaker_gain_db=-3)
        canceller, _ = cancel(near, far, since_s=10)
        assert canceller.saturation.strength == pytest.approx(strength, abs=0.6)


@pytest.mark.parametrize("strength", [0.0, 0.009, 0.011, 4.0])
def test_the_derivative_is_that_of_the_curve(strength):
    samples, step = np.linspace(-1, 1, HOP), 1e-5
    curves = []
    for each in (strength, strength + step):
        saturation = Saturation(partitions=2)
        saturation.strength = each
        curves.append(saturation.apply(samples))
    saturation.strength = strength
    assert saturation.derivative(samples) == pytest.approx((curves[1] - curves[0]) / step, abs=2e-3)


def spectrum(samples: np.ndarray) -> np.ndarray:
    return np.fft.rfft(np.concatenate([np.zeros(HOP), samples]))


def learnt(error_of_change: float, error_of_echo: float) -> Saturation:
    """Return what is learnt where the error is always so much of the change, and so much of the echo."""
    saturation, draw = Saturation(partitions=1), np.random.default_rng(1)
    for _ in range(400):
        samples = draw.uniform(-0.9, 0.9, HOP)
        echo = spectrum(saturation.process(samples))
        change = spectrum(saturation.derivative(samples))
        error = error_of_change * change + error_of_echo * echo
        saturation.update(error, echo, np.ones((1, HOP + 1)), np.full(HOP + 1, 1e-3))
    return saturation


def test_no_more_saturation_is_learnt_than_loudspeakers_have():
    assert learnt(error_of_change=50, error_of_echo=0).strength == pytest.approx(Saturation.LARGEST)


def test_an_echo_that_is_only_louder_than_predicted_is_for_the_filter_to_learn():
    assert learnt(error_of_change=1, error_of_echo=0).strength > 0.5
    assert learnt(error_of_change=0, error_of_echo=-0.3).strength < 0.01


def restarted(hops: np.ndarray) -> Saturation:
    """Return one that was restarted after all these hops but the last, and then updated once."""
    saturation = Saturation(partitions=4)
    for samples in hops[:-1]:
        saturation.process(samples)
    saturation.restart()
    echo = spectrum(saturation.process(hops[-1]))
    change = spectrum(saturation.derivative(hops[-1]))
    saturation.update(change, echo, np.ones((4, HOP + 1)), np.full(HOP + 1, 1e-3))
    return saturation


def test_what_was_played_before_a_restart_and_not_learnt_from_is_forgotten():
    hops = np.random.default_rng(1).uniform(-0.9, 0.9, (4, HOP))
    assert restarted(hops).strength == restarted(hops[2:]).strength > 0
