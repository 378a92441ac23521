"""Which sound server the live tests run on: SOUND_SERVER, or the one that the machine has."""

import os
import shutil

from tests.live.pipewire import PipeWire
from tests.live.pulseaudio import PulseAudio
from tests.live.sound_server import SoundServer

SERVERS: dict[str, type[SoundServer]] = {kind.NAME: kind for kind in (PulseAudio, PipeWire)}


def kind() -> type[SoundServer]:
    """Return the server that SOUND_SERVER names; without it PulseAudio where it is installed, else PipeWire."""
    default = PulseAudio if all(map(shutil.which, PulseAudio.PROGRAMS)) else PipeWire
    return SERVERS[os.environ.get("SOUND_SERVER") or default.NAME]


def start(heard: str = "mouth") -> SoundServer:
    """Start it. The microphone hears what is played into `heard`; with `speaker` it hears the coach."""
    return kind()(heard)


def other(server: SoundServer) -> SoundServer:
    """Start a second server: of the other kind, if the machine has it."""
    both = all(map(shutil.which, PulseAudio.PROGRAMS))
    return PulseAudio() if both and isinstance(server, PipeWire) else PipeWire()
