"""A listener in its own thread: the same decisions in the same order, without blocking the session."""

import threading
from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest

from skill.audio.blocks import BLOCK_MS, Block, blocks, silence
from skill.content.language import load_language
from skill.errors import ModelError
from skill.events import Heard, SpeechStarted
from skill.hearing import listener_thread
from skill.hearing.listener import Listener
from skill.hearing.listener_thread import Decision, ListenerThread
from skill.settings import ListeningSettings
from skill.turn_taking.listener_protocol import ListenerProtocol
from tests.speech import model, quiet, say

LONG_S = 60.0
"""Longer than any test takes: a test that waits this long waits for the thread."""


class Slow:
    """A listener that hears a command in every block, and takes as long as the test wants."""

    def __init__(self) -> None:
        self.may_go_on = threading.Event()
        self.heard: list[int] = []
        self.contexts: list[str | None] = []
        self.sentence = ""

    def listen(self, context: str | None) -> None:
        self.contexts.append(context)

    def hear(self, block: Block, now: int, near_end_active: bool | None = None) -> list[Decision]:
        assert self.may_go_on.wait(LONG_S), "the test waits for the decision of a block that is not decided yet"
        self.heard.append(now)
        self.sentence = f"sentence at {now}"
        return [Heard(now, "next", "next")]

    def finish(self, now: int) -> list[Decision]:
        return [SpeechStarted(now)]


@pytest.fixture
def slow() -> Iterator[tuple[Slow, ListenerThread]]:
    listener = Slow()
    with closing(ListenerThread(lambda: listener)) as thread:
        yield listener, thread
        listener.may_go_on.set()


def decide(hearing: ListenerProtocol, samples: np.ndarray) -> list[Decision]:
    """Return all that is decided about samples, with another context in their middle."""
    hearing.listen("idle")
    found: list[Decision] = []
    for number, block in enumerate(blocks(samples), 1):
        if number == 200:
            hearing.listen("holding")
        found += hearing.hear(block, number * BLOCK_MS)
    return found + list(hearing.finish(number * BLOCK_MS))


def test_what_is_decided_is_the_same_as_without_a_thread() -> None:
    samples = np.concatenate([say("start back stretches"), quiet(2000), say("next"), quiet(800), say("stop")])
    make = lambda: Listener(model(), load_language(), ListeningSettings())  # noqa: E731
    expected = decide(make(), samples)
    assert [each.intent for each in expected if isinstance(each, Heard)] == ["start_routine", "next", "stop"]
    with closing(ListenerThread(make)) as thread:
        assert decide(thread, samples) == expected


def test_nobody_waits_for_a_decision_that_takes_long(slow: tuple[Slow, ListenerThread]) -> None:
    listener, thread = slow
    assert [thread.hear(silence(), now) for now in (20, 40, 60)] == [[], [], []]
    assert (thread.waiting, thread.sentence) == (3, "")
    listener.may_go_on.set()
    assert thread.finish(80) == [*(Heard(now, "next", "next") for now in (20, 40, 60)), SpeechStarted(80)]
    assert (thread.waiting, thread.sentence) == (0, "sentence at 60")


def test_a_decision_that_is_quick_does_not_come_a_block_late() -> None:
    listener = Slow()
    listener.may_go_on.set()
    with closing(ListenerThread(lambda: listener, wait_s=LONG_S)) as thread:
        assert thread.hear(silence(), 20) == [Heard(20, "next", "next")]
        thread.listen("holding")
        assert thread.hear(silence(), 40) == [Heard(40, "next", "next")]
    assert listener.contexts == ["holding"]


def test_what_waits_is_bounded_and_what_is_lost_is_counted(
    slow: tuple[Slow, ListenerThread], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(listener_thread, "MAX_WAITING", 10)
    listener, thread = slow
    for number in range(25):
        thread.hear(silence(), number)
    listener.may_go_on.set()
    thread.finish(25)
    assert listener.heard == list(range(10))
    assert thread.dropped == 15
    assert [record.message for record in caplog.records] == ["the listener is 10 blocks behind: what is said is lost"]


@pytest.mark.parametrize("ask", [lambda thread: thread.hear(silence(), 20), lambda thread: thread.finish(20)])
def test_an_error_in_the_thread_is_raised_where_it_can_be_told(ask) -> None:
    def make() -> Slow:
        raise ModelError("The model is damaged.")

    with closing(ListenerThread(make, wait_s=LONG_S)) as thread:
        assert thread.ready.wait(LONG_S / 6)
        with pytest.raises(ModelError, match="is damaged"):
            ask(thread)


def test_what_is_said_while_it_is_made_is_heard_afterwards() -> None:
    listener = Slow()
    listener.may_go_on.set()
    may_be_made = threading.Event()

    def make() -> Slow:
        assert may_be_made.wait(LONG_S)
        return listener

    with closing(ListenerThread(make)) as thread:
        assert thread.hear(silence(), 20) == []
        assert not thread.ready.is_set()
        may_be_made.set()
        assert thread.ready.wait(LONG_S)
        assert thread.finish(40) == [Heard(20, "next", "next"), SpeechStarted(40)]


def test_what_still_waits_at_the_end_is_not_heard(slow: tuple[Slow, ListenerThread]) -> None:
    listener, thread = slow
    for now in (20, 40, 60):
        thread.hear(silence(), now)
    threading.Timer(1.0, listener.may_go_on.set).start()
    thread.close()
    assert listener.heard in ([], [20])


def test_nobody_waits_for_a_decision_after_the_end(slow: tuple[Slow, ListenerThread]) -> None:
    listener, thread = slow
    listener.may_go_on.set()
    thread.close()
    answers: list[list[Decision]] = []
    asking = threading.Thread(target=lambda: answers.append(thread.finish(20)), daemon=True)
    asking.start()
    asking.join(LONG_S / 6)
    assert answers == [[]]


def test_the_thread_ends_when_it_is_closed() -> None:
    before = threading.active_count()
    with closing(ListenerThread(Slow)):
        assert threading.active_count() == before + 1
    assert threading.active_count() == before
