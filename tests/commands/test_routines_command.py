"""`back-stretches routines`, and what a user's own routine files bring into a conversation."""

import os
from pathlib import Path

import numpy as np
import pytest

from skill.audio import wav
from skill.composition.coach_settings import Settings
from skill.composition.parts import Parts
from skill.content.own_routines import load, unheard_names
from skill.understanding.name_conflicts import check_names
from tests.commands.conftest import Run
from tests.speech import model, quiet, say

EVENING = """\
routines:
  evening:
    name: evening stretches
    stretches:
      - childs_pose
      - thread_the_needle
      - bridge: {hold: {seconds: 15}}
stretches:
  thread_the_needle:
    name: thread the needle
    aliases: [needle pose]
    position: kneeling
    hold: {seconds: 20, sides: [right, left]}
    instructions: [Slide your right arm under your chest., Rest your shoulder on the floor.]
    how_to: [Slide one arm under your chest., Rest that shoulder on the floor.]
    why: [It may loosen the upper back.]
    easier: [Rest your head on a cushion.]
"""

BORROWING = """\
routines:
  short:
    name: short break
    stretches: [thread_the_needle]
"""

BROKEN = """\
routines:
  morning:
    name: morning stretches
    stretches: [cat, dolphin]
"""

UNHEARD = """\
routines:
  office:
    name: xqzzy stretches
    {aliases}
    stretches: [cat]
"""


@pytest.fixture
def folder(home: Path) -> Path:
    path = home / "config" / "back-stretches" / "routines"
    path.mkdir(parents=True)
    return path


def test_shipped_routines_are_listed(run: Run) -> None:
    result = run("routines")
    assert (result.code, result.err) == (0, "")
    assert "start back stretches" in result.out
    assert "back-stretches/routines/*.yaml" in result.out.replace("\n", "")
    full = {event["id"]: event for event in run("routines", "--json").events}["full"]
    assert full["own"] is False
    assert len(full["stretches"]) == 7


def test_own_routines_are_listed(run: Run, folder: Path) -> None:
    (folder / "evening.yaml").write_text(EVENING)
    result = run("routines", "--json")
    assert (result.code, result.err) == (0, "")
    evening = {event["id"]: event for event in result.events}["evening"]
    assert evening["own"] is True
    assert evening["stretches"] == ["childs_pose", "thread_the_needle", "bridge"]


def test_a_file_may_use_what_a_later_one_defines(run: Run, folder: Path) -> None:
    (folder / "a.yml").write_text(BORROWING)
    (folder / "b.yaml").write_text(EVENING)
    (folder / "c.yaml").write_text(BROKEN)  # so that they are read one by one
    found = load(folder, check_names)
    assert found.own == {"evening", "short"}
    assert found.left_out == (folder / "c.yaml",)


def test_other_files_in_the_folder_are_reported(run: Run, folder: Path) -> None:
    (folder / "evening.YML").write_text(EVENING)
    (folder / "evening.yaml~").write_text(EVENING)
    (folder / "notes.txt").write_text("stretch more")
    (folder / ".hidden").write_text("")
    result = run("routines")
    assert result.code == 0
    assert "start evening stretches" in result.out
    assert result.err == "".join(
        f"note: {folder / name} is not read; routine files end in .yaml or .yml.\n"
        for name in ("evening.yaml~", "notes.txt")
    )


def test_abbreviations_in_own_sentences_are_notes(run: Run, folder: Path) -> None:
    (folder / "evening.yaml").write_text(EVENING.replace("Rest that shoulder on the floor.", "Rest there for 30s."))
    result = run("routines")
    assert result.code == 0
    assert result.err.startswith("note: ")
    assert result.err.endswith(
        'evening.yaml:15: "Rest there for 30s." is spoken as it is written;'
        ' write out "30s" (such as: thirty seconds).\n'
    )


def test_every_problem_is_named(run: Run, folder: Path) -> None:
    (folder / "a.yaml").write_text(BROKEN)
    (folder / "b.yaml").write_text("routines: [")
    (folder / "evening.yaml").write_text(EVENING)
    result = run("routines")
    assert result.code == 1
    assert 'a.yaml:4: unknown stretch "dolphin" in routine "morning"' in result.err
    assert "b.yaml:1: " in result.err
    assert "start evening stretches" in result.out
    assert "morning" not in result.out


def test_a_pipe_among_the_files_is_reported_and_nothing_waits_for_it(run: Run, folder: Path) -> None:
    os.mkfifo(folder / "a.yaml")
    (folder / "evening.yaml").write_text(EVENING)
    result = run("routines")
    assert result.code == 1
    assert "a.yaml:1: this is a pipe, a socket or a device; put a file with text in its place." in result.err
    assert "start evening stretches" in result.out
    events = run("chat", "--json", stdin="help\n").events
    assert next(event["text"] for event in events if event["event"] == "problem").endswith("goes on without a.yaml.")


def test_a_conversation_goes_on_without_a_broken_file(run: Run, folder: Path) -> None:
    (folder / "a.yaml").write_text(BROKEN)
    (folder / "evening.yaml").write_text(EVENING)
    events = run("chat", "--json", stdin="start the evening stretches\nstop\n").events
    [problem] = [event["text"] for event in events if event["event"] == "problem"]
    assert problem.endswith(
        '/a.yaml:4: unknown stretch "dolphin" in routine "morning"; define it under stretches.'
        " Until then the coach goes on without a.yaml."
    )
    assert "childs_pose" in [event["stretch"] for event in events if event["event"] == "state"]


def test_a_routine_that_is_called_like_a_command_replaces_no_command(run: Run, folder: Path) -> None:
    (folder / "stop.yaml").write_text("routines: {mine: {name: stop, stretches: [cat]}}")
    result = run("routines")
    assert result.code == 1
    assert 'stop.yaml:1: the name "stop" cannot be used: "stop please" already means "stop"; choose' in result.err
    events = run("chat", "--json", stdin="start back stretches\nstop please\n").events
    assert [event["intent"] for event in events if event["event"] == "heard"] == ["start_routine", "stop"]
    [problem] = [event["text"] for event in events if event["event"] == "problem"]
    assert problem.endswith("Until then the coach goes on without stop.yaml.")


def test_a_folder_that_cannot_be_read_is_reported(run: Run, folder: Path) -> None:
    folder.rmdir()
    folder.write_text("")  # an error even for the administrator, unlike missing permissions
    result = run("routines")
    assert result.code == 1
    assert f"{folder}: this folder cannot be read (not a directory)" in result.err
    assert "start back stretches" in result.out
    events = run("chat", "--json", stdin="what routines are there\n").events
    [problem] = [event["text"] for event in events if event["event"] == "problem"]
    assert problem.endswith("Until then the coach goes on without your own routines.")
    assert "list_routines" in [event.get("intent") for event in events]


def test_a_new_stretch_is_understood_and_led_through(run: Run, folder: Path) -> None:
    (folder / "evening.yaml").write_text(EVENING)
    typed = "how do I do thread the needle\n/wait 20\nstart evening stretches\ngo to needle pose\n/wait 600\n"
    events = run("chat", "--json", stdin=typed).events
    assert [e["intent"] for e in events if e["event"] == "heard"] == ["how_to", "start_routine", "go_to"]
    said = [e["text"] for e in events if e["event"] == "say"]
    assert "Slide one arm under your chest." in said
    assert "Slide your right arm under your chest." in said
    assert ("thread_the_needle", "left") in [(e["stretch"], e["side"]) for e in events if e["event"] == "state"]


def talk(folder: Path, *said: str | float) -> Path:
    """Write a sound file with what a user says and, in seconds, the silence between."""
    sound = [quiet(round(1000 * part)) if isinstance(part, float) else say(part) for part in said]
    with wav.Writer(folder / "talk.wav") as file:
        file.write(np.concatenate(sound))
    return file.path


def test_a_new_stretch_is_understood_by_voice_and_led_through(run: Run, folder: Path, tmp_path: Path) -> None:
    """As its user meets it: the file goes into the folder, and the next session knows its names."""
    (folder / "evening.yaml").write_text(EVENING)
    asked = (8.0, "how do I do needle pose", 12.0, "start evening stretches", 4.0, "go to thread the needle")
    result = run("replay", talk(tmp_path, *asked, 3.0, "stop", 1.0), "--json")
    assert (result.code, result.err) == (0, "")
    heard = [(e["intent"], e["slots"]) for e in result.events if e["event"] == "heard"]
    assert heard == [
        ("how_to", {"stretch": "thread_the_needle"}),
        ("start_routine", {"routine": "evening"}),
        ("go_to", {"stretch": "thread_the_needle"}),
        ("stop", {}),
    ]
    said = [e["text"] for e in result.events if e["event"] == "say"]
    assert "Slide one arm under your chest." in said
    assert [e["stretch"] for e in result.events if e["event"] == "state"][-2:] == ["thread_the_needle", None]


def test_a_name_that_cannot_be_heard_does_not_stop_a_session(run: Run, folder: Path, tmp_path: Path) -> None:
    unheard = UNHEARD.format(aliases="").replace("stretches: [cat]", "stretches: [cat, thread_the_needle]")
    (folder / "office.yaml").write_text(unheard)
    (folder / "evening.yaml").write_text(EVENING.replace("[needle pose]", "[qwertz pose]"))  # has another, good name
    result = run("replay", talk(tmp_path, 8.0, "how do I do thread the needle", 1.0), "--json")
    assert (result.code, result.err) == (0, "")
    [problem] = [e["text"] for e in result.events if e["event"] == "problem"]
    assert problem.endswith(
        '/office.yaml:3: "xqzzy stretches" cannot be heard: the speech model lacks "xqzzy";'
        " spell it otherwise or add an alias."
    )
    assert [e["slots"] for e in result.events if e["event"] == "heard"] == [{"stretch": "thread_the_needle"}]
    doctor = {finding["check"]: finding for finding in run("doctor", "--json").events}
    assert doctor["vocabulary"]["ok"]
    assert not doctor["your routines"]["ok"]
    assert "office.yaml:3: " in doctor["your routines"]["text"]


@pytest.mark.parametrize(("aliases", "code"), [("", 1), ("aliases: [office stretches]", 0)])
def test_a_name_that_cannot_be_heard_is_reported(run: Run, folder: Path, aliases: str, code: int) -> None:
    (folder / "office.yaml").write_text(UNHEARD.format(aliases=aliases))
    result = run("routines", "--model", model().folder)
    assert result.code == code
    assert (
        'office.yaml:3: "xqzzy stretches" cannot be heard: the speech model lacks "xqzzy";'
        " spell it otherwise or add an alias." in result.err
    )
    assert result.err.startswith("note: ") == (code == 0)


def test_shipped_names_can_be_heard() -> None:
    problems, notes = unheard_names(Parts(Settings()).routines.all.values(), model().knows)
    assert (problems, notes) == ([], [])
