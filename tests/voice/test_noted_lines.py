"""The noted times of the coach's lines are those at which they are heard; echo rejection depends on them."""

from dataclasses import dataclass, field

import numpy as np

from skill.audio.blocks import SAMPLE_RATE, Samples, blocks
from skill.events import Heard
from skill.memory import Memory
from skill.session import Session
from skill.simulation.replay import feed
from skill.voice.silent_voice import SilentVoice
from tests.dialogue.world import CONTENT

HUM = 9
TEN_MS = SAMPLE_RATE // 100


class HummingVoice(SilentVoice):
    """A voice that differs from every sound."""

    def wait(self, line: str) -> Samples:
        return np.full_like(super().wait(line), HUM)


@dataclass
class Notes:
    """An interruption controller that hears nothing, and notes the lines of the coach with their times (ms)."""

    lines: list[tuple[str, int, int]] = field(default_factory=list)
    ducked: bool = False

    def said(self, text: str, began: int, ended: int) -> None:
        self.lines.append((text, began, ended))

    def hear(self, near: Samples, far: Samples, now: int) -> list:
        return []

    def resume_playback(self, now: int) -> int:
        return 0

    def stopped(self, now: int) -> None:
        """Lines that are cut off are not looked at."""

    def set_volume(self, db: float) -> None:
        """The volume stays."""


class Talk:
    """A session of a user who has told before that there is nothing to know."""

    def __init__(self) -> None:
        self.notes, self.events, self.played = Notes(), [], []
        memory = Memory()
        memory.remember_safety_told()
        memory.keep_conditions(())
        self.session = Session(CONTENT, None, HummingVoice(), memory, self.events.append)
        self.session._interruption = self.notes  # type: ignore[assignment]
        self.session.start()
        self.pass_time(20)

    def pass_time(self, seconds: float) -> None:
        feed(self.session, blocks(np.zeros(round(seconds * SAMPLE_RATE), dtype=np.int16)), self.played.append)

    def say(self, intent: str, then_s: float) -> None:
        self.session.handle(Heard(self.session.now, intent, intent))
        self.pass_time(then_s)

    def times(self, kind: str) -> set[float]:
        return {event["t"] for event in self.events if event["event"] == kind}


def test_a_line_is_noted_for_when_it_is_heard_also_where_it_waits_for_a_sound() -> None:
    talk = Talk()
    talk.say("start_routine", 60)
    while talk.session.view.state != "holding" or talk.session.speaking:
        talk.pass_time(0.1)
    talk.say("time_left", 5)
    talk.say("pause", 5)
    talk.say("resume", 40)
    assert len(talk.times("say") & talk.times("sound")) >= 2  # else nothing has waited
    played = np.concatenate(talk.played)
    for text, began, ended in talk.notes.lines[:-1]:
        first, last = began * SAMPLE_RATE // 1000, ended * SAMPLE_RATE // 1000
        assert (played[first : first + TEN_MS] == HUM).all(), text
        assert (played[last - TEN_MS : last] == HUM).all(), text
        assert last == len(played) or played[last] != HUM or any(other[1] == ended for other in talk.notes.lines), text
