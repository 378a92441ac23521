"""The type checker checks every change of the state: a wrong field or a wrong type is an error."""

import re
from pathlib import Path

import pytest
from mypy import api

ROOT = Path(__file__).parents[2]

CHANGES = """\
from dataclasses import replace

from skill.dialogue.transition import Transition


def change(transition: Transition) -> None:
    transition.progress = replace(transition.progress, step_index=3)
    transition.leaving = True
    transition.progress = replace(transition.progress, step=3)  # wrong: no such field
    transition.progress = replace(transition.progress, step_index="3")  # wrong: type of the field
    transition.progress = replace(transition.user, unwell=True)  # wrong: another part of the state
    transition.unwell = True  # wrong: no such part
"""


def test_a_wrong_field_and_a_wrong_type_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)  # where the configuration and the package are
    file = tmp_path / "changes.py"
    file.write_text(CHANGES, encoding="utf-8")
    found, problems, _ = api.run(["--cache-dir", str(tmp_path / "cache"), str(file)])
    wrong = [number for number, line in enumerate(CHANGES.splitlines(), 1) if "# wrong" in line]
    assert problems == ""
    assert [int(number) for number in re.findall(r"changes\.py:(\d+): error", found)] == wrong
