"""A sound server, and a home in which the safety information has been heard already."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from skill.memory import Memory
from tests.live import servers
from tests.live.coach import memory_file
from tests.live.pipewire import PipeWire
from tests.live.sound_server import SoundServer

collect_ignore = [] if servers.kind() is PipeWire else ["test_only_on_pipewire.py", "test_bad_servers.py"]


@pytest.fixture(scope="module")
def server() -> Iterator[SoundServer]:
    server = servers.start()
    yield server
    server.stop()


@pytest.fixture
def silence(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine without sound: the only server that is asked does not exist."""
    nothing = str(tmp_path / "nothing")
    return {**os.environ, "XDG_RUNTIME_DIR": nothing, "PULSE_SERVER": f"unix:{nothing}"}


def experienced(folder: Path) -> Path:
    """Make a folder the home of someone who has heard the safety information and has nothing to tell."""
    memory = Memory(memory_file(folder))
    memory.remember_safety_told()
    memory.keep_conditions([])
    assert memory.problem is None
    return folder


def without_canceller(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a machine for which WebRTC's canceller does not exist."""
    (folder / "pywebrtc_audio.py").write_text("raise ImportError('there is no wheel for this platform')\n")
    return {**environment, "PYTHONPATH": str(folder)}
