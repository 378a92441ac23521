"""Clips on disk: found by everything that determines their sound, private, and bounded in size."""

import multiprocessing
import os
import time
from pathlib import Path

import numpy as np
import pytest

from skill.audio.blocks import Samples, silence
from skill.errors import SkillError
from skill.events import Heard
from skill.memory import Memory
from skill.session import Session
from skill.voice import trimming
from skill.voice.disk_cache import DiskCache, delete_personal_clips
from skill.voice.silent_voice import SilentVoice
from skill.voice.static_prompts import impersonal_prompts, static_prompts
from skill.voice.system_voice import SystemVoice
from tests.dialogue.world import CONTENT
from tests.voice.voices import NO_WORKER, Open

pytest_plugins = ["tests.voice.voice_fixtures"]

PERSONAL = "I will keep in mind: high blood pressure."

DAY_S = 24 * 3600


def permissions(path: Path) -> int:
    return path.stat().st_mode & 0o777


def noise(seed: int) -> Samples:
    """Return a second of sound that FLAC cannot make much smaller than 32 kB."""
    return np.random.default_rng(seed).integers(-9000, 9000, 16_000).astype(np.int16)


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def used(path: Path, days_ago: float) -> None:
    os.utime(path, (time.time() - days_ago * DAY_S,) * 2)


# Who may read them


def test_clips_are_for_their_owner_alone(tmp_path: Path) -> None:
    clips = DiskCache(tmp_path / "cache" / "speech", "engine 1", "a voice")
    clips.write(PERSONAL, 150, silence(320))
    (file,) = (tmp_path / "cache" / "speech").iterdir()
    assert (permissions(file.parent), permissions(file)) == (0o700, 0o600)
    assert np.array_equal(clips.read(PERSONAL, 150), silence(320))


def test_a_folder_that_others_can_read_is_closed_to_them(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    DiskCache(tmp_path, "engine 1", "a voice")
    assert permissions(tmp_path) == 0o700


def test_impersonal_prompts_reveal_nothing_about_a_body() -> None:
    impersonal, prompts = set(impersonal_prompts(CONTENT)), set(static_prompts(CONTENT))
    assert impersonal < prompts
    assert "Say ready when you are there." in impersonal
    for line in ("high blood pressure", "I will keep in mind:", "This is what I keep about your body."):
        assert line in prompts - impersonal


# What they are found by


@pytest.mark.parametrize(
    ("engine", "voice", "line", "rate"),
    [
        ("engine 2", "a voice", "Hold.", 150),
        ("engine 1", "another voice", "Hold.", 150),
        ("engine 1", "a voice", "Hold!", 150),
        ("engine 1", "a voice", "Hold.", 151),
    ],
)
def test_a_clip_is_found_by_engine_voice_line_and_rate(
    tmp_path: Path, engine: str, voice: str, line: str, rate: int
) -> None:
    DiskCache(tmp_path, "engine 1", "a voice").write("Hold.", 150, noise(1))
    assert np.array_equal(DiskCache(tmp_path, "engine 1", "a voice").read("Hold.", 150), noise(1))
    assert DiskCache(tmp_path, engine, voice).read(line, rate) is None
    assert not DiskCache(tmp_path, engine, voice).has(line, rate)


def test_a_clip_that_was_trimmed_differently_is_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clips = DiskCache(tmp_path, "engine 1", "a voice")
    clips.write("Hold.", 150, noise(1))
    monkeypatch.setattr(trimming, "VERSION", trimming.VERSION + 1)
    assert clips.read("Hold.", 150) is None


class UpgradedVoice(SystemVoice):
    """The system's voice after an upgrade of its engine."""

    engine = "another version"  # type: ignore[assignment]


def test_after_an_upgrade_of_the_engine_a_voice_renders_anew(voice_of: Open, tmp_path: Path) -> None:
    voice_of().wait("Well done.")
    voice_of(kind=UpgradedVoice).wait("Well done.")
    assert len(list((tmp_path / "clips").iterdir())) == 2


# How much there may be


def test_the_least_recently_used_clips_are_evicted(tmp_path: Path) -> None:
    clips = DiskCache(tmp_path, "engine 1", "a voice", max_bytes=200_000)
    for number in range(20):
        before = set(tmp_path.iterdir())
        clips.write(f"{number}", 150, noise(number))
        (path,) = set(tmp_path.iterdir()) - before
        used(path, days_ago=20 - number)
    assert clips.read("0", 150) is not None  # used now
    assert clips.touch("1", 150)
    assert clips.is_eviction_due
    clips.evict()
    left = [number for number in range(20) if clips.has(f"{number}", 150)]
    assert left == [0, 1, *range(22 - len(left), 20)]
    assert 100_000 < size(tmp_path) <= 200_000
    assert not clips.is_eviction_due


def test_a_folder_below_its_bound_is_left_alone(tmp_path: Path) -> None:
    clips = DiskCache(tmp_path, "engine 1", "a voice", max_bytes=200_000)
    for number in range(6):
        clips.write(f"{number}", 150, noise(number))
    clips.evict()
    assert len(list(tmp_path.iterdir())) == 6


def test_what_no_version_will_read_again_is_deleted_also_below_the_bound(tmp_path: Path) -> None:
    clips = DiskCache(tmp_path, "engine 1", "a voice")
    clips.write("Hold.", 150, noise(1))
    older = [tmp_path / f"{prefix}{'0a' * 32}.flac" for prefix in ("", "fixed-")]
    given_up, being_written, not_ours = tmp_path / "a.part", tmp_path / "b.part", tmp_path / "notes.txt"
    for path in (*older, given_up, being_written, not_ours):
        path.write_bytes(b"something")
    used(given_up, days_ago=1)
    clips.evict()
    assert clips.has("Hold.", 150)
    assert being_written.exists()
    assert not_ours.exists()
    assert not any(path.exists() for path in (*older, given_up))


def test_a_folder_that_is_not_there_needs_no_eviction(tmp_path: Path) -> None:
    DiskCache(tmp_path / "nowhere", "engine 1", "a voice").evict()
    assert not (tmp_path / "nowhere").exists()


def write_and_evict(folder: Path, process: int) -> None:
    """Write clips, some of them the same as the other processes', read them, and evict all the time."""
    clips = DiskCache(folder, "engine 1", "a voice", max_bytes=150_000)
    for number in range(60):
        line = f"{number % 20}"
        clips.write(line, 150, noise(number % 20))
        clip = clips.read(line, 150)
        assert clip is None or np.array_equal(clip, noise(number % 20)), process
        clips.evict()


def test_several_processes_write_read_and_evict_at_the_same_time(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=write_and_evict, args=(tmp_path, number)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert 0 < size(tmp_path) <= 150_000
    assert {path.suffix for path in tmp_path.iterdir()} == {".flac"}


def test_a_voice_keeps_its_folder_within_the_bound(voice_of: Open, tmp_path: Path) -> None:
    bound = 60_000
    voice = voice_of(options={"max_bytes": bound})
    for number in range(12):
        voice.wait(f"This is line number {number}.")
    voice.close()
    assert 0 < size(tmp_path / "clips") <= bound
    assert len(voice_of(NO_WORKER).wait("This is line number 11."))


# Deleting what may reveal something about the user


def test_deleting_personal_clips_leaves_the_lines_that_are_said_to_everybody(voice_of: Open, tmp_path: Path) -> None:
    everybody = {"impersonal": ["Well done."]}
    voice = voice_of(options=everybody)
    first = voice.wait("Well done.")
    voice.wait(PERSONAL)
    voice.delete_personal_clips()
    assert len(list((tmp_path / "clips").iterdir())) == 1
    assert voice.get(PERSONAL) is None  # not in memory either; it is rendered again
    assert len(voice.wait(PERSONAL))
    voice.delete_personal_clips()
    assert np.array_equal(voice_of(NO_WORKER, options=everybody).wait("Well done."), first)


def test_clips_of_older_versions_are_deleted_with_the_personal_ones(tmp_path: Path) -> None:
    older = [tmp_path / f"{prefix}{'0a' * 32}.flac" for prefix in ("", "fixed-")]
    for path in (*older, tmp_path / "a.part"):
        path.write_bytes(b"something")
    delete_personal_clips(tmp_path)
    assert list(tmp_path.iterdir()) == []


class ForgetfulVoice(SilentVoice):
    """A voice that notes how often it had to forget, or cannot."""

    def __init__(self, problem: str = "") -> None:
        super().__init__()
        self.forgot = 0
        self._problem = problem

    def delete_personal_clips(self) -> None:
        self.forgot += 1
        if self._problem:
            raise SkillError(self._problem)


@pytest.mark.parametrize("problem", ["", "That cannot be deleted; delete it by hand."])
def test_forgetting_conditions_by_voice_deletes_their_clips(problem: str) -> None:
    voice, events, memory = ForgetfulVoice(problem), [], Memory()
    memory.keep_conditions({"knees"})
    session = Session(CONTENT, None, voice, memory, events.append)
    session.start()
    session.handle(Heard(session.now, "forget my conditions", "forget_conditions"))
    assert (memory.conditions, voice.forgot) == (None, 1)
    assert [event["text"] for event in events if event["event"] == "problem"] == [problem] * bool(problem)
