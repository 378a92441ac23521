"""Which sound server the live tests run on: the one that `.ci/sound-server` chooses."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.live.pipewire import PipeWire
from tests.live.pulseaudio import PulseAudio
from tests.live.sound_server import SoundServer

CHOICE = Path(__file__).parents[2] / ".ci" / "sound-server"

SERVERS: dict[str, type[SoundServer]] = {kind.NAME: kind for kind in (PulseAudio, PipeWire)}


def kind() -> type[SoundServer]:
    """Return the server that SOUND_SERVER names, or else the one that fits the machine."""
    asked = subprocess.run(["sh", CHOICE], capture_output=True, text=True)
    if asked.returncode:
        raise pytest.UsageError(asked.stderr.strip())
    return SERVERS[asked.stdout.strip()]


def start(heard: str = "mouth") -> SoundServer:
    """Start it. The microphone hears what is played into `heard`; with `speaker` it hears the coach."""
    return kind()(heard)


def other(server: SoundServer) -> SoundServer:
    """Start a second server: of the other kind, if the machine has it."""
    both = all(map(shutil.which, PulseAudio.PROGRAMS))
    return PulseAudio() if both and isinstance(server, PipeWire) else PipeWire()
