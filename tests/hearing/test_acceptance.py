"""Deterministic figures on fixed recordings of people: a margin below what was measured, so that a loss is seen."""

from collections.abc import Iterator

import pytest

from benchmarks.data import mixing, recordings
from skill.audio.blocks import Samples
from skill.composition.coach_settings import COACH_LISTENING
from skill.content.language import load_language
from skill.hearing.listener import Listener
from skill.hearing.recording import understand_samples
from skill.settings import ListeningSettings
from tests.speech import RECORDINGS, model

pytestmark = pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason="the recordings of people are missing (../shared/speech)"
)


# Each figure comes from every fourth sound each time, and from every one in the long tier.


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


@pytest.mark.parametrize(
    ("snr", "every", "at_least"),
    [
        (None, 4, 10),
        (9, 4, 9),
        pytest.param(None, 1, 39, marks=pytest.mark.long),
        pytest.param(9, 1, 35, marks=pytest.mark.long),
    ],
)
def test_coffee_orders(coffee_listener: Listener, snr: int | None, every: int, at_least: int) -> None:
    noise = recordings.kitchen(RECORDINGS)
    clips = list(recordings.coffee(RECORDINGS))[::4][::every]
    right = 0
    for clip in clips:
        sound = clip.samples if snr is None else mixing.in_noise(clip.samples, noise, snr, clip.name)
        right += understood(coffee_listener, sound) == (clip.label, dict(clip.slots))
    assert right >= at_least, f"{right} of {len(clips)}"


@pytest.mark.parametrize(("every", "at_least"), [(4, 29), pytest.param(1, 118, marks=pytest.mark.long)])
def test_stop_by_many_people(coach: Listener, every: int, at_least: int) -> None:
    clips = list(words("stop"))[::every]
    right = sum(understood(coach, clip.samples, "holding")[0] == "stop" for clip in clips)
    assert right >= at_least, f"{right} of {len(clips)}"


@pytest.mark.parametrize(("every", "at_most"), [(4, 2), pytest.param(1, 8, marks=pytest.mark.long)])
def test_words_that_are_no_command(coach: Listener, every: int, at_most: int) -> None:
    others = list(words("unknown", "down", "left", "off", "on", "right", "up", "silence"))[::every]
    accepted = sum(understood(coach, clip.samples, "holding")[0] is not None for clip in others)
    assert accepted <= at_most, f"{accepted} of {len(others)}"
