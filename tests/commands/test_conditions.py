"""`back-stretches conditions`: what is kept about the body is shown and deleted."""

import json
from pathlib import Path

from skill.memory import Memory
from skill.parts import memory_file
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


def test_looking_begins_no_memory(home: Path, run: Run) -> None:
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
