"""A function that runs in its own thread: never twice at the same time, and always after a request."""

import threading

import pytest

from skill.background import Background

LONG_S = 60.0


def test_requests_during_a_run_make_one_more_run() -> None:
    begun, may_end, runs = threading.Event(), threading.Event(), []

    def run() -> None:
        runs.append(threading.current_thread().name)
        begun.set()
        assert may_end.wait(LONG_S)

    background = Background(run, "test")
    background.ask()
    assert begun.wait(LONG_S)
    for _ in range(5):
        background.ask()
    assert not background.settle(timeout_s=0)
    may_end.set()
    assert background.settle(LONG_S)
    assert runs == ["test", "test"]
    background.close(LONG_S)


def test_what_was_asked_for_is_done_before_the_end() -> None:
    runs: list[int] = []
    background = Background(lambda: runs.append(1), "test")
    background.ask()
    background.close(LONG_S)
    assert runs


def test_an_error_is_logged_and_does_not_end_the_thread(caplog: pytest.LogCaptureFixture) -> None:
    runs: list[int] = []

    def run() -> None:
        runs.append(1)
        raise ValueError

    background = Background(run, "test")
    for expected in (1, 2):
        background.ask()
        assert background.settle(LONG_S)
        assert len(runs) == expected
    background.close(LONG_S)
    assert len(caplog.records) == 2
