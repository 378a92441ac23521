"""The code in the section "Echo control" of docs/as-a-library.md runs, and prints what the page says."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from skill.audio import wav
from tests.echo_control.test_echo_control import coach, simulated
from tests.speech import say

PAGE = Path(__file__).parents[1] / "docs" / "as-a-library.md"
PRINTED = (
    r"delay (\d+) ms, echo return loss enhancement (\d+) dB\nnear-end speech from (\d+\.\d\d) s to (\d+\.\d\d) s\n"
)


def numbers(printed: str) -> list[float]:
    match = re.fullmatch(PRINTED, printed)
    assert match, printed
    return [float(number) for number in match.groups()]


def test_the_echo_of_two_recordings_is_removed(tmp_path: Path) -> None:
    sections = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    (section,) = [part for part in sections if part.startswith("Echo control\n")]
    (code,) = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    (printed,) = re.findall(r"```text\n(.*?)```", section, re.DOTALL)
    far, word = coach(12), say("stop", "en-gb")[8000:]
    user = np.zeros(len(far), np.int16)
    user[9 * 16_000 : 9 * 16_000 + len(word)] = word
    wav.write(tmp_path / "loudspeaker.wav", far)
    wav.write(tmp_path / "microphone.wav", simulated(far, user, delay_ms=60, soft_clip=0.5))
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (measured, begin, end), (told, *_) = (np.split(numbers(each), [2, 3]) for each in (done.stdout, printed))
    assert measured == pytest.approx(told, abs=2)  # voices differ a little between versions
    assert 9.0 <= begin[0] < 9.3 < end[0] < 9.6
    assert len(wav.read(tmp_path / "cleaned.wav")) == len(far)
