"""Sessions with the real listener and the real voice, from synthesised speech to events."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from skill.audio.blocks import SAMPLE_RATE, Block, Samples, blocks
from skill.composition.coach_settings import Settings
from skill.content.language import load_language
from skill.events import Heard, MicrophoneLost
from skill.hearing.listener import Listener
from skill.hearing.listener_thread import ListenerThread
from skill.memory import Memory
from skill.session import Session
from skill.simulation.replay import feed, feed_tail, pass_time
from skill.turn_taking.listener_protocol import ListenerProtocol
from skill.voice.silent_voice import SilentVoice
from skill.voice.static_prompts import impersonal_prompts
from skill.voice.system_voice import SystemVoice
from skill.voice.voice import Voice
from tests.dialogue.world import CONTENT
from tests.speech import coach_clips, model, quiet, say

KEYS = {
    "heard": ["t", "event", "text", "intent", "slots", "confidence"],
    "rejected": ["t", "event", "text", "reason"],
    "say": ["t", "event", "id", "text"],
    "said": ["t", "event", "id", "interrupted"],
    "state": ["t", "event", "state", "stretch", "side", "remaining"],
    "end": ["t", "event", "reason"],
    "sound": ["t", "event", "name"],
}

STATES = {"idle", "asking", "introducing", "instructing", "getting_ready", "holding", "paused"}


@pytest.fixture(scope="module")
def listener() -> Listener:
    return Listener(model(), load_language(), Settings().listening)


@pytest.fixture(scope="module")
def voice() -> Iterator[Voice]:
    with closing(SystemVoice(Settings().voice, coach_clips(), impersonal=impersonal_prompts(CONTENT))) as voice:
        yield voice


@dataclass
class Log:
    events: list[dict] = field(default_factory=list)
    played: list[Samples] = field(default_factory=list)

    def of(self, kind: str) -> list[dict]:
        return [event for event in self.events if event["event"] == kind]

    def after(self, t: float, kind: str) -> list[dict]:
        return [event for event in self.of(kind) if event["t"] > t]

    def heard(self, intent: str) -> dict:
        """Return the only event of an intent."""
        (event,) = [event for event in self.of("heard") if event["intent"] == intent]
        return event

    def text(self, speech: int) -> str:
        return next(event["text"] for event in self.of("say") if event["id"] == speech)


def timeline(seconds: float, *said: tuple[float, str]) -> Samples:
    """Return a microphone's sound: at each time (s) the user begins to say something."""
    near = quiet(round(1000 * seconds))
    for start, text in said:
        speech = say(text, "en-us+f3", 145)[8000:]
        begin = round(start * SAMPLE_RATE)
        near[begin : begin + len(speech)] += speech
    return near


def replay(near: Samples, listener: ListenerProtocol, voice: Voice, tail: float = 0, safety_told: bool = True) -> Log:
    log, memory = Log(), Memory()
    if safety_told:
        memory.remember_safety_told()
        memory.keep_conditions([])
    if isinstance(listener, Listener):
        listener.restart()
    session = Session(CONTENT, listener, voice, memory, log.events.append, wait_for_voice=True)
    session.start()
    feed(session, blocks(near), log.played.append)
    feed_tail(session, tail, log.played.append)
    session.close("input ended")
    return log


STORY = ((7.5, "start back stretches"), (20.0, "pause"), (24.0, "resume"), (32.4, "how do i do child's pose"))


@pytest.fixture(scope="module")
def story(listener: Listener, voice: Voice) -> Log:
    return replay(timeline(60, *STORY), listener, voice)


def test_every_command_is_heard_soon_after_it_was_said(story: Log) -> None:
    heard = story.of("heard")
    assert [event["intent"] for event in heard] == ["start_routine", "pause", "resume", "how_to"]
    assert heard[3]["slots"] == {"stretch": "childs_pose"}
    for event, (start, text) in zip(heard, STORY, strict=True):
        spoken = len(say(text, "en-us+f3", 145)) / SAMPLE_RATE - 0.5
        assert start < event["t"] < start + spoken + 1.2
        assert 0.5 < event["confidence"] <= 1


def test_a_listener_in_a_thread_that_is_waited_for_changes_nothing(
    listener: Listener, voice: Voice, story: Log
) -> None:
    listener.restart()
    with closing(ListenerThread(lambda: listener, wait_s=60)) as thread:
        assert replay(timeline(60, *STORY), thread, voice).events == story.events


def test_a_decision_that_comes_late_counts_from_when_it_comes(caplog: pytest.LogCaptureFixture) -> None:
    class Late:
        sentence = ""

        def listen(self, context: str | None) -> None:
            pass

        def hear(self, block: Block, now: int, near_end_active: bool | None = None) -> list[Heard]:
            return [Heard(now - 60, "help", "help")] if now == 200 else []

        def finish(self, now: int) -> list[Heard]:
            return []

    session = Session(CONTENT, Late(), SilentVoice(), Memory(), Log().events.append, wait_for_voice=True)
    session.start()
    with caplog.at_level("INFO", logger="skill.session"):
        pass_time(session, 0.4)
    assert [record.getMessage() for record in caplog.records] == ["200 ms: 'help' is help, confidence 1.000"]


def test_pause_is_silence_and_resume_says_the_interrupted_sentence_again(story: Log) -> None:
    pause, resume = story.heard("pause")["t"], story.heard("resume")["t"]
    assert [e["state"] for e in story.of("state") if pause <= e["t"] < resume] == ["paused"]
    assert not [e for e in story.of("say") if pause <= e["t"] < resume]
    played = np.concatenate(story.played)
    silent = played[round((pause + 1.0) * SAMPLE_RATE) : round(resume * SAMPLE_RATE)]
    assert len(silent) > SAMPLE_RATE
    assert not silent.any()
    (cut,) = [e["id"] for e in story.of("said") if e["interrupted"] and pause <= e["t"] < resume]
    assert next(e["text"] for e in story.of("say") if e["t"] >= resume) == story.text(cut)


def test_how_to_explains_and_returns_to_the_same_place(story: Log) -> None:
    asked = story.heard("how_to")["t"]
    before = [e for e in story.of("state") if e["t"] < asked][-1]
    at = next(e for e in story.of("state") if e["t"] >= asked)
    place = ("state", "stretch", "side")
    assert [at[key] for key in place] == [before[key] for key in place]
    stretches = CONTENT.default.stretches
    how_to = next(s.how_to for s in stretches if s.id == "childs_pose")
    said = [e["text"] for e in story.of("say") if e["t"] >= asked]
    assert tuple(said[: len(how_to)]) == tuple(how_to)
    (cut,) = [e["id"] for e in story.of("said") if e["interrupted"] and asked <= e["t"] <= asked + 0.1]
    assert said[len(how_to)] == story.text(cut)


def test_events_have_the_keys_of_the_contract(story: Log) -> None:
    assert {event["event"] for event in story.events} >= {"heard", "say", "said", "state", "end"}
    for event in story.events:
        assert list(event) == KEYS[event["event"]], event
    for event in story.of("state"):
        assert event["state"] in STATES
        assert event["remaining"] is None or 0 <= event["remaining"] <= 60
    assert story.events[-1] == {"t": 60.0, "event": "end", "reason": "input ended"}


def test_time_is_counted_in_blocks(story: Log) -> None:
    times = [event["t"] for event in story.events]
    assert times == sorted(times)
    assert all(abs(t * 50 - round(t * 50)) < 1e-6 for t in times)
    assert len(story.played) == 60 * 50


def test_every_line_ends_once(story: Log) -> None:
    begun = [event["id"] for event in story.of("say")]
    over = [event["id"] for event in story.of("said")]
    assert len(set(begun)) == len(begun)
    assert len(set(over)) == len(over)
    assert set(begun) - set(over) <= {begun[-1]}  # the input may end in the middle of the last one


def test_what_is_said_is_what_is_played(story: Log, voice: Voice) -> None:
    played = np.concatenate(story.played)
    say_event = story.of("say")[0]
    clip = voice.wait(say_event["text"])
    begin = round(say_event["t"] * SAMPLE_RATE)
    np.testing.assert_array_equal(played[begin : begin + len(clip)], clip)
    said = story.of("said")[0]
    assert said["t"] == pytest.approx(say_event["t"] + len(clip) / SAMPLE_RATE, abs=0.05)


READY = tuple((t, "ready") for t in range(60, 900, 45))
"""Said so often that it comes in time for some of the states `getting_ready`."""


@pytest.fixture(scope="module")
def whole_routine(listener: Listener, voice: Voice) -> Log:
    return replay(timeline(900, STORY[0], *READY), listener, voice, tail=600, safety_told=False)


def test_the_whole_routine(whole_routine: Log) -> None:
    done = [event["stretch"] for event in whole_routine.of("state") if event["state"] == "holding"]
    assert list(dict.fromkeys(done)) == [s.id for s in CONTENT.default.stretches]
    assert whole_routine.of("state")[-1]["state"] == "idle"
    assert not whole_routine.of("problem")
    assert any(event["intent"] == "ready" for event in whole_routine.of("heard"))


def test_the_same_sound_gives_the_same_log(story: Log, listener: Listener, voice: Voice) -> None:
    again = replay(timeline(60, *STORY), listener, voice)
    assert again.events == story.events
    np.testing.assert_array_equal(np.concatenate(again.played), np.concatenate(story.played))


@pytest.mark.long
def test_the_same_sound_gives_the_same_log_over_the_whole_routine(
    whole_routine: Log, listener: Listener, voice: Voice
) -> None:
    near = timeline(900, STORY[0], *READY)
    again = replay(near, listener, voice, tail=600, safety_told=False)
    assert again.events == whole_routine.events
    np.testing.assert_array_equal(np.concatenate(again.played), np.concatenate(whole_routine.played))


@pytest.mark.parametrize("tail", [0, 2])
def test_the_tail_is_bounded(listener: Listener, voice: Voice, tail: int) -> None:
    log = replay(timeline(10, STORY[0]), listener, voice, tail)
    assert log.events[-1] == {"t": 10.0 + tail, "event": "end", "reason": "input ended"}


def test_the_tail_ends_when_nothing_is_to_come(listener: Listener, voice: Voice) -> None:
    log = replay(timeline(10, STORY[0]), listener, voice, tail=1800)
    assert log.events[-1]["event"] == "end"
    assert log.of("state")[-1]["state"] in ("asking", "paused", "idle")
    assert 60 < log.events[-1]["t"] < 10 + 1800


def test_an_utterance_at_the_very_end_of_the_input_counts(listener: Listener, voice: Voice) -> None:
    near = timeline(12, STORY[0])
    spoken = round(7.5 * SAMPLE_RATE) + len(say("start back stretches", "en-us+f3", 145)) - 8000
    log = replay(near[: spoken - 800], listener, voice)
    assert [event["intent"] for event in log.of("heard")] == ["start_routine"]


@pytest.mark.parametrize("lost", [False, True])
def test_an_utterance_that_is_undecided_when_the_microphone_is_lost_does_not_count(
    listener: Listener, lost: bool
) -> None:
    events: list[dict] = []
    listener.restart()
    session = Session(CONTENT, listener, SilentVoice(), Memory(), events.append, wait_for_voice=True)
    session.start()
    pass_time(session, 7.5)
    feed(session, blocks(timeline(2.0, (0.0, "start back stretches"))[: round(1.5 * SAMPLE_RATE)]))
    assert not any(event["event"] == "heard" for event in events)
    if lost:
        session.handle(MicrophoneLost(session.now))
    pass_time(session, 5)
    assert any(event["event"] == "heard" for event in events) is not lost


class LateVoice(SilentVoice):
    """A voice whose lines take their time."""

    there = False

    def get(self, line: str) -> Samples | None:
        return super().get(line) if self.there else None


def test_a_line_that_is_not_rendered_yet_follows_when_it_is_there() -> None:
    late = LateVoice()
    events: list[dict] = []
    session = Session(CONTENT, None, late, Memory(), events.append)
    session.start()
    pass_time(session, 2.0)
    assert [event["event"] for event in events] == ["say", "state"]
    late.there = True
    pass_time(session, 1.0)
    assert [event["event"] for event in events][2] == "said"
    assert events[2]["t"] > 2.0


def test_a_line_that_is_not_rendered_yet_can_be_interrupted() -> None:
    events: list[dict] = []
    session = Session(CONTENT, None, LateVoice(), Memory(), events.append)
    session.start()
    pass_time(session, 1.0)
    session.handle(Heard(session.now, "goodbye", "goodbye"))
    assert [(e["id"], e["interrupted"]) for e in events if e["event"] == "said"] == [(1, True)]


def test_nothing_happens_after_the_end() -> None:
    events: list[dict] = []
    session = Session(CONTENT, None, SilentVoice(), Memory(), events.append)
    session.start()
    session.handle(Heard(0, "goodbye", "goodbye"))
    pass_time(session, 10)
    assert session.ended
    assert [event["reason"] for event in events if event["event"] == "end"] == ["goodbye"]
    assert events[-1]["event"] == "end"
    ended = len(events)
    session.close("closed")
    session.handle(Heard(session.now, "next", "next"))
    pass_time(session, 5)
    assert len(events) == ended


def test_closing_keeps_the_place(tmp_path: Path) -> None:
    file = tmp_path / "memory.sqlite"
    session = Session(CONTENT, None, SilentVoice(), Memory(file), lambda event: None)
    session.start()
    session.handle(Heard(0, "start", "start_routine"))
    session.handle(Heard(0, "bridge", "go_to", (("stretch", "bridge"),)))
    session.close("closed")
    saved = Memory(file).saved()
    assert saved is not None
    assert (saved.routine, saved.stretch) == (CONTENT.default.id, "bridge")
