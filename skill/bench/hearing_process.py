"""The process that compute.py measures, run as a module with a sound file and the folder of the speech model."""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from skill import content
from skill.audio import wav
from skill.audio.blocks import BLOCK_MS, SAMPLE_RATE, blocks
from skill.hearing.listener import Listener
from skill.hearing.recognizer import Recognizer, SpeechModel
from skill.hearing.understanding import Understanding
from skill.hearing.voice_activity import VoiceActivity
from skill.settings import ListeningSettings

STAGES: dict[str, list[tuple[type, str]]] = {
    "voice activity": [(VoiceActivity, "hear")],
    "decoding": [(Recognizer, name) for name in ("reset", "accept", "partial", "finish")],
    "understanding": [(Understanding, "spoken")],
}
"""What is timed; all the rest is end-pointing."""


def main(sound: str, model: str) -> None:
    """Print a line when ready to hear; hear the sound; print what it took."""
    listener = Listener(SpeechModel(Path(model)), content.load_language(), ListeningSettings())
    listener.listen("holding")
    ready = time.process_time()
    print("ready", flush=True)
    taken = dict.fromkeys(STAGES, 0.0)
    for stage, methods in STAGES.items():
        for owner, name in methods:
            setattr(owner, name, _timed(getattr(owner, name), taken, stage))
    samples = wav.read(Path(sound))
    began = time.process_time()
    for number, block in enumerate(blocks(samples), 1):
        listener.hear(block, number * BLOCK_MS)
    whole = time.process_time() - began
    taken["end-pointing"] = whole - sum(taken.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": len(samples) / SAMPLE_RATE, "stages": taken, "peak_mb": peak, "ready_cpu_s": ready}))


def _timed(method: Callable[..., Any], taken: dict[str, float], stage: str) -> Callable[..., Any]:
    def timed(*arguments: Any) -> Any:
        began = time.process_time()
        try:
            return method(*arguments)
        finally:
            taken[stage] += time.process_time() - began

    return timed


if __name__ == "__main__":
    main(*sys.argv[1:])
