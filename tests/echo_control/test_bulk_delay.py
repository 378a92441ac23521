"""A loudspeaker on a network: its echo is later than the range of the delay estimator."""

import numpy as np
import pytest

from skill.audio.blocks import BLOCK_SIZE, Samples, level_db, silence
from skill.echo_control.bulk_delay import LONGEST, BulkDelay, windowed_correlations
from skill.echo_control.echo_control import EchoControl
from tests.echo_control.test_echo_control import clean, coach, needs_recordings, read, simulated, taken_off
from tests.speech import quiet, say


def found(near: Samples, far: Samples, bulk: BulkDelay | None = None) -> BulkDelay:
    """Let it hear both ends."""
    bulk = bulk or BulkDelay()
    for at in range(0, min(len(near), len(far)) // BLOCK_SIZE * BLOCK_SIZE, BLOCK_SIZE):
        part = slice(at, at + BLOCK_SIZE)
        bulk.process(level_db(near[part]), level_db(far[part]), far[part])
    return bulk


@pytest.mark.parametrize("box", ["living", "bathroom"])
@pytest.mark.parametrize("delay_ms", [700, 2000, 4500])
def test_an_echo_seconds_late_is_found_and_a_fifth_of_a_second_is_left_to_echo_control(box, delay_ms):
    far = coach(12)
    assert found(simulated(far, box=box, delay_ms=delay_ms), far).ms == pytest.approx(delay_ms - 180, abs=60)


@pytest.mark.parametrize("delay_ms", [10, 200, 420])
def test_what_echo_control_finds_by_itself_is_left_to_it(delay_ms):
    far = coach(12)
    assert found(simulated(far, delay_ms=delay_ms), far).blocks == 0


def test_the_far_end_comes_back_whole_and_so_much_later():
    far = coach(14)
    near, bulk, out = simulated(far, delay_ms=1500), BulkDelay(), []
    block = silence()  # the caller's, used again and again
    for at in range(0, len(far), BLOCK_SIZE):
        part = slice(at, at + BLOCK_SIZE)
        block[:] = far[part]
        out.append(bulk.process(level_db(near[part]), level_db(block), block))
    late = bulk.blocks * BLOCK_SIZE
    last = np.concatenate(out)[-3 * 16000 :]
    assert np.array_equal(last, far[len(far) - late - 3 * 16000 : len(far) - late])


def test_other_talk_does_not_look_like_a_late_echo():
    far = coach(30)
    others = [say(text, voice="en-us+f4") for text in ("What shall we cook tonight?", "I forgot to buy bread again.")]
    talk = np.resize(np.concatenate([*others, silence(8000)]), len(far))
    assert found(talk, far).blocks == 0


@pytest.mark.parametrize(("alike", "blocks"), [(True, 0), (False, 220)])
def test_lines_that_are_alike_do_not_move_the_far_end(alike: bool, blocks: int):
    """In a reverberant hall a line resembled the previous one more, and echo control started again in mid-session."""
    draw = np.random.default_rng(1)
    line = draw.uniform(-45, -15, 224)  # levels; the next line begins 224 blocks later
    levels = np.concatenate([line if alike else draw.uniform(-45, -15, 224) for _ in range(8)])
    levels += draw.normal(0, 2, len(levels))
    bulk = BulkDelay()
    for at in range(230, len(levels)):
        bulk.process(levels[at - 230], levels[at], silence())
    assert bulk.blocks == blocks


def test_ticks_that_repeat_give_no_delay():
    tick = np.zeros(16000, dtype=np.int16)
    tick[:800] = 8000
    far = np.resize(tick, 20 * 16000)
    assert found(np.roll(far, 7 * 1600), far).blocks == 0


@needs_recordings
def test_people_over_a_real_loudspeaker_do_not_mislead_it():
    assert found(read("echo/doubletalk-mic.flac"), read("echo/doubletalk-far.flac")).blocks == 0


def test_no_delay_is_searched_while_the_filter_has_converged():
    far = coach(12)
    near, bulk = simulated(far, delay_ms=1500), BulkDelay()
    for at in range(0, len(far), BLOCK_SIZE):
        part = slice(at, at + BLOCK_SIZE)
        bulk.process(level_db(near[part]), level_db(far[part]), far[part])
        bulk.confirm()
    assert bulk.blocks == 0


def test_a_late_echo_is_taken_off_like_any_other():
    far = coach(20)
    done = clean(simulated(far, delay_ms=1500), far)
    assert taken_off(done, 14) > 15
    assert max(cleaned.near_end_speech for cleaned in done[700:]) < 0.5
    assert done[-1].bulk_ms + (done[-1].delay_ms or 0) == pytest.approx(1503, abs=3)


def test_a_late_echo_does_not_look_like_headphones():
    far = np.concatenate([coach(14), silence(16000), coach(1.5), silence(3 * 16000)] * 2)
    done = clean(simulated(far, delay_ms=2000), far)
    assert max(cleaned.near_end_speech for cleaned in done[-len(far) // BLOCK_SIZE // 2 + 100 :]) < 0.5


def test_the_coach_is_heard_when_its_late_voice_arrives_and_not_when_it_is_sent():
    far = np.concatenate([coach(12), silence(6 * 16000)])
    done = clean(simulated(far, delay_ms=2000), far)
    heard = [number for number, cleaned in enumerate(done) if cleaned.far_end_active]
    assert heard[-1] * 0.02 == pytest.approx(12 + done[-1].bulk_ms / 1000, abs=0.3)


def test_back_at_a_local_loudspeaker_the_far_end_is_not_delayed():
    far = coach(40)
    half = len(far) // 2
    near = np.concatenate([simulated(far[:half], delay_ms=1500), simulated(far[half:], delay_ms=60)])
    control = EchoControl()
    done = clean(near, far, control)
    assert done[half // BLOCK_SIZE - 1].bulk_ms > 1000
    assert done[-1].bulk_ms == 0
    assert taken_off(done, 36) > 15


def test_an_echo_later_than_it_can_be_is_not_believed():
    far = coach(14)
    near = np.concatenate([quiet(1000 * LONGEST * 20 // 1000 + 2000), simulated(far)])[: len(far)]
    assert found(near, far).blocks == 0


def test_the_correlation_of_each_delay_is_pearsons_coefficient():
    series, one = np.random.default_rng(1).normal(0, 20, (2, 60))
    series[:30] = 7.0  # windows in which nothing changes
    found = windowed_correlations(series, one[:20])
    assert found[:11] == pytest.approx(np.zeros(11), abs=1e-3)
    assert found[11:] == pytest.approx([np.corrcoef(series[at : at + 20], one[:20])[0, 1] for at in range(11, 41)])
