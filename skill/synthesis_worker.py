"""The process in which pyttsx3 turns text into sound files. Run as `python -m skill.synthesis_worker`.

Requests and answers are those of worker_loop. It lives in a process of its own since the engine cannot be
interrupted, can only be started once a process, prints to standard output, and may hang: then the process is killed
and replaced.
"""

import time
from pathlib import Path
from typing import Any

import pyttsx3
import soundfile

from skill.worker_loop import Render, serve

FILE_WAIT_S = 8.0
"""The engine may return before its file is written; so long we wait for it to be complete."""


def main() -> None:
    """Answer requests until standard input ends."""
    serve(_load)


def _load() -> Render:
    engine = pyttsx3.init()
    return lambda **request: _render(engine, **request)


def _render(engine: Any, text: str, voice: str, rate: int, path: str) -> None:
    _choose_voice(engine, voice)
    engine.setProperty("rate", rate)
    engine.save_to_file(text, path)
    engine.runAndWait()
    deadline = time.monotonic() + FILE_WAIT_S
    while not _complete(Path(path)):
        if time.monotonic() > deadline:
            raise TimeoutError("the speech engine wrote no complete file")
        time.sleep(0.01)


def _choose_voice(engine: Any, wanted: str) -> None:
    """Take the first voice whose id or name contains what is wanted; otherwise leave the engine's own."""
    for voice in engine.getProperty("voices"):
        if wanted.lower() in f"{voice.id} {voice.name}".lower():
            engine.setProperty("voice", voice.id)
            return


def _complete(path: Path) -> bool:
    """Tell whether a sound file is there with all the samples that its header promises."""
    try:
        info = soundfile.info(path)
    except (soundfile.LibsndfileError, RuntimeError, OSError):
        return False
    return bool(info.frames) and path.stat().st_size >= info.frames * 2


if __name__ == "__main__":
    main()
