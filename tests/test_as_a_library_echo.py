"""Both pieces of code in the section "Echo control" of docs/as-a-library.md run, and print what the page says."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from skill.audio import wav

PAGE = Path(__file__).parents[1] / "docs" / "as-a-library.md"
PRINTED = (
    r"delay (\d+) ms, echo return loss enhancement (\d+) dB\nnear-end speech from (\d+\.\d\d) s to (\d+\.\d\d) s\n"
)


def numbers(printed: str) -> list[float]:
    match = re.fullmatch(PRINTED, printed)
    assert match, printed
    return [float(number) for number in match.groups()]


def run(code: str, folder: Path) -> str:
    """Run code of the page in a folder; return what it prints."""
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_echo_of_two_recordings_is_removed(tmp_path: Path) -> None:
    sections = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    (section,) = [part for part in sections if part.startswith("Echo control\n")]
    make_files, remove_echo = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    (printed,) = re.findall(r"```text\n(.*?)```", section, re.DOTALL)
    run(make_files, tmp_path)
    measured_text = run(remove_echo, tmp_path)
    (measured, begin, end), (told, *_) = (np.split(numbers(each), [2, 3]) for each in (measured_text, printed))
    assert measured == pytest.approx(told, abs=2)  # voices differ a little between versions
    assert 9.0 <= begin[0] < 9.3 < end[0] < 9.6
    assert len(wav.read(tmp_path / "cleaned.wav")) == len(wav.read(tmp_path / "microphone.wav")) == 12 * 16_000
