"""On a GNOME desktop with PipeWire, set-up removes nothing. The packages are the distribution's own, only simulated."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.setup.desktop import Desktop

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
DESKTOP = ("gnome-core", "pipewire-audio", "pipewire-alsa")


def named(variable: str) -> list[str]:
    """Return the packages that a variable of the Makefile names."""
    (packages,) = re.findall(rf"^{variable} *:= (.*)$", MAKEFILE, re.MULTILINE)
    return str(packages).split()


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Desktop:
    if not shutil.which("apt-get"):
        pytest.skip("there is no apt on this machine: what set-up does to a desktop of Debian is not tested here")
    return Desktop(tmp_path_factory.mktemp("desktop"), *DESKTOP)


def libraries(desktop: Desktop, folder: Path, *packages: str) -> "subprocess.CompletedProcess[str]":
    """Run `.ci/libraries` as a user who cannot become root: it plans and says, and installs nothing in any case."""
    for name, script in (("id", "echo 1000"), ("sudo", "exit 1")):
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    environment = desktop.environment | {"PATH": f"{folder}:{desktop.environment['PATH']}"}
    command = ["sh", str(ROOT / ".ci" / "libraries"), *packages]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, start_new_session=True)


def test_the_tests_with_pipewire_and_the_coach_leave_the_desktop_as_it_is(desktop: Desktop, tmp_path: Path) -> None:
    assert all(desktop.has(package) for package in DESKTOP)
    wanted = named("RUN_LIBRARIES") + named("TEST_LIBRARIES_pipewire")
    missing = [package for package in wanted if not desktop.has(package)]
    assert missing
    assert "pipewire-alsa" not in missing
    result = libraries(desktop, tmp_path, *wanted)
    assert result.stderr.startswith("Only root can install the Debian packages that are missing.")
    assert result.stderr.endswith(f"apt-get install --no-install-recommends {' '.join(missing)}\n")
    planned = set(re.split(r"[\s,]+", result.stdout.partition("fetch.\n")[2]))
    assert set(missing) <= planned
    assert "pulseaudio" not in planned


def test_pulseaudio_is_refused_there_and_the_sentence_names_both(desktop: Desktop, tmp_path: Path) -> None:
    result = libraries(desktop, tmp_path, *named("TEST_LIBRARIES_pulseaudio"))
    assert (result.returncode, result.stdout) == (1, "")
    refused, removed = re.fullmatch(
        r"Nothing was installed, because with (.*) these packages would be removed: (.*)\. If you want .*\n",
        result.stderr,
    ).groups()  # type: ignore[union-attr]
    assert "pulseaudio" in refused.split()
    assert set(DESKTOP) <= set(removed.split(", "))
