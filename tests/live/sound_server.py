"""A sound server of the test's own: a speaker that can be recorded, and a microphone that can be spoken into."""

import abc
import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from skill.audio import wav
from skill.audio.blocks import SAMPLE_RATE, Samples
from tests.speech import say

# The rates of the devices differ from each other and from ours: everything goes through resamplers.
_DEVICES = """
load-module module-null-sink sink_name=speaker rate=44100
load-module module-null-sink sink_name=mouth rate=48000
load-module module-remap-source {microphone}
set-default-sink speaker
set-default-source microphone
"""

_MICROPHONE = "source_name=microphone master={heard}.monitor source_properties=device.description=Headset"

START_S = 30
"""Timeout for the server's first answer, seconds (wall clock)."""


class SoundServer(abc.ABC):
    """The server; what programs need to find it is in `environment`. Both kinds understand PulseAudio's protocol."""

    NAME: ClassVar[str]
    PROGRAMS: ClassVar[tuple[str, ...]]
    """What it runs."""

    def __init__(self, heard: str = "mouth"):
        """Start it. The microphone hears what is played into `heard`; with `speaker` it hears the coach."""
        self.folder = Path(tempfile.mkdtemp(prefix="sound-"))
        self._microphone = _MICROPHONE.format(heard=heard)
        self._devices = _DEVICES.format(microphone=self._microphone).strip().splitlines()
        own = {"HOME": str(self.folder), "XDG_RUNTIME_DIR": str(self.folder)}
        self.environment = {**os.environ, **own, **self._prepare()}
        for program in (*self.PROGRAMS, "pactl", "paplay", "parec"):
            if shutil.which(program, path=self.environment["PATH"]) is None:
                pytest.fail(f"{program} is not installed; run the tests with `make test`, which installs it first.")
        self._log = (self.folder / "log").open("w")
        self._server: list[subprocess.Popen[bytes]] = []
        self._clients: list[subprocess.Popen[bytes]] = []
        self.start()

    @abc.abstractmethod
    def _prepare(self) -> dict[str, str]:
        """Write the server's settings; return what its programs, and those that use it, need in their environment."""

    @abc.abstractmethod
    def start(self) -> None:
        """Start the server, for the first time or after its death."""

    def _run(self, *command: str) -> None:
        """Start one of the server's programs."""
        log = self._log
        self._server.append(subprocess.Popen(command, env=self.environment, stdout=log, stderr=log))

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_S
        while subprocess.run(["pactl", "info"], env=self.environment, capture_output=True).returncode:
            if any(program.poll() is not None for program in self._server) or time.monotonic() > deadline:
                log = (self.folder / "log").read_text()
                self.stop()
                pytest.fail(f"{self.NAME} did not start; see what it says, then run the tests again:\n{log}")
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

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """Let the server stand still, as on a machine that is too busy."""
        for program in self._server:
            program.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            for program in self._server:
                program.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """Let the server die, as in a crash."""
        for program in self._server:
            program.kill()
        for program in self._server:
            program.wait()
        self._server.clear()

    def stop(self) -> None:
        """End the server and its clients."""
        for client in self._clients:
            client.kill()
            client.wait()
        self.kill()
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
