"""Choices that are made once and remembered: microphone, speaker and voice."""

from collections.abc import Callable
from dataclasses import replace

from skill.audio.device_pair import DevicePair, find
from skill.composition import Parts
from skill.errors import UsageError
from skill.memory import Memory
from skill.voice.system_voice import SystemVoice

SYSTEM = "default"
"""As the name of a device or voice: from now on the system's choice again."""

Notice = Callable[[str], None]


def devices(memory: Memory, microphone: str | None, speaker: str | None, notice: Notice) -> DevicePair:
    """Return the devices that are named, else the remembered ones, else the system's choice.

    Named ones are remembered, once they were found. A remembered one that is not there is told, and the system
    chooses. AudioError where there is none, UsageError where a name fits none.
    """
    named = {"microphone": microphone, "speaker": speaker}
    wanted = {kind: recalled_device(memory, kind, name) for kind, name in named.items()}
    try:
        found = find(wanted["microphone"], wanted["speaker"])
    except UsageError as error:
        if all(wanted[kind] is None or named[kind] is not None for kind in named):
            raise
        found = find(*(_only_named(name) for name in named.values()))
        notice(f"{error} That one was remembered; the system's choice takes its place.")
    for kind, name in named.items():
        if name is not None:
            memory.keep_setting(kind, "" if name == SYSTEM else name)
    return found


def recalled_device(memory: Memory, kind: str, named: str | None) -> str | None:
    """Return the name of the device to be used of a kind (`microphone`, `speaker`); None: the system's choice."""
    return (memory.setting(kind) or None) if named is None else _only_named(named)


def recalled(memory: Memory, parts: Parts) -> Parts:
    """Return the parts with the remembered voice, where none is named."""
    remembered = memory.setting("voice")
    if parts.named_voice is not None or not remembered:
        return parts
    return replace(parts, settings=replace(parts.settings, voice=replace(parts.settings.voice, voice=remembered)))


def voice(memory: Memory, parts: Parts, notice: Notice) -> SystemVoice:
    """Return the voice that is named, else the remembered one, else the usual one.

    A named one is remembered, once it was found. A remembered one that is not there is told, and the usual one
    speaks. UsageError where a name fits none.
    """
    try:
        found = recalled(memory, parts).voice()
    except UsageError as error:
        if parts.named_voice is not None:
            raise
        notice(f"{error} That one was remembered; the usual one takes its place.")
        return parts.voice()
    if parts.named_voice is not None:
        memory.keep_setting("voice", "" if parts.named_voice == SYSTEM else parts.named_voice)
    return found


def _only_named(name: str | None) -> str | None:
    return None if name == SYSTEM else name
