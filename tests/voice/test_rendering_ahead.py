"""What is rendered before it is asked for: in which order, what is cancelled, and what stays in memory."""

import logging
import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from skill.audio.blocks import SAMPLE_RATE
from skill.errors import SynthesisError
from skill.events import Heard
from skill.memory import Memory
from skill.session import Session
from skill.simulation.replay import pass_time
from skill.voice import system_voice
from skill.voice.render_queue import LIMITS, Need
from skill.voice.system_voice import SystemVoice
from tests.dialogue.world import CONTENT
from tests.voice.voices import NO_WORKER, Counted, Open, ScriptedWorker

pytest_plugins = ["tests.voice.voice_fixtures"]


class NotingVoice(SystemVoice):
    """A voice that notes which lines it was last asked to prepare."""

    next: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()

    def prepare(self, lines: Iterable[str]) -> None:
        self.next = tuple(lines)
        super().prepare(self.next)

    def prepare_answers(self, lines: Iterable[str]) -> None:
        self.answers = tuple(lines)
        super().prepare_answers(self.answers)


def all_requests(scripted: ScriptedWorker, voice: SystemVoice) -> list[str]:
    """Let the worker answer whatever it is asked for; return that, up to a line that comes after all others."""
    voice.prepare_for_later(["The end."])
    lines = []
    while not lines or lines[-1] != "The end.":
        lines.append(scripted.request())
        scripted.answer()
    return lines[:-1]


def test_what_is_needed_now_goes_before_all_that_is_prepared(voice_of: Open, scripted: ScriptedWorker) -> None:
    voice = voice_of(scripted.command)
    voice.prepare_for_later(["Later."])
    assert scripted.request() == "Later."
    voice.prepare_answers(["Answer."])
    voice.prepare(["Next.", "After that."])
    assert voice.get("Now.") is None
    scripted.answer()
    assert all_requests(scripted, voice) == ["Now.", "Next.", "After that.", "Answer."]


def test_a_new_request_cancels_what_is_not_begun_and_no_longer_wanted(voice_of: Open, scripted: ScriptedWorker) -> None:
    voice = voice_of(scripted.command)
    voice.prepare(["Begun.", "Old.", "Still wanted."])
    voice.prepare_answers(["Old answer.", "Good answer."])
    assert scripted.request() == "Begun."
    voice.prepare(["New.", "Still wanted."])
    voice.prepare_answers(["Good answer."])
    scripted.answer()
    assert all_requests(scripted, voice) == ["New.", "Still wanted.", "Good answer."]
    assert voice_of(NO_WORKER).wait("Begun.").any()


def test_a_session_cancels_the_answers_of_the_situation_before(voice_of: Open, scripted: ScriptedWorker) -> None:
    voice = voice_of(scripted.command, kind=NotingVoice)
    assert isinstance(voice, NotingVoice)
    memory = Memory()
    memory.remember_safety_told()
    memory.keep_conditions(())
    session = Session(CONTENT, None, voice, memory, lambda event: None)
    session.start()
    scripted.request()  # from here on everything waits
    for intent in ("start_routine", "pause", "resume", "next", "pause"):
        session.handle(Heard(session.now, intent, intent))
        pass_time(session, 0.5)  # a few answers are computed in each block
    wanted = {*voice.next, *voice.answers}
    scripted.answer()
    requests = all_requests(scripted, voice)
    asked_for = set(requests) - wanted  # lines that were to be said, and were interrupted
    assert len(wanted) > 20
    assert len(asked_for) <= 6, asked_for


def test_a_line_that_is_being_rendered_is_not_rendered_twice(voice_of: Open, scripted: ScriptedWorker) -> None:
    voice = voice_of(scripted.command)
    voice.prepare(["One."])
    assert scripted.request() == "One."
    assert voice.get("One.") is None
    voice.prepare(["One."])
    scripted.answer()
    assert len(voice.wait("One."))
    assert all_requests(scripted, voice) == []


def test_a_line_for_later_that_is_asked_for_while_it_is_rendered_is_there_then(
    voice_of: Open, scripted: ScriptedWorker
) -> None:
    voice = voice_of(scripted.command, cache=Path("/proc/clips"))  # no disk
    voice.prepare_for_later(["One."])
    assert scripted.request() == "One."
    assert voice.get("One.") is None
    scripted.answer()
    assert len(voice.wait("One."))


def test_lines_that_nobody_fetches_do_not_pile_up(voice_of: Open, scripted: ScriptedWorker) -> None:
    voice = voice_of(scripted.command)
    for number in range(3 * LIMITS[Need.NOW]):
        assert voice.get(f"Line {number}.") is None
    first = scripted.request()
    scripted.answer()
    requests = all_requests(scripted, voice)
    latest = [f"Line {number}." for number in range(2 * LIMITS[Need.NOW], 3 * LIMITS[Need.NOW])]
    assert [line for line in [first, *requests] if line in latest] == latest
    assert len(requests) <= LIMITS[Need.NOW] + 1


def test_memory_is_bounded_except_for_what_comes_next(voice_of: Open, scripted: ScriptedWorker) -> None:
    """Without a folder on disk a clip that is evicted has to be rendered again."""
    voice = voice_of(scripted.command, cache=Path("/proc/clips"), options={"max_samples": 3 * SAMPLE_RATE})
    scripted.answer(7)
    voice.prepare(["Next."])
    assert scripted.request() == "Next."
    for number in range(6):
        voice.wait(f"Line {number}.")
        scripted.request()
    assert voice.get("Next.") is not None
    assert voice.get("Line 5.") is not None
    assert voice.get("Line 0.") is None


def test_rendered_lines_that_the_session_still_waits_for_stay(voice_of: Open, scripted: ScriptedWorker) -> None:
    voice = voice_of(scripted.command, cache=Path("/proc/clips"), options={"max_samples": 2 * SAMPLE_RATE})
    lines = [f"Piece {number}." for number in range(5)]
    assert [voice.get(line) for line in lines] == [None] * 5
    scripted.answer(5)
    assert [scripted.request() for _ in lines] == lines
    assert voice.wait(lines[-1]).any()
    assert all(voice.get(line) is not None for line in lines[:-1])


def test_a_failure_of_a_prepared_line_is_reported_once_and_tried_again(
    voice_of: Open, scripted: ScriptedWorker
) -> None:
    voice = voice_of(scripted.command)
    voice.prepare(["One.", "Two."])
    for _ in range(2):
        assert scripted.request() == "One."
        scripted.fail()
    assert scripted.request() == "Two."
    with pytest.raises(SynthesisError, match="told to fail"):
        voice.get("One.")
    assert voice.get("One.") is None
    scripted.answer(2)
    assert len(voice.wait("One."))


def test_failures_that_nobody_asks_about_do_not_pile_up(
    voice_of: Open, scripted: ScriptedWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system_voice, "MAX_FAILURES", 1)
    voice = voice_of(scripted.command)
    voice.prepare(["One.", "Two.", "Three."])
    for line in ("One.", "One.", "Two.", "Two."):
        assert scripted.request() == line
        scripted.fail()
    assert scripted.request() == "Three."
    assert voice.get("One.") is None
    with pytest.raises(SynthesisError):
        voice.get("Two.")
    scripted.answer(2)


def test_a_personal_line_that_is_rendered_while_they_are_deleted_is_not_kept(
    voice_of: Open, scripted: ScriptedWorker, tmp_path: Path
) -> None:
    voice = voice_of(scripted.command, options={"impersonal": ["Two.", "The end."]})
    voice.prepare(["One.", "Two."])
    voice.prepare_answers(["Three."])
    assert scripted.request() == "One."
    voice.delete_personal_clips()
    scripted.answer()
    assert all_requests(scripted, voice) == ["Two."]
    voice.wait("The end.")
    assert {path.name.split("-")[0] for path in (tmp_path / "clips").iterdir()} == {"impersonal"}
    assert voice.get("One.") is None
    scripted.answer()


def test_lines_for_later_that_are_on_disk_count_as_used(
    voice_of: Open, scripted: ScriptedWorker, tmp_path: Path
) -> None:
    first = voice_of(scripted.command)
    scripted.answer()
    first.wait("One.")
    assert scripted.request() == "One."
    first.close()
    (clip,) = (tmp_path / "clips").iterdir()
    os.utime(clip, (0, 0))
    second = voice_of(scripted.command)
    second.prepare_for_later(["One.", "Two."])
    assert scripted.request() == "Two."
    scripted.answer()
    assert clip.stat().st_mtime > 0


def test_eviction_waits_until_nothing_urgent_is_to_be_rendered(
    voice_of: Open, scripted: ScriptedWorker, tmp_path: Path
) -> None:
    voice = voice_of(scripted.command, options={"max_bytes": 1})
    scripted.answer(2)
    voice.prepare(["One.", "Two.", "Three."])
    assert [scripted.request() for _ in range(3)] == ["One.", "Two.", "Three."]
    assert len(list((tmp_path / "clips").iterdir())) == 2
    scripted.answer()
    voice.close()
    assert list((tmp_path / "clips").iterdir()) == []


def test_the_log_shows_what_happens_to_lines(
    voice_of: Open, scripted: ScriptedWorker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "skill.voice")
    personal = "Your secret."
    public = {"impersonal": ["One.", "Two."], "max_samples": 1}
    voice = voice_of(scripted.command, options=public)
    voice.prepare(["One.", "Two.", personal])
    assert scripted.request() == "One."
    voice.prepare([])
    scripted.answer(2)
    voice.wait(personal)
    voice.wait("One.")
    text = caplog.text
    assert "cache miss: “One.” at 150 words a minute" in text
    assert "cancelled: “Two.”" in text
    assert "evicted from memory: “One.”" in text
    assert "cache hit: “One.”" in text
    assert "cancelled: a personal line of 12 characters" in text
    assert "secret" not in text


def test_the_log_shows_what_happens_to_workers(
    voice_of: Open, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "skill.voice")
    worker = Counted(tmp_path / "pids", "os._exit(0)")
    voice_of(worker.command).wait("One.")
    first, second = worker.pids
    told = [record.message for record in caplog.records if "worker process" in record.message]
    assert told == [
        f"worker process {first} started",
        f"worker process {first} killed: it has ended",
        f"worker process {second} restarted",
    ]
