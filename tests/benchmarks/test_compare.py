"""Comparing this checkout with another commit: what is the same, what differs, and what cannot be compared."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.compare.__main__ import TARGETS, Row
from benchmarks.compare.checkout import ROOT, Checkout, clone
from benchmarks.compare.conversations import CONVERSATIONS, synthesise
from benchmarks.compare.event_logs import Comparison
from skill.audio import wav
from skill.content.language import load_language
from skill.content.tokenizer import tokens
from skill.errors import SkillError
from skill.understanding.grammar import compile_grammar


def test_the_first_difference_of_two_logs_is_shown() -> None:
    found = Comparison("pain", "a\nb\n", "a\nc\n")
    assert not found.equal
    assert found.difference == "pain, line 2:\n- b\n+ c"


def test_a_log_that_ends_early_differs() -> None:
    assert Comparison("pain", "a\nb\n", "a\n").difference == "pain, line 2:\n- b\n+ (the log ends)"


def test_equal_logs_have_no_difference() -> None:
    found = Comparison("pain", "a\n", "a\n")
    assert (found.equal, found.difference) == (True, "")


def test_a_row_has_ratio_and_target() -> None:
    what = "`back-stretches --help`, median"
    assert Row(what, 2.0, 0.4).cells() == [what, "2.00 s", "0.40 s", "0.20", f"≤ {TARGETS[what]}"]


def test_conversations_consist_of_commands() -> None:
    graph = compile_grammar(load_language().intents)
    said = {text for _, lines in CONVERSATIONS.values() for _, text in lines}
    assert {text for text in said if graph.meaning(tokens(text)) is None} == set()


def test_a_conversation_has_the_same_samples_each_time(tmp_path: Path) -> None:
    first, again = (wav.read(synthesise("pain", _made(tmp_path / name))) for name in ("first", "again"))
    assert np.array_equal(first, again)
    assert len(first) / 16_000 > sum(pause for pause, _ in CONVERSATIONS["pain"][1])


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_a_commit_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(SkillError, match="There is no commit nowhere"):
        clone("nowhere", tmp_path)


def test_a_program_that_fails_is_reported_with_its_error(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("broken:\n\t@echo reason >&2; exit 3\n")
    with pytest.raises(SkillError, match=r"(?s)make.*failed.*reason"):
        Checkout("a copy", tmp_path).make("broken")


@pytest.mark.parametrize(
    ("module", "arguments", "code", "message"),
    [
        ("benchmarks", ["--recordings", "/nonexistent"], 2, "benchmarks: /nonexistent: the recordings"),
        ("benchmarks", ["--split", "half"], 2, "'half' is not one of 'test', 'dev', 'all'"),
        ("benchmarks.compare", [], 2, "Missing argument 'BASE'"),
        ("benchmarks.compare", ["no-such-commit"], 1, "compare: There is no commit no-such-commit"),
    ],
)
def test_wrong_usage_is_one_sentence_and_an_exit_code(
    module: str, arguments: list[str], code: int, message: str
) -> None:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr
