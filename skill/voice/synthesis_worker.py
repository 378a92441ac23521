"""The process in which pyttsx3 turns text into sound files. Run as `python -m skill.voice.synthesis_worker`.

Requests and answers are those of worker_loop. It lives in a process of its own since the engine cannot be
interrupted, can only be started once a process, prints to standard output, and may hang: then the process is killed
and replaced.
"""

import json
import re
import sys
import time
from pathlib import Path
from typing import Any

import pyttsx3
import soundfile

from skill.voice.voice_list import fitting
from skill.voice.worker_loop import Render, serve

ATTEMPTS = 4
"""How often a text is given to the engine until the file holds all of it."""

SHORTEST = 0.35
"""A file shorter than so much of the time that the words should take is not whole."""

QUIET = 300
"""The engine ends a text with a pause: a file whose last 20 ms are louder was broken off."""

HEADER_BYTES = 44

FILE_WAIT_S = 8.0
"""The engine may return before its file is written; so long we wait for it to be complete."""


def main() -> None:
    """Answer requests until standard input ends; with the argument `voices` print the engine's voices as JSON."""
    if sys.argv[1:] == ["voices"]:
        voices = pyttsx3.init().getProperty("voices")
        print(json.dumps([{"id": v.id, "name": v.name, "english": "en" in _languages(v)} for v in voices]))
    else:
        serve(_load)


def _load() -> Render:
    engine = pyttsx3.init()
    return lambda **request: _render(engine, **request)


def _render(engine: Any, text: str, voice: str, rate: int, path: str) -> None:
    _choose_voice(engine, voice)
    engine.setProperty("rate", rate)
    for _ in range(ATTEMPTS):
        engine.save_to_file(text, path)
        engine.runAndWait()
        _wait_for(Path(path))
        if _whole(Path(path), text, rate):
            return
    raise RuntimeError("the speech engine wrote only a part of it")


def _wait_for(path: Path) -> None:
    """Wait until a sound file is there with all that its header promises."""
    deadline = time.monotonic() + FILE_WAIT_S
    while not _complete(path):
        if time.monotonic() > deadline:
            raise TimeoutError("the speech engine wrote no complete file")
        time.sleep(0.01)


def _whole(path: Path, text: str, rate: int) -> bool:
    """Tell whether a file holds all of a text: the end of an earlier text may have closed it too soon.

    Then it is empty, far too short, or breaks off in the middle of a sound.
    """
    samples, sample_rate = soundfile.read(path, dtype="int16")
    shortest = SHORTEST * len(text.split()) * 60 / rate
    tail = samples[-(sample_rate // 50) :]
    return len(samples) > shortest * sample_rate and int(abs(tail.astype(int)).max()) < QUIET


def _choose_voice(engine: Any, wanted: str) -> None:
    """Take the voice that fits; otherwise leave the engine's own, which may be called anything on other systems."""
    voice = fitting(wanted, engine.getProperty("voices"))
    if voice:
        engine.setProperty("voice", voice.id)


def _languages(voice: Any) -> set[str]:
    """Return the languages of a voice without their countries; every driver writes them in its own way."""
    names = [name.decode(errors="replace") if isinstance(name, bytes) else str(name) for name in voice.languages or ()]
    return {re.split("[-_]", name.strip("\x05").lower())[0] for name in names}


def _complete(path: Path) -> bool:
    """Tell whether a sound file is there with all the samples that its header promises."""
    try:
        info = soundfile.info(path)
    except (soundfile.LibsndfileError, RuntimeError, OSError):
        return False
    return path.stat().st_size >= HEADER_BYTES + info.frames * info.channels * 2


if __name__ == "__main__":
    main()
