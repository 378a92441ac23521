"""The process in which pyttsx3 turns text into sound files. Run as `python -m skill.voice.pyttsx3_worker`.

Requests and answers are those of worker_server. It lives in a process of its own since the engine cannot be
interrupted, can only be started once a process, prints to standard output, and may hang: then the process is killed
and replaced. On Linux each line gets an engine of its own (forked_call), so that it always sounds the same.
"""

import importlib
import json
import re
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pyttsx3
import soundfile

from skill.settings import VoiceSettings
from skill.voice import forked_call
from skill.voice.voice_list import best_match, unknown_voice
from skill.voice.worker_server import Render, WrongRequest, serve

ATTEMPTS = 4
"""Attempts to render a text before it fails."""

MIN_DURATION_SHARE = 0.35
"""A file is incomplete if it is shorter than this share of the time that its words should take."""

QUIET = 300
"""The engine ends a text with a pause: a file is incomplete if a sample of its last 20 ms is louder (of 32767)."""

HEADER_BYTES = 44
"""Size of a WAV file's header."""

FILE_WAIT_S = 8.0
"""Timeout for the engine's file, seconds (wall clock): the engine may return before it is written."""

Speak = Callable[[str, str, int, str], None]
"""Writes the speech for text, voice and rate to a path."""


def main() -> None:
    """Answer requests until standard input ends; with the argument `voices` print the engine's voices as JSON."""
    if sys.argv[1:] == ["voices"]:
        voices = pyttsx3.init().getProperty("voices")
        print(json.dumps([{"id": v.id, "name": v.name, "english": "en" in _languages(v)} for v in voices]))
    else:
        serve(_load)


def _load() -> Render:
    if forked_call.AVAILABLE:
        importlib.import_module("pyttsx3.drivers.espeak")  # loaded once for all lines, started for each
        speak: Speak = partial(forked_call.call_in_fork, _speak_first)
    else:
        speak = partial(_speak, pyttsx3.init())
    return lambda **request: render_complete(speak, **request)


def render_complete(speak: Speak, text: str, voice: str, rate: int, path: str) -> None:
    """Have a text spoken until the file holds all of it. The engine's error, or RuntimeError, after ATTEMPTS."""
    problem: Exception = RuntimeError("the speech engine wrote only a part of it")
    for _ in range(ATTEMPTS):
        Path(path).unlink(missing_ok=True)
        try:
            speak(text, voice, rate, path)
        except TimeoutError as error:
            problem = error
            continue
        if _is_complete_speech(Path(path), text, rate):
            return
    raise problem


def _speak(engine: Any, text: str, voice: str, rate: int, path: str) -> None:
    _choose_voice(engine, voice)
    engine.setProperty("rate", rate)
    _write(engine, text, path)


def _speak_first(text: str, voice: str, rate: int, path: str) -> None:
    """Speak a text in an engine that has spoken nothing yet.

    The engine sets its rate in a thread of its own, and sometimes that thread is not even woken. A text that is given
    to the engine right away may be spoken at its default rate. So the rate is set until the engine reports it.
    """
    engine = pyttsx3.init()
    _choose_voice(engine, voice)
    engine.setProperty("rate", rate)
    engine.runAndWait()  # carries out what is in the queue, which is no speech yet
    while engine.getProperty("rate") != rate:  # call_in_fork kills it after TIMEOUT_S
        time.sleep(0.01)
        engine.setProperty("rate", rate)
    _write(engine, text, path)


def _write(engine: Any, text: str, path: str) -> None:
    engine.save_to_file(text, path)
    engine.runAndWait()
    _wait_for(Path(path))


def _wait_for(path: Path) -> None:
    """Wait until a sound file is complete. TimeoutError after FILE_WAIT_S."""
    deadline = time.monotonic() + FILE_WAIT_S
    while not _is_complete_file(path):
        if time.monotonic() > deadline:
            raise TimeoutError("the speech engine wrote no complete file")
        time.sleep(0.01)


def _is_complete_speech(path: Path, text: str, rate: int) -> bool:
    """Return whether a file holds all of a text.

    The end of an earlier text may have closed it too soon: then it is empty, far too short, or ends within a sound.
    """
    samples, sample_rate = soundfile.read(path, dtype="int16")
    shortest = MIN_DURATION_SHARE * len(text.split()) * 60 / rate
    tail = samples[-(sample_rate // 50) :]
    return len(samples) > shortest * sample_rate and int(abs(tail.astype(int)).max()) < QUIET


def _choose_voice(engine: Any, wanted: str) -> None:
    """Take the voice that matches. WrongRequest if there is none.

    The default voice may be missing: other systems' voices have other names. Then the engine's own voice speaks.
    """
    voices = engine.getProperty("voices")
    voice = best_match(wanted, voices)
    if voice:
        engine.setProperty("voice", voice.id)
    elif wanted != VoiceSettings.voice:
        names = [v.id for v in voices if "en" in _languages(v)] or [v.id for v in voices]
        raise WrongRequest(unknown_voice(wanted, names))


def _languages(voice: Any) -> set[str]:
    """Return the languages of a voice without countries, such as "en"; each driver writes them differently."""
    names = [name.decode(errors="replace") if isinstance(name, bytes) else str(name) for name in voice.languages or ()]
    return {re.split("[-_]", name.strip("\x05").lower())[0] for name in names}


def _is_complete_file(path: Path) -> bool:
    """Return whether a sound file is there with all the samples that its header promises."""
    try:
        info = soundfile.info(path)
    except (soundfile.LibsndfileError, RuntimeError, OSError):
        return False
    return path.stat().st_size >= HEADER_BYTES + info.frames * info.channels * 2


if __name__ == "__main__":
    main()
