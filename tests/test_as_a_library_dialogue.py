"""The code in the section "Dialogue" of docs/as-a-library.md runs, and prints what the page says."""

import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "as-a-library.md"


def test_the_dialogue_can_be_driven_with_events(tmp_path: Path) -> None:
    section = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    (dialogue,) = [part for part in section if part.startswith("Dialogue\n")]
    (code,) = re.findall(r"```python\n(.*?)```", dialogue, re.DOTALL)
    (printed,) = re.findall(r"```text\n(.*?)```", dialogue, re.DOTALL)
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, printed), done.stderr
