"""The computer's clock jumps, by days and in the middle of a session: nothing is lost, nothing is negative."""

from datetime import timedelta
from pathlib import Path

import pytest

from skill.memory import Memory
from tests.memory.test_memory_sessions import NOW, Conversation, only_session

JUMPS = [timedelta(days=3), timedelta(days=-3), timedelta(days=5000), timedelta(days=-5000), timedelta(hours=-1)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "memory.sqlite"


def broken_off_after_a_jump(file: Path, jump: timedelta) -> Conversation:
    """Hold a session in which the clock jumps after the first stretch, and which breaks off in the third."""
    talk = Conversation(file)
    talk.say("start back stretches")
    talk.wait_for_stretch("cat")
    talk.wall += jump
    talk.wait_for_stretch("cow")
    return talk


@pytest.mark.parametrize("jump", JUMPS)
def test_a_routine_goes_on_where_it_was_by_the_clock_of_now(file: Path, jump: timedelta) -> None:
    wall = broken_off_after_a_jump(file, jump).wall
    again = Conversation(file, wall + timedelta(hours=20))
    again.say("start back stretches")
    assert again.session.view.state == "asking"
    again.say("yes", then_wait=10)
    assert again.session.view.stretch == "cow"


@pytest.mark.parametrize("jump", JUMPS)
def test_its_history_is_right_by_audio_time_and_never_negative(file: Path, jump: timedelta) -> None:
    talk = broken_off_after_a_jump(file, jump)
    seconds = talk.session.now // 1000
    talk.say("stop", then_wait=0)
    session = only_session(file)
    assert session.stretches == ("knee_to_chest", "cat")
    assert session.seconds == seconds
    for clock in (NOW, talk.wall, NOW + timedelta(days=1)):
        memory = Memory(file, clock=lambda clock=clock: clock)
        days = memory.history().days_since_last
        assert days is None or days >= 0


def test_days_are_counted_from_when_it_began(file: Path) -> None:
    talk = broken_off_after_a_jump(file, timedelta(days=-3))
    before, after = Conversation(file, talk.wall), Conversation(file, NOW + timedelta(days=1))
    before.say("how often did I stretch")
    assert before.said[-1] == "You have not stretched with me before."  # on that day it is still to come
    after.say("how often did I stretch")
    assert after.said[-1] == "You stretched once this week, the last time yesterday."
