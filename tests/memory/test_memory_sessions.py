"""What a conversation leaves in the memory, and what is said about it later."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from skill.composition.coach_settings import COACH_LISTENING, Settings
from skill.composition.parts import Parts
from skill.events import Saved
from skill.memory import History, Memory, PastSession
from skill.memory.history import history, weeks
from skill.session import Session
from skill.simulation.replay import pass_time
from skill.understanding.understanding import Understanding

ZONE = timezone(timedelta(hours=13))
NOW = datetime(2026, 11, 18, 7, 0, tzinfo=ZONE)  # a Wednesday; still Tuesday in most of the world

parts = Parts(Settings())
understanding = Understanding(parts.language, COACH_LISTENING)


class Conversation:
    """A typed session with a clock on the wall that a test can set."""

    def __init__(self, file: Path, at: datetime = NOW):
        self.wall = at
        self.memory = Memory(file, clock=lambda: self.wall)
        self.said: list[str] = []
        self.session: Session = parts.session(log=self._log, memory=self.memory)
        self.session.start()

    def _log(self, event: dict) -> None:
        if event["event"] == "say":
            self.said.append(event["text"])

    def say(self, line: str, then_wait: float = 2.0) -> None:
        self.session.handle(understanding.event(line, self.session.view.state, self.session.now))
        self.wait(then_wait)

    def wait(self, seconds: float) -> None:
        pass_time(self.session, seconds)
        self.wall += timedelta(seconds=seconds)

    def wait_for_hold(self) -> None:
        while self.session.view.state != "holding":
            self.wait(1)

    def wait_for_stretch(self, stretch: str) -> None:
        while self.session.view.stretch != stretch:
            self.wait(1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "memory.sqlite"


def only_session(file: Path) -> PastSession:
    [session] = Memory(file).sessions()
    return session


def test_a_stretch_counts_when_all_its_holds_are_over(file: Path) -> None:
    talk = Conversation(file)
    talk.say("start back stretches")
    talk.wait_for_stretch("cat")
    session = only_session(file)
    assert (session.routine, session.stretches, session.finished) == ("full", ("knee_to_chest",), False)
    assert session.started == NOW


def test_a_stretch_that_was_skipped_does_not_count(file: Path) -> None:
    talk = Conversation(file)
    talk.say("start back stretches")
    talk.wait_for_hold()
    talk.say("next")
    talk.say("next")
    assert only_session(file).stretches == ()


def test_length_is_counted_in_audio_time(file: Path) -> None:
    talk = Conversation(file)
    talk.wait(30)
    talk.say("start back stretches", then_wait=100)
    talk.wall += timedelta(days=3000)  # the clock was changed
    talk.say("stop")
    session = only_session(file)
    assert session.seconds == 100
    assert session.ended - session.started > timedelta(days=2999)


@pytest.mark.parametrize("then", ["stop", "resume"])
def test_pauses_do_not_count(file: Path, then: str) -> None:
    talk = Conversation(file)
    talk.say("start back stretches", then_wait=100)
    talk.say("pause", then_wait=590)
    talk.say(then, then_wait=50)
    talk.session.close("closed")
    assert only_session(file).seconds == (150 if then == "resume" else 100)


def test_finished_and_stopped_sessions_are_distinguished(file: Path) -> None:
    talk = Conversation(file)
    talk.say("start back stretches")
    talk.say("stop")
    talk.say("start back stretches")
    talk.say("no")
    talk.say("go to forward fold")
    while talk.session.view.state != "idle":
        talk.wait(1)
    stopped, finished = Memory(file).sessions()
    assert (stopped.finished, finished.finished) == (False, True)
    assert finished.stretches == ("forward_fold",)


def test_after_a_crash_it_goes_on_with_the_step_that_was_running(file: Path) -> None:
    talk = Conversation(file)
    talk.say("start back stretches")
    while talk.session.view.side != "left":
        talk.wait(1)
    talk.wait_for_hold()  # and now the program is gone, without a word
    again = Conversation(file, NOW + timedelta(hours=1))
    again.say("start back stretches")
    again.say("yes")
    again.wait_for_hold()
    view = again.session.view
    assert (view.stretch, view.side) == ("knee_to_chest", "left")


@pytest.mark.parametrize("gone", [0, 7, 20, 33, 60])
def test_a_crash_at_any_moment_costs_no_more_than_the_step(file: Path, gone: int) -> None:
    talk = Conversation(file)
    talk.say("start back stretches")
    talk.say("go to bridge")
    talk.wait(gone)
    saved = Memory(file, clock=lambda: NOW).saved()
    assert saved
    assert (saved.routine, saved.stretch) == ("full", "bridge")
    talk.say("stop")  # keeps the place again, by itself
    assert Memory(file, clock=lambda: NOW + timedelta(hours=1)).saved() == saved


def test_a_place_in_another_stretch_begins_at_its_first_step(file: Path) -> None:
    talk = Conversation(file)
    talk.say("start back stretches")
    talk.say("go to bridge")
    talk.wait_for_hold()
    talk.say("next", then_wait=0)
    assert Memory(file, clock=lambda: NOW).saved() == Saved("full", "childs_pose")


def test_closing_keeps_the_length(file: Path) -> None:
    talk = Conversation(file)
    talk.say("start back stretches", then_wait=0)
    talk.wait(3)
    talk.session.close("closed")
    assert only_session(file).seconds == 3


def test_a_typed_session_without_a_file_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    session = parts.session(log=lambda event: None)
    session.start()
    session.close("closed")
    assert list(tmp_path.iterdir()) == []


def test_a_problem_of_the_memory_is_reported_once_and_immediately(tmp_path: Path) -> None:
    problems = []
    (tmp_path / "memory.sqlite").mkdir()
    memory = Memory(tmp_path / "memory.sqlite")
    session = parts.session(
        log=lambda e: problems.append(e["text"]) if e["event"] == "problem" else None, memory=memory
    )
    session.start()
    assert problems == [memory.problem]
    session.handle(understanding.event("start back stretches", "idle", session.now))
    pass_time(session, 60)
    assert problems == [memory.problem]


# What is said about earlier sessions


def past(day: date, *stretches: str) -> PastSession:
    started = datetime(day.year, day.month, day.day, 23, 30, tzinfo=ZONE)
    return PastSession(started, started, 300, "full", False, stretches)


def days(*ago: int) -> Iterator[PastSession]:
    return (past(NOW.date() - timedelta(days=number), "cat") for number in ago)


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        ((), History()),
        ((0,), History(1, 0, 1)),
        ((0, 0, 2), History(3, 0, 3)),
        ((2, 3), History(1, 2, 2)),  # Monday, and the Sunday before it
        ((400,), History(0, 400, 1)),
        ((-1, 1), History(1, 1, 1)),  # tomorrow: from a clock that was wrong
        ((-5000,), History()),
    ],
)
def test_history(ago: tuple[int, ...], expected: History) -> None:
    assert history(days(*ago), NOW.date()) == expected


def test_a_session_without_a_stretch_does_not_count() -> None:
    assert history([past(NOW.date())], NOW.date()) == History()


def test_a_future_session_counts_when_its_day_has_come(file: Path) -> None:
    talk = Conversation(file, at=NOW + timedelta(days=1000))
    talk.say("start back stretches")
    talk.wait_for_stretch("cat")
    assert Memory(file, clock=lambda: NOW).history() == History()
    assert Memory(file, clock=lambda: NOW + timedelta(days=1001)).history().total == 1


def test_a_day_is_the_day_where_its_user_was(file: Path) -> None:
    talk = Conversation(file)
    talk.say("start back stretches")
    talk.wait_for_stretch("cat")
    assert Memory(file, clock=lambda: NOW + timedelta(minutes=10)).history() == History(1, 0, 1)
    assert only_session(file).day == date(2026, 11, 18)


def test_the_coach_says_what_the_memory_counts(file: Path) -> None:
    talk = Conversation(file)
    talk.say("start back stretches")
    talk.say("next")
    talk.say("stop", then_wait=10)
    talk.say("when did i last stretch")
    assert (talk.said[-1], Memory(file, clock=lambda: NOW).history()) == (
        "You have not stretched with me before.",
        History(),
    )
    for number, times in enumerate(("once", "twice"), 1):
        talk.say("start back stretches")
        talk.say("no")
        talk.wait_for_stretch("cat")
        talk.say("stop", then_wait=10)
        talk.say("when did i last stretch")
        assert talk.said[-1] == f"You stretched {times} this week, the last time today."
        assert Memory(file, clock=lambda: NOW).history() == History(number, 0, number)


def test_weeks_begin_on_monday_and_end_with_this_one() -> None:
    found = weeks(NOW.date(), 3)
    assert [len(week) for week in found] == [7, 7, 7]
    assert found[0][0] == date(2026, 11, 2)
    assert found[-1][-1] == date(2026, 11, 22)


# Preferences, conditions


def test_preferences(file: Path) -> None:
    memory = Memory(file)
    assert memory.preferences == {}
    memory.prefer({"pace": 1.1, "talk": "less"})
    assert Memory(file).preferences == {"pace": 1.1, "talk": "less"}


@pytest.mark.parametrize("value", ["", "{", "[1]", "7"])
def test_preferences_that_make_no_sense_are_none(file: Path, value: str) -> None:
    memory = Memory(file)
    memory.keep_setting("preferences", value)
    assert memory.preferences == {}


def test_what_is_broken_off_and_gone_on_with_is_one_session(file: Path) -> None:
    talk = Conversation(file)
    talk.say("start the quick routine")
    talk.wait_for_stretch("cat")
    talk.say("stop", then_wait=0)
    (broken_off,) = talk.memory.sessions()
    talk.wait(600)
    talk.say("resume", then_wait=0)
    talk.say("stop", then_wait=20)
    assert talk.memory.sessions()[0].seconds - broken_off.seconds <= 1  # nothing was on meanwhile
    talk.say("resume")
    talk.wait_for_stretch("cow")
    talk.say("stop", then_wait=20)
    talk.say("how often did i stretch")
    assert "once this week" in " ".join(talk.said)
    (session,) = talk.memory.sessions()
    assert session.stretches == ("knee_to_chest", "cat")
    talk.say("start the quick routine")
    talk.say("no")
    talk.wait_for_stretch("cat")
    assert len(talk.memory.sessions()) == 2


def test_whether_it_is_better_is_asked_for_a_day(file: Path) -> None:
    talk = Conversation(file)
    talk.say("start the quick routine")
    talk.say("i feel dizzy")
    assert Memory(file, clock=lambda: NOW + timedelta(hours=2)).unwell
    again = Conversation(file, at=NOW + timedelta(hours=2))
    again.say("start the quick routine")
    assert again.said[-1] == "Are you feeling better?"
    late = Conversation(file, at=NOW + timedelta(hours=26))
    late.say("start the quick routine")
    assert "Are you feeling better?" not in late.said
    assert Memory(file, clock=lambda: NOW).setting("unwell") is None  # nothing of it is left


def test_deleting_the_conditions_deletes_that_the_user_was_unwell(file: Path) -> None:
    memory = Memory(file)
    memory.keep_unwell(True)
    memory.keep_conditions(None)
    assert not Memory(file).unwell
