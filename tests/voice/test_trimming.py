"""Clips lose the silence at both ends."""

import numpy as np
import pytest

from skill.voice.trimming import trim


def test_silence_is_cut_off_at_both_ends() -> None:
    hum = np.full(1000, 500, dtype=np.int16)
    padded = np.concatenate([np.zeros(5000, np.int16), hum, np.zeros(7000, np.int16)])
    cut = trim(padded, margin=100)
    assert len(cut) == pytest.approx(1200, abs=2)
    np.testing.assert_array_equal(cut[100:1100], hum)
    quiet = np.full(300, 5, dtype=np.int16)
    np.testing.assert_array_equal(trim(quiet), quiet)
