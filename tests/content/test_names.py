"""Typographic signs: the usual variants of apostrophes, hyphens and spaces are plain ones, others are named."""

from pathlib import Path

import pytest

from skill.content.language import load_language
from skill.content.routine import Routine
from skill.content.routine_catalog import load_routines, shipped_routine_files
from skill.content.tokenizer import tokens
from skill.errors import ContentError

OWN = """\
routines:
  mine:
    name: "{name}"
    aliases: ["{alias}"]
    stretches:
      - cat: {{name: "{stretch}", how_to: ["{sentence}"]}}
      - cow: {{hold: {{breaths: 2}}}}
"""


def routine(
    folder: Path, name: str = "mine", alias: str = "my own", stretch: str = "my cat", sentence: str = "Go."
) -> Routine:
    (folder / "own.yaml").write_text(OWN.format(name=name, alias=alias, stretch=stretch, sentence=sentence), "utf-8")
    return load_routines([*shipped_routine_files(), folder / "own.yaml"])["mine"]


@pytest.mark.parametrize("apostrophe", "’‘‛ʼʻ′´`＇")
def test_an_apostrophe_is_one_however_it_is_typed(tmp_path: Path, apostrophe: str) -> None:
    mine = routine(
        tmp_path,
        f"baby{apostrophe}s routine",
        f"sailor{apostrophe}s",
        f"lion{apostrophe}s pose",
        f"Don{apostrophe}t hurry.",
    )
    assert (mine.name, mine.aliases) == ("baby's routine", ("sailor's",))
    assert (mine.stretches[0].name, mine.stretches[0].how_to) == ("lion's pose", ("Don't hurry.",))
    assert tokens(f"Child{apostrophe}s pose") == ("child's", "pose")


@pytest.mark.parametrize("hyphen", "‐‑‒–—−")
def test_a_hyphen_is_one_however_it_is_typed(tmp_path: Path, hyphen: str) -> None:
    assert routine(tmp_path, stretch=f"thread{hyphen}needle").stretches[0].name == "thread-needle"
    assert tokens(f"thread{hyphen}needle") == ("thread", "needle")


@pytest.mark.parametrize(
    ("typed", "name"),
    [("my\u00a0routine", "my routine"), ("my\u202froutine", "my routine"), ("rou\u00adtine", "routine")],
)
def test_special_spaces_are_spaces_and_invisible_signs_are_nothing(tmp_path: Path, typed: str, name: str) -> None:
    assert routine(tmp_path, name=typed).name == name
    assert tokens(typed) == tuple(name.split())


def test_a_letter_with_its_accent_apart_is_that_letter(tmp_path: Path) -> None:
    assert routine(tmp_path, name="cafe\u0301 routine").name == "café routine"


def test_a_dash_in_a_sentence_stays_a_dash(tmp_path: Path) -> None:
    assert routine(tmp_path, sentence="Wait – and breathe.").stretches[0].how_to == ("Wait – and breathe.",)


def test_the_same_name_with_another_apostrophe_is_the_same_name(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match='the name "child\'s pose" already means "childs_pose"'):
        routine(tmp_path, stretch="child’s pose")


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("stretch & go", 'leave out "&" (ampersand)'),
        ("cat/cow", 'leave out "/" (solidus)'),
        ("cat, cow", 'leave out "," (comma)'),
        ("number 7", 'write the number "7" out'),
        ("the ٣", 'write the number "٣" out'),
        ("cat 🐈", 'leave out "🐈" (cat)'),
        ("cat\u200f", "leave out the sign right-to-left mark"),
        ("-cat", """a "'" or "-" belongs between two letters"""),
        ("cat--cow", """a "'" or "-" belongs between two letters"""),
    ],
)
def test_a_sign_that_is_refused_is_named(tmp_path: Path, name: str, wrong: str) -> None:
    for fields in ({"name": name}, {"alias": name}, {"stretch": name}):
        with pytest.raises(ContentError) as caught:
            routine(tmp_path, **fields)
        assert f'the name "{name}" must be plain words: {wrong}.' in str(caught.value)


def test_templates_may_have_curly_apostrophes(tmp_path: Path) -> None:
    lists = 'lists: {what: {values: ["child’s pose"]}}'
    text = 'language: en\nintents: {go: {data: [{sentences: ["that’s {what}"]}]}}\n' + lists
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    language = load_language(tmp_path)
    assert language.intents.intents["go"].data[0].sentence_texts == ["that's {what}"]
