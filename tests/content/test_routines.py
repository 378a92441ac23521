"""Routine files: the shipped stretches, files of one's own, and what is wrong in a file."""

from itertools import permutations
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from skill.content.content import Content
from skill.content.responses import Responses
from skill.content.routine import ADVICE, CONDITIONS, POSITIONS, Hold, Routine, Stretch
from skill.content.routine_catalog import load_routines, routine_list, shipped_routine_files, stretch_list
from skill.errors import ContentError
from tests.content.yaml_damage import damaged

ORDER = ["knee_to_chest", "cat", "cow", "downward_dog", "bridge", "childs_pose", "forward_fold"]

OWN = """\
routines:
  evening:
    name: evening stretches
    aliases: [bedtime routine]
    breath: 7.5
    stretches:
      - bridge: {hold: {breaths: 2}, name: little bridge}
      - sofa
      - cat
stretches:
  sofa:
    name: sofa stretch
    position: sitting
    hold: {seconds: 30, sides: [left, right]}
    instructions: [Sit down on your sofa., Turn to one side.]
    how_to: [Sit and turn to one side.]
    why: [It feels good.]
    easier: [Turn only a little.]
"""

BAD = yaml.safe_load((Path(__file__).parent / "bad_routines.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def load(folder: Path, text: str) -> dict[str, Routine]:
    (folder / "own.yaml").write_text(text, encoding="utf-8")
    return load_routines([*shipped_routine_files(), folder / "own.yaml"])


def full() -> Routine:
    return load_routines()["full"]


def test_the_full_routine_has_the_seven_stretches_in_order() -> None:
    routine = full()
    assert (routine.id, routine.name, routine.breath) == ("full", "back stretches", 6.0)
    assert [stretch.id for stretch in routine.stretches] == ORDER


def test_the_holds_are_those_of_the_design() -> None:
    assert {stretch.id: stretch.hold for stretch in full().stretches} == {
        "knee_to_chest": Hold(seconds=20, sides=("right", "left")),
        "cat": Hold(breaths=1),
        "cow": Hold(rounds=5, alternate_with="cat"),
        "downward_dog": Hold(breaths=3),
        "bridge": Hold(breaths=4),
        "childs_pose": Hold(seconds=60),
        "forward_fold": Hold(breaths=5),
    }


@pytest.mark.parametrize("stretch", full().stretches, ids=lambda stretch: stretch.id)
def test_a_stretch_says_neither_too_much_nor_too_little(stretch: Stretch) -> None:
    assert 5 <= len(stretch.instructions) <= 8
    assert 2 <= len(stretch.how_to) <= 4
    assert 1 <= len(stretch.why) <= 2
    assert 2 <= len(stretch.easier) <= 4
    assert stretch.check_first
    assert stretch.position in POSITIONS


def spoken(routine: Routine) -> list[str]:
    lines = [line for s in routine.stretches for part in (s.instructions, s.how_to, s.why, s.easier) for line in part]
    return lines + [line for _, _, cue in routine.cues for line in cue]


EVERY_LINE = sorted({line for routine in load_routines().values() for line in spoken(routine)})


@pytest.mark.parametrize("line", EVERY_LINE)
def test_every_line_is_for_the_ear(line: str) -> None:
    assert 2 <= len(line.split()) <= 12
    assert line[0].isupper()
    assert line[-1] == "."
    assert line.count(".") == 1, "one sentence a line"
    assert not any(sign in line for sign in '()[]{}/&%:;"0123456789'), "nothing that has to be seen"
    assert not {"cure", "cures", "heal", "heals", "fix", "fixes", "must", "guaranteed"} & set(line.lower().split())


def test_no_line_is_said_twice_within_a_stretch() -> None:
    for stretch in full().stretches:
        lines = [*stretch.instructions, *stretch.how_to, *stretch.why, *stretch.easier]
        assert len(set(lines)) == len(lines), stretch.id


def test_the_forward_fold_offers_halfway_with_bent_knees_first() -> None:
    lines = full().stretches[-1].instructions
    bent, halfway, floor = (
        next(i for i, line in enumerate(lines) if word in line.lower()) for word in ("knees", "halfway", "floor")
    )
    assert bent < halfway < floor


def test_every_change_of_position_has_its_cue() -> None:
    routine = full()
    for before, after in [*permutations(POSITIONS, 2), *(("start", position) for position in POSITIONS)]:
        assert 1 <= len(routine.cue(before, after)) <= 3, f"{before} to {after}"
    for position in POSITIONS:
        assert routine.cue(position, position) == ()


@pytest.mark.parametrize("before", ["lying", "kneeling", "sitting"])
def test_getting_up_is_slow(before: str) -> None:
    assert "slowly" in " ".join(full().cue(before, "standing"))


@pytest.mark.parametrize("before", ["lying", "kneeling"])
def test_getting_up_from_the_floor_uses_a_hold(before: str) -> None:
    assert "chair" in " ".join(full().cue(before, "standing"))


def test_the_names_of_the_design_lead_to_their_stretches() -> None:
    names = dict(stretch_list(load_routines()))
    for phrase, stretch in {
        "knee to chest": "knee_to_chest",
        "cat": "cat",
        "cat pose": "cat",
        "cat stretch": "cat",
        "cow": "cow",
        "cow pose": "cow",
        "down dog": "downward_dog",
        "downward dog": "downward_dog",
        "downward facing dog": "downward_dog",
        "bridge": "bridge",
        "bridge pose": "bridge",
        "child's pose": "childs_pose",
        "forward fold": "forward_fold",
        "forward bend": "forward_fold",
        "standing forward fold": "forward_fold",
        "standing forward bend": "forward_fold",
    }.items():
        assert names[phrase] == stretch
    assert dict(routine_list(load_routines()))["back stretches"] == "full"


def test_a_file_of_ones_own_uses_shipped_stretches_and_adds_to_them(folder: Path) -> None:
    routines = load(folder, OWN)
    evening = routines["evening"]
    assert set(routines) == {"full", "quick", "gentle", "evening"}
    assert (evening.name, evening.aliases, evening.breath) == ("evening stretches", ("bedtime routine",), 7.5)
    bridge, sofa, cat = evening.stretches
    assert bridge.hold == Hold(breaths=2)
    assert bridge.name == "little bridge"
    assert bridge.instructions == full().stretches[4].instructions
    assert routines["full"] == full()
    assert sofa.hold == Hold(seconds=30, sides=("left", "right"))
    assert cat == full().stretches[1]
    assert evening.cue("lying", "sitting")
    assert ("little bridge", "bridge") in stretch_list(routines)
    assert ("bridge", "bridge") in stretch_list(routines)


def test_a_hold_may_be_repeated(folder: Path) -> None:
    evening = load(folder, OWN.replace("{breaths: 2}", "{breaths: 2, repeat: 3}"))["evening"]
    assert [stretch.hold.repeat for stretch in evening.stretches] == [3, 1, 1]


def test_a_routine_without_breath_breathes_in_six_seconds(folder: Path) -> None:
    assert load(folder, OWN.replace("    breath: 7.5\n", ""))["evening"].breath == 6.0


@pytest.mark.parametrize("case", BAD, ids=[f"{case['replace']}->{case['by']}"[:60] for case in BAD])
def test_what_is_wrong_is_said_with_file_and_line(folder: Path, case: dict[str, str]) -> None:
    assert case["replace"] in OWN
    with pytest.raises(ContentError) as caught:
        load(folder, OWN.replace(case["replace"], case["by"], 1))
    lines = str(caught.value).splitlines()
    assert any(line.startswith(case["says"]) for line in lines), "\n".join(lines)


def test_a_misspelt_key_of_a_hold_is_the_only_problem(folder: Path) -> None:
    with pytest.raises(ContentError) as caught:
        load(folder, OWN.replace("{breaths: 2}", "{breathz: 2}"))
    assert str(caught.value) == (
        'own.yaml:7: unknown key "breathz" in "hold" of "bridge" in routine "evening" (did you mean "breaths"?).'
    )


def test_a_missing_cue_is_reported_at_its_routine(folder: Path) -> None:
    alone = OWN.replace("      - cat\n", "").replace("      - bridge: {hold: {breaths: 2}, name: little bridge}\n", "")
    (folder / "own.yaml").write_text(alone)
    with pytest.raises(ContentError) as caught:
        load_routines([folder / "own.yaml"])
    assert str(caught.value) == 'own.yaml:2: routine "evening" needs a cue from start to sitting; add it under cues.'


def test_a_missing_file_is_one_clear_sentence(folder: Path) -> None:
    with pytest.raises(ContentError, match=r"^mine\.yaml:1: cannot read this file: no such file or directory; check"):
        load_routines([Path("mine.yaml")])


def test_files_without_a_routine_are_refused(folder: Path) -> None:
    with pytest.raises(ContentError, match="There is no routine in the routine files; add one"):
        load_routines([])
    (folder / "own.yaml").write_text("cues: {start: {lying: [Lie down.]}}\n")
    with pytest.raises(ContentError, match="There is no routine in the routine files; add one"):
        load_routines([folder / "own.yaml"])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=damaged(OWN))
def test_damaged_files_raise_nothing_but_content_errors(folder: Path, text: bytes) -> None:
    (folder / "own.yaml").write_bytes(text)
    message = "."
    routines: dict[str, Routine] = {}
    try:
        routines = load_routines([*shipped_routine_files(), folder / "own.yaml"])
    except ContentError as error:
        message = str(error)
    assert all(line.endswith(".") for line in message.splitlines()), message
    assert bool(routines) == (message == ".")
    assert all(isinstance(line, str) for routine in routines.values() for line in spoken(routine))


def test_the_quick_and_the_gentle_routine() -> None:
    routines = load_routines()
    assert [s.id for s in routines["quick"].stretches] == ["knee_to_chest", "cat", "cow", "childs_pose"]
    assert sorted(s.id for s in routines["gentle"].stretches) == sorted(ORDER)
    assert (routines["quick"].easier, routines["gentle"].easier) == (False, True)


@pytest.mark.parametrize("stretch", full().stretches, ids=lambda stretch: stretch.id)
def test_conditions_say_what_is_done(stretch: Stretch) -> None:
    assert stretch.conditions
    assert stretch.advice(frozenset()) is None
    for condition, advice in stretch.conditions:
        assert condition in CONDITIONS
        assert stretch.advice({condition}) == advice
    assert stretch.advice(frozenset(CONDITIONS)) in ADVICE


def test_conditions_in_a_file_of_ones_own(folder: Path) -> None:
    own = OWN.replace("    easier: [Turn", "    conditions: {knees: easier, disc: leave_out}\n    easier: [Turn")
    sofa = load(folder, own)["evening"].stretches[1]
    assert sofa.conditions == (("knees", "easier"), ("disc", "leave_out"))
    adapted = load(folder, own)["evening"].adapted({"disc"})
    assert [s.id for s in adapted.stretches] == ["bridge", "cat"]
    assert [s.id for s in load(folder, own)["evening"].adapted({"disc"}, keep="sofa").stretches][1] == "sofa"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{knees:", "{knee:", 'unknown key "knee" in "conditions" of stretch "sofa" (did you mean "knees"'),
        ("{knees: easier}", "{knees: skip}", 'unknown advice "skip" in "conditions" of stretch "sofa"; use one of'),
        ("    hold: {sec", "    easier_position: lyin\n    hold: {sec", 'unknown position "lyin" in "easier_position"'),
        ("easier: true", "easier: 1", '"easier" of routine "evening" must be true or false, not 1.'),
    ],
)  # fmt: skip
def test_what_is_wrong_with_conditions(folder: Path, old: str, new: str, says: str) -> None:
    own = OWN.replace("    easier: [Turn", "    conditions: {knees: easier}\n    easier: [Turn")
    own = own.replace("    breath: 7.5\n", "    breath: 7.5\n    easier: true\n")
    assert load(folder, own)["evening"].easier
    with pytest.raises(ContentError) as caught:
        load(folder, own.replace(old, new, 1))
    assert says in str(caught.value)


def test_another_first_side_has_instructions_of_its_own(folder: Path) -> None:
    text = """
routines:
  mine:
    name: my stretches
    stretches:
      - knee_to_chest: {hold: {seconds: 30, sides: [left, right]}}
      - childs_pose
"""
    mine = load(folder, text)["mine"].stretches[0]
    usual = full().stretches[0]
    assert usual.hold.sides == ("right", "left")
    lefts = [line.count("left") for line in usual.instructions]
    rights = [line.count("right") for line in usual.instructions]
    assert sum(rights) > 0
    assert [line.count("left") for line in mine.instructions] == rights
    assert [line.count("right") for line in mine.instructions] == lefts
    assert mine.why == usual.why


def test_half_of_an_alternation_is_none_of_it() -> None:
    assert [s.id for s in full().without({"cat"}).stretches] == [
        s.id for s in full().stretches if s.id not in ("cat", "cow")
    ]
    assert full().without({"cow"}).index("cat") is not None
    assert full().without({"cat"}, keep="cow").index("cow") is not None


def test_a_stretch_with_two_names_is_known_by_that_of_the_first_routine(folder: Path) -> None:
    names = Content(load(folder, OWN), Responses({})).stretch_names
    assert (names["bridge"], names["childs_pose"], names["sofa"]) == ("bridge", "child's pose", "sofa stretch")
