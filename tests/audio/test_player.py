"""The player: the speaker's samples, one by one."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.audio.blocks import BLOCK_SIZE, SAMPLE_RATE, Samples
from skill.audio.player import FADE_MS, Played, Player
from skill.preferences import LOUDEST, Preferences
from skill.voice.trimming import trim
from tests.speech import say

FADE = FADE_MS * SAMPLE_RATE // 1000


def noise(length: int, seed: int = 0) -> Samples:
    return np.random.default_rng(seed).integers(-8000, 8000, length).astype(np.int16)


def hum(length: int, hz: float = 93.7) -> Samples:
    return (8000 * np.sin(2 * np.pi * hz * np.arange(length) / SAMPLE_RATE)).astype(np.int16)


def pull(player: Player, blocks: int) -> Samples:
    return np.concatenate([player.pull() for _ in range(blocks)])


def steepest(samples: Samples) -> int:
    """Return the largest step from one sample to the next, which is what a click has."""
    return int(np.abs(np.diff(samples.astype(int), prepend=0)).max())


def test_silence_if_there_is_nothing_to_play() -> None:
    assert not pull(Player(), 3).any()


@pytest.mark.parametrize("lengths", [(320,), (1,), (319, 321), (1000, 7, 640, 1), (0, 500, 0, 0, 90)])
def test_clips_follow_each_other_without_a_gap(lengths: tuple[int, ...]) -> None:
    player = Player()
    clips = [noise(length, seed) for seed, length in enumerate(lengths)]
    for number, clip in enumerate(clips):
        player.play(number, clip)
    whole = np.concatenate(clips)
    heard = pull(player, len(whole) // BLOCK_SIZE + 2)
    np.testing.assert_array_equal(heard[: len(whole)], whole)
    assert not heard[len(whole) :].any()
    assert player.played() == [Played(n, False) for n in range(len(lengths))]
    assert player.played() == []


def test_a_clip_that_comes_while_another_plays_waits_for_its_end() -> None:
    player = Player()
    first, second = noise(1000, 1), noise(500, 2)
    player.play(1, first)
    heard = [player.pull()]
    player.play(2, second)
    heard += [player.pull() for _ in range(5)]
    np.testing.assert_array_equal(np.concatenate(heard)[:1500], np.concatenate([first, second]))


def test_stop_fades_out_in_time_and_without_a_click() -> None:
    player, clip = Player(), hum(16000)
    player.play(1, clip)
    player.play(2, clip)
    before = pull(player, 10)
    player.stop()
    after = pull(player, 10)
    assert after[: FADE // 2].any()
    assert not after[FADE:].any()
    assert steepest(np.concatenate([before, after])) <= steepest(clip) + 1
    loudest = [int(np.abs(part.astype(int)).max()) for part in np.split(after[:FADE], 10)]
    assert all(later < earlier for earlier, later in pairwise(loudest))
    assert player.played() == [Played(1, True), Played(2, True)]


def test_the_next_clip_waits_for_the_fade() -> None:
    player, next_clip = Player(), noise(640)
    player.play(1, hum(16000))
    pull(player, 2)
    player.stop()
    player.play(2, next_clip)
    np.testing.assert_array_equal(pull(player, 5)[FADE : FADE + 640], next_clip)


def test_what_never_sounded_does_not_fade() -> None:
    player = Player()
    player.play(1, hum(16000))
    player.stop()
    assert not pull(player, 5).any()
    assert player.played() == [Played(1, True)]


def test_pause_fades_and_resume_goes_on_with_the_very_next_sample() -> None:
    player, clip = Player(), noise(8000)
    player.play(1, clip)
    pull(player, 10)
    player.pause()
    assert not pull(player, 20)[FADE:].any()
    assert player.played() == []
    player.resume()
    np.testing.assert_array_equal(pull(player, 15), clip[3200:])
    assert player.played() == [Played(1, False)]


def test_resume_without_a_pause_changes_nothing() -> None:
    player, clip = Player(), noise(3200)
    player.play(1, clip)
    first = pull(player, 2)
    player.resume()
    np.testing.assert_array_equal(np.concatenate([first, pull(player, 8)]), clip)


def test_pause_and_resume_at_once_do_not_double_the_sound() -> None:
    player, clip = Player(), hum(16000)
    player.play(1, clip)
    before = pull(player, 10)
    player.pause()
    player.resume()
    after = pull(player, 20)
    assert int(np.abs(after.astype(int)).max()) <= 8000
    np.testing.assert_array_equal(after[FADE:], clip[3200 : 3200 + 20 * BLOCK_SIZE - FADE])
    assert before.any()


def test_pause_before_the_clip_begins_keeps_all_of_it() -> None:
    player, clip = Player(), noise(640)
    player.play(1, clip)
    player.pause()
    assert not pull(player, 3).any()
    player.resume()
    np.testing.assert_array_equal(pull(player, 2), clip)


@pytest.mark.parametrize(("db", "factor"), [(-20, 0.1), (-6, 0.501), (6, 1.995), (0, 1.0)])
@pytest.mark.parametrize("ramp_ms", [0, 20, 50, 130])
def test_the_volume_changes_evenly_and_then_stays(db: float, factor: float, ramp_ms: int) -> None:
    player = Player()
    player.play(1, np.full(16000, 4000, dtype=np.int16))
    pull(player, 2)
    player.set_gain(db, ramp_ms)
    heard = pull(player, 20).astype(float) / 4000
    ramp = max(1, ramp_ms * 16)
    expected = np.concatenate([np.linspace(1, factor, ramp + 1)[1:], np.full(6400 - ramp, factor)])
    np.testing.assert_allclose(heard, expected, atol=2e-3)


def test_a_ramp_can_turn_around_half_way() -> None:
    player = Player()
    player.play(1, np.full(32000, 10000, dtype=np.int16))
    player.set_gain(-40, 100)
    down = pull(player, 2)
    player.set_gain(0, 100)
    up = pull(player, 8)
    assert np.abs(np.diff(np.concatenate([down, up]).astype(int))).max() < 100
    assert up[-1] == 10000


def test_the_volume_changes_in_silence_too() -> None:
    player = Player()
    player.set_gain(-20, 40)
    pull(player, 2)
    player.play(1, np.full(320, 10000, dtype=np.int16))
    np.testing.assert_array_equal(player.pull(), np.full(320, 1000))


def test_loud_sums_are_turned_down_not_wrapped() -> None:
    player = Player()
    player.play(1, np.full(640, 30000, dtype=np.int16))
    player.pull()
    player.sound(np.full(320, 30000, dtype=np.int16))
    np.testing.assert_array_equal(player.pull(), np.full(320, 32767))


def louder(clip: Samples, steps: int) -> Samples:
    player = Player()
    player.set_gain(Preferences(volume=steps).gain_db, ramp_ms=0)
    player.play(1, clip)
    return pull(player, -(-len(clip) // BLOCK_SIZE))[: len(clip)]


def test_every_step_louder_is_louder_and_never_cut_off() -> None:
    clip = trim(say("Lie down on your back, in your own time."))
    loud = [louder(clip, steps).astype(float) for steps in range(LOUDEST + 1)]
    np.testing.assert_array_equal(loud[0], clip)
    levels = [10 * np.log10(np.mean(sound**2)) for sound in loud]
    assert all(after - before > 0.8 for before, after in pairwise(levels)), levels
    assert levels[-1] - levels[0] > 5
    for sound in loud:
        flat = np.flatnonzero((np.abs(sound[1:]) >= 32760) & (np.diff(sound) == 0))
        assert not len(flat), "the tops are cut off"


def test_a_loud_tone_stays_a_tone() -> None:
    t = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    swelling = (np.minimum(1.0, 4 * t) * 25_000 * np.sin(2 * np.pi * 437 * t)).astype(np.int16)
    heard = louder(swelling, LOUDEST)[SAMPLE_RATE // 2 :].astype(float)
    wave = np.exp(2j * np.pi * 437 * t[SAMPLE_RATE // 2 :])
    tone = 2 * np.real(np.mean(heard * wave.conj()) * wave)
    distortion = np.sqrt(np.mean((heard - tone) ** 2) / np.mean(heard**2))
    assert distortion < 0.01


def test_after_silence_the_level_is_what_it_was() -> None:
    player = Player()
    player.set_gain(12, 0)
    player.play(1, np.full(320, 30000, dtype=np.int16))
    pull(player, 3)
    player.play(2, np.full(320, 1000, dtype=np.int16))
    assert player.pull()[160] == 3981


def test_sounds_are_mixed_over_what_plays() -> None:
    player, clip, sounds = Player(), noise(3200), [noise(500, 1), noise(900, 2)]
    player.play(1, clip)
    first = player.pull()
    for sound in sounds:
        player.sound(sound)
    rest = pull(player, 9)
    expected = clip.astype(int)
    for sound in sounds:
        expected[320 : 320 + len(sound)] += sound
    np.testing.assert_array_equal(np.concatenate([first, rest]), expected)


def test_a_clip_that_has_not_begun_waits_for_the_sound() -> None:
    player, sound, clip = Player(), noise(500, 1), noise(700, 2)
    player.sound(sound)
    player.play(1, clip)
    np.testing.assert_array_equal(pull(player, 4)[:1200], np.concatenate([sound, clip]))


def test_a_sound_is_heard_in_a_pause() -> None:
    player, sound = Player(), noise(640, 1)
    player.play(1, noise(320, 2))
    player.pause()
    player.sound(sound)
    np.testing.assert_array_equal(pull(player, 2), sound)
    assert player.played() == []


CALLS = st.one_of(
    st.tuples(st.just("play"), st.integers(0, 1500)),
    st.tuples(st.just("sound"), st.integers(0, 1500)),
    st.tuples(st.just("set_gain"), st.floats(-80, 30), st.integers(0, 200)),
    st.tuples(st.sampled_from(["stop", "pause", "resume", "pull", "pull"])),
)


@given(st.lists(CALLS, max_size=40))
def test_whatever_is_called(calls: list[tuple]) -> None:
    player = Player()
    begun, reported = [], []
    for name, *arguments in calls:
        match name:
            case "play":
                begun.append(len(begun))
                player.play(begun[-1], noise(arguments[0]))
            case "sound":
                player.sound(noise(arguments[0]))
            case "pull":
                block = player.pull()
                assert (block.shape, block.dtype) == ((BLOCK_SIZE,), np.int16)
                reported += player.played()
            case _:
                getattr(player, name)(*arguments)
    player.stop()
    pull(player, 1)
    reported += player.played()
    assert Counter(p.id for p in reported) == Counter(begun)
    assert not pull(player, 6)[max(FADE, 1500) :].any()
