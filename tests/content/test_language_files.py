"""Language files: what is wrong in them is said with file and line; what is right in them is understood."""

from pathlib import Path

import pytest
import yaml
from hassil.intents import Intents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skill.content.language import load_language, unknown_words
from skill.content.states import STATES
from skill.errors import ContentError
from tests.content.language_files import GOOD, load
from tests.content.yaml_damage import damaged


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def problems(folder: Path, *texts: str, contexts: tuple[str, ...] | None = STATES) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load(folder, *texts, contexts=contexts)
    return str(caught.value).splitlines()


def test_a_good_file_loads(folder: Path) -> None:
    language = load(folder, GOOD)
    assert set(language.intents.intents) == {"next", "go_to"}
    assert language.responses == {"hello": ("Hello.",), "moved": ("On to {stretch}.", "Now {stretch}.")}
    assert str(language.places["sentence", "go_to", "<go> to {stretch}"]) == "a.yaml:12"
    assert str(language.places["rule", "go"]) == "a.yaml:14"
    assert str(language.places["list", "stretch"]) == "a.yaml:16"
    assert str(language.places["value", "stretch", "0"]) == "a.yaml:18"


BAD = yaml.safe_load((Path(__file__).parent / "bad_language.yaml").read_text(encoding="utf-8"))


WRONG, RIGHT = [case for case in BAD if case["says"]], [case for case in BAD if not case["says"]]


def changed(case: dict[str, str]) -> str:
    assert case["replace"] in GOOD
    return GOOD.replace(case["replace"], case["by"], 1)


@pytest.mark.parametrize("case", WRONG, ids=[f"{case['replace']}->{case['by']}"[:60] for case in WRONG])
def test_what_is_wrong_is_said_with_file_and_line(folder: Path, case: dict[str, str]) -> None:
    assert case["says"] in problems(folder, changed(case))


@pytest.mark.parametrize("case", RIGHT, ids=[f"{case['replace']}->{case['by']}"[:60] for case in RIGHT])
def test_what_only_seems_wrong_loads(folder: Path, case: dict[str, str]) -> None:
    assert load(folder, changed(case)).intents.intents


def test_all_problems_of_all_files_come_in_one_message_in_order(folder: Path) -> None:
    first = GOOD.replace("expansion_rules", "expansion_rule").replace('"Hello."', "yes")
    second = "language: en\nresponse: {}\n"
    assert [line.split(": ")[0] for line in problems(folder, first, second)] == ["a.yaml:13", "a.yaml:21", "b.yaml:2"]


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ("language: de\n", 'b.yaml:1: the language is "de" here but "en" in a.yaml:1; load one folder each.'),
        (
            'intents: {next: {data: [{sentences: ["skip"]}]}}\n',
            'b.yaml:1: intent "next" is already defined in a.yaml:3; put all of it in one place.',
        ),
        ('expansion_rules:\n  go: "move"\n', "b.yaml:2: rule <go> is already defined in a.yaml:14; put all of it"),
        ("responses:\n  hello: Hi.\n", 'b.yaml:2: response "hello" is already defined in a.yaml:21; put all of it'),
        ("", "b.yaml:1: this file is empty; fill it or delete it."),
        ("# nothing\n", "b.yaml:1: this file is empty; fill it or delete it."),
        ("- a\n", "b.yaml:1: a language file must be a group of keys, not a list."),
        ("language: no\n", 'b.yaml:1: "language" must be text, but YAML reads no as a yes/no value; write "no".'),
        ("a: 1\n---\nb: 2\n", 'b.yaml:2: not valid YAML: a second document; delete the line "---".'),
        ("a: &a [*a]\n", "b.yaml:1: too many or too deeply nested values; simplify this file."),
    ],
)
def test_a_second_file_that_does_not_fit(folder: Path, second: str, message: str) -> None:
    assert any(line.startswith(message) for line in problems(folder, GOOD, second))


def test_values_that_multiply_without_end_are_refused(folder: Path) -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{i}: &a{i} [{', '.join(['*a' + str(i - 1)] * 9)}]" for i in range(1, 12)]
    assert "too many or too deeply nested values" in "\n".join(problems(folder, "\n".join(levels)))


@pytest.mark.parametrize("text", ["[" * 5000, "{a: " * 3000, "a:\n" + "".join(" " * i + "- \n" for i in range(200))])
def test_deep_nesting_is_refused(folder: Path, text: str) -> None:
    assert problems(folder, text)


def test_a_long_chain_of_rules_is_refused(folder: Path) -> None:
    rules = "".join(f'  r{i}: "<r{i + 1}>"\n' for i in range(3000)) + '  r3000: "on"\n'
    text = f'language: en\nintents: {{go: {{data: [{{sentences: ["<r0>"]}}]}}}}\nexpansion_rules:\n{rules}'
    assert 'a.yaml:2: intent "go" goes through more than 50 rules one after the other; simplify it.' in problems(
        folder, text
    )


def test_files_that_are_no_text(folder: Path) -> None:
    (folder / "a.yaml").write_bytes(b"language: en\nx: \xff\n")
    with pytest.raises(ContentError, match=r"a\.yaml:2: this line is not UTF-8 text; save the file as UTF-8\."):
        load_language(folder)
    (folder / "a.yaml").unlink()
    (folder / "b.yaml").mkdir()
    with pytest.raises(ContentError, match=r"b\.yaml:1: cannot read this file: is a directory"):
        load_language(folder)


def test_folders_without_templates(folder: Path) -> None:
    with pytest.raises(ContentError, match=r"nowhere: no \.yaml files here; name a folder of hassil templates\."):
        load_language(Path("nowhere"))
    assert problems(folder, "language: en\n")[0].endswith(
        ":1: no intents in this folder; name a folder of hassil templates."
    )
    without = GOOD.replace("language: en\n", "")
    assert problems(folder, without)[0].endswith(':1: no file names its language; add a line such as "language: en".')


def test_a_list_of_the_program_cannot_be_redefined(folder: Path) -> None:
    (folder / "a.yaml").write_text(GOOD)
    with pytest.raises(ContentError, match=r"a\.yaml:16: list \{stretch\} is filled by the program"):
        load_language(folder, {"stretch": [("cow", "cow")]}, STATES)


FOREIGN = """\
language: en
settings: {ignore_whitespace: false, filter_with_regex: false}
skip_words: ["please", "the"]
intents:
  SetTimer:
    data:
      - sentences: ["set [a] timer for {minutes} minutes", "{1..5:count} eggs", "note <local> {anything}."]
        slots: {device: kitchen, loud: true}
        requires_context: {area: {value: kitchen, slot: true}, state: whatever}
        excludes_context: {domain: [light, fan]}
        response: timer
        metadata: {weight: 1.5}
        required_keywords: [timer]
        name_domains: [timer]
        inferred_domain: timer
        settings: {filter_with_regex: true}
        expansion_rules: {local: "(that|this)"}
        lists: {own: {values: [a, {in: "b [c]", out: 3, context: {x: y}, metadata: {z: 1}}]}}
lists:
  minutes:
    range: {from: 0, to: 90, step: 5, type: number, fractions: halves, digits: true, words: true}
  anything:
    wildcard: true
  levels:
    values: ["low", {in: "high[er]", out: 2}, {in: "(mid|middle)"}]
responses:
  errors: {no_intent: "Sorry."}
"""


def test_a_foreign_folder_loads_as_hassil_itself_would(folder: Path) -> None:
    language = load(folder, FOREIGN, "intents: {SetTimer: {data: [{sentences: [wake me]}]}}\n", contexts=None)
    with (folder / "a.yaml").open() as file:
        alone = Intents.from_yaml(file)
    # By their text: hassil's expressions refer to their parents, so == never ends.
    assert repr(language.intents.intents["SetTimer"].data[0]) == repr(alone.intents["SetTimer"].data[0])
    assert language.intents.intents["SetTimer"].data[1].sentence_texts == ["wake me"]
    assert repr(language.intents.slot_lists) == repr(alone.slot_lists)
    assert language.intents.skip_words == ["please", "the"]
    assert language.responses == {}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("from: 0, to: 90", "from: 90, to: 0", "a.yaml:21: list {minutes} goes from 90 to 0; turn them round."),
        ("to: 90, ", "", 'a.yaml:21: list {minutes} has no "to"; add it.'),
        ("from: 0", "from: zero", 'a.yaml:21: "from" of list {minutes} must be a whole number, not "zero"; write'),
        ("step: 5", "step: 0", 'a.yaml:21: "step" of list {minutes} is 0; it must be from 1 to 1e+06.'),
        ("type: number", "type: numbr", 'a.yaml:21: unknown type "numbr" in list {minutes} (did you mean "number"?).'),
        (
            "digits: true, words: true",
            "digits: false, words: false",
            "a.yaml:21: list {minutes} has neither digits nor words; allow one of them.",
        ),
        ("wildcard: true", "wildcard: false", "a.yaml:23: list {anything} is empty; give it values, or wildcard"),
        ("wildcard: true", "values: []", "a.yaml:23: list {anything} is an empty list; add an item or delete it."),
        ('"low"', "5", "a.yaml:25: a value of list {levels} must be text, but YAML reads 5 as a number; write \"5\"."),
        ("settings: {ignore", "settings: {ignor", 'a.yaml:2: unknown key "ignor_whitespace" in "settings" (did you'),
        ("skip_words: [", "skip_words: [[],", 'a.yaml:3: an item of "skip_words" must be text, not a list.'),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_foreign_folder(folder: Path, old: str, new: str, message: str) -> None:
    assert old in FOREIGN
    assert any(line.startswith(message) for line in problems(folder, FOREIGN.replace(old, new, 1), contexts=None))


# Fuzzing: whatever is done to a good file, the answer is a language or one clear error.


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(damaged(GOOD), damaged(FOREIGN)), contexts=st.sampled_from([STATES, None]))
def test_damaged_files_raise_nothing_but_content_errors(
    folder: Path, text: bytes, contexts: tuple[str, ...] | None
) -> None:
    (folder / "a.yaml").write_bytes(text)
    message = "."
    try:
        unknown_words(load_language(folder, contexts=contexts), lambda word: True)
    except ContentError as error:
        message = str(error)
    assert message
    assert all(line.endswith(".") for line in message.splitlines()), message
