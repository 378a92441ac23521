"""The process that hearing_cost.py measures; its arguments are a sound file and the folder of the speech model."""

import json
import sys
import time
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from skill.audio.blocks import BLOCK_MS, BLOCK_SIZE
from skill.audio.voice_activity import VoiceActivity
from skill.composition.coach_settings import COACH_LISTENING
from skill.content.language import load_language
from skill.hearing.listener import Listener
from skill.hearing.recognizer import Recognizer, SpeechModel
from skill.understanding.understanding import Understanding

STAGES: dict[str, list[tuple[type, str]]] = {
    "voice activity": [(VoiceActivity, "hear")],
    "decoding": [(Recognizer, name) for name in ("reset", "accept", "partial", "finish")],
    "understanding": [(Understanding, "spoken")],
}
"""The methods that are timed, by stage; the remaining time is end-pointing."""


def main(sound: str, model: str) -> None:
    """Print a line when ready; recognise the sound; print the CPU time by stage."""
    listener = Listener(SpeechModel(Path(model)), load_language(), COACH_LISTENING)
    listener.listen("holding")
    ready = time.process_time()
    print("ready", flush=True)
    taken = dict.fromkeys(STAGES, 0.0)
    running: list[float] = []
    for stage, methods in STAGES.items():
        for owner, name in methods:
            setattr(owner, name, timed(getattr(owner, name), taken, stage, running))
    whole, now = 0.0, 0
    with wave.open(sound) as file:  # block by block, so that the sound does not count as memory
        while len(samples := file.readframes(BLOCK_SIZE)) == 2 * BLOCK_SIZE:
            now += BLOCK_MS
            block = np.frombuffer(samples, np.int16)
            began = time.process_time()
            listener.hear(block, now)
            whole += time.process_time() - began
    taken["end-pointing"] = whole - sum(taken.values())
    print(json.dumps({"seconds": now / 1000, "stages": taken, "peak_mb": _peak_mb(), "ready_cpu_s": ready}))


def _peak_mb() -> float:
    """Return the peak memory of this program; getrusage would include the process that it was forked from."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def timed(method: Callable[..., Any], taken: dict[str, float], stage: str, running: list[float]) -> Callable[..., Any]:
    """Return a method that adds its CPU time (s) to its stage, without that of the timed methods it calls.

    `running` holds, for each timed method that is running, the time of the timed methods that it called.
    """

    def run(*arguments: Any) -> Any:
        began = time.process_time()
        running.append(0.0)
        try:
            return method(*arguments)
        finally:
            whole = time.process_time() - began
            taken[stage] += whole - running.pop()
            if running:
                running[-1] += whole

    return run


if __name__ == "__main__":
    main(*sys.argv[1:])
