"""`back-stretches routines`, and what a user's own routine files bring into a conversation."""

from pathlib import Path

import numpy as np
import pytest

from skill.audio.blocks import BLOCK_MS, blocks
from skill.events import Heard
from skill.own_routines import load, unheard_names
from skill.parts import Parts
from skill.settings import Settings
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
    found = load(folder)
    assert found.own == {"evening", "short"}
    assert found.left_out == (folder / "c.yaml",)


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


def test_a_conversation_goes_on_without_a_broken_file(run: Run, folder: Path) -> None:
    (folder / "a.yaml").write_text(BROKEN)
    (folder / "evening.yaml").write_text(EVENING)
    events = run("chat", "--json", stdin="start the evening stretches\nstop\n").events
    [problem] = [event["text"] for event in events if event["event"] == "problem"]
    assert problem == "Left out, since something is wrong in it: a.yaml; `back-stretches routines` tells what."
    assert "childs_pose" in [event["stretch"] for event in events if event["event"] == "state"]


def test_a_new_stretch_is_understood_and_led_through(run: Run, folder: Path) -> None:
    (folder / "evening.yaml").write_text(EVENING)
    typed = "how do I do thread the needle\n/wait 20\nstart evening stretches\ngo to needle pose\n/wait 600\n"
    events = run("chat", "--json", stdin=typed).events
    assert [e["intent"] for e in events if e["event"] == "heard"] == ["how_to", "start_routine", "go_to"]
    said = [e["text"] for e in events if e["event"] == "say"]
    assert "Slide one arm under your chest." in said
    assert "Slide your right arm under your chest." in said
    assert ("thread_the_needle", "left") in [(e["stretch"], e["side"]) for e in events if e["event"] == "state"]


@pytest.mark.parametrize(
    ("spoken", "slots"),
    [
        ("start evening stretches", {"routine": "evening"}),
        ("how do I do thread the needle", {"stretch": "thread_the_needle"}),
    ],
)
def test_a_new_stretch_is_understood_by_voice(folder: Path, spoken: str, slots: dict[str, str]) -> None:
    (folder / "evening.yaml").write_text(EVENING)
    listener = Parts(Settings(), model().folder).listener()
    listener.listen("idle")
    sound = np.concatenate([say(spoken), quiet(1500)])
    events = [e for n, block in enumerate(blocks(sound), 1) for e in listener.hear(block, n * BLOCK_MS)]
    assert [dict(event.slots) for event in events if isinstance(event, Heard)] == [slots]


@pytest.mark.parametrize(("aliases", "code"), [("", 1), ("aliases: [office stretches]", 0)])
def test_a_name_that_cannot_be_heard_is_told(run: Run, folder: Path, aliases: str, code: int) -> None:
    (folder / "office.yaml").write_text(UNHEARD.format(aliases=aliases))
    result = run("routines", "--model", model().folder)
    assert result.code == code
    assert (
        'office.yaml:3: "xqzzy stretches" cannot be heard: the speech model lacks "xqzzy";'
        " spell it otherwise or add an alias." in result.err
    )
    assert result.err.startswith("note: ") == (code == 0)


def test_shipped_names_can_be_heard() -> None:
    problems, notes = unheard_names(Parts(Settings()).routines.all.values(), model())
    assert (problems, notes) == ([], [])
