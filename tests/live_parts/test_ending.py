"""A request to end is kept until the session checks for it."""

import signal
from collections.abc import Iterator

import pytest

from skill.live.ending import Ending


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_request_is_raised_only_where_it_is_checked(number: int) -> None:
    ending = Ending()
    ending.check()
    signal.raise_signal(number)  # nothing is raised here, where a lock may be half taken
    with pytest.raises(KeyboardInterrupt):
        ending.check()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_request_is_raised_immediately(number: int) -> None:
    Ending()
    signal.raise_signal(number)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(number)
