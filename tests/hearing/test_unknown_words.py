"""Words in language files that the speech model does not know are reported with file and line."""

from pathlib import Path

import pytest

from skill.content.language import load_language, unknown_words
from skill.content.routine_catalog import load_routines, routine_list, shipped_routine_files, stretch_list
from skill.content.states import STATES
from tests.content.language_files import GOOD, load

COFFEE = Path(__file__).parents[3] / "shared" / "speech" / "coffee" / "intents"
SHIPPED = Path(__file__).parents[2] / "intents" / "en"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("next [one]", {"next", "one"}),
        ("stretch[es] (again|over)", {"stretch", "stretches", "again", "over"}),
        ("[un](pause|freeze) <go>", {"pause", "freeze", "unpause", "unfreeze", "go", "jump"}),
        ("<go>es {stretch}s", {"goes", "jumpes", "cat", "s", "poses"}),
        ("(left; right now;up)", {"left", "right", "now", "up"}),
        ("it’s {1..9:count} Times", {"it's", "times"}),
        ("half-moon night_light[-]house", {"half", "moon", "night", "light", "house", "lighthouse"}),
    ],
)
def test_words_are_found_across_the_pieces_of_a_template(folder: Path, template: str, words: set[str]) -> None:
    language = load(folder, GOOD.replace('"next [(one|stretch)]"', f'"{template}"'))
    asked: set[str] = set()

    def knows(word: str) -> bool:
        asked.add(word)
        return True

    assert unknown_words(language, knows) == []
    assert asked == words | {"go", "jump", "to", "cat", "pose"}


def test_an_unknown_word_is_reported_where_it_is_written(folder: Path) -> None:
    language = load(folder, GOOD.replace("next [", "next[er] ["))
    lines = unknown_words(language, {"next", "one", "stretch", "to", "cat", "go"}.__contains__)
    remedy = "use another spelling or word."
    assert lines == [
        f'a.yaml:6: the speech model does not know the word "nexter"; {remedy}',
        f'a.yaml:14: the speech model does not know the word "jump"; {remedy}',
        f'a.yaml:18: the speech model does not know the word "pose"; {remedy}',
    ]


def test_an_unknown_word_in_a_name_is_reported_in_the_routine_file(folder: Path) -> None:
    shipped = shipped_routine_files()[0]
    text = shipped.read_text(encoding="utf-8").replace("- bridge pose", "- setu bandha")
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    routines = load_routines([folder / "mine.yaml"])
    lists = {"stretch": stretch_list(routines), "routine": routine_list(routines)}
    line = text.splitlines().index("      - setu bandha") + 1
    found = unknown_words(load_language(SHIPPED, lists, STATES), lambda word: word not in ("setu", "bandha"))
    assert found == [
        f'mine.yaml:{line}: the speech model does not know the word "{word}"; use another spelling or word.'
        for word in ("bandha", "setu")
    ]


def test_words_spelt_out_in_too_many_ways_are_refused(folder: Path) -> None:
    spelt = "(a|b)" * 20
    language = load(folder, GOOD.replace("next [(one|stretch)]", spelt))
    assert unknown_words(language, lambda word: True) == [
        'a.yaml:6: intent "next" builds too many words out of letters; write words whole.'
    ]


def test_the_coffee_folder_loads_and_its_unknown_word_is_found() -> None:
    if not COFFEE.is_dir():
        pytest.skip("../shared/speech is not here")
    language = load_language(COFFEE)
    assert set(language.intents.intents) == {"orderDrink"}
    assert len(language.intents.slot_lists["coffeeDrink"].values) == 10  # type: ignore[attr-defined]
    assert unknown_words(language, lambda word: word != "mocha") == [
        f"{language.places['value', 'coffeeDrink', number]}: "
        'the speech model does not know the word "mocha"; use another spelling or word.'
        for number in ("3", "5")
    ]
