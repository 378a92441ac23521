"""The natural voice, with the real engine: it speaks, is understood, and comes in pieces where time is short."""

import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
import soundfile

from skill.audio.blocks import BLOCK_MS, SAMPLE_RATE, Samples, blocks, silence
from skill.audio.sounds import sound as chime
from skill.composition.coach_settings import Settings
from skill.composition.parts import Parts
from skill.events import Heard
from skill.memory import Memory
from skill.session import Session
from skill.settings import VoiceSettings
from skill.simulation.replay import pass_time
from skill.system import module_command
from skill.voice.natural_voice import NOT_INSTALLED, NaturalVoice, clauses
from skill.voice.silent_voice import SilentVoice
from skill.voice.system_voice import SystemVoice
from skill.voice.worker_process import WorkerProcess
from tests.dialogue.world import CONTENT
from tests.speech import model

parts = Parts(Settings(voice=VoiceSettings(voice="natural")), model().folder)


@pytest.fixture
def voice(tmp_path: Path) -> Iterator[NaturalVoice]:
    speaker = NaturalVoice(VoiceSettings(), tmp_path)
    yield speaker
    speaker.close()


def heard(sound: Samples) -> list[str]:
    listener = parts.listener()
    listener.listen("idle")
    padded = np.concatenate([silence(SAMPLE_RATE // 2), sound, silence(2 * SAMPLE_RATE)])
    events = [e for n, block in enumerate(blocks(padded), 1) for e in listener.hear(block, n * BLOCK_MS)]
    return [event.intent for event in events if isinstance(event, Heard)]


def test_what_it_says_is_understood(voice: NaturalVoice) -> None:
    assert heard(voice.wait("Start back stretches.")) == ["start_routine"]


def test_pace(voice: NaturalVoice) -> None:
    line = "Breathe in, and breathe out, slowly."
    usual = voice.wait(line)
    voice.set_speed(0.7)
    assert 1.2 < len(voice.wait(line)) / len(usual) < 1.7


def test_piper_gives_a_line_the_same_length_every_time(tmp_path: Path) -> None:
    """Before trimming: the samples differ each time, so that the loud part begins and ends a little elsewhere."""
    worker = WorkerProcess(module_command("skill.voice.piper_worker"))
    lengths = set()
    try:
        for number in range(6):
            path = tmp_path / f"{number}.wav"
            worker.ask({"text": "Breathe in, and breathe out, slowly.", "voice": "", "rate": 150, "path": str(path)})
            lengths.add(soundfile.info(path).frames)
    finally:
        worker.stop()
        worker.kill()
    assert len(lengths) == 1


def test_clips_are_not_those_of_the_system_voice(voice: NaturalVoice, tmp_path: Path) -> None:
    system = SystemVoice(VoiceSettings(), tmp_path)
    try:
        assert not np.array_equal(voice.wait("Well done."), system.wait("Well done."))
    finally:
        system.close()


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        ("Hold.", ("Hold.",)),
        ("Number three of seven, cow pose.", ("Number three of seven,", "cow pose.")),
        ("…, rest.", ("…, rest.",)),
        ("Sure: rest, then go on.", ("Sure:", "rest, then go on.")),
        ("Draw your right knee gently to your chest, slowly.", ("Draw your right knee gently to your chest, slowly.",)),
    ],
)
def test_a_line_begins_with_its_first_clause_if_that_is_short(line: str, pieces: tuple[str, ...]) -> None:
    assert clauses(line) == pieces


def test_a_line_that_is_there_stays_whole(voice: NaturalVoice) -> None:
    line = "Sure, one more time."
    assert voice.pieces(line) == ("Sure,", "one more time.")
    voice.wait(line)
    assert voice.pieces(line) == (line,)


def test_a_clause_is_followed_by_a_short_pause(voice: NaturalVoice) -> None:
    clip = voice.wait("Sure,")
    assert not clip[-SAMPLE_RATE // 10 :].any()
    assert clip[: SAMPLE_RATE // 5].any()


def test_lines_for_later_come_after_all_others(voice: NaturalVoice, tmp_path: Path) -> None:
    voice.prepare_for_later(f"Sentence {number}." for number in range(40))
    voice.wait("This is urgent.")
    kept = len(list(tmp_path.glob("*.flac")))
    assert kept <= 3  # at most what was begun before it came


def test_without_the_extra_the_system_speaks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "piper", None)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    speaker = parts.voice()
    try:
        assert capsys.readouterr().err == NOT_INSTALLED + "\n"
        assert not isinstance(speaker, NaturalVoice)
        assert speaker.settings.voice == VoiceSettings.voice
    finally:
        speaker.close()


# A session with a voice that comes in pieces


class PieceByPiece(SilentVoice):
    """Gives the first word of a line and the rest of it, each when the test says that it is there."""

    def __init__(self) -> None:
        super().__init__()
        self.ready = 0

    def pieces(self, line: str) -> tuple[str, ...]:
        first, _, rest = line.partition(" ")
        return (first, rest) if rest else (first,)

    def get(self, line: str) -> Samples | None:
        return self.wait(line) if self.ready > (line[0].islower()) else None


class Talk:
    """A session that has just begun to say its second line, of more than one word."""

    def __init__(self) -> None:
        self.events: list[dict] = []
        self.voice = PieceByPiece()
        self.session = Session(CONTENT, None, self.voice, Memory(), self.events.append)
        self.voice.ready = 2
        self.session.start()
        pass_time(self.session, 5)
        self.voice.ready = 0
        self.session.handle(Heard(self.session.now, "", "start_routine"))
        self.line = self.of("say")[-1]
        assert len(self.line["text"].split()) > 1

    def of(self, kind: str) -> list[dict]:
        return [event for event in self.events if event["event"] == kind]

    @property
    def said(self) -> list[bool]:
        """Whether it was interrupted, for each time that the end of the line was told."""
        return [event["interrupted"] for event in self.of("said") if event["id"] == self.line["id"]]


def test_pieces_are_one_line() -> None:
    talk = Talk()
    pass_time(talk.session, 1)
    talk.voice.ready = 1
    pass_time(talk.session, 2)
    assert talk.said == []  # the rest is still to come
    talk.voice.ready = 2
    pass_time(talk.session, 0.4 * len(talk.line["text"].split()))
    assert talk.said == [False]


@pytest.mark.parametrize("ready", [0, 1, 2])
def test_an_interrupted_line_is_reported_once(ready: int) -> None:
    talk = Talk()
    talk.voice.ready = ready
    pass_time(talk.session, 0.1)
    talk.session.handle(Heard(talk.session.now, "", "pause"))
    talk.voice.ready = 2
    pass_time(talk.session, 5)
    assert talk.said == [True]
    assert talk.session.view.state == "paused"


def test_each_piece_is_noted_for_the_time_at_which_it_is_heard() -> None:
    talk, noted = Talk(), []
    controller = Mock(**{"hear.return_value": [], "resume_playback.return_value": 0})
    controller.said = lambda text, began, ended: noted.append((text, began, ended))
    talk.session._interruption = controller
    talk.voice.ready = 2
    pass_time(talk.session, 1)
    (first, second), now = noted[:2], talk.session.now
    assert first[1] < now - 900
    assert second[1] == first[2] > first[1]
    talk.session.handle(Heard(now, "", "pause"))
    talk.session.handle(Heard(now, "", "how_to", (("stretch", "bridge"),)))
    pass_time(talk.session, 0.1)
    assert now <= noted[-1][1] <= noted[-1][2]
    chime_ms = 1000 * len(chime("pause")) // SAMPLE_RATE
    assert 0 <= noted[2][1] - (now + chime_ms) < 100  # after the sound of the pause, and not after what was cut off
    assert second[2] > now + chime_ms + 100
