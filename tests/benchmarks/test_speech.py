"""Test material of the benchmarks: reproducible, and with no sentence in both splits."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from benchmarks.barge_in import closed_loop as echo
from benchmarks.barge_in import whole_sessions as talking_measures
from benchmarks.barge_in.whole_sessions import false_interruptions
from benchmarks.compute import echo_cost
from benchmarks.data import mixing
from benchmarks.data.background_talk import Part, Turn, everyday, talk
from benchmarks.data.spoken_commands import commands
from benchmarks.data.synthetic_speakers import Speaker, render, speakers
from benchmarks.evaluation import Evaluation
from benchmarks.recognition import false_alarms as talk_measure
from benchmarks.recognition.endpointing_delay import parts_of
from benchmarks.recognition.false_alarms import background_talk_alarms, said_word_for_word
from skill.audio.blocks import Block
from skill.content.language import load_language
from skill.content.tokenizer import tokens
from skill.events import Heard, SpeechStarted
from skill.simulation.impulse_response import BOXES, generated
from skill.simulation.room import Room
from skill.understanding.grammar import compile_grammar
from skill.understanding.word_graph import OUT_OF_SCOPE
from tests.speech import RECORDINGS, model

ESPEAK = Speaker("espeak-ng", "en-us")
SCOT = Speaker("espeak-ng", "en-gb-scotland")


def test_speech_is_kept_and_begins_and_ends_with_sound(tmp_path: Path) -> None:
    render([(ESPEAK, "pause", 1.0), (SCOT, "pause", 1.0), (ESPEAK, "next one", 1.0)], tmp_path)
    assert len(list(tmp_path.rglob("*.wav"))) == 3
    said = ESPEAK.say("pause", 1.0, tmp_path)
    assert len(list(tmp_path.rglob("*.wav"))) == 3
    assert min(abs(int(said[0])), abs(int(said[-1]))) > 40
    assert not np.array_equal(said, SCOT.say("pause", 1.0, tmp_path))


def test_speed_shortens(tmp_path: Path) -> None:
    slow, fast = (len(ESPEAK.say("how do i do this", speed, tmp_path)) for speed in (0.85, 1.2))
    assert 1.2 < slow / fast < 1.6


@pytest.mark.parametrize("engine", sorted({speaker.engine for speaker in speakers()}))
def test_every_engine_that_is_installed_speaks(engine: str, tmp_path: Path) -> None:
    speaker = next(each for each in speakers() if each.engine == engine)
    slow, fast = (len(speaker.say("make it easier please", speed, tmp_path)) / 16000 for speed in (0.85, 1.2))
    assert 0.5 < fast <= slow < 4  # the HMM voice of festival knows one speed


def test_what_a_speaker_says_does_not_depend_on_the_others() -> None:
    language = load_language()
    alone = list(commands(language, [ESPEAK]))
    together = [each for each in commands(language, [SCOT, ESPEAK]) if each.speaker == ESPEAK]
    assert alone == together
    assert {each.meaning.intent for each in alone} == set(language.intents.intents) - {OUT_OF_SCOPE}
    assert {each.meaning.intent for each in commands(language, [ESPEAK], in_scope=False)} == {OUT_OF_SCOPE}


def test_a_command_has_two_parts() -> None:
    said = [each for each in commands(load_language(), [ESPEAK, SCOT]) if " " in each.text]
    for each in said:
        assert " ".join(parts_of(each.text) or ()) == each.text
    assert parts_of("repeat cow pose") == ("repeat", "cow pose")
    assert parts_of("stop") is None


class ListenerThatHearsTheCoach:
    """It hears a command every second, and records whether it was given any sound."""

    sentence = ""

    def __init__(self) -> None:
        self.sound: list[bool] = []

    def restart(self) -> None:
        """Nothing is kept."""

    def listen(self, context: str | None) -> None:
        """Any context will do."""

    def hear(self, block: Block, now: int, near_end_active: bool | None = None) -> list[SpeechStarted | Heard]:
        self.sound.append(bool(block.any()))
        return [] if now % 1000 else [SpeechStarted(now - 500), Heard(now, "stop", "stop")]


def test_over_the_coach_each_command_is_a_trial_by_itself() -> None:
    """However often the coach has heard itself, the next command is heard."""
    listener, room = ListenerThatHearsTheCoach(), Room(generated(BOXES["small"]), echo.DEVICES[0])
    coach = np.random.default_rng(0).normal(0, 3000, 6 * 16_000).astype(np.int16)
    user = np.random.default_rng(1).normal(0, 6, len(coach)).astype(np.int16)
    heard, _ = echo.Loop(listener, echo.through(room)).run(coach, user)  # type: ignore[arg-type]
    assert heard == []
    assert all(listener.sound[-50:])


def test_everyday_talk_holds_no_command_as_a_whole_turn() -> None:
    graph = compile_grammar(load_language().intents)
    assert len(everyday()) > 100
    assert [turn for turn in everyday() if graph.meaning(tokens(turn))] == []


def test_talk_is_the_same_each_time_and_each_split_has_its_own(tmp_path: Path) -> None:
    room = np.zeros(1600, np.int16)
    room[0] = 32767
    first, again, other = (list(itertools.islice(talk(tmp_path, split, room), 2)) for split in ("dev", "dev", "test"))
    assert [part.turns for part in first] == [part.turns for part in again]
    assert all(np.array_equal(a.samples, b.samples) for a, b in zip(first, again, strict=True))
    assert not {turn.text for part in first for turn in part.turns} & {
        turn.text for part in other for turn in part.turns
    }
    part = first[0]
    assert 60 <= len(part.samples) / 16000 < 120
    assert len({turn.speaker for turn in part.turns}) == 2
    last = part.turns[-1]
    assert part.turn_at(last.start + 0.1) == last
    assert np.abs(part.samples[round(-0.2 * 16000) :]).max() < 40  # a pause follows each turn


def test_what_was_said_word_for_word() -> None:
    turn = Turn("Hang on, let me get a pen.", "somebody", 0)
    assert said_word_for_word(turn, "hang on")
    assert not said_word_for_word(turn, "get a pen")


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings of people are not beside this checkout")
def test_talk_that_is_broken_off_is_still_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken_off(*_: object):
        said = mixing.between_silence(ESPEAK.say("go to child's pose", 1.0, tmp_path), 1000, 1000)
        yield Part("a part", said, (Turn("go to child's pose", "espeak", 1.0),))
        raise KeyboardInterrupt

    monkeypatch.setattr(talk_measure, "talk", broken_off)
    figures = background_talk_alarms(Evaluation(model(), RECORDINGS, tmp_path))
    counted = next(figures)
    assert counted.counted.startswith("1 in 0.00 h")
    assert next(figures).counted.startswith("0 in 0.00 h")
    with pytest.raises(KeyboardInterrupt):
        next(figures)


def test_a_recording_that_is_loud_before_its_word_does_not_tell_when_that_begins() -> None:
    silence, word = np.zeros(1600, np.int16), np.full(1600, 5000, np.int16)
    assert echo.Command(np.concatenate([silence, word]), "stop", "quiet", recorded=True).begins == 1600
    assert echo.Command(np.concatenate([silence + 900, word]), "stop", "noisy", recorded=True).begins is None
    assert echo.Command(word, "stop", "synthetic, its silence cut off").begins == 0


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings of people are not beside this checkout")
def test_a_coach_alone_that_is_broken_off_is_still_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    alone = talking_measures._alone

    def broken_off(evaluation: Evaluation):
        parts = alone(evaluation)
        yield next(parts)
        yield next(parts)
        raise KeyboardInterrupt

    monkeypatch.setattr(talking_measures, "_alone", broken_off)
    figures = false_interruptions(Evaluation(model(), RECORDINGS, tmp_path, hours=0.04))
    assert [(figure.what, figure.counted) for figure in itertools.islice(figures, 3)] == [
        ("the coach alone, loudest: commands accepted", "0 in 0.01 h"),
        ("the coach alone, loudest: false interruptions, quiet rooms", "0 in 0.00 h"),
        ("the coach alone, loudest: false interruptions, household noise", "0 in 0.00 h"),
    ]
    with pytest.raises(KeyboardInterrupt):
        next(figures)
    assert capsys.readouterr().err == "the coach alone: 0 of 2 min, 0 accepted, 0 times ducked\n"


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings of people are not beside this checkout")
def test_the_cost_of_echo_control_is_compared_with_the_canceller_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(echo_cost, "SECONDS", 3)
    figures = list(echo_cost.echo_cost(Evaluation(model(), RECORDINGS, tmp_path)))
    assert [(figure.what, figure.target) for figure in figures] == [
        ("echo control, the coach speaks", "0.04"),
        ("– AEC3 alone, the coach speaks", ""),
        ("echo control, the coach is silent", ""),
        ("– AEC3 alone, the coach is silent", ""),
    ]
    speaks, alone, _, _ = figures
    assert 0 < alone.value < speaks.value  # AEC3 is a part of it
