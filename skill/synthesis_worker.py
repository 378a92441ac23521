"""The process in which pyttsx3 turns text into sound files. Run as `python -m skill.synthesis_worker`.

One JSON object a line on standard input, `{"text", "voice", "rate", "path"}`, one answer a line on standard output,
`{"ok": true}` or `{"error": "..."}`. It lives in a process of its own since the engine cannot be interrupted, can
only be started once a process, prints to standard output, and may hang: then the process is killed and replaced.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any, TextIO

import pyttsx3
import soundfile

FILE_WAIT_S = 8.0
"""The engine may return before its file is written; so long we wait for it to be complete."""


def main() -> None:
    """Answer requests until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # whatever the engine prints goes to standard error
    try:
        engine = pyttsx3.init()
    except Exception as error:  # every engine fails in its own way; all of them mean: no voice here
        _answer(answers, error=f"{type(error).__name__}: {error}")
        return
    _answer(answers, ok=True)
    for line in sys.stdin:
        try:
            _render(engine, **json.loads(line))
            _answer(answers, ok=True)
        except Exception as error:
            _answer(answers, error=f"{type(error).__name__}: {error}")


def _answer(answers: TextIO, **content: Any) -> None:
    answers.write(json.dumps(content) + "\n")


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
