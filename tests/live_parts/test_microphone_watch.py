"""The state of the microphone, from its blocks and from the sound server's source."""

import numpy as np
import pytest

from skill.audio.blocks import BLOCK_MS, BLOCK_SIZE, silence
from skill.audio.source_watch import NOTHING, Source
from skill.live.microphone_watch import InputLost, InputRestored, MicrophoneWatch, Notice

HEADSET = Source("headset", "Headset", monitor=False)
WEBCAM = Source("webcam", "Webcam", monitor=False)
SPEAKER = Source("speaker.monitor", "Monitor of Speaker", monitor=True)
ROOM = np.ones(BLOCK_SIZE, dtype=np.int16)
"""The quietest sound that there is."""


def hear(
    microphone: MicrophoneWatch, block: np.ndarray, source: Source | None, seconds: float = BLOCK_MS / 1000
) -> list:
    news = [microphone.hear(block, source) for _ in range(round(1000 * seconds / BLOCK_MS))]
    return [new for new in news if new]


def test_a_stream_that_ends_up_at_the_speakers_monitor_has_lost_its_microphone():
    microphone = MicrophoneWatch()
    assert hear(microphone, ROOM, HEADSET, 1) == []
    [lost] = hear(microphone, ROOM, SPEAKER, 5)
    assert lost == InputLost("The microphone “Headset” is gone; plug it in again, and the coach goes on.")
    assert microphone.lost
    assert hear(microphone, ROOM, HEADSET, 5) == [InputRestored()]
    assert not microphone.lost


def test_another_microphone_is_as_good():
    microphone = MicrophoneWatch()
    hear(microphone, ROOM, HEADSET)
    assert hear(microphone, ROOM, WEBCAM, 5) == [Notice("The microphone is now “Webcam”.")]


def test_a_monitor_from_the_start_is_no_microphone():
    microphone = MicrophoneWatch()
    [lost] = hear(microphone, ROOM, SPEAKER, 60)
    assert lost == InputLost(
        "“Monitor of Speaker” is no microphone, but what a speaker plays; connect a microphone, and the coach goes on."
    )
    assert hear(microphone, ROOM, HEADSET, 1) == [InputRestored()]


def test_a_stream_without_any_source_has_lost_its_microphone():
    microphone = MicrophoneWatch()
    assert microphone.see(NOTHING) == InputLost("There is no microphone; connect one, and the coach goes on.")
    assert microphone.see(HEADSET) == InputRestored()
    assert microphone.see(NOTHING) == InputLost(
        "The microphone “Headset” is gone; plug it in again, and the coach goes on."
    )


def test_a_muted_microphone_is_lost_until_it_is_unmuted():
    microphone = MicrophoneWatch()
    hear(microphone, ROOM, HEADSET)
    [lost] = hear(microphone, silence(), Source("headset", "Headset", monitor=False, muted=True), 20)
    assert isinstance(lost, InputLost)
    assert "muted" in lost.why
    assert hear(microphone, ROOM, HEADSET) == [InputRestored()]


def test_three_seconds_of_digital_silence_after_noise_are_a_lost_microphone_without_a_sound_server():
    microphone = MicrophoneWatch()
    assert hear(microphone, ROOM, None, 30) == []
    assert hear(microphone, silence(), None, 2.98) == []
    [lost] = hear(microphone, silence(), None, 0.02)
    assert isinstance(lost, InputLost)
    assert hear(microphone, silence(), None, 60) == []
    assert hear(microphone, ROOM, None, 1) == [InputRestored()]


@pytest.mark.parametrize(("sound_s", "lost"), [(19.98, False), (20.0, True)])
def test_it_must_have_had_sound_for_twenty_seconds(sound_s: float, lost: bool):
    microphone = MicrophoneWatch()
    hear(microphone, ROOM, None, sound_s)
    hear(microphone, silence(), None, 60)
    assert microphone.lost is lost


@pytest.mark.parametrize(("closed_s", "lost"), [(0.98, True), (1.0, False)])
def test_a_silence_of_a_second_before_is_the_sign_of_a_noise_gate(closed_s: float, lost: bool):
    microphone = MicrophoneWatch()
    for block, seconds in ((ROOM, 10), (silence(), closed_s), (ROOM, 10), (silence(), 60)):
        hear(microphone, block, None, seconds)
    assert microphone.lost is lost


def test_a_microphone_with_a_noise_gate_is_not_lost_when_nobody_speaks():
    microphone = MicrophoneWatch()
    for _ in range(20):
        assert hear(microphone, silence(), None, 2.0) == []
        assert hear(microphone, ROOM, None, 1.0) == []
    assert hear(microphone, silence(), None, 120) == []


@pytest.mark.parametrize("beginning", [0.0, 1.0])
def test_digital_silence_is_no_sign_where_the_source_is_known_or_it_began_so(beginning: float):
    microphone = MicrophoneWatch()
    source = None if beginning else HEADSET
    assert hear(microphone, silence(), source, beginning) == []
    assert hear(microphone, ROOM, source, 30) == []
    assert hear(microphone, silence(), source, 60) == []


@pytest.mark.parametrize("source", [None, HEADSET])
def test_ten_seconds_of_digital_silence_are_reported_once(source: Source | None):
    microphone = MicrophoneWatch()
    assert hear(microphone, silence(), source, 9.98) == []
    [note] = hear(microphone, silence(), source, 0.02)
    assert isinstance(note, Notice)
    assert hear(microphone, silence(), source, 120) == []
    assert "--input" in note.text
    assert not microphone.lost
