"""docs/any-language.md: its example works as it is printed."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "any-language.md"


def example(kind: str) -> str:
    found = re.findall(rf"```{kind}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(found) == 1
    return found[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the commands of the page have been run."""
    place = tmp_path_factory.mktemp("page")
    (place / "lamp").mkdir()
    (place / "lamp" / "lamp.yaml").write_text(example("yaml"))
    shell = example("sh").replace("back-stretches", f"{sys.executable} -m skill")
    done = subprocess.run(["sh", "-ec", shell], cwd=place, capture_output=True, text=True, check=True)
    (place / "printed").write_text(done.stdout)
    return place


def meaning(line: str) -> str:
    """Return a line of output without confidence and time, which are another's business."""
    return re.sub(r" \(0\.\d+, [\d.]+ s\)$", "", line)


def test_the_shell_prints_what_the_page_says(folder: Path) -> None:
    printed = (folder / "printed").read_text().splitlines()
    said = example("text").splitlines()
    assert [meaning(line) for line in printed[:2]] == [meaning(line) for line in said[:2]]
    assert printed[2].startswith("three.wav: rejected (unknown words)")
