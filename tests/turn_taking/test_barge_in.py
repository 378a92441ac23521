"""Ducking during near-end speech, and distinguishing a command from the coach's own echo."""

import pytest

from skill.turn_taking.barge_in import BargeIn, Gain


def follow(
    barge_in: BargeIn, begin: int, end: int, near: float, audible: bool = True, voiced: bool = False
) -> list[Gain]:
    """Let blocks pass from one moment to another; return the changes of volume."""
    level_db = -20.0 if voiced else -60.0
    found = [barge_in.update(near, audible, now, voiced, level_db) for now in range(begin + 20, end + 1, 20)]
    return [gain for gain in found if gain]


def test_the_coach_is_ducked_in_the_block_with_near_end_speech():
    barge_in = BargeIn()
    assert follow(barge_in, 0, 1000, near=0.1) == []
    assert barge_in.update(0.9, True, 1020, True, -20.0) == Gain(-20.0, 20)
    assert follow(barge_in, 1020, 2000, near=0.9) == []


def test_the_volume_comes_back_when_nobody_has_spoken_for_a_while():
    barge_in = BargeIn()
    follow(barge_in, 0, 500, near=0.9)
    assert follow(barge_in, 500, 980, near=0.1) == []
    assert follow(barge_in, 980, 1000, near=0.1) == [Gain(0.0, 300)]


def test_a_voice_that_falls_and_rises_does_not_make_the_volume_flicker():
    barge_in = BargeIn()
    follow(barge_in, 0, 100, near=0.9)
    changes = [gain for at in range(100, 3000, 400) for gain in follow(barge_in, at, at + 400, near=(at // 400) % 2)]
    assert changes == []


def test_who_begins_between_two_sentences_of_the_coach_finds_the_next_one_ducked():
    barge_in = BargeIn()
    follow(barge_in, 0, 1000, near=0.1)
    assert follow(barge_in, 1000, 1200, near=0.1, audible=False) == []
    assert barge_in.update(0.9, False, 1220, True, -20.0) == Gain(-20.0, 20)
    assert barge_in.ducked


@pytest.mark.parametrize(
    ("louder_from", "ducked_at"),
    [
        (None, None),  # nobody
        (1300, 1320),  # near-end speech in the pause
    ],
)
def test_what_a_room_keeps_of_the_coach_between_two_sentences_does_not_duck_it(louder_from, ducked_at):
    """Reverberation longer than the modelled echo looks like near-end speech."""
    barge_in = BargeIn()
    follow(barge_in, 0, 1000, near=0.1)
    ducked = None
    for now in range(1020, 1421, 20):
        near = 0.1 if now <= 1220 and (louder_from is None or now <= louder_from) else 0.8
        near_end = louder_from is not None and now > louder_from
        gain = barge_in.update(near, False, now, True, -20.0 if near_end else -30.0 - 0.03 * (now - 1000))
        ducked = ducked or (gain and now)
    assert ducked == ducked_at


def test_who_is_heard_as_the_coach_goes_on_lowers_it_without_getting_louder():
    barge_in = BargeIn()
    follow(barge_in, 0, 1000, near=0.1)
    assert follow(barge_in, 1000, 1200, near=0.1, audible=False) == []
    assert follow(barge_in, 1200, 1420, near=0.8, audible=False) == []
    assert barge_in.update(0.8, True, 1440, False, -60.0) == Gain(-20.0, 20)


def test_who_begins_as_the_coach_falls_silent_need_not_get_louder():
    """At first echo control still models the coach's echo: any other sound then is near-end speech."""
    barge_in = BargeIn()
    follow(barge_in, 0, 1000, near=0.1)
    assert barge_in.update(0.4, False, 1020, True, -20.0) is None
    assert barge_in.update(0.9, False, 1040, True, -20.0) == Gain(-20.0, 20)


def test_a_silent_coach_is_not_ducked():
    assert follow(BargeIn(), 0, 1000, near=0.9, audible=False) == []


def test_a_command_in_which_nobody_but_the_coach_spoke_is_an_echo():
    barge_in = BargeIn()
    follow(barge_in, 0, 2000, near=0.1)
    assert barge_in.is_echo("stop", began=1000, now=2000)


def test_near_end_speech_from_which_sound_turns_out_to_be_lost_is_echo():
    barge_in = BargeIn()
    follow(barge_in, 0, 1000, near=0.1)
    follow(barge_in, 1000, 1600, near=0.9)
    barge_in.discard_near_end(1000)
    follow(barge_in, 1600, 2000, near=0.1)
    assert barge_in.is_echo("stop", began=1000, now=2000)


def test_near_end_speech_before_the_loss_of_sound_and_after_the_coach_still_counts():
    barge_in = BargeIn()
    follow(barge_in, 0, 1000, near=0.1)
    follow(barge_in, 1000, 1200, near=0.9)
    follow(barge_in, 1200, 1600, near=0.1)
    barge_in.discard_near_end(1200)
    assert not barge_in.is_echo("stop", began=1000, now=1600)
    barge_in = BargeIn()
    follow(barge_in, 0, 1000, near=0.1)
    follow(barge_in, 1000, 1500, near=0.1, audible=False)
    follow(barge_in, 1500, 2000, near=0.1, audible=False, voiced=True)
    barge_in.discard_near_end(0)
    assert not barge_in.is_echo("stop", began=1600, now=2000, words_at=(1600, 1800))


def test_a_command_with_near_end_speech_over_the_coach_is_no_echo():
    barge_in = BargeIn()
    follow(barge_in, 0, 1000, near=0.1)
    follow(barge_in, 1000, 1600, near=0.9)
    follow(barge_in, 1600, 2000, near=0.1)
    assert not barge_in.is_echo("stop", began=1000, now=2000)


@pytest.mark.parametrize(
    ("words_at", "echo"),
    [
        (None, False),
        ((1730, 2060), True),  # said by the coach: the noise before it is no evidence
        ((1000, 1400), False),  # said before the coach went on
    ],
)
def test_a_noise_in_the_coachs_pause_is_no_near_end_speech_for_the_words_after_it(words_at, echo):
    barge_in = BargeIn()
    follow(barge_in, 0, 500, near=0.1, audible=False)
    follow(barge_in, 500, 1500, near=0.1, audible=False, voiced=True)
    follow(barge_in, 1500, 2500, near=0.1, voiced=True)
    assert barge_in.is_echo("softer", began=600, now=2500, words_at=words_at) == echo


@pytest.mark.parametrize(("louder_from", "echo"), [(None, True), (1500, False), (1100, False)])
def test_in_a_room_that_rings_for_long_only_what_gets_louder_is_a_voice(louder_from, echo):
    """The residual echo looks like near-end speech there, since the echo is longer than the modelled one."""
    barge_in = BargeIn()
    follow(barge_in, 0, 1000, near=0.1)
    for now in range(1020, 2021, 20):
        word = louder_from is not None and louder_from <= now < louder_from + 400
        level_db = -20.0 if word else -30.0 - 0.03 * (now - 1000)
        barge_in.update(0.8, False, now, True, level_db)
    assert barge_in.is_echo("pain", began=1100, now=2020, words_at=(1500, 1800)) == echo


def test_two_seconds_after_the_coach_a_voice_need_not_be_louder_than_what_hums():
    barge_in = BargeIn()
    follow(barge_in, 0, 1000, near=0.1)
    for now in range(1020, 3521, 20):
        barge_in.update(0.1, False, now, now > 3100, -30.0)
    assert not barge_in.is_echo("stop", began=3100, now=3520, words_at=(3100, 3400))


def test_near_end_speech_may_be_detected_a_little_after_the_word():
    barge_in = BargeIn()
    follow(barge_in, 0, 1500, near=0.1)
    follow(barge_in, 1500, 1600, near=0.9)
    follow(barge_in, 1600, 2000, near=0.1)
    assert not barge_in.is_echo("stop", began=1000, now=2000, words_at=(1200, 1450))
    assert barge_in.is_echo("stop", began=1000, now=2000, words_at=(900, 1200))


def test_words_of_a_line_are_those_that_are_heard_however_it_is_written():
    barge_in = BargeIn()
    barge_in.add_line("This is “child’s pose” (half-way).", 0, 2000)
    follow(barge_in, 0, 2000, near=0.6)
    assert barge_in.is_echo("child's pose half way", began=700, now=2100)


@pytest.mark.parametrize(
    ("until", "voice_ms", "echo"),
    [
        (1500, 0, True),  # the coach for two fifths of it, and nobody after
        (1500, 120, False),  # a short word when the room is quiet again
        (1200, 0, True),  # the coach only at its beginning, but its echo comes late
        (600, 0, False),  # the coach has been silent before: a soft answer
    ],
)
def test_a_command_that_begins_in_the_coachs_voice_is_an_echo_where_nobody_is_heard_after_it(until, voice_ms, echo):
    barge_in = BargeIn()
    follow(barge_in, 0, until, near=0.1, voiced=True)
    follow(barge_in, until, until + 500, near=0.1, audible=False)
    follow(barge_in, until + 500, until + 500 + voice_ms, near=0.1, audible=False, voiced=True)
    follow(barge_in, until + 500 + voice_ms, 2200, near=0.1, audible=False)
    assert barge_in.is_echo("stop", began=1000, now=2200) == echo


def test_a_command_in_silence_is_none():
    barge_in = BargeIn()
    follow(barge_in, 0, 2000, near=0.0, audible=False)
    assert not barge_in.is_echo("stop", began=1000, now=2000)


@pytest.mark.parametrize(
    ("text", "began", "now", "echo"),
    [
        ("ready", 550, 1100, True),  # while the coach says the word
        ("ready", 3500, 4000, False),  # after it has asked
        ("say ready", 0, 900, True),
        ("next", 550, 1100, False),  # the coach said no such word
    ],
)
def test_what_the_coach_was_just_saying_is_an_echo_without_clear_near_end_speech(text, began, now, echo):
    line = "Say ready when you are there."
    unclear, clear = BargeIn(), BargeIn()
    for barge_in, near in ((unclear, 200), (clear, 500)):
        barge_in.add_line(line, 0, 2000)
        follow(barge_in, 0, began, near=0.1)
        follow(barge_in, began, began + near, near=0.9)
        follow(barge_in, began + near, now, near=0.1)
    assert unclear.is_echo(text, began, now) == echo
    assert not clear.is_echo(text, began, now)


@pytest.mark.parametrize(
    ("learnt", "near_end_until", "echo"),
    [
        (True, 2200, False),  # the user all along
        (True, 1100, True),  # during less than half of the words
        (False, 2200, True),  # an echo that is not learnt looks like a user
    ],
)
def test_three_words_in_chorus_with_the_coach_need_near_end_speech_during_half_of_them(learnt, near_end_until, echo):
    barge_in = BargeIn()
    barge_in.add_line("Let's do back stretches: seven stretches, about twelve minutes.", 0, 4000)
    for now in range(20, 2201, 20):
        barge_in.update(0.9 if now <= near_end_until else 0.1, True, now, False, -60.0, learnt=learnt)
    assert barge_in.is_echo("let's do back stretches", 300, 2200) == echo
    assert barge_in.is_echo("let's do back stretches", 300, 2200, words_at=(400, 2100)) == echo
    assert not barge_in.is_echo("back stretches", 300, 2200)


@pytest.mark.parametrize(("first_word", "echo"), [(700, False), (950, True)])
def test_a_word_that_began_before_the_coachs_line_is_none_of_its_words(first_word, echo):
    barge_in = BargeIn()
    follow(barge_in, 0, 600, near=0.1, audible=False)
    follow(barge_in, 600, 1000, near=0.1, audible=False, voiced=True)
    barge_in.add_line("No, to rest.", 1000, 2000)
    follow(barge_in, 1000, 2000, near=0.1)
    assert barge_in.is_echo("no", began=700, now=1600, words_at=(first_word, first_word + 350)) == echo


@pytest.mark.parametrize(
    ("silent_ms", "voice_ms", "echo"),
    [
        (600, 400, False),  # a word in silence
        (300, 400, False),  # most of it is later than any echo
        (300, 240, True),  # so early that it may be the room
        (0, 480, True),  # a device that is half a second late
        (600, 100, True),  # a knock
    ],
)
def test_a_voice_after_the_coach_has_been_silent_for_a_moment_is_the_users(silent_ms, voice_ms, echo):
    barge_in = BargeIn()
    barge_in.add_line("Say easier, skip, or stop.", 0, 2200)
    follow(barge_in, 0, 2000, near=0.1, voiced=True)
    follow(barge_in, 2000, 2000 + silent_ms, near=0.1, audible=False)
    end = 2000 + silent_ms + voice_ms
    follow(barge_in, 2000 + silent_ms, end, near=0.1, audible=False, voiced=True)
    assert barge_in.is_echo("stop", began=1700, now=end + 100) == echo


def test_a_voice_before_the_coach_went_on_does_not_make_its_words_the_users():
    barge_in = BargeIn()
    follow(barge_in, 0, 1000, near=0.1, audible=False, voiced=True)
    barge_in.add_line("Say easier, skip, or stop.", 1000, 3000)
    follow(barge_in, 1000, 3000, near=0.1, voiced=True)
    assert barge_in.is_echo("stop", began=2600, now=3300)


def test_the_voice_of_a_command_does_not_make_the_echo_of_its_answer_one():
    barge_in = BargeIn()
    follow(barge_in, 0, 600, near=0.1, audible=False, voiced=True)
    barge_in.forget_near_end()
    follow(barge_in, 600, 1300, near=0.1, voiced=True)
    assert barge_in.is_echo("quit", began=620, now=1300)


def test_what_was_heard_just_before_an_utterance_was_noticed_belongs_to_it():
    barge_in = BargeIn()
    follow(barge_in, 0, 800, near=0.1)
    follow(barge_in, 800, 1000, near=0.9)
    follow(barge_in, 1000, 1700, near=0.1)
    assert not barge_in.is_echo("stop", began=1000, now=1400)
    assert barge_in.is_echo("stop", began=1320, now=1700)


def test_near_end_activity_is_only_known_while_the_coach_is_heard():
    barge_in = BargeIn()
    assert barge_in.near_end_active(0) is None
    follow(barge_in, 0, 1000, near=0.1)
    assert barge_in.near_end_active(1000) is False
    follow(barge_in, 1000, 1100, near=0.9)
    assert barge_in.near_end_active(1100) is True
    follow(barge_in, 1100, 1400, near=0.1, audible=False)
    assert barge_in.near_end_active(1400) is False  # its echo is still in the room
    follow(barge_in, 1400, 1600, near=0.1, audible=False)
    assert barge_in.near_end_active(1600) is None


def test_near_end_speech_has_stopped_when_it_is_not_detected_any_more():
    barge_in = BargeIn()
    follow(barge_in, 0, 1000, near=0.1)
    assert not barge_in.near_end_stopped(1000)
    follow(barge_in, 1000, 1500, near=0.9)
    assert not barge_in.near_end_stopped(1500)
    follow(barge_in, 1500, 1540, near=0.1)
    assert barge_in.near_end_stopped(1540)


def test_three_echoes_in_a_minute_make_it_listen_only_while_it_is_silent():
    barge_in = BargeIn()
    assert [barge_in.count_echo(at) for at in (0, 50_000, 70_000)] == [False] * 3
    assert not barge_in.half_duplex
    assert [barge_in.count_echo(at) for at in (80_000, 81_000)] == [True, False]
    assert barge_in.half_duplex


def test_an_answer_is_given_in_the_full_voice() -> None:
    barge_in = BargeIn()
    assert barge_in.release_for_answer() is None
    assert barge_in.update(1.0, True, 20, True, -20.0) == Gain(-20.0, 20)
    assert barge_in.release_for_answer() == Gain(0.0, 100)
    assert not barge_in.ducked


def test_what_is_said_after_a_silence_in_the_line_is_its_echo_then():
    for paused in (False, True):
        barge_in = BargeIn()
        barge_in.add_line("Say easier or skip or stop.", 0, 2400)
        if paused:
            barge_in.playback_resumed(1000, 3000)  # "or" was being said, and is said again
        follow(barge_in, 0, 4700, near=0.1)
        follow(barge_in, 4700, 4900, near=0.9)
        follow(barge_in, 4900, 5100, near=0.1)
        assert barge_in.is_echo("stop", began=4700, now=5100) == paused
        assert not barge_in.is_echo("easier or skip", began=4700, now=5100)


def test_what_was_said_before_a_silence_in_the_line_was_said_then():
    barge_in = BargeIn()
    barge_in.add_line("Say easier or skip or stop.", 0, 2400)
    barge_in.playback_resumed(1000, 3000)
    follow(barge_in, 0, 300, near=0.1)
    follow(barge_in, 300, 500, near=0.9)
    follow(barge_in, 500, 900, near=0.1)
    assert barge_in.is_echo("easier", began=300, now=900)
    assert not barge_in.is_echo("stop", began=300, now=900)


@pytest.mark.parametrize(("began", "now", "echo"), [(1400, 2800, True), (1399, 2800, False), (2100, 3701, False)])
def test_an_echo_comes_at_the_time_of_its_words(began, now, echo):
    barge_in = BargeIn()
    barge_in.add_line(
        "one two three four", 1000, 3000
    )  # "three" from 2 to 2.5 s; 0.6 s sooner, or 1.2 s later, will do
    follow(barge_in, 0, now - 200, near=0.1)
    follow(barge_in, now - 200, now, near=0.9)
    assert barge_in.is_echo("three", began, now) == echo


def test_what_was_never_said_takes_no_place():
    barge_in = BargeIn()
    barge_in.add_line("stop", 0, 500)
    for number in range(20):
        barge_in.add_line("to come", 600 + number, 800)
        barge_in.playback_stopped(550)
    follow(barge_in, 0, 400, near=0.1)
    follow(barge_in, 400, 520, near=0.9)
    assert barge_in.is_echo("stop", began=300, now=520)
