"""The audio supervisor: reports, and what the session hears, while devices go away, change and come back."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import numpy as np
import pytest

from skill.audio.blocks import BLOCK_MS, BLOCK_SIZE, Block, silence
from skill.audio.source_watch import Source
from skill.errors import AudioError
from skill.events import Event, MicrophoneBack, MicrophoneLost
from skill.live import audio_supervisor as supervisor
from skill.live.audio_supervisor import AudioSupervisor

HEADSET = Source("headset", "Headset", monitor=False)
MONITOR = Source("speaker.monitor", "Monitor of Speaker", monitor=True)
WEBCAM = Source("webcam", "Webcam", monitor=False)
ROOM = np.ones(BLOCK_SIZE, dtype=np.int16)
ENDS = AudioError("The stream has ended.")


@dataclass
class Watch:
    """What a watch knows of the source."""

    source: Source | None = None
    certain: bool = True
    expected: bool = False

    def reopened(self) -> None:
        self.source = None


@dataclass
class Stream:
    """A device that gives a block from each of these sources, and fails for None."""

    sources: list[Source | None]
    watch: Watch
    played: Block
    reopened: int = 0
    gone: bool = False
    expected: bool = False
    waiting_ms: int = 0

    def pairs(self) -> Iterator[tuple[Block, Block] | None]:
        while self.sources:
            self.watch.source = self.sources.pop(0)
            if self.watch.source is None:
                raise ENDS
            yield ROOM, self.played
            yield None  # a moment without sound

    def reopen(self) -> None:
        if self.gone:
            raise AudioError("It is not there.")
        self.reopened += 1
        self.watch.expected = self.expected


@dataclass
class Room:
    """What a supervisor of these sources has reported, sent to the session, and let it hear."""

    sources: list[Source | None]
    gone: bool = False
    played: Block = field(default_factory=silence)
    certain: bool = True
    expected: bool = False
    waiting_ms: int = 0
    told: list[str] = field(default_factory=list)
    handled: list[Event] = field(default_factory=list)
    heard: list[bool] = field(default_factory=list)

    def run(self, patience_s: float = 5.0) -> Stream:
        watch = Watch()
        watch.certain = self.certain
        stream = Stream(list(self.sources), watch, self.played, gone=self.gone, expected=self.expected)
        stream.waiting_ms = self.waiting_ms
        session = SimpleNamespace(now=1000, handle=self.handled.append)
        log = lambda event: self.told.append(event["text"])  # noqa: E731
        for pair in AudioSupervisor(stream, session, watch, log, patience_s).pairs():  # type: ignore[arg-type]
            if pair:
                self.heard.append(bool(pair[0].any()))
            if not stream.sources:
                break
        return stream


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "RETRY_EVERY_S", 0.02)
    monkeypatch.setattr(supervisor, "POLL_S", 0.01)


def test_another_microphone_is_reported() -> None:
    room = Room([HEADSET, WEBCAM, WEBCAM])
    room.run()
    assert (room.told, room.handled, room.heard) == (["The microphone is now “Webcam”."], [], [True] * 3)


def test_a_microphone_that_is_muted_is_reported_and_not_heard() -> None:
    muted = replace(HEADSET, muted=True)
    room = Room([HEADSET, muted, muted, HEADSET])
    room.run()
    assert room.told == ["The microphone “Headset” is muted; unmute it, and the coach goes on."]
    assert room.handled == [MicrophoneLost(1000), MicrophoneBack(1000)]
    assert room.heard == [True, False, False, False]


def test_a_monitor_is_not_heard_nor_what_is_left_of_it_when_the_microphone_is_back() -> None:
    waiting = 5
    blocks = supervisor.LATE_MS // BLOCK_MS + waiting
    room = Room([HEADSET, *[MONITOR] * 10, *[HEADSET] * (blocks + 1)], waiting_ms=waiting * BLOCK_MS)
    room.run()
    assert room.told == ["The microphone “Headset” is gone; plug it in again, and the coach goes on."]
    assert room.heard == [True, *[False] * 10, *[False] * (blocks - 1), True, True]


@pytest.mark.parametrize(("played", "heard"), [(ROOM, False), (silence(), True)])
def test_while_the_server_does_not_answer_nothing_is_heard_over_the_coach(played: Block, heard: bool) -> None:
    blocks = supervisor.TAIL_MS // BLOCK_MS
    room = Room([HEADSET] * 2 * blocks, played=played, certain=False)
    room.run()
    assert room.told == []
    assert room.heard[blocks:] == [heard] * blocks


def test_a_stream_that_was_reopened_is_not_heard_before_its_source_is_known() -> None:
    room = Room([HEADSET, None, MONITOR, MONITOR], expected=True)
    room.run()
    assert (room.handled, room.heard) == ([MicrophoneLost(1000)], [True, False, False])


@pytest.mark.parametrize("then", [HEADSET, WEBCAM])
def test_a_stream_that_ended_is_opened_again_and_another_microphone_reported(then: Source) -> None:
    room = Room([HEADSET, None, then, then])
    assert room.run().reopened == 1
    assert room.handled == [MicrophoneLost(1000), MicrophoneBack(1000)]
    assert room.told == [
        f"{supervisor.GONE} The coach waits for it for 5 seconds.",
        *(["The microphone is now “Webcam”."] if then is WEBCAM else []),
    ]


def test_a_device_that_does_not_come_back_ends_it_after_the_timeout() -> None:
    room = Room([HEADSET, None, HEADSET], gone=True)
    with pytest.raises(AudioError, match="has ended"):
        room.run(patience_s=0.1)
    assert room.handled == [MicrophoneLost(1000)]
