"""Values in routine and language files: read as they are written, or refused with what YAML reads and what to write."""

from pathlib import Path

import pytest

from skill.content.language import Language, load_language
from skill.content.routine import Routine
from skill.content.routine_catalog import load_routines, shipped_routine_files
from skill.errors import ContentError

ROUTINE = """\
routines:
  mine:
    name: {name}
    easier: {easier}
    stretches:
      - bridge: {{hold: {{seconds: {seconds}}}}}
      - cat: {{how_to: [{sentence}]}}
"""

LANGUAGE = """\
language: en
intents:
  light:
    data:
      - sentences: ["light {{level}}"]
        slots: {{fixed: {slot}}}
lists:
  level:
    values:
      - in: low
        out: {out}
"""


def routine(
    folder: Path, name: str = "my own", easier: str = "true", seconds: str = "20", sentence: str = "Do it."
) -> Routine:
    text = ROUTINE.format(name=name, easier=easier, seconds=seconds, sentence=sentence)
    (folder / "own.yaml").write_text(text, encoding="utf-8")
    return load_routines([*shipped_routine_files(), folder / "own.yaml"])["mine"]


def language(folder: Path, slot: str = "yes please", out: str = "low") -> Language:
    (folder / "a.yaml").write_text(LANGUAGE.format(slot=slot, out=out), encoding="utf-8")
    return load_language(folder / "a.yaml")


def refusal(folder: Path, **fields: str) -> str:
    """Return the one problem of a file with these fields, without the name of the file."""
    with pytest.raises(ContentError) as caught:
        language(folder, **fields) if {"slot", "out"} & set(fields) else routine(folder, **fields)
    (line,) = str(caught.value).splitlines()
    return line.partition(".yaml:")[2]


@pytest.mark.parametrize(
    ("written", "seconds"), [("20", 20), ("+20", 20), ("20.5", 20.5), ("1.", 1), ("1.5e+1", 15), ("!!int 20", 20)]
)
def test_a_plain_number_is_read_as_written(tmp_path: Path, written: str, seconds: float) -> None:
    assert routine(tmp_path, seconds=written).stretches[0].hold.seconds == seconds


@pytest.mark.parametrize(
    ("written", "read"),
    [("020", "16"), ("0x1F", "31"), ("0b11", "3"), ("1:30", "90"), ("1_0", "10"), ("+020", "16"), ("1:30.5", "90.5")],
)
def test_a_number_that_yaml_reads_otherwise_is_refused(tmp_path: Path, written: str, read: str) -> None:
    """In a field of numbers, in one of text, and where anything may stand."""
    number = f"20 or {read}, whichever is meant" if written.endswith("020") else read
    why = f'{written} is read by YAML as {read}; write {number}, or "{written}" if it is text.'
    assert refusal(tmp_path, seconds=written) == f"6: {why}"
    assert refusal(tmp_path, name=written) == f"3: {why}"
    assert refusal(tmp_path, sentence=written) == f"7: {why}"
    assert refusal(tmp_path, slot=written) == f"6: {why}"
    assert refusal(tmp_path, out=written) == f"11: {why}"


@pytest.mark.parametrize("written", [".inf", "-.Inf", ".nan"])
def test_what_is_no_number_is_refused(tmp_path: Path, written: str) -> None:
    why = f'{written} is no number that can be used here; write one in digits, or "{written}" if it is text.'
    assert refusal(tmp_path, seconds=written) == f"6: {why}"
    assert refusal(tmp_path, out=written) == f"11: {why}"


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("08", "write 8"),
        ("1e2", "write 100"),
        ('"20"', "write 20"),
        ("0o17", "write a number in digits"),
        ("20s", "write a number in digits"),
        ("twenty", "write a number in digits"),
        ('"nan"', "write a number in digits"),
    ],
)
def test_text_in_place_of_a_number_is_named(tmp_path: Path, written: str, remedy: str) -> None:
    shown = written.strip('"')
    why = f'seconds in "hold" of "bridge" in routine "mine" must be a number, not "{shown}"; {remedy}.'
    assert refusal(tmp_path, seconds=written) == f"6: {why}"


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("yes", "a yes/no value"),
        ("Off", "a yes/no value"),
        ("2024-01-01", "a date"),
        ("~", "nothing"),
        ("null", "nothing"),
    ],
)
def test_text_that_yaml_reads_otherwise_is_refused(tmp_path: Path, written: str, kind: str) -> None:
    why = f'must be text, but YAML reads {written} as {kind}; write "{written}".'
    assert refusal(tmp_path, name=written) == f'3: "name" of routine "mine" {why}'
    assert refusal(tmp_path, sentence=written) == f'7: an item of "how_to" of "cat" in routine "mine" {why}'


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("on", 'a yes/no value; write "on", or true'),
        ("No", 'a yes/no value; write "No", or false'),
        ("2024-01-01", 'a date; write "2024-01-01"'),
    ],
)
def test_where_anything_may_stand_it_is_read_as_written_or_refused(tmp_path: Path, written: str, read: str) -> None:
    why = f"is {written}, which YAML reads as {read}."
    assert refusal(tmp_path, slot=written) == f'6: "fixed" in "slots" of intent "light" {why}'
    assert refusal(tmp_path, out=written) == f'11: "out" of a value of list {{level}} {why}'
    assert refusal(tmp_path, slot=f"{{deep: [{written}]}}") == f'6: "fixed" in "slots" of intent "light" {why}'


def test_yes_and_no_are_yes_and_no(tmp_path: Path) -> None:
    assert [routine(tmp_path, easier=word).easier for word in ("yes", "on", "no", "false")] == [
        True,
        True,
        False,
        False,
    ]
    assert refusal(tmp_path, easier="y") == '4: "easier" of routine "mine" must be true or false, not y.'


def test_a_sentence_with_a_colon_is_to_be_put_in_quotes(tmp_path: Path) -> None:
    why = 'must be text, not a group of keys; put it in quotes if it is text with a ":".'
    assert refusal(tmp_path, sentence="Now: breathe.") == f'7: an item of "how_to" of "cat" in routine "mine" {why}'
    assert routine(tmp_path, sentence='"Now: breathe."').stretches[1].how_to == ("Now: breathe.",)


def test_merge_keys_are_refused_with_what_to_do(tmp_path: Path) -> None:
    hold = "20, <<: {repeat: 2}"
    assert refusal(tmp_path, seconds=hold) == '6: merge keys ("<<") are not supported; write the keys out here.'


def test_an_alias_stands_for_what_its_anchor_marks(tmp_path: Path) -> None:
    mine = routine(tmp_path, seconds="&long 25, repeat: 2", sentence="&said Do it., *said")
    assert mine.stretches[0].hold.seconds == 25
    assert mine.stretches[1].how_to == ("Do it.", "Do it.")


@pytest.mark.parametrize("tag", ["!!set", "!own", "!!python/object:os.system"])
def test_a_tag_that_is_unknown_is_refused(tmp_path: Path, tag: str) -> None:
    assert "is unknown here; delete it." in refusal(tmp_path, slot=f"{tag} {{a: b}}")


@pytest.mark.parametrize("change", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")])
def test_a_byte_order_mark_and_other_line_ends_change_nothing(tmp_path: Path, change: object) -> None:
    text = change(ROUTINE.format(name="my own", easier="true", seconds="20", sentence="Do it."))  # type: ignore[operator]
    (tmp_path / "own.yaml").write_bytes(text.encode())
    assert load_routines([*shipped_routine_files(), tmp_path / "own.yaml"])["mine"].name == "my own"
