"""Cost of recognition: real-time factor by stage, peak memory, and start-up time."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.compute import hearing_process
from benchmarks.data import mixing, recordings
from benchmarks.data.background_talk import talk
from benchmarks.data.spoken_commands import spoken
from benchmarks.evaluation import Evaluation
from benchmarks.figures import Figure
from skill.audio import wav
from skill.audio.blocks import SAMPLE_RATE, Samples
from skill.errors import SkillError

MINUTES = 5
"""Minutes of each kind of sound."""


def compute(evaluation: Evaluation) -> Iterator[Figure]:
    """Measure a process that only recognises: commands with pauses as in a session, and talk without a break."""
    room = recordings.rooms(evaluation.recordings)["room48"]
    parts = (part.samples for part in talk(evaluation.cache, evaluation.split, room))
    said = (part for _, sound, _ in spoken(evaluation.cache, evaluation.split) for part in (sound, mixing.quiet(5)))
    kinds = {"a command every six seconds": said, "talk without a break": parts}
    found: dict[str, Any] = {}
    for kind, sounds in kinds.items():
        found = _in_a_process(_minutes(sounds), evaluation.model.folder)
        counted = f"{found['seconds'] / 60:.0f} min of audio"
        whole = sum(found["stages"].values())
        target = "0.06"
        yield Figure(f"compute, {kind}", whole / found["seconds"], "of real time", counted, target=target)
        for stage, seconds in found["stages"].items():
            yield Figure(f"– {stage}", seconds / found["seconds"], "of real time", counted)
    if found:
        yield Figure("peak memory of a process that recognises", found["peak_mb"], "MB", "", target="250 MB")
        yield Figure("start of the process until it listens, CPU time", found["ready_cpu_s"], "s", "one start")
        yield Figure("start of the process until it listens, wall time", found["ready_s"], "s", "one start")


def _minutes(sounds: Iterator[Samples]) -> Samples:
    taken: list[Samples] = []
    while sum(map(len, taken)) < MINUTES * 60 * SAMPLE_RATE and (sound := next(sounds, None)) is not None:
        taken.append(sound)
    return np.concatenate(taken) if taken else np.zeros(SAMPLE_RATE, np.int16)


def _in_a_process(samples: Samples, model: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "sound.wav"
        wav.write(sound, samples)
        command = [sys.executable, "-P", hearing_process.__file__, str(sound), str(model)]
        began = time.monotonic()
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            process.stdout.readline()
            ready = time.monotonic() - began
            rest = process.stdout.read()
    if process.returncode:
        raise SkillError("The measured process failed; its error is printed above.")
    return {**json.loads(rest), "ready_s": ready}
