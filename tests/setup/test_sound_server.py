"""`.ci/sound-server` chooses the sound server for the tests by what is installed, unless SOUND_SERVER names one."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VERSIONS = {
    "pulseaudio": "pulseaudio 16.1",
    "pipewire": "pipewire\nCompiled with libpipewire 1.4.0\nLinked with libpipewire 1.4.2",
}


@pytest.fixture
def ask(tmp_path: Path):
    """Ask it on a machine with these servers."""

    def ask(installed: tuple[str, ...], *options: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        for name in ("sh", "sed"):
            path = next(Path(folder, name) for folder in ("/usr/bin", "/bin") if Path(folder, name).exists())
            (tmp_path / name).symlink_to(path)
        for name in installed:
            (tmp_path / name).write_text(f"#!/bin/sh\necho '{VERSIONS[name]}'\n")
            (tmp_path / name).chmod(0o755)
        others = {name: value for name, value in os.environ.items() if name != "SOUND_SERVER"}
        return subprocess.run(
            [tmp_path / "sh", ROOT / ".ci" / "sound-server", *options],
            env=others | environment | {"PATH": str(tmp_path)},
            capture_output=True,
            text=True,
        )

    return ask


@pytest.mark.parametrize(
    ("installed", "chosen"),
    [
        ((), "pulseaudio"),
        (("pulseaudio",), "pulseaudio"),
        (("pipewire",), "pipewire"),
        (("pulseaudio", "pipewire"), "pulseaudio"),
    ],
)
def test_what_fits_the_machine(ask, installed: tuple[str, ...], chosen: str) -> None:
    assert ask(installed).stdout == f"{chosen}\n"


def test_the_environment_decides_before_the_machine(ask) -> None:
    assert ask(("pulseaudio",), SOUND_SERVER="pipewire").stdout == "pipewire\n"


@pytest.mark.parametrize(("installed", "said"), [("pipewire", "PipeWire 1.4.2"), ("pulseaudio", "PulseAudio 16.1")])
def test_it_says_which_and_its_version(ask, installed: str, said: str) -> None:
    assert ask((installed,), "--say").stdout == f"Sound server for the tests: {said}\n"


def test_another_name_is_refused(ask) -> None:
    refused = ask((), SOUND_SERVER="jack")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "SOUND_SERVER is “jack”; it can be pulseaudio or pipewire.\n"
