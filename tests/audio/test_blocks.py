"""Blocks and samples: other formats are refused."""

import numpy as np
import pytest

from skill.audio.blocks import AudioFormatError, blocks, check_block, check_samples, level_db, silence, to_int16


def test_blocks_are_whole_and_the_last_is_filled_up():
    cut = list(blocks(np.ones(700, np.int16)))
    assert [len(block) for block in cut] == [320] * 3
    assert [int(block.sum()) for block in cut] == [320, 320, 60]


def test_floats_become_int16_and_are_clipped():
    assert to_int16(np.array([0.0, 0.5, -0.5, 1.0, -1.0, np.inf])).tolist() == [0, 16384, -16384, 32767, -32768, 32767]


@pytest.mark.parametrize(
    ("values", "told"), [(np.array([0.1, np.nan]), "NaN among them"), (np.array([1000], np.int16), "they are int16")]
)
def test_what_are_no_floats_of_sound_is_refused(values, told):
    with pytest.raises(AudioFormatError, match=told):
        to_int16(values)


@pytest.mark.parametrize("rate", [8000, 11_025, 44_100, 48_000])
def test_the_rate_that_a_block_probably_has_is_reported(rate):
    with pytest.raises(AudioFormatError, match=f"expected a block of 320, .* 20 ms at {rate} Hz must be resampled"):
        check_block(silence(rate // 50))


def test_samples_may_be_of_any_length_and_blocks_may_not():
    check_samples(silence(1))
    check_block(silence())
    with pytest.raises(AudioFormatError, match="has 1 samples"):
        check_block(silence(1))
    with pytest.raises(AudioFormatError, match="expected mono samples"):
        next(blocks(np.zeros(640)))


def test_levels_are_relative_to_full_scale():
    square = np.tile(np.array([32767, -32768], np.int16), 160)
    assert level_db(square) == pytest.approx(0.0, abs=0.01)
    assert level_db(square // 10) == pytest.approx(-20.0, abs=0.1)
    assert level_db(silence()) == pytest.approx(-120.0)
