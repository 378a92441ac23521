"""What the benchmark lets synthetic voices say: the same each time, and each half its own."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from benchmarks import commands_over_coach as echo
from benchmarks import echo_cost, mixing
from benchmarks import false_alarms as talk_measure
from benchmarks import session_measures as talking_measures
from benchmarks.background_talk import Part, Transition, everyday, talk
from benchmarks.endpointing_delay import parts_of
from benchmarks.false_alarms import long_talk, said_word_for_word
from benchmarks.material import Bench
from benchmarks.session_measures import hears_itself
from benchmarks.spoken_commands import commands
from benchmarks.synthetic_speakers import Speaker, render, speakers
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


class EarsThatHearTheCoach:
    """They take it for a command every second, and note whether any sound is left for them."""

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
    ears, room = EarsThatHearTheCoach(), Room(generated(BOXES["small"]), echo.DEVICES[0])
    coach = np.random.default_rng(0).normal(0, 3000, 6 * 16_000).astype(np.int16)
    user = np.random.default_rng(1).normal(0, 6, len(coach)).astype(np.int16)
    heard, _ = echo.Loop(ears, echo._through(room)).run(coach, user)  # type: ignore[arg-type]
    assert heard == []
    assert all(ears.sound[-50:])


def test_everyday_talk_holds_no_command_as_a_whole_turn() -> None:
    graph = compile_grammar(load_language().intents)
    assert len(everyday()) > 100
    assert [transition for transition in everyday() if graph.meaning(tokens(transition))] == []


def test_talk_is_the_same_each_time_and_each_half_has_its_own(tmp_path: Path) -> None:
    room = np.zeros(1600, np.int16)
    room[0] = 32767
    first, second_pass, other = (
        list(itertools.islice(talk(tmp_path, half, room), 2)) for half in ("tune", "tune", "judge")
    )
    assert [part.turns for part in first] == [part.turns for part in second_pass]
    assert all(np.array_equal(a.samples, b.samples) for a, b in zip(first, second_pass, strict=True))
    assert not {transition.text for part in first for transition in part.turns} & {
        transition.text for part in other for transition in part.turns
    }
    part = first[0]
    assert 60 <= len(part.samples) / 16000 < 120
    assert len({transition.speaker for transition in part.turns}) == 2
    last = part.turns[-1]
    assert part.turn_at(last.start + 0.1) == last
    assert np.abs(part.samples[round(-0.2 * 16000) :]).max() < 40  # a pause follows each turn


def test_what_was_said_word_for_word() -> None:
    transition = Transition("Hang on, let me get a pen.", "somebody", 0)
    assert said_word_for_word(transition, "hang on")
    assert not said_word_for_word(transition, "get a pen")


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings of people are not beside this checkout")
def test_talk_that_is_broken_off_is_still_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken_off(*_: object):
        said = mixing.between_silence(ESPEAK.say("go to child's pose", 1.0, tmp_path), 1000, 1000)
        yield Part("a part", said, (Transition("go to child's pose", "espeak", 1.0),))
        raise KeyboardInterrupt

    monkeypatch.setattr(talk_measure, "talk", broken_off)
    figures = long_talk(Bench(model(), RECORDINGS, tmp_path))
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

    def broken_off(bench: Bench):
        parts = alone(bench)
        yield next(parts)
        yield next(parts)
        raise KeyboardInterrupt

    monkeypatch.setattr(talking_measures, "_alone", broken_off)
    figures = hears_itself(Bench(model(), RECORDINGS, tmp_path, hours=0.04))
    assert [(figure.what, figure.counted) for figure in itertools.islice(figures, 3)] == [
        ("the coach hears itself: commands accepted, loudest", "0 in 0.01 h"),
        ("lowered while nobody speaks, loudest, quiet rooms", "0 in 0.00 h"),
        ("lowered while nobody speaks, loudest, household noise", "0 in 0.00 h"),
    ]
    with pytest.raises(KeyboardInterrupt):
        next(figures)
    assert capsys.readouterr().err == "the coach alone: 0 of 2 min, 0 accepted, 0 times lowered\n"


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings of people are not beside this checkout")
def test_what_echo_control_costs_is_told_beside_the_canceller_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(echo_cost, "SECONDS", 3)
    figures = list(echo_cost.echo_cost(Bench(model(), RECORDINGS, tmp_path)))
    assert [(figure.what, figure.target) for figure in figures] == [
        ("echo control, the coach speaks", "0.04"),
        ("– AEC3 alone, the coach speaks", ""),
        ("echo control, the coach is silent", ""),
        ("– AEC3 alone, the coach is silent", ""),
    ]
    speaks, alone, _, _ = figures
    assert 0 < alone.value < speaks.value  # AEC3 is a part of it
