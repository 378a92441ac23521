"""Deterministic figures on fixed recordings of people: a margin below what was measured, so that a loss is seen."""

from collections.abc import Iterator

import pytest

from benchmarks.data import mixing, recordings
from skill.audio.blocks import Samples
from skill.coach_settings import COACH_LISTENING
from skill.content.language import load_language
from skill.hearing.listener import Listener
from skill.hearing.recording import understand_samples
from skill.settings import ListeningSettings
from tests.speech import RECORDINGS, model

pytestmark = pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason="the recordings of people are not beside this checkout (../shared/speech)"
)


@pytest.fixture(scope="module")
def coffee_listener() -> Listener:
    return Listener(model(), load_language(RECORDINGS / "coffee" / "intents" / "en"), ListeningSettings())


@pytest.fixture(scope="module")
def coach() -> Listener:
    return Listener(model(), load_language(), COACH_LISTENING)


def understood(listener: Listener, sound: Samples, context: str | None = None) -> tuple[str | None, dict]:
    listener.restart()
    listener.listen(context)
    found = understand_samples(listener, sound)
    return found["intent"], found["slots"]


def words(*labels: str) -> Iterator[recordings.Clip]:
    return (clip for clip in recordings.words(RECORDINGS) if clip.label in labels)


@pytest.mark.parametrize(("snr", "at_least"), [(None, 39), (9, 35)])
def test_coffee_orders(barista: Listener, snr: int | None, at_least: int) -> None:
    noise = recordings.kitchen(RECORDINGS)
    right = 0
    for clip in list(recordings.coffee(RECORDINGS))[::4]:
        sound = clip.samples if snr is None else mixing.in_noise(clip.samples, noise, snr, clip.name)
        right += understood(barista, sound) == (clip.label, dict(clip.slots))
    assert right >= at_least, f"{right} of 40"


def test_stop_by_many_people(coach: Listener) -> None:
    right = sum(understood(coach, clip.samples, "holding")[0] == "stop" for clip in words("stop"))
    assert right >= 118, f"{right} of 120"


def test_words_that_are_no_command(coach: Listener) -> None:
    others = list(words("unknown", "down", "left", "off", "on", "right", "up", "silence"))
    accepted = sum(understood(coach, clip.samples, "holding")[0] is not None for clip in others)
    assert accepted <= 8, f"{accepted} of {len(others)}"
