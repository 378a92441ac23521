"""WebRTC's canceller as it is used here."""

import numpy as np
import pytest

from skill.audio.blocks import silence
from skill.echo_control import aec3
from skill.echo_control.kalman_filter import HOP


def test_the_canceller_is_never_given_digital_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its filters would become denormal numbers there, with which it computes seventeen times as long."""
    given = []

    class Canceller:
        def __init__(self, *_: int) -> None:
            pass

        def process(self, near: np.ndarray, far: np.ndarray) -> np.ndarray:
            given.append(far)
            return near

    monkeypatch.setattr(aec3, "EchoCanceller", Canceller)
    canceller, spoken = aec3.Aec3(), np.full(HOP, 1000, np.int16)
    canceller.process(spoken, silence(HOP))
    canceller.process(spoken, spoken)
    assert given[0].any()
    assert np.abs(given[0]).max() == 1
    assert np.array_equal(given[1], spoken)
