"""Finds the microphone and the speaker, on ALSA's or the sound server's list, and a rate that both support."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from skill.audio import sound_server
from skill.audio.blocks import SAMPLE_RATE
from skill.audio.server_choice import choose
from skill.audio.sound_server import Endpoint, Inventory
from skill.errors import AudioError, UsageError
from skill.system import descriptor

_RATES = (SAMPLE_RATE, 48_000, 44_100, 32_000, 22_050)

_ROUTES = ("pipewire", "pulse", "default")
"""Names of ALSA's devices that lead to a sound server: through pipewire-alsa, libasound2-plugins, or either."""

_WORDS = {"input": "microphone", "output": "speaker"}

NO_SOUND = "connect a microphone and a speaker"


def library() -> Any:
    """Return the sounddevice module. Raises AudioError if its PortAudio library is missing, or does not start."""
    try:
        import sounddevice
    except OSError as error:
        raise AudioError(f"The sound library is missing ({error}); install it (Debian: libportaudio2).") from error
    except Exception as error:  # of a class that cannot be imported either
        raise AudioError(f"The sound library does not start ({error}); check the settings of ALSA.") from error
    return sounddevice


@dataclass(frozen=True)
class DevicePair:
    """The two devices of a stream, and a rate that both support."""

    input: int
    output: int
    input_name: str
    output_name: str
    rate: int
    source: str | None = None
    """The sound server's name for the chosen microphone, to which the stream is moved; None: the server's choice."""

    sink: str | None = None
    """The same for the chosen speaker."""


class Mute:
    """Whether the messages of ALSA and PortAudio are kept off the terminal for ever."""

    for_ever = False


@contextlib.contextmanager
def muted() -> Iterator[Mute]:
    """Keep the messages that ALSA and PortAudio print off the terminal; Python still writes to it."""
    mute = Mute()
    try:
        terminal = os.dup(2)
    except OSError:  # there is no standard error
        yield mute
        return
    python = sys.stderr
    if descriptor(python) == 2:
        sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, errors="backslashreplace")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield mute
    finally:
        if not mute.for_ever:
            os.dup2(terminal, 2)
            sys.stderr = python
        os.close(terminal)


def find(input_name: str | None = None, output_name: str | None = None, *, must_hear: bool = True) -> DevicePair:
    """Return microphone and speaker: the named ones (a part of the name is enough), else the system's default.

    A name is PortAudio's, or the one that the desktop's sound settings show. With `must_hear` it is an error if the
    sound server has no microphone. Raises AudioError if there is none, UsageError if no device has the name given, or
    several have.
    """
    sd = library()
    routes = _routes(sd)
    server = sound_server.inventory() if routes else None
    if server and must_hear:
        _check_that_there_is_sound(server, routes, input_name, output_name)
    source = _on_the_server(sd, "input", input_name, server)
    sink = _on_the_server(sd, "output", output_name, server)
    if server and source and source.monitor_of == (sink.name if sink else server.default_sink):
        raise UsageError(
            f"“{source.description}” is what the coach's own speaker plays, so the coach would hear only itself;"
            " choose a microphone (--input), or another speaker (--output)."
        )
    route = _route(routes, server)
    near = _device(sd, "input", route if source else input_name, server)
    far = _device(sd, "output", route if sink else output_name, server)
    return DevicePair(
        near["index"],
        far["index"],
        source.description if source else near["name"],
        sink.description if sink else far["name"],
        _common_rate(sd, near, far),
        source.name if source else None,
        sink.name if sink else None,
    )


def _routes(sd: Any) -> list[str]:
    """Return the names of ALSA's devices that lead to a sound server."""
    with contextlib.suppress(sd.PortAudioError):
        return [device["name"] for device in sd.query_devices() if device["name"] in _ROUTES]
    return []


def _route(routes: list[str], server: Inventory | None) -> str | None:
    """Return the device that leads to this server."""
    own = "pipewire" if server and server.pipewire else "pulse"
    return own if own in routes else next(iter(routes), None)


def _check_that_there_is_sound(
    server: Inventory, routes: list[str], input_name: str | None, output_name: str | None
) -> None:
    """Raise AudioError if the server has no microphone or no speaker, though ALSA's devices for it can be opened.

    A monitor is the signal of a loudspeaker: who speaks into the room is not in it. Where ALSA has ways to two servers,
    the other one may have the devices.
    """
    if "pipewire" in routes and not server.pipewire:
        return
    if not server.microphones and (input_name is None or input_name in _ROUTES):
        raise AudioError(f"There is no microphone; {NO_SOUND}.")
    if not server.speakers and (output_name is None or output_name in _ROUTES):
        raise AudioError(f"There is no speaker; {NO_SOUND}.")


def _on_the_server(sd: Any, kind: str, name: str | None, server: Inventory | None) -> Endpoint | None:
    """Return the server's device of a name; None if it is PortAudio's, or if the server has none."""
    if name is None or server is None or any(_is(device, name) for device in _devices(sd, kind)):
        return None
    return choose(server.sources if kind == "input" else server.sinks, name)


def _common_rate(sd: Any, near: dict[str, Any], far: dict[str, Any]) -> int:
    rates = [*_RATES, int(near["default_samplerate"]), int(far["default_samplerate"])]
    near_rates = [rate for rate in rates if _can(sd.check_input_settings, near, rate)]
    far_rates = [rate for rate in rates if _can(sd.check_output_settings, far, rate)]
    for device, possible in ((near, near_rates), (far, far_rates)):
        if not possible:
            what = f"“{device['name']}” cannot be opened"
            raise AudioError(_without_plugin(sd) or f"{what}; check that it is connected, or choose another.")
    rate = next((rate for rate in near_rates if rate in far_rates), None)
    if rate is None:
        raise AudioError(f"“{near['name']}” and “{far['name']}” have no sample rate in common; choose other devices.")
    return rate


def _can(check: Callable[..., None], device: dict[str, Any], rate: int) -> bool:
    """Return whether a device can be opened at a rate; PortAudio has different errors for it."""
    try:
        with muted():
            check(device["index"], channels=1, dtype="int16", samplerate=rate)
    except (library().PortAudioError, ValueError):
        return False
    return True


def _device(sd: Any, kind: str, name: str | None, server: Inventory | None) -> dict[str, Any]:
    """Return PortAudio's description of the device of a kind (`input`, `output`)."""
    try:
        if name is None:
            return dict(sd.query_devices(kind=kind))
        devices = _devices(sd, kind)
    except (sd.PortAudioError, ValueError) as error:
        raise AudioError(_without_plugin(sd) or f"There is no {_WORDS[kind]}; {NO_SOUND}.") from error
    exact = [device for device in devices if _is(device, name)]
    found = exact or [device for device in devices if name.lower() in device["name"].lower()]
    if not found:
        raise UsageError(f"There is no {_WORDS[kind]} called “{name}”; there is {_known(devices, kind, server)}.")
    return dict(found[0])


def _devices(sd: Any, kind: str) -> list[dict[str, Any]]:
    return [device for device in sd.query_devices() if device[f"max_{kind}_channels"] > 0]


def _is(device: dict[str, Any], name: str) -> bool:
    return device["name"] == name or str(device["index"]) == name


def _known(devices: list[dict[str, Any]], kind: str, server: Inventory | None) -> str:
    served: tuple[Endpoint, ...] = ()
    if server:
        served = server.microphones if kind == "input" else server.speakers
    names = [device.description for device in served] + [device["name"] for device in devices]
    return ", ".join(f"“{name}”" for name in names) or "none at all"


def _without_plugin(sd: Any) -> str | None:
    """Return what to do if a sound server runs that PortAudio cannot reach; None if none runs, or PortAudio does."""
    reached = {"pipewire", "pulse"} & set(_routes(sd))
    package = None if reached else sound_server.missing_plugin()
    return package and f"The sound server runs, but the coach cannot reach it; install the package {package}."
