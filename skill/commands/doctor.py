"""`back-stretches doctor`: what works on this machine, and what to do about what does not."""

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import click
import numpy as np

from skill import speech_model
from skill.audio.blocks import SAMPLE_RATE, Block, Samples, silence
from skill.audio.device import Counts, Device
from skill.audio.device_pair import DevicePair, find
from skill.audio.levels import LOUD_PEAK_DBFS, SILENT_PEAK_DBFS
from skill.audio.sound_server import inventory
from skill.audio.source_watch import Source, SourceWatch
from skill.commands import platform_support
from skill.commands.options import with_parts
from skill.composition.parts import Parts, memory_file, memory_to_read, routines_folder
from skill.echo_control.echo_control import EchoControl
from skill.errors import SkillError
from skill.hearing.recognizer import unknown_words
from skill.live.remembered_choices import recalled, recalled_device
from skill.voice import natural_voice

LISTEN_S = 2.0
"""Length of the microphone's recording, seconds."""


@dataclass(frozen=True)
class Finding:
    """What one check found."""

    check: str
    ok: bool
    text: str
    """What was found, or what is wrong and what to do."""

    needed: bool = True
    """Whether the coach cannot run without it; otherwise it works without, or in writing."""


class Note(Finding):
    """Something optional that is not there."""


@click.command()
@click.option("--input", "microphone", help="Microphone to check; a part of its name is enough.")
@click.option("--output", "speaker", help="Speaker to check; a part of its name is enough.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@with_parts
@click.pass_context
def doctor(context: click.Context, parts: Parts, microphone: str | None, speaker: str | None, as_json: bool) -> None:
    """Check content, speech model, voice, memory, echo control, devices and levels, one line each.

    The exit code is 1 only if content, speech model or vocabulary has a problem, or if a device that you name is
    missing. Other problems are printed, and count for nothing: without sound devices, for example, the coach
    continues in writing. "note" is something optional that is not there.
    """
    failed = False
    for finding in examine(parts, microphone, speaker):
        failed |= finding.needed and not finding.ok
        if as_json:
            print(json.dumps(asdict(finding), ensure_ascii=False), flush=True)
        else:
            print(f"{_label(finding):7}  {finding.check}: {finding.text}", flush=True)
    context.exit(1 if failed else 0)


def _label(finding: Finding) -> str:
    if isinstance(finding, Note):
        return "note"
    return "ok" if finding.ok else "problem"


def examine(parts: Parts, microphone: str | None, speaker: str | None) -> Iterator[Finding]:
    """Run all checks; yield one finding for each."""
    yield _check("content", lambda: _content(parts))
    yield _check("platform", platform_support.describe, needed=False)
    model = _check("speech model", lambda: _model(parts))
    yield model
    if model.ok:
        yield _check("vocabulary", lambda: _vocabulary(parts))
        yield _check("your routines", lambda: _own_routines(parts), needed=False)
    yield _check("voice", lambda: _voice(parts), needed=False)
    yield _natural_voice()
    yield _check("memory", _memory, needed=False)
    yield _check("echo control", _echo_control, needed=False)
    yield from _sound(microphone, speaker)


def _sound(microphone: str | None, speaker: str | None) -> Iterator[Finding]:
    """Check the devices that a session would use: those that are named or remembered."""
    found: list[DevicePair] = []
    memory = memory_to_read()
    names = [recalled_device(memory, *kind) for kind in (("microphone", microphone), ("speaker", speaker))]

    def devices() -> str:
        found.append(find(*names))
        pair = f"microphone “{found[0].input_name}”, speaker “{found[0].output_name}”, {found[0].rate} Hz"
        return f"{pair}{_choices()}"

    yield _check("sound devices", devices, needed=bool(microphone or speaker))
    if not found:
        return
    try:
        heard = _listen(found[0])
    except SkillError as error:
        yield Finding("microphone level", False, str(error), needed=False)
        return
    yield _check("microphone level", lambda: _level(heard), needed=False)
    yield _check("sound losses", lambda: _losses(heard.counts), needed=False)


def _choices() -> str:
    """Return what can be chosen by the sound server's names."""
    server = inventory()
    if server is None:
        return ""
    kinds = (("--input", server.microphones), ("--output", server.speakers))
    return "".join(f"; {option}: {', '.join(f'“{e.description}”' for e in found)}" for option, found in kinds if found)


def _check(name: str, run_check: Callable[[], str], needed: bool = True) -> Finding:
    try:
        return Finding(name, True, run_check(), needed)
    except SkillError as error:
        return Finding(name, False, str(error), needed)


def _content(parts: Parts) -> str:
    content = parts.content
    stretches = {stretch.id for routine in content.routines.values() for stretch in routine.stretches}
    return (
        f"{len(content.routines)} routines, {len(stretches)} stretches, {len(parts.language.intents.intents)} intents"
    )


def _model(parts: Parts) -> str:
    folder = speech_model.locate(parts.model_folder)
    if folder is None:
        raise SkillError("not on this machine; fetch it with `back-stretches models fetch`.")
    return str(folder)


def _vocabulary(parts: Parts) -> str:
    problems = unknown_words(parts.audible, parts.model)
    if problems:
        raise SkillError("; ".join(problems))
    return "every word of the templates is known to the model"


def _own_routines(parts: Parts) -> str:
    problems = [*parts.routines.problems, *parts.unheard[0]]
    if problems:
        raise SkillError(" ".join(problems))
    return f"{len(parts.routines.own)}, in {routines_folder()}"


def _voice(parts: Parts) -> str:
    parts = recalled(memory_to_read(), parts)
    line = "This is the coach's voice."
    with contextlib.closing(parts.voice()) as voice:
        seconds = len(voice.wait(line)) / SAMPLE_RATE
        name = voice.settings.voice
    return f"“{name}” at {parts.settings.voice.rate} words a minute ({seconds:.1f} s of speech)"


def _natural_voice() -> Finding:
    """Return whether it is installed; it is optional."""
    if natural_voice.installed():
        return Finding("natural voice", True, "installed; choose it with --voice natural", needed=False)
    return Note("natural voice", True, f"not installed; {natural_voice.HOW_TO_GET}", needed=False)


def _memory() -> str:
    memory, file = memory_to_read(), memory_file()
    if memory.problem:
        raise SkillError(memory.problem)
    if os.path.lexists(file):
        return str(file)
    folder = next(folder for folder in file.parents if folder.exists())
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SkillError(f"{file}: your progress cannot be kept: {folder} cannot be written; change its rights.")
    return f"{file}; it is created at the first session"


def _echo_control() -> str:
    if not EchoControl().auxiliary_canceller:
        raise SkillError(
            "WebRTC's canceller is missing, so the coach is harder to interrupt (the linear filter decides alone who"
            " speaks): keep the speaker low, or install it (pip install pywebrtc-audio)."
        )
    return "linear filter and WebRTC's canceller"


@dataclass(frozen=True)
class _Heard:
    """The recording of the microphone, LISTEN_S seconds."""

    samples: Samples
    counts: Counts
    source: Source | None


def _listen(device_pair: DevicePair) -> _Heard:
    blocks: list[Block] = []
    with Device(device_pair, silence) as stream, SourceWatch(device_pair.source, device_pair.sink) as watch:
        for near, _ in filter(None, stream.pairs()):
            blocks.append(near)
            if len(blocks) * len(near) >= LISTEN_S * SAMPLE_RATE:
                break
        source = watch.source
    return _Heard(np.concatenate(blocks), stream.counts, source)


def _level(heard: _Heard) -> str:
    peak = _dbfs(float(np.abs(heard.samples.astype(np.float32)).max(initial=0)))
    source = heard.source
    called = f" from “{source.description}”" if source else ""
    if source and source.muted:
        raise SkillError(f"“{source.description}” is muted; unmute it in the sound settings.")
    if source and source.monitor:
        raise SkillError(
            f"“{source.description}” is no microphone, but what a speaker plays;"
            " connect a microphone, or choose another (--input)."
        )
    if peak < SILENT_PEAK_DBFS:
        raise SkillError(f"the microphone is silent ({peak:.0f} dBFS{called}); unmute it or choose another (--input).")
    if peak > LOUD_PEAK_DBFS:
        raise SkillError(f"the microphone is too loud ({peak:.0f} dBFS{called}); turn its level down.")
    return f"loudest {peak:.0f} dBFS in {LISTEN_S:.0f} s{called}"


def _losses(counts: Counts) -> str:
    if counts != Counts():
        raise SkillError(f"{counts} in {LISTEN_S:.0f} s; close other programs, or choose other devices.")
    return f"none in {LISTEN_S:.0f} s"


def _dbfs(level: float) -> float:
    """Return a sample value as decibels relative to full scale."""
    return float(20 * np.log10(max(level, 1e-3) / 32768))
