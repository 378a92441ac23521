"""Choices on the command line that are remembered for later sessions: microphone, speaker and voice."""

from collections.abc import Callable
from dataclasses import replace

from skill.audio.device_pair import DevicePair, find
from skill.audio.sound_server import inventory
from skill.composition.parts import Parts
from skill.errors import UsageError
from skill.memory import Memory
from skill.voice.system_voice import SystemVoice

SYSTEM = "default"
"""Name of a device or voice that means: use the system's default again from now on."""

Notice = Callable[[str], None]


def devices(memory: Memory, microphone: str | None, speaker: str | None, notice: Notice) -> DevicePair:
    """Return the devices named on the command line, else the remembered ones, else the system's defaults.

    A named device is remembered once it was found. If a remembered one is missing, `notice` says so and the default is
    used. Raises AudioError if there is no device, UsageError if no device has the name given.
    """
    named = {"microphone": microphone, "speaker": speaker}
    wanted = {kind: recalled_device(memory, kind, name) for kind, name in named.items()}
    try:
        found = find(wanted["microphone"], wanted["speaker"])
    except UsageError as error:
        if all(wanted[kind] is None or named[kind] is not None for kind in named):
            raise
        found = find(*(_only_named(name) for name in named.values()))
        notice(f"{error} It was remembered from an earlier session; the system's default is used instead.")
    for kind, name in named.items():
        if name is not None:
            memory.keep_setting(kind, "" if name == SYSTEM else name)
    return _at_the_default(found, microphone == SYSTEM, speaker == SYSTEM)


def _at_the_default(pair: DevicePair, microphone: bool, speaker: bool) -> DevicePair:
    """Return the devices, chosen to be the sound server's defaults: it may remember an earlier choice by itself."""
    server = inventory() if microphone or speaker else None
    if server is None:
        return pair
    source = next((s.name for s in server.microphones if s.name == server.default_source), None)
    sink = next((s.name for s in server.speakers if s.name == server.default_sink), None)
    return replace(pair, source=source if microphone else pair.source, sink=sink if speaker else pair.sink)


def recalled_device(memory: Memory, kind: str, named: str | None) -> str | None:
    """Return the name of the device to use of a kind (`microphone`, `speaker`); None: the system's default."""
    return (memory.setting(kind) or None) if named is None else _only_named(named)


def recalled(memory: Memory, parts: Parts) -> Parts:
    """Return the parts with the remembered voice if none was named."""
    remembered = memory.setting("voice")
    if parts.named_voice is not None or not remembered:
        return parts
    return replace(parts, settings=replace(parts.settings, voice=replace(parts.settings.voice, voice=remembered)))


def voice(memory: Memory, parts: Parts, notice: Notice) -> SystemVoice:
    """Return the voice named on the command line, else the remembered one, else the default.

    A named voice is remembered once it was found. If a remembered one is missing, `notice` says so and the default is
    used. Raises UsageError if no voice has the name given.
    """
    try:
        found = recalled(memory, parts).voice()
    except UsageError as error:
        if parts.named_voice is not None:
            raise
        notice(f"{error} It was remembered from an earlier session; the default voice is used instead.")
        return parts.voice()
    if parts.named_voice is not None:
        memory.keep_setting("voice", "" if parts.named_voice == SYSTEM else parts.named_voice)
    return found


def _only_named(name: str | None) -> str | None:
    return None if name == SYSTEM else name
