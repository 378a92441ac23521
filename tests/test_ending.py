"""The request to end is not lost, even where the exception is."""

import os
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


class Dropping:
    """Gets the signal while it is cleaned up, where exceptions are only reported."""

    def __init__(self, number: int):
        self._number = number

    def __del__(self) -> None:
        os.kill(os.getpid(), self._number)
        sum(range(1000))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_end_asked_for_while_something_is_cleaned_up_comes_all_the_same(number: int) -> None:
    ending = Ending()
    ending.check()
    Dropping(number)
    with pytest.raises(KeyboardInterrupt):
        ending.check()
