"""Names in the user's own routine files that are commands already."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from skill.composition import parts
from skill.composition.coach_settings import Settings
from skill.composition.parts import Parts
from skill.content.own_routines import load
from skill.content.problems import Place, Problems, Text
from skill.content.routine_catalog import load_routines, routine_list, stretch_list
from skill.understanding.name_conflicts import check_names
from tests.speech import model

OWN = """\
routines:
  evening:
    name: {routine}
    aliases: [{alias}]
    stretches:
      - cat
      - bridge: {{name: {stretch}}}
"""


def problems_of(names: Iterable[tuple[str, str]]) -> list[str]:
    """Return what is wrong with routines and stretches of these names, which are given as (kind, name)."""
    problems = Problems()
    found: dict[str, list[tuple[str, str]]] = {"routine": [], "stretch": []}
    for number, (kind, name) in enumerate(names, 1):
        found[kind].append((Text(name, Place("own.yaml", number)), f"mine {number}"))
    check_names(found, problems)
    return problems.lines()


COMMANDS = [
    ("routine", "stop", '"stop please" already means "stop"'),
    ("routine", "Stop", '"stop please" already means "stop"'),
    ("routine", "ouch", '"ouch" already means "pain"'),
    ("routine", "stretching", 'stretching" already means'),
    ("routine", "the routine", 'the routine" already means'),
    ("routine", "next one", '"can we do the next one" already means "next"'),
    ("stretch", "next", '"next please" already means "next"'),
    ("stretch", "this stretch", 'this stretch" already means'),
    ("stretch", "back stretches", 'back stretches please" already means "start routine"'),
]


def test_names_that_are_commands_are_refused() -> None:
    lines = problems_of((kind, name) for kind, name, _ in COMMANDS)
    for number, ((_, name, says), line) in enumerate(zip(COMMANDS, lines, strict=True), 1):
        assert line.startswith(f'own.yaml:{number}: the name "{name}" cannot be used: "')
        assert says in line
        assert line.endswith("; choose another name or alias.")


@pytest.mark.parametrize("kind", ["routine", "stretch"])
def test_other_names_are_not(kind: str) -> None:
    names = (
        "morning stretches",
        "bedtime routine",
        "lunch break",
        "warm up",
        "rest",
        "hip tilt",
        "seven minutes",
        "neck",
    )
    assert problems_of((kind, name) for name in names) == []


def test_the_shipped_names_pass() -> None:
    routines, problems = load_routines(), Problems()
    check_names({"stretch": stretch_list(routines), "routine": routine_list(routines)}, problems)
    assert problems.lines() == []


def test_every_such_name_of_a_file_is_reported_and_the_file_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(OWN.format(routine="stop", alias="ouch", stretch="next"))
    (tmp_path / "b.yaml").write_text(
        OWN.format(routine="b", alias="late stretches", stretch="c").replace("evening", "b")
    )
    found = load(tmp_path, check_names)
    assert [line.split(" cannot be used")[0] for line in found.problems] == [
        f'{tmp_path / "a.yaml"}:3: the name "stop"',
        f'{tmp_path / "a.yaml"}:4: the name "ouch"',
        f'{tmp_path / "a.yaml"}:7: the name "next"',
    ]
    assert found.left_out == (tmp_path / "a.yaml",)
    assert found.own == {"b"}


@pytest.mark.parametrize("name", ["morning warm-up", "half-moon morning"])
def test_a_name_with_a_hyphen_is_heard_as_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (tmp_path / "mine.yaml").write_text(
        f"routines:\n  mine:\n    name: {name}\n    stretches: [cat, cow]\n", encoding="utf-8"
    )
    monkeypatch.setattr(parts, "routines_folder", lambda: tmp_path)
    mine = Parts(Settings(), model().folder)
    assert (mine.routines.own, mine.unheard) == ({"mine"}, ([], []))
    mine.listener()
