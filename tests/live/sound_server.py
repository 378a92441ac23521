"""A PulseAudio server of the test's own: a speaker that can be recorded, and a microphone that can be spoken into."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from skill.audio import wav
from skill.audio.blocks import SAMPLE_RATE, Samples
from tests.speech import say

# The rates of the devices differ from each other and from ours: everything goes through resamplers.
_SETUP = """
load-module module-native-protocol-unix socket={socket} auth-anonymous=1
load-module module-null-sink sink_name=speaker rate=44100
load-module module-null-sink sink_name=mouth rate=48000
load-module module-remap-source {microphone}
set-default-sink speaker
set-default-source microphone
"""

_MICROPHONE = "source_name=microphone master={heard}.monitor source_properties=device.description=Headset"

START_S = 30
"""Timeout for the server's first answer, seconds (wall clock)."""


class SoundServer:
    """The server; what programs need to find it is in `environment`."""

    def __init__(self, heard: str = "mouth"):
        """Start it. The microphone hears what is played into `heard`; with `speaker` it hears the coach."""
        for program in ("pulseaudio", "pactl", "paplay", "parec"):
            if shutil.which(program) is None:
                pytest.fail(f"{program} is not installed; run the tests with `make test`, which installs it first.")
        self.folder = Path(tempfile.mkdtemp(prefix="sound-"))
        socket = self.folder / "socket"
        self._microphone = _MICROPHONE.format(heard=heard)
        (self.folder / "default.pa").write_text(_SETUP.format(socket=socket, microphone=self._microphone))
        own = {"HOME": str(self.folder), "XDG_RUNTIME_DIR": str(self.folder), "PULSE_SERVER": f"unix:{socket}"}
        self.environment = {**os.environ, **own}
        self._log = (self.folder / "log").open("w")
        self._clients: list[subprocess.Popen[bytes]] = []
        self.start()

    def start(self) -> None:
        """Start the server, for the first time or after its death."""
        setup = str(self.folder / "default.pa")
        command = ["pulseaudio", "-n", "-F", setup, "--exit-idle-time=-1", "--use-pid-file=no", "--daemonize=no"]
        self._process = subprocess.Popen(command, env=self.environment, stdout=self._log, stderr=self._log)
        self._wait_until_it_answers()
        # A null sink moves its sound in chunks of up to two seconds unless a client requests less.
        for monitor in ("speaker.monitor", "mouth.monitor"):
            self._client("parec", f"--device={monitor}", "--latency-msec=20")

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_S
        while subprocess.run(["pactl", "info"], env=self.environment, capture_output=True).returncode:
            if self._process.poll() is not None or time.monotonic() > deadline:
                log = (self.folder / "log").read_text()
                self.stop()
                pytest.fail(f"pulseaudio did not start; see what it says, then run `make test` again:\n{log}")
            time.sleep(0.05)

    def _client(self, *command: str, output: int = subprocess.DEVNULL) -> "subprocess.Popen[bytes]":
        client = subprocess.Popen(command, env=self.environment, stdout=output, stderr=subprocess.DEVNULL)
        self._clients.append(client)
        return client

    def say(self, text: str) -> None:
        """Speak into the microphone; returns when it is said."""
        path = self.folder / "speech.wav"
        wav.write(path, say(text))
        command = ["paplay", "--device=mouth", "--latency-msec=50", str(path)]
        subprocess.run(command, env=self.environment, check=True, timeout=60)

    @contextlib.contextmanager
    def talk(self, text: str) -> Iterator[None]:
        """Speak into the microphone again and again."""
        path = self.folder / "talk.wav"
        wav.write(path, np.tile(say(text) // 4, 60))
        client = self._client("paplay", "--device=mouth", str(path))
        try:
            yield
        finally:
            client.terminate()
            client.wait()

    @contextlib.contextmanager
    def echo(self, volume: str = "80%") -> Iterator[None]:
        """Let the microphone hear the speaker too, some 0.1 to 0.2 s later; 80 % are 6 dB less than a voice."""
        where = ["source=speaker.monitor", "sink=mouth", "latency_msec=20"]
        module = self.pactl("load-module", "module-loopback", *where, "source_dont_move=1", "sink_dont_move=1")
        inputs = [line.split() for line in self.pactl("list", "short", "sink-inputs").splitlines()]
        (loop,) = [number for number, _, client, *_ in inputs if client == "-"]
        self.pactl("set-sink-input-volume", loop, volume)
        try:
            yield
        finally:
            self.pactl("unload-module", module)

    @contextlib.contextmanager
    def recording(self) -> Iterator["Recording"]:
        """Record what the speaker plays."""
        recording = Recording(self.folder / "speaker.raw")
        form = ["--rate=16000", "--channels=1", "--format=s16le", "--latency-msec=20"]
        with recording.path.open("wb") as file:
            client = self._client("parec", "--device=speaker.monitor", *form, output=file.fileno())
            try:
                yield recording
            finally:
                client.terminate()
                client.wait()

    def pactl(self, *command: str) -> str:
        """Change something in the running server; return what it answers."""
        asked = subprocess.run(["pactl", *command], env=self.environment, check=True, capture_output=True, text=True)
        return asked.stdout.strip()

    def unplug_microphone(self) -> None:
        """Take the microphone away. The server moves its stream to the speaker's monitor."""
        self.pactl("unload-module", "module-remap-source")

    def plug_in_microphone(self, rate: int = 48_000) -> None:
        """Plug it in again, maybe with another rate."""
        self.pactl("load-module", "module-remap-source", *self._microphone.split(), f"rate={rate}")
        self.pactl("set-default-source", "microphone")

    def kill(self) -> None:
        """Let the server die, as in a crash."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End the server and its clients."""
        for process in [*self._clients, self._process]:
            process.kill()
            process.wait()
        self._log.close()
        shutil.rmtree(self.folder)


class Recording:
    """What the speaker has played so far."""

    def __init__(self, path: Path):
        self.path = path

    @property
    def seconds(self) -> float:
        """Its present length."""
        return self.path.stat().st_size / 2 / SAMPLE_RATE

    def samples(self) -> Samples:
        """Return the samples recorded so far."""
        raw = self.path.read_bytes()
        return np.frombuffer(raw[: len(raw) // 2 * 2], dtype="<i2").astype(np.int16)

    def wait_for(self, seconds: float) -> None:
        """Wait until it is `seconds` longer than now."""
        end = self.seconds + seconds
        deadline = time.monotonic() + 10 * seconds + 30
        while self.seconds < end:
            assert time.monotonic() < deadline, "the speaker's monitor gives no sound; is the sound server alive?"
            time.sleep(0.02)
