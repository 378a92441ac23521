"""The listener, on a stream of blocks."""

from dataclasses import replace

import numpy as np
import pytest

from skill.audio.blocks import BLOCK_MS, AudioFormatError, Samples, blocks
from skill.composition.coach_settings import COACH_LISTENING
from skill.content.language import load_language
from skill.events import Heard, Rejected, SpeechStarted
from skill.hearing.listener import Listener
from tests.speech import model, quiet, say


@pytest.fixture(scope="module")
def loaded() -> Listener:
    return Listener(model(), load_language(), COACH_LISTENING)


@pytest.fixture
def listener(loaded: Listener) -> Listener:
    loaded.restart()
    loaded.listen("holding")
    return loaded


def hear(listener: Listener, *sounds: Samples) -> list[SpeechStarted | Heard | Rejected]:
    now, found = 0, []
    for sound in sounds:
        for block in blocks(sound):
            now += BLOCK_MS
            found += listener.hear(block, now)
    return found + listener.finish(now)


def heard(events) -> list[str]:
    return [event.intent for event in events if isinstance(event, Heard)]


def test_a_command_is_announced_and_heard_once(listener: Listener) -> None:
    events = hear(listener, say("pause"), quiet(1000))
    assert isinstance(events[0], SpeechStarted)
    assert heard(events) == ["pause"]


def test_it_is_known_when_the_words_of_a_command_were_said(listener: Listener) -> None:
    word = without_silence(say("pause"))
    (event,) = (each for each in hear(listener, quiet(2000), word, quiet(1000)) if isinstance(each, Heard))
    assert event.words_at == (pytest.approx(2000, abs=90), pytest.approx(2000 + len(word) // 16, abs=150))


def test_two_commands_are_two_utterances(listener: Listener) -> None:
    listener.listen(None)
    events = hear(listener, say("pause"), quiet(700), say("how do i do child's pose"), quiet(900))
    assert heard(events) == ["pause", "how_to"]


def test_a_sentence_of_another_context_is_rejected(listener: Listener) -> None:
    events = hear(listener, say("yes"), quiet(1000))
    assert heard(events) == []


def test_a_context_change_does_not_cut_an_utterance(listener: Listener) -> None:
    listener.listen("asking")
    sound = list(blocks(say("yes")))
    events = []
    for number, block in enumerate(sound + list(blocks(quiet(1000)))):
        if number == len(sound) - 5:
            listener.listen("holding")
        events += listener.hear(block, BLOCK_MS * (number + 1))
    assert heard(events) == ["affirm"]


def test_the_end_of_the_audio_decides_what_is_pending(listener: Listener) -> None:
    assert heard(hear(listener, say("pause"))) == ["pause"]


@pytest.mark.parametrize("sound", [quiet(3000), 0 * quiet(3000), quiet(3000) * 0 + 900])
def test_silence_and_a_constant_offset_are_no_speech(listener: Listener, sound: Samples) -> None:
    assert heard(hear(listener, sound)) == []


def test_what_may_follow_does_not_put_an_urgent_command_off(listener: Listener) -> None:
    """ "Stop for a moment" means something else than "stop", which all the same is decided at once."""
    sound = say("stop")
    now = 0
    for block in blocks(np.concatenate([sound, quiet(1500)])):
        now += BLOCK_MS
        if heard(listener.hear(block, now)):
            break
    assert now < 1000 * len(sound) / 16000 + 400


def test_the_longer_sentence_is_heard_after_the_shorter_one(listener: Listener) -> None:
    sounds = (say("repeat"), quiet(200), say("cow pose"), quiet(1500))
    shorter, longer = (event for event in hear(listener, *sounds) if isinstance(event, Heard))
    assert (shorter.intent, longer.intent) == ("repeat", "repeat_stretch")
    assert shorter.words_at
    assert longer.words_at
    assert longer.words_at[0] == pytest.approx(shorter.words_at[0], abs=60)
    assert longer.words_at[1] > shorter.words_at[1] + 500


def test_more_words_with_the_same_meaning_are_no_second_command(listener: Listener) -> None:
    assert heard(hear(listener, say("pause"), quiet(300), say("please"), quiet(1500))) == ["pause"]


MEANT = {
    "next": "next",
    "skip this one": "next",
    "pause": "pause",
    "how do i do this": "how_to",
    "repeat": "repeat",
    "louder": "louder",
}


@pytest.mark.parametrize(
    ("first", "then"),
    [("next", "skip this one"), ("next", "next"), ("pause", "how do i do this"), ("repeat", "louder")],
)
def test_the_next_command_may_follow_immediately(listener: Listener, first: str, then: str) -> None:
    events = hear(listener, say(first), quiet(250), say(then)[8000:], quiet(1500))
    assert heard(events) == [MEANT[first], MEANT[then]]


@pytest.mark.parametrize("gap_ms", [500, 800, 1300, 1600])
@pytest.mark.parametrize(
    ("other_talk", "command", "intent"),
    [
        ("well", "where are we", "which_stretch"),
        ("it is raining", "go back", "previous"),
        ("we should do this again", "stop", "stop"),  # "again" may be followed by "please"
        ("she told him to stop and wait for a moment", "hold longer", "hold_longer"),
    ],
)
def test_a_command_after_other_talk_and_half_a_second_is_heard(
    listener: Listener, other_talk: str, command: str, intent: str, gap_ms: int
) -> None:
    sounds = (without_silence(say(other_talk)), quiet(gap_ms), without_silence(say(command)), quiet(1500))
    events = [event for event in hear(listener, quiet(1000), *sounds) if not isinstance(event, SpeechStarted)]
    assert [getattr(event, "intent", None) for event in events] == [None, intent]
    assert not events[0].addressed


@pytest.mark.parametrize("gap_ms", [500, 800])
def test_a_pause_within_a_sentence_does_not_cut_it(listener: Listener, gap_ms: int) -> None:
    sounds = (without_silence(say("how do i do")), quiet(gap_ms), without_silence(say("cow pose")), quiet(1500))
    (event,) = (each for each in hear(listener, quiet(1000), *sounds) if isinstance(each, Heard | Rejected))
    assert (event.text, event.at > 1000) == ("how do i do cow pose", True)


def test_a_command_in_the_middle_of_talk_is_no_utterance_of_its_own(listener: Listener) -> None:
    """Talk pauses for less than 0.4 s, and a command after such a pause is a part of it."""
    words = [without_silence(say(each)) for each in ("he said that you must", "stop", "before the traffic light")]
    sound = np.concatenate([part for word in words for part in (word, quiet(250))])
    assert heard(hear(listener, quiet(1000), sound, quiet(1500))) == []


@pytest.mark.parametrize(("context", "reason"), [("holding", "mid-sentence"), ("instructing", None)])
def test_after_other_talk_more_confidence_is_needed_where_people_talk(context: str, reason: str | None) -> None:
    """What resembles a command is more often the rest of that talk there."""
    strict = Listener(model(), load_language(), replace(COACH_LISTENING, after_talk_min_confidence=0.99))
    strict.listen(context)
    sounds = (without_silence(say("it is raining")), quiet(600), without_silence(say("go back")), quiet(1500))
    last = hear(strict, quiet(1000), *sounds)[-1]
    assert getattr(last, "reason", None) == reason


def test_very_quiet_speech_is_heard(listener: Listener) -> None:
    assert heard(hear(listener, say("pause") // 30, quiet(1500) // 4)) == ["pause"]


def test_an_utterance_without_a_word_is_restarted_and_reported(listener: Listener) -> None:
    """Otherwise a decision would depend on noise long before the words."""
    louder_and_louder = 60 * np.exp(np.linspace(0, 5, 16_000 * 8))
    hiss = (np.random.default_rng(1).normal(0, 1, len(louder_and_louder)) * louder_and_louder).astype(np.int16)
    started = [event.at for event in hear(listener, quiet(1000), hiss) if isinstance(event, SpeechStarted)]
    assert started[1] - started[0] == 3000


def test_what_only_sounds_like_a_command_does_not_pause_the_coach(listener: Listener) -> None:
    so_far = set()
    for now, block in enumerate([*blocks(say("thank you coach")), *blocks(quiet(800))], 1):
        events = listener.hear(block, now * BLOCK_MS)
        so_far.add(listener.sentence)
    assert so_far == {""}
    assert not any(isinstance(event, Heard) for event in events)


def without_silence(sound: Samples) -> Samples:
    """Return a sound from where it begins to be heard to where it ends."""
    loud = np.flatnonzero(np.abs(sound) > 300)
    return sound[loud[0] : loud[-1]]


@pytest.mark.parametrize("beginning", ["i would", "he would", "you could"])
@pytest.mark.parametrize(("end", "intent"), [("go slower", "slower"), ("do it again", "repeat")])
def test_the_end_of_a_longer_sentence_is_no_command_where_others_talk(
    listener: Listener, beginning: str, end: str, intent: str
) -> None:
    sound = np.concatenate([without_silence(say(beginning))[-240 * 16 :], without_silence(say(end))])
    rejected = [event for event in hear(listener, quiet(1000), sound, quiet(1500)) if isinstance(event, Rejected)]
    assert [(event.reason, event.addressed) for event in rejected] == [("mid-sentence", False)]
    listener.restart()
    listener.listen("instructing")
    assert heard(hear(listener, quiet(1000), sound, quiet(1500))) == [intent]


@pytest.mark.parametrize(("cry", "intent"), [("stop", "stop"), ("that hurts", "pain")])
def test_a_cry_before_an_urgent_sentence_is_allowed(listener: Listener, cry: str, intent: str) -> None:
    sound = np.concatenate([without_silence(say("ah"))[-240 * 16 :], without_silence(say(cry))])
    assert heard(hear(listener, quiet(1000), sound, quiet(1500))) == [intent]


@pytest.mark.parametrize(
    ("block", "says"),
    [
        (np.zeros(320, np.float32), "array of float32; expected mono samples"),
        (np.zeros((320, 2), np.int16), r"array of shape \(320, 2\); expected mono samples"),
        (np.zeros(960, np.int16), "20 ms at 48000 Hz must be resampled"),
        (np.zeros(100, np.int16), "100 samples; expected a block of 320"),
        ([0] * 320, "a list; expected mono samples"),
    ],
    ids=["floats", "stereo", "another rate", "another size", "a list"],
)
def test_a_block_in_another_format_is_an_error_that_names_what_is_expected(
    listener: Listener, block: Samples, says: str
) -> None:
    """Floats in [-1, 1] would be silence to the detector of voices, and nothing would ever be heard."""
    with pytest.raises(AudioFormatError, match=says):
        listener.hear(block, 20)
