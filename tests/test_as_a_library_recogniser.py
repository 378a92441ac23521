"""docs/as-a-library.md: the code of the section "Recogniser" runs as it is printed."""

import re
import subprocess
import sys
from pathlib import Path

from tests.speech import model

DOCS = Path(__file__).resolve().parents[1] / "docs"


def block(page: str, kind: str, heading: str = "") -> str:
    """Return the first block of code of a kind after a heading of a page."""
    text = (DOCS / page).read_text(encoding="utf-8")
    found = re.search(rf"```{kind}\n(.*?)```", text[text.index(heading) :], re.DOTALL)
    assert found
    return found[1]


def test_the_code_of_the_page_recognises_the_sentence_of_the_other_page(tmp_path: Path) -> None:
    (tmp_path / "lamp").mkdir()
    (tmp_path / "lamp" / "lamp.yaml").write_text(block("any-language.md", "yaml"), encoding="utf-8")
    subprocess.run(["espeak-ng", "-w", "one.wav", "turn off the kitchen light"], cwd=tmp_path, check=True)
    code = block("as-a-library.md", "python", heading="## Recogniser")
    assert model().folder.is_dir()  # fetched where it is not there yet, so that nothing is printed about it below
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "SpeechStarted(at=" in run.stdout
    (heard,) = re.findall(r"Heard\(.*\)", run.stdout)
    assert "intent='switch'" in heard
    assert "slots=(('room', 'kitchen'), ('state', 'off'))" in heard
    assert run.stderr == ""
