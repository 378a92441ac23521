"""The simulated room: exact, continuous, deterministic."""

import numpy as np
import pytest

from skill.audio.blocks import AudioFormatError, silence
from skill.simulation.convolver import Convolver
from skill.simulation.impulse_response import BOXES, generated, normalized
from skill.simulation.room import Room, RoomSettings, loudest_frame_db

RNG = np.random.default_rng(4)


def speech_like(seconds: float, level: float = 3000.0) -> np.ndarray:
    count = round(seconds * 16_000)
    envelope = 0.55 + 0.45 * np.sin(2 * np.pi * 3 * np.arange(count) / 16_000)
    return (np.random.default_rng(1).standard_normal(count) * envelope * level).astype(np.int16)


def heard(room: Room, user: np.ndarray, far: np.ndarray, size: int = 320) -> np.ndarray:
    parts = [room.microphone(user[at : at + size], far[at : at + size]) for at in range(0, len(far), size)]
    return np.concatenate(parts)


@pytest.mark.parametrize("taps", [1, 100, 320, 321, 5000])
@pytest.mark.parametrize("size", [1, 137, 320, 1000])
def test_convolution_is_the_exact_one_at_any_block_size(taps, size):
    signal, response = RNG.standard_normal(2500), RNG.standard_normal(taps)
    convolver = Convolver(response)
    out = np.concatenate([convolver.process(signal[at : at + size]) for at in range(0, len(signal), size)])
    assert np.allclose(out, np.convolve(signal, response)[: len(signal)], atol=1e-9)


def test_the_speaker_comes_back_delayed_and_quieter():
    far = np.zeros(3200, dtype=np.int16)
    far[0] = 20_000
    room = Room(np.array([1.0]), RoomSettings(speaker_gain_db=-6.0206, delay_ms=50))
    out = heard(room, silence(3200), far)
    assert np.flatnonzero(out).tolist() == [800]
    assert out[800] == pytest.approx(10_000, abs=2)


def test_the_loudspeaker_distorts_only_loud_sound():
    tone = np.sin(0.3 * np.arange(3200))
    room = Room(np.array([1.0]), RoomSettings(soft_clip=0.3))
    soft, loud = (level * tone for level in (300, 30_000))
    assert heard(room, silence(3200), soft.astype(np.int16)) == pytest.approx(soft, abs=2)
    assert 8_000 < np.abs(heard(room, silence(3200), loud.astype(np.int16)).astype(int)).max() < 0.3 * 32768


def test_the_users_words_arrive_unchanged_when_nothing_else_sounds():
    user = speech_like(0.5)
    room = Room(generated(BOXES["living"]), RoomSettings(delay_ms=40))
    assert np.array_equal(heard(room, user, silence(len(user))), user)


def test_a_noise_that_is_repeated_has_no_click_where_it_begins_again():
    hum = (8000 * np.cos(np.arange(16_100) * 2 * np.pi / 800)).astype(np.int16)  # it ends an eighth of a period later
    room = Room(np.array([1.0]), noise=hum)
    rounds = heard(room, silence(64_000), silence(64_000)).astype(float)
    assert np.abs(np.diff(rounds)).max() < 200  # as steep as the hum itself, and its fades
    assert np.abs(np.diff(np.tile(hum, 2).astype(float))).max() > 2000


def test_the_ratio_of_speech_and_noise_is_the_one_asked_for():
    user, noise = speech_like(2.0), RNG.normal(0, 500, 40_000).astype(np.int16)
    room = Room(np.array([1.0]), RoomSettings(snr_db=12), noise=noise, speech=user)
    only_noise = heard(room, silence(len(noise)), silence(len(noise)))
    assert loudest_frame_db(user) - loudest_frame_db(only_noise) == pytest.approx(12, abs=0.5)


def test_the_same_seed_gives_the_same_samples_at_any_block_size():
    far, user, noise = speech_like(1.0), speech_like(1.0, 500.0), RNG.normal(0, 200, 9000).astype(np.int16)
    settings = RoomSettings(speaker_gain_db=-3, delay_ms=33, drift_ppm=40, soft_clip=0.4, snr_db=20)

    def run(size: int) -> np.ndarray:
        room = Room(generated(BOXES["small"]), settings, noise=noise, seed=3)
        return heard(room, user, far, size)

    assert np.array_equal(run(320), run(320))
    assert np.abs(run(320).astype(int) - run(111).astype(int)).max() <= 1  # rounding


@pytest.mark.parametrize("name", BOXES)
def test_generated_rooms_decay_as_asked_and_have_unit_energy(name):
    taps = generated(BOXES[name])
    assert (taps**2).sum() == pytest.approx(1.0)
    late = taps[np.argmax(np.abs(taps)) + 320 :]  # near a loudspeaker the direct sound is all there is at first
    left = 10 * np.log10(np.cumsum(late[::-1] ** 2)[::-1] / (late @ late) + 1e-12)
    decay = 3 * (np.argmax(left < -25) - np.argmax(left < -5)) / 16_000
    assert decay == pytest.approx(BOXES[name].decay_s, rel=0.2)


@pytest.mark.parametrize("name", BOXES)
def test_the_direct_sound_comes_first_and_is_the_loudest(name):
    """Also where the microphone is nearer than half the kernel is long."""
    box, taps = BOXES[name], generated(BOXES[name])
    metres = np.linalg.norm(np.subtract(box.speaker, box.microphone))
    assert np.argmax(np.abs(taps)) == pytest.approx(metres / 343 * 16_000, abs=1)


def test_pairs_of_different_length_and_silent_responses_are_refused():
    with pytest.raises(AudioFormatError, match="must be of one length"):
        Room(np.array([1.0])).microphone(silence(320), silence(160))
    with pytest.raises(ValueError, match="silent"):
        normalized(np.zeros(10))


@pytest.mark.parametrize("taps", [np.zeros((100, 2)), np.zeros(0), np.array([1.0, np.nan])])
def test_what_is_no_impulse_response_is_refused(taps):
    with pytest.raises(AudioFormatError, match="expected one channel of at least one finite tap"):
        Room(taps)


@pytest.mark.parametrize("wrong", [np.zeros(320), np.zeros((320, 2), np.int16), [0] * 320])
def test_a_room_takes_nothing_but_mono_int16(wrong):
    room = Room(np.array([1.0]))
    for pair in ((wrong, silence()), (silence(), wrong)):
        with pytest.raises(AudioFormatError, match="expected mono samples"):
            room.microphone(*pair)
    for name in ("noise", "speech"):
        with pytest.raises(AudioFormatError, match=f"{name} is .* expected mono samples"):
            Room(np.array([1.0]), **{name: wrong})


@pytest.mark.parametrize(
    "settings", [{"delay_ms": -1.0}, {"drift_ppm": float("nan")}, {"soft_clip": 0.0}, {"speaker_gain_db": float("inf")}]
)
def test_settings_that_cannot_be_are_refused(settings):
    with pytest.raises(ValueError, match=f"{next(iter(settings))} is .*; expected"):
        RoomSettings(**settings)
