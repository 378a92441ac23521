"""A test that is skipped fails in `.ci/run`, and is counted elsewhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

SKIPPED = """
import pytest

@pytest.mark.skipif(True, reason="the recordings are not there")
def test_by_a_mark():
    pass

def test_while_it_runs():
    pytest.skip("the recordings are not there")

@pytest.mark.xfail
def test_that_is_known_to_fail():
    raise ValueError
"""


@pytest.mark.parametrize(("ci", "counted"), [("true", "1 failed, 1 xfailed, 1 error"), ("", "2 skipped, 1 xfailed")])
def test_a_skipped_test(tmp_path: Path, ci: str, counted: str) -> None:
    (tmp_path / "test_it.py").write_text(SKIPPED)
    command = [sys.executable, "-m", "pytest", "-ra", "-p", "tests.skips", "-c", os.devnull, "--rootdir", str(tmp_path)]
    environment = {**os.environ, "CI": ci, "PYTEST_ADDOPTS": ""}
    run = subprocess.run([*command, str(tmp_path)], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert counted in run.stdout.splitlines()[-1]
    assert run.stdout.count("the recordings are not there") >= 2
