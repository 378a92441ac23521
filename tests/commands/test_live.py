"""The live session, as far as no sound is needed for it."""

import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from skill.audio.device_pair import DevicePair
from skill.commands import live
from skill.composition.coach_settings import Settings
from skill.composition.parts import Parts
from skill.errors import ModelError
from skill.memory import Memory


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Put back what a live session changes in its process."""
    interval, handlers = sys.getswitchinterval(), {number: signal.getsignal(number) for number in (2, 15)}
    yield
    sys.setswitchinterval(interval)
    for number, handler in handlers.items():
        signal.signal(number, handler)


def test_without_a_speech_model_the_voice_is_closed_all_the_same(tmp_path: Path) -> None:
    threads = set(threading.enumerate())
    parts = Parts(Settings(), model_folder=tmp_path / "no-model")
    voice = parts.voice()
    with pytest.raises(ModelError, match="no-model"):
        live.run(parts, voice, DevicePair(0, 0, "microphone", "speaker", 16_000), Memory())
    assert set(threading.enumerate()) == threads
