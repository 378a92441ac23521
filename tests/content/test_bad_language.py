"""Folders of templates that cannot be listened to: `understand` names file, line and remedy, and nothing else."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner

from skill.cli import cli
from skill.errors import ContentError

HEAD = "language: en\nintents:\n  order:\n    data:\n      - sentences:\n"


def message(folder: Path, *lines: str) -> str:
    """Return what is said about a folder with one file of these lines after five of HEAD."""
    language = folder / "language"
    language.mkdir()
    (language / "order.yaml").write_text(HEAD + "\n".join(lines) + "\n")
    sound = folder / "sound.wav"
    soundfile.write(sound, np.zeros(1600), 16000)
    result = CliRunner().invoke(cli, ["understand", "--intents", str(language), str(sound)])
    assert isinstance(result.exception, ContentError), result.output
    assert result.output == ""
    return str(result.exception)


@pytest.mark.parametrize(
    ("lines", "line", "says"),
    [
        (['          - "hello"', '          - "the piriformis stretch"'], 7, 'does not know the word "piriformis"'),
        (['          - "to {x}"', "lists:", "  x:", '    values: ["rome", "piriformis"]'], 9, '"piriformis"'),
        (['          - "to {x}"', "lists:", "  x:", "    values: []"], 9, "list {x} is an empty list"),
        (['          - "to <x>"', "expansion_rules:", '  x: "on <y>"', '  y: "[or <x>]"'], 6, "<x> -> <y> -> <x>"),
        (['          - "to {x}"', "lists:", "  x:", '    values: ["a {x}"]'], 6, "{x} -> {x}"),
        (['          - "to {x}"'], 6, "unknown list {x}"),
        (['          - "to {x}"', "lists:", "  x:", "    wildcard: true"], 6, "takes any words"),
        (['          - "hello"', '          - "(a;b;c;d;e;f;g;h)"'], 7, "a permutation of 8 items"),
        (['          - "go (on"'], 6, "(on"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, lines: list[str], line: int, says: str) -> None:
    said = message(tmp_path, *lines)
    assert f"order.yaml:{line}: " in said
    assert says in said


def test_a_language_too_large_names_the_template_that_takes_most(tmp_path: Path) -> None:
    rules = [f'  r{n}: "<r{n + 1}> (a|b) <r{n + 1}>"' for n in range(20)]
    sentences = ['          - "hello"', '          - "<r0>"', '          - "goodbye"']
    said = message(tmp_path, *sentences, "expansion_rules:", *rules, '  r20: "c"')
    assert "order.yaml:7: " in said
    assert "split it" in said


def test_sentences_that_cannot_be_told_apart_in_time_are_too_many(tmp_path: Path) -> None:
    """Which "red" counts shows only many words later: every word doubles what must be kept in mind."""
    colour = "[(red|blue)]"
    said = message(tmp_path, f'          - "{" ".join([colour] * 18)} red {"(red|blue) " * 17}"')
    assert "order.yaml: " in said
    assert "split" in said
