"""End-points, on a time line of words and voice."""

import pytest

from skill.hearing.endpoint import DECODER_SILENCE_MS, Endpoint, Progress
from skill.settings import ListeningSettings

SETTINGS = ListeningSettings()


def ends_at(steps: list[tuple[int, str, bool]], progress: dict[str, Progress], silence_from: int = 99_999) -> int:
    """Play (time, words from then on, voice from then on) in blocks of 20 ms; return when the utterance is over.

    From `silence_from` on the decoder tells that it hears silence.
    """
    until = 20_000
    endpoint = Endpoint(SETTINGS, began=0)
    words, voiced = "", True
    for now in range(20, until, 20):
        for at, w, v in steps:
            if at <= now:
                words, voiced = w, v
        said = tuple(words.split())
        if endpoint.over(now, said, voiced, now >= silence_from, progress.get(words, Progress.NOTHING)):
            return now
    return until


def test_a_complete_sentence_ends_soon_after_the_voice() -> None:
    end = ends_at([(500, "stop", True), (700, "stop", False)], {"stop": Progress.COMPLETE})
    assert 700 < end <= 700 + SETTINGS.quick_ms


def test_late_words_put_the_end_off() -> None:
    end = ends_at([(500, "", False), (600, "stop", False)], {"stop": Progress.COMPLETE})
    assert 600 < end <= 600 + SETTINGS.quick_ms


def test_an_open_sentence_waits_for_more() -> None:
    end = ends_at([(500, "repeat", True), (700, "repeat", False)], {"repeat": Progress.OPEN}, silence_from=900)
    assert abs(end - (900 + SETTINGS.open_ms - DECODER_SILENCE_MS)) <= 20


@pytest.mark.parametrize("pause", [300, 600, 900, 1200])
def test_hesitation_inside_a_sentence_is_not_cut(pause: int) -> None:
    progress = {"go to": Progress.BEGUN, "go to cow": Progress.COMPLETE}
    steps = [
        (400, "go to", True),
        (500, "go to", False),
        (500 + pause, "go to", True),
        (900 + pause, "go to cow", False),
    ]
    assert ends_at(steps, progress) > 900 + pause


def test_nothing_goes_on_for_ever() -> None:
    changing = [(at, "go" if at % 1000 else "went", True) for at in range(0, 20_000, 500)]
    assert ends_at(changing, {}) == SETTINGS.longest_ms


def test_noise_that_never_ends_does_not_keep_a_sentence_back() -> None:
    assert ends_at([(500, "stop", True)], {"stop": Progress.COMPLETE}, silence_from=800) <= 820


def test_weak_words_that_no_level_shows_are_waited_for() -> None:
    progress = {"a coffee": Progress.OPEN, "a coffee with": Progress.BEGUN, "a coffee with milk": Progress.COMPLETE}
    steps = [(400, "a coffee", False), (900, "a coffee with", False), (1300, "a coffee with milk", False)]
    assert ends_at(steps, progress) >= 1300


@pytest.mark.parametrize(
    ("progress", "patience"), [(Progress.NOTHING, SETTINGS.filler_ms), (Progress.OPEN, SETTINGS.open_ms)]
)
def test_beside_the_coach_it_ends_when_nobody_else_is_heard(progress: Progress, patience: int) -> None:
    """What is left of the coach's voice keeps the decoder from hearing silence."""

    def ends(beside: bool) -> int:
        endpoint = Endpoint(SETTINGS, began=0, coach=True, beside=beside)
        return next(
            (now for now in range(20, 4000, 20) if endpoint.over(now, ("word",), now <= 600, False, progress)), 0
        )

    assert ends(beside=True) == 600 + patience
    assert ends(beside=False) == 0
