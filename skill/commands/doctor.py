"""`back-stretches doctor`: what works on this machine, and what to do about what does not."""

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import click
import numpy as np

from skill import parts as parts_of
from skill import speech_model
from skill.audio import device
from skill.audio.blocks import SAMPLE_RATE, Samples, silence
from skill.errors import SkillError
from skill.hearing.recognizer import unknown_words
from skill.memory import Memory
from skill.parts import Parts, memory_file

LISTEN_S = 2.0
"""How long the microphone is listened to."""

QUIET_DBFS = -70.0
"""A microphone that hears less even in a quiet room is muted or not connected."""

LOUD_DBFS = -3.0
"""One that hears as much as this is turned up too far."""


@dataclass(frozen=True)
class Finding:
    """What one check found."""

    check: str
    ok: bool
    text: str
    """What is there, or what is wrong and what to do about it."""

    needed: bool = True
    """Without it the coach cannot run at all; without the others it goes on in writing."""


@click.command()
@click.option("--input", "microphone", help="Microphone to check; a part of its name is enough.")
@click.option("--output", "speaker", help="Speaker to check; a part of its name is enough.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@parts_of.options
@click.pass_context
def doctor(context: click.Context, parts: Parts, microphone: str | None, speaker: str | None, as_json: bool) -> None:
    """Check devices, levels, speech model, voice and content, one line each.

    The exit code is 1 only where something is wrong that the coach cannot do without.
    """
    failed = False
    for finding in examine(parts, microphone, speaker):
        failed |= finding.needed and not finding.ok
        if as_json:
            print(json.dumps(asdict(finding), ensure_ascii=False), flush=True)
        else:
            print(f"{'ok     ' if finding.ok else 'problem'}  {finding.check}: {finding.text}", flush=True)
    context.exit(1 if failed else 0)


def examine(parts: Parts, microphone: str | None, speaker: str | None) -> Iterator[Finding]:
    """Yield the findings, one after the other."""
    yield _check("content", lambda: _content(parts))
    model = _check("speech model", lambda: _model(parts))
    yield model
    if model.ok:
        yield _check("vocabulary", lambda: _vocabulary(parts))
    yield _check("voice", lambda: _voice(parts), needed=False)
    yield _check("memory", _memory, needed=False)
    sound = _check("sound devices", lambda: _devices(microphone, speaker), needed=False)
    yield sound
    if sound.ok:
        yield _check("microphone level", lambda: _level(microphone, speaker), needed=False)


def _check(name: str, look: Callable[[], str], needed: bool = True) -> Finding:
    try:
        return Finding(name, True, look(), needed)
    except SkillError as error:
        return Finding(name, False, str(error), needed)


def _content(parts: Parts) -> str:
    content = parts.content
    stretches = sum(len(r.stretches) for r in content.routines.values())
    return f"{len(content.routines)} routines, {stretches} stretches, {len(parts.language.intents.intents)} intents"


def _model(parts: Parts) -> str:
    folder = speech_model.locate(parts.model_folder)
    if folder is None:
        raise SkillError("not on this machine; fetch it with `back-stretches models fetch`.")
    return str(folder)


def _vocabulary(parts: Parts) -> str:
    problems = unknown_words(parts.language, parts.model)
    if problems:
        raise SkillError("; ".join(problems))
    return "every word of the templates is known to the model"


def _voice(parts: Parts) -> str:
    line = "This is the coach's voice."
    with contextlib.closing(parts.voice()) as voice:
        seconds = len(voice.wait(line)) / SAMPLE_RATE
    return f"“{parts.settings.voice.voice}” at {parts.settings.voice.rate} words a minute ({seconds:.1f} s of speech)"


def _memory() -> str:
    memory = Memory(memory_file())
    if memory.problem:
        raise SkillError(memory.problem)
    return str(memory_file())


def _devices(microphone: str | None, speaker: str | None) -> str:
    found = device.find(microphone, speaker)
    return f"microphone “{found.input_name}”, speaker “{found.output_name}”, {found.rate} Hz"


def _level(microphone: str | None, speaker: str | None) -> str:
    heard, counts = _listen(device.find(microphone, speaker))
    peak = _dbfs(float(np.abs(heard.astype(np.float32)).max(initial=0)))
    lost = f"; {counts.overruns} overruns, {counts.underruns} underruns" if counts.overruns or counts.underruns else ""
    if peak < QUIET_DBFS:
        raise SkillError(f"the microphone is silent ({peak:.0f} dBFS); unmute it or choose another (--input){lost}.")
    if peak > LOUD_DBFS:
        raise SkillError(f"the microphone is too loud ({peak:.0f} dBFS); turn its level down{lost}.")
    return f"loudest {peak:.0f} dBFS in {LISTEN_S:.0f} s{lost}"


def _listen(endpoints: device.Endpoints) -> tuple[Samples, device.Counts]:
    heard = []
    with device.Device(endpoints, silence) as stream:
        for near, _ in stream.pairs():
            heard.append(near)
            if len(heard) * len(near) >= LISTEN_S * SAMPLE_RATE:
                break
    return np.concatenate(heard), stream.counts


def _dbfs(level: float) -> float:
    """Return a sample value as decibels relative to full scale."""
    return float(20 * np.log10(max(level, 1e-3) / 32768))
