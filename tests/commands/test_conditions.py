"""`back-stretches conditions`: what is kept about the body is shown and deleted."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from skill.composition.parts import clips_folder, memory_file
from skill.memory import Memory
from tests.commands.conftest import Run


def test_what_is_kept_is_shown_in_words(home: Path, run: Run) -> None:
    Memory(memory_file()).keep_conditions({"knees", "blood_pressure"})
    assert run("conditions").out.splitlines() == ["high blood pressure", "sore knees"]
    rows = [json.loads(line) for line in run("conditions", "--json").out.splitlines()]
    assert [(row["condition"], row["deleted"]) for row in rows] == [("blood_pressure", False), ("knees", False)]


def test_it_is_deleted_and_asked_for_again(home: Path, run: Run) -> None:
    Memory(memory_file()).keep_conditions({"knees"})
    assert run("conditions", "--forget").out.splitlines() == ["Deleted: sore knees"]
    assert Memory(memory_file()).conditions is None
    assert run("conditions").out == "The coach keeps nothing about your body.\n"


@pytest.mark.parametrize(
    "forget",
    [
        lambda run: run("conditions", "--forget").code,
        lambda run: run("chat", stdin="forget my conditions\n").code,
    ],
    ids=["the command", "a typed session"],
)
def test_speech_that_may_tell_of_it_is_deleted_and_what_is_said_to_everybody_stays(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, forget: Callable[[Run], int]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    clips_folder().mkdir(parents=True)
    for name in ("impersonal-1.flac", "personal-2.flac", "personal-3.77.part"):
        (clips_folder() / name).write_bytes(b"x")
    assert run("conditions").code == 0
    assert len(list(clips_folder().iterdir())) == 3
    assert forget(run) == 0
    assert [path.name for path in clips_folder().iterdir()] == ["impersonal-1.flac"]


def test_speech_that_cannot_be_deleted_is_reported(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    clips_folder().mkdir(parents=True)
    (clips_folder() / "2.flac").write_bytes(b"x")

    def unlink(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", unlink)
    result = run("conditions", "--forget")
    assert result.code == 1
    assert f"{clips_folder()}: speech that may tell about your body cannot be deleted (permission denied)" in result.err


def test_reading_does_not_create_a_memory(home: Path, run: Run) -> None:
    assert run("conditions", "--forget").code == 0
    assert not memory_file().exists()


def test_a_condition_of_another_version_is_shown_as_it_is_kept(home: Path, run: Run) -> None:
    Memory(memory_file()).keep_conditions({"gills"})
    assert run("conditions").out == "gills\n"


def test_a_memory_that_cannot_be_read_is_said_to_be_so(home: Path, run: Run) -> None:
    memory_file().parent.mkdir(parents=True)
    memory_file().mkdir()
    found = run("conditions")
    assert found.code == 1
    assert str(memory_file()) in found.err
