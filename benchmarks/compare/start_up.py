"""Start-up times: of `--help`, and of a live session on virtual sound devices until it speaks and understands."""

import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pulsectl

from benchmarks.compare.checkout import Checkout, home, run
from benchmarks.data.synthetic_speakers import Speaker
from skill.audio import wav
from skill.errors import SkillError
from tests.live.pulseaudio import PulseAudio
from tests.live.sound_server import SoundServer

COMMAND = "goodbye"
"""Said after the coach's first sound, until it is understood: a start counts only if the session can be used."""

EVERY_S = 4.0
"""Seconds between two attempts to say the command."""

AUDIBLE = 100
"""A sample of the speaker's monitor above this is sound; the monitor of an idle virtual device gives zeros."""

POLL_S = 0.005

LOADED = "speech model and sentences loaded"
"""Logged when the recogniser is loaded. A commit without this message loads it before it opens the microphone."""

LIMIT_S = 60
"""A session that has not understood the command by then has failed."""


@dataclass(frozen=True)
class Start:
    """Wall-clock seconds since the process was started."""

    understands: float
    """When the microphone's stream is open and the recogniser is loaded: earlier speech waits, or is not heard."""

    speaks: float
    """When the speaker plays the coach's first sound."""


def help_times(checkouts: Sequence[Checkout], runs: int) -> list[float]:
    """Return the median time (s) of `back-stretches --help` in each checkout, run in turn."""
    taken: list[list[float]] = [[] for _ in checkouts]
    with tempfile.TemporaryDirectory() as folder:
        for number in range(runs + 1):
            for checkout, seconds in zip(checkouts, taken, strict=True):
                began = time.perf_counter()
                run([str(checkout.program), "--help"], Path(folder))
                if number:  # the first run fills the caches of the file system
                    seconds.append(time.perf_counter() - began)
    return [statistics.median(seconds) for seconds in taken]


def live_starts(checkouts: Sequence[Checkout], runs: int, folder: Path) -> list[Start]:
    """Return the median start times of a live session in each checkout, run in turn; caches are warm.

    Needs PulseAudio; `make .venv/.test` installs it.
    """
    for program in ("pulseaudio", "pactl", "paplay", "parec"):
        if shutil.which(program) is None:
            raise SkillError(f"{program} is not installed; run `make .venv/.test`, which installs it.")
    server, command = PulseAudio(), folder / "command.wav"
    wav.write(command, Speaker("espeak-ng", "en-us").say(COMMAND, 1.0, folder / "speech"))
    taken: list[list[Start]] = [[] for _ in checkouts]
    try:
        for number in range(runs + 1):
            for checkout, starts in zip(checkouts, taken, strict=True):
                start = _start(checkout, server, command, folder)
                if number:  # the first run fills the caches
                    starts.append(start)
    finally:
        server.stop()
    return [_median(starts) for starts in taken]


def _median(starts: Sequence[Start]) -> Start:
    return Start(statistics.median(s.understands for s in starts), statistics.median(s.speaks for s in starts))


def _start(checkout: Checkout, server: SoundServer, command: Path, folder: Path) -> Start:
    """Start a live session, wait for its first sound, and end it by voice."""
    place = folder / f"live {checkout.name}"
    place.mkdir(exist_ok=True)
    printed, logs = place / "printed", "--log-level" in run([str(checkout.program), "--help"], folder)
    with server.recording() as recording, printed.open("w") as output:
        recording.wait_for(0.2)
        offset = recording.path.stat().st_size
        began = time.monotonic()
        process = subprocess.Popen(
            [str(checkout.python), "-m", "skill", *(["--log-level", "info"] if logs else [])],
            cwd=place,
            env={**home(place), **_sound(server)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        try:
            found = _watch(recording.path, offset, process, server, began)
            loaded = _when_loaded(printed, began) if logs else 0.0
            ended = _say_until_it_ends(process, server, command)
        finally:
            process.kill()
            process.wait()
    if found is None or not ended:
        raise SkillError(f"A live session of {checkout.name} cannot be used; it printed:\n{printed.read_text()}")
    return Start(max(found.understands, loaded), found.speaks)


def _when_loaded(printed: Path, began: float) -> float:
    """Wait until the recogniser is loaded; return the seconds since the start."""
    while LOADED not in printed.read_text(errors="replace") and time.monotonic() < began + LIMIT_S:
        time.sleep(POLL_S)
    return time.monotonic() - began


def _sound(server: SoundServer) -> dict[str, str]:
    """Return the variables with which a program finds the virtual devices."""
    return {name: server.environment[name] for name in ("XDG_RUNTIME_DIR", "PULSE_SERVER")}


def _watch(
    recording: Path, offset: int, process: "subprocess.Popen[bytes]", server: SoundServer, began: float
) -> Start | None:
    """Return when the process opens the microphone and when its first sound is recorded; None if it does neither."""
    opened: dict[int, float] = {}
    with pulsectl.Pulse("compare", server=server.environment["PULSE_SERVER"]) as pulse, recording.open("rb") as file:
        file.seek(offset)
        while process.poll() is None and time.monotonic() < began + LIMIT_S:
            now = time.monotonic()
            streams = [stream.index for stream in pulse.source_output_list() if _belongs_to(stream, process.pid)]
            for index in streams:
                opened.setdefault(index, now)
            if streams and _audible(file):
                # Streams that are gone by now only tested the device.
                return Start(min(opened[index] for index in streams) - began, now - began)
            time.sleep(POLL_S)
    return None


def _belongs_to(stream: Any, pid: int) -> bool:
    return bool(stream.proplist.get("application.process.id") == str(pid))


def _audible(file: BinaryIO) -> bool:
    """Return whether anything new in a file of 16-bit samples is sound."""
    new = file.read()
    file.seek(-(len(new) % 2), os.SEEK_CUR)
    samples = np.frombuffer(new[: len(new) // 2 * 2], "<i2").astype(np.int32)
    return bool((np.abs(samples) > AUDIBLE).any())


def _say_until_it_ends(process: "subprocess.Popen[bytes]", server: SoundServer, command: Path) -> bool:
    """Say the command again and again; return whether it ended the program in time."""
    for _ in range(round(LIMIT_S / EVERY_S)):
        subprocess.run(["paplay", "--device=mouth", str(command)], env=server.environment, check=True)
        try:
            return process.wait(EVERY_S) == 0
        except subprocess.TimeoutExpired:
            continue
    return False
