"""End-points, on a time line of words and voice."""

import pytest

from skill.settings import ListeningSettings
from skill.turn_taking.endpointing import DECODER_SILENCE_MS, Endpoint, ParseState

SETTINGS = ListeningSettings()


def ends_at(steps: list[tuple[int, str, bool]], parse_state: dict[str, ParseState], silence_from: int = 99_999) -> int:
    """Play (time, words from then on, voice from then on) in blocks of 20 ms; return when the utterance is over.

    From `silence_from` on the decoder reports silence.
    """
    until = 20_000
    endpoint = Endpoint(SETTINGS, began=0)
    words, voiced = "", True
    for now in range(20, until, 20):
        for at, w, v in steps:
            if at <= now:
                words, voiced = w, v
        said = tuple(words.split())
        if endpoint.over(now, said, voiced, now >= silence_from, parse_state.get(words, ParseState.NOTHING)):
            return now
    return until


def after_silence(since: int, endpointing_delay: int) -> int:
    """Return when an utterance is over if the decoder has reported silence since then: at the end of a block."""
    return since + -(-(endpointing_delay - DECODER_SILENCE_MS) // 20) * 20


def test_a_complete_sentence_ends_soon_after_the_voice() -> None:
    end = ends_at([(500, "stop", True), (700, "stop", False)], {"stop": ParseState.COMPLETE})
    assert 700 < end <= 700 + SETTINGS.complete_delay_ms


def test_late_words_of_a_complete_sentence_do_not_put_the_end_off() -> None:
    end = ends_at([(500, "", False), (600, "stop", False)], {"stop": ParseState.COMPLETE})
    assert end == 480 + SETTINGS.complete_delay_ms  # the last block with speech ends at 480


def test_late_words_of_a_beginning_put_the_end_off() -> None:
    end = ends_at([(500, "", False), (900, "go to", False)], {"go to": ParseState.BEGUN})
    assert end == 900 + SETTINGS.unfinished_delay_ms


def test_where_no_word_is_heard_the_voice_counts() -> None:
    assert ends_at([(500, "", False)], {}) == 480 + SETTINGS.filler_delay_ms


def test_filler_goes_on_until_the_decoder_hears_silence() -> None:
    end = ends_at([(300, "[unk]", True), (500, "[unk]", False)], {}, silence_from=1500)
    assert end == after_silence(1500, SETTINGS.filler_delay_ms)


def test_a_word_ends_the_silence_that_the_decoder_hears() -> None:
    parse_state = {"repeat": ParseState.OPEN, "repeat cow": ParseState.OPEN}
    end = ends_at([(500, "repeat", False), (1100, "repeat cow", False)], parse_state, silence_from=900)
    assert end == after_silence(1100, SETTINGS.extendable_delay_ms)


def test_silence_counts_only_while_the_decoder_hears_it() -> None:
    endpoint, silences = Endpoint(SETTINGS, began=0), {900, 920, 940, *range(1000, 4000, 20)}
    ends = (
        now for now in range(20, 4000, 20) if endpoint.over(now, ("repeat",), False, now in silences, ParseState.OPEN)
    )
    assert next(ends) == after_silence(1000, SETTINGS.extendable_delay_ms)


@pytest.mark.parametrize(
    ("coach", "near_end_active", "alone"),
    [(True, False, True), (True, True, False), (False, False, False), (False, True, False)],
)
def test_only_the_coach_is_heard_without_near_end_speech(coach: bool, near_end_active: bool, alone: bool) -> None:
    assert Endpoint(SETTINGS, began=0, coach=coach, near_end_active=near_end_active).only_coach is alone


def test_an_open_sentence_waits_for_more() -> None:
    end = ends_at([(500, "repeat", True), (700, "repeat", False)], {"repeat": ParseState.OPEN}, silence_from=900)
    assert abs(end - (900 + SETTINGS.extendable_delay_ms - DECODER_SILENCE_MS)) <= 20


@pytest.mark.parametrize("pause", [300, 600, 900, 1200])
def test_hesitation_inside_a_sentence_is_not_cut(pause: int) -> None:
    parse_state = {"go to": ParseState.BEGUN, "go to cow": ParseState.COMPLETE}
    steps = [
        (400, "go to", True),
        (500, "go to", False),
        (500 + pause, "go to", True),
        (900 + pause, "go to cow", False),
    ]
    assert ends_at(steps, parse_state) > 900 + pause


def test_an_utterance_has_a_maximum_length() -> None:
    changing = [(at, "go" if at % 1000 else "went", True) for at in range(0, 20_000, 500)]
    assert ends_at(changing, {}) == SETTINGS.max_utterance_ms


def test_noise_that_never_ends_does_not_keep_a_sentence_back() -> None:
    assert ends_at([(500, "stop", True)], {"stop": ParseState.COMPLETE}, silence_from=800) <= 820


def test_weak_words_that_no_level_shows_are_waited_for() -> None:
    parse_state = {
        "a coffee": ParseState.OPEN,
        "a coffee with": ParseState.BEGUN,
        "a coffee with milk": ParseState.COMPLETE,
    }
    steps = [(400, "a coffee", False), (900, "a coffee with", False), (1300, "a coffee with milk", False)]
    assert ends_at(steps, parse_state) >= 1300


@pytest.mark.parametrize(
    ("parse_state", "endpointing_delay"),
    [(ParseState.NOTHING, SETTINGS.filler_delay_ms), (ParseState.OPEN, SETTINGS.extendable_delay_ms)],
)
def test_over_the_coach_it_ends_without_near_end_speech(parse_state: ParseState, endpointing_delay: int) -> None:
    """Because of the residual echo the decoder finds no silence."""

    def ends(near_end_active: bool) -> int:
        endpoint = Endpoint(SETTINGS, began=0, coach=True, near_end_active=near_end_active)
        return next(
            (now for now in range(20, 4000, 20) if endpoint.over(now, ("word",), now <= 600, False, parse_state)), 0
        )

    assert ends(near_end_active=True) == 600 + endpointing_delay
    assert ends(near_end_active=False) == 0
