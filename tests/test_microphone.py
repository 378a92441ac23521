"""What becomes of the microphone, seen from its blocks and from where the sound server takes them."""

import numpy as np
import pytest

from skill.audio.blocks import BLOCK_MS, BLOCK_SIZE, silence
from skill.audio.sources import Source
from skill.live.microphone import Back, Lost, Microphone, Note

HEADSET = Source("headset", "Headset", monitor=False)
WEBCAM = Source("webcam", "Webcam", monitor=False)
SPEAKER = Source("speaker.monitor", "Monitor of Speaker", monitor=True)
ROOM = np.ones(BLOCK_SIZE, dtype=np.int16)
"""The quietest sound that there is."""


def hear(microphone: Microphone, block: np.ndarray, source: Source | None, seconds: float = BLOCK_MS / 1000) -> list:
    news = [microphone.hear(block, source) for _ in range(round(1000 * seconds / BLOCK_MS))]
    return [new for new in news if new]


def test_a_stream_that_ends_up_at_the_speakers_monitor_has_lost_its_microphone():
    microphone = Microphone()
    assert hear(microphone, ROOM, HEADSET, 1) == []
    [lost] = hear(microphone, ROOM, SPEAKER, 5)
    assert lost == Lost("The microphone “Headset” is gone; plug it in again, and the coach goes on.")
    assert microphone.lost
    assert hear(microphone, ROOM, HEADSET, 5) == [Back()]
    assert not microphone.lost


def test_another_microphone_is_as_good():
    microphone = Microphone()
    hear(microphone, ROOM, HEADSET)
    assert hear(microphone, ROOM, WEBCAM, 5) == [Note("The microphone is now “Webcam”.")]


def test_a_monitor_from_the_start_is_meant():
    microphone = Microphone()
    assert hear(microphone, ROOM, SPEAKER, 60) == []


def test_a_muted_microphone_is_lost_until_it_is_unmuted():
    microphone = Microphone()
    hear(microphone, ROOM, HEADSET)
    [lost] = hear(microphone, silence(), Source("headset", "Headset", monitor=False, muted=True), 20)
    assert isinstance(lost, Lost)
    assert "muted" in lost.why
    assert hear(microphone, ROOM, HEADSET) == [Back()]


def test_digital_silence_after_noise_is_a_lost_microphone_where_nothing_else_tells():
    microphone = Microphone()
    assert hear(microphone, ROOM, None, 30) == []
    assert hear(microphone, silence(), None, 2.9) == []
    [lost] = hear(microphone, silence(), None, 60)
    assert isinstance(lost, Lost)
    assert hear(microphone, ROOM, None, 1) == [Back()]


def test_a_microphone_with_a_noise_gate_is_not_lost_when_nobody_speaks():
    microphone = Microphone()
    for _ in range(20):
        assert hear(microphone, silence(), None, 2.0) == []
        assert hear(microphone, ROOM, None, 1.0) == []
    assert hear(microphone, silence(), None, 120) == []


@pytest.mark.parametrize("beginning", [0.0, 1.0])
def test_digital_silence_is_no_sign_where_the_source_is_known_or_it_began_so(beginning: float):
    microphone = Microphone()
    source = None if beginning else HEADSET
    assert hear(microphone, silence(), source, beginning) == []
    assert hear(microphone, ROOM, source, 30) == []
    assert hear(microphone, silence(), source, 60) == []


@pytest.mark.parametrize("source", [None, HEADSET])
def test_a_microphone_that_never_gave_anything_is_worth_one_word(source: Source | None):
    microphone = Microphone()
    [note] = hear(microphone, silence(), source, 120)
    assert isinstance(note, Note)
    assert "--input" in note.text
    assert not microphone.lost
