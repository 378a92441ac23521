"""Finds the microphone and the speaker, and a rate that both support."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from skill.audio.blocks import SAMPLE_RATE
from skill.errors import AudioError, UsageError
from skill.system import descriptor

_RATES = (SAMPLE_RATE, 48_000, 44_100, 32_000, 22_050)

NO_SOUND = "connect a microphone and a speaker"


def library() -> Any:
    """Return the sounddevice module. Raises AudioError if its PortAudio library is missing."""
    try:
        import sounddevice
    except OSError as error:
        raise AudioError(f"The sound library is missing ({error}); install it (Debian: libportaudio2).") from error
    return sounddevice


@dataclass(frozen=True)
class DevicePair:
    """The two devices of a stream, and a rate that both support."""

    input: int
    output: int
    input_name: str
    output_name: str
    rate: int


@contextlib.contextmanager
def muted() -> Iterator[None]:
    """Keep the messages that ALSA and PortAudio print off the terminal; Python still writes to it."""
    try:
        terminal = os.dup(2)
    except OSError:  # there is no standard error
        yield
        return
    python = sys.stderr
    if descriptor(python) == 2:
        sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, errors="backslashreplace")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(terminal, 2)
        os.close(terminal)
        sys.stderr = python


def find(input_name: str | None = None, output_name: str | None = None) -> DevicePair:
    """Return microphone and speaker: the named ones (a part of the name is enough), else the system's default.

    Raises AudioError if there is none, UsageError if no device has the name given.
    """
    sd = library()
    near, far = _device(sd, "input", input_name), _device(sd, "output", output_name)
    rates = [*_RATES, int(near["default_samplerate"]), int(far["default_samplerate"])]
    near_rates = [rate for rate in rates if _can(sd.check_input_settings, near, rate)]
    far_rates = [rate for rate in rates if _can(sd.check_output_settings, far, rate)]
    for device, possible in ((near, near_rates), (far, far_rates)):
        if not possible:
            raise AudioError(f"“{device['name']}” cannot be opened; check that it is connected, or choose another.")
    rate = next((rate for rate in near_rates if rate in far_rates), None)
    if rate is None:
        raise AudioError(f"“{near['name']}” and “{far['name']}” have no sample rate in common; choose other devices.")
    return DevicePair(near["index"], far["index"], near["name"], far["name"], rate)


def _can(check: Callable[..., None], device: dict[str, Any], rate: int) -> bool:
    """Return whether a device can be opened at a rate; PortAudio has different errors for it."""
    try:
        with muted():
            check(device["index"], channels=1, dtype="int16", samplerate=rate)
    except (library().PortAudioError, ValueError):
        return False
    return True


def _device(sd: Any, kind: str, name: str | None) -> dict[str, Any]:
    """Return the description of the device of a kind (`input`, `output`)."""
    word = "microphone" if kind == "input" else "speaker"
    try:
        if name is None:
            return dict(sd.query_devices(kind=kind))
        devices = [d for d in sd.query_devices() if d[f"max_{kind}_channels"] > 0]
    except (sd.PortAudioError, ValueError) as error:
        raise AudioError(f"There is no {word}; {NO_SOUND}.") from error
    exact = [d for d in devices if d["name"] == name or str(d["index"]) == name]
    found = exact or [d for d in devices if name.lower() in d["name"].lower()]
    if not found:
        known = ", ".join(f"“{d['name']}”" for d in devices) or "none at all"
        raise UsageError(f"There is no {word} called “{name}”; there is {known}.")
    return dict(found[0])
