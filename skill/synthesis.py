"""The coach's voice: text in, samples out. The work is done in another process, lines are rendered ahead."""

import contextlib
import hashlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable
from concurrent.futures import Future
from pathlib import Path
from typing import Protocol

import numpy as np
import soundfile

from skill.audio import wav
from skill.audio.blocks import SAMPLE_RATE, Samples, silence
from skill.errors import AudioError, SynthesisError
from skill.settings import VoiceSettings

ANSWER_TIMEOUT_S = 15.0
"""A worker that has not answered by then hangs; it is killed and replaced."""

TRIES = 2
"""How often a line is given to a (new) worker before the coach goes on without sound."""

WORD_S = 0.4
"""How long a spoken word takes, where nothing is spoken."""

REMEDY = "install the speech engine (Debian: espeak-ng), and see `back-stretches doctor`."

CLOSED = "The voice is closed."

_QUIET = 100
"""Samples below this level at either end of a clip count as silence: espeak-ng leaves up to 0.3 s of it."""


_Spoken = tuple[str, int]
"""A line, and the words a minute at which it is spoken."""


class Voice(Protocol):
    """What can speak."""

    def prepare(self, lines: Iterable[str]) -> None:
        """Render these lines ahead, the first one first; what was asked for before and is not begun can wait."""

    def get(self, line: str) -> Samples | None:
        """Return the clip of a line, or None where it is not there yet. SynthesisError: it cannot be had."""

    def wait(self, line: str) -> Samples:
        """Return the clip of a line, however long it takes. SynthesisError: it cannot be had."""

    def set_speed(self, factor: float) -> None:
        """Speak faster or slower from the next line on: a factor on the usual words a minute."""

    def close(self) -> None:
        """End what runs in the background."""


class SilentVoice:
    """Says nothing, for as long as speaking would take: the typed conversation, and where there is no engine."""

    def __init__(self) -> None:
        self._speed = 1.0

    def prepare(self, lines: Iterable[str]) -> None:
        """Nothing to do."""

    def get(self, line: str) -> Samples | None:
        """Return silence of the length of the line."""
        return self.wait(line)

    def wait(self, line: str) -> Samples:
        """Return silence of the length of the line."""
        return silence(round(len(line.split()) * WORD_S / self._speed * SAMPLE_RATE))

    def set_speed(self, factor: float) -> None:
        """Let lines take more or less time."""
        self._speed = factor

    def close(self) -> None:
        """Nothing to do."""


class SystemVoice:
    """The voice of the operating system, through pyttsx3 in a worker process; clips are kept on disk."""

    def __init__(self, settings: VoiceSettings, cache: Path | None, worker: list[str] | None = None):
        """Start rendering in the background.

        `cache` is the folder for clips, None: a temporary one. `worker` is the command of the worker process.
        """
        self.settings = settings
        self._temporary = tempfile.TemporaryDirectory(prefix="back-stretches-") if cache is None else None
        self._folder = cache or Path(self._temporary.name if self._temporary else "")
        self._worker = _Worker(worker or [sys.executable, "-m", "skill.synthesis_worker"])
        self._rate = settings.rate
        self._clips: dict[_Spoken, Future[Samples]] = {}
        self._wanted: queue.PriorityQueue[tuple[int, int, _Spoken | None]] = queue.PriorityQueue()
        self._urgent: set[_Spoken] = set()
        self._asked = 0
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="synthesis", daemon=True)
        self._thread.start()

    def prepare(self, lines: Iterable[str]) -> None:
        """Render these lines ahead."""
        for line in lines:
            self._want(line, urgent=False)

    def get(self, line: str) -> Samples | None:
        """Return the clip of a line, or None where it is not there yet."""
        clip = self._want(line, urgent=True)
        return clip.result() if clip.done() else None

    def wait(self, line: str) -> Samples:
        """Return the clip of a line, however long it takes."""
        return self._want(line, urgent=True).result()

    def set_speed(self, factor: float) -> None:
        """Speak faster or slower from the next line on: a factor on the rate of the settings."""
        self._rate = round(self.settings.rate * factor)

    def close(self) -> None:
        """End the worker and its thread; lines that are not there by now cannot be had."""
        self._closed = True
        self._wanted.put((-1, 0, None))
        self._worker.stop()
        self._thread.join()
        self._worker.kill()
        for clip in self._clips.values():
            if not clip.done():
                clip.set_exception(SynthesisError(CLOSED))
        if self._temporary:
            self._temporary.cleanup()

    def _want(self, line: str, urgent: bool) -> Future[Samples]:
        spoken = (line, self._rate)
        clip = self._clips.get(spoken)
        if clip is None and self._closed:
            raise SynthesisError(CLOSED)
        if clip is None:
            clip = self._clips[spoken] = Future()
            self._asked += 1
            self._wanted.put((0 if urgent else 1, self._asked, spoken))
        elif urgent and not clip.done() and spoken not in self._urgent:
            self._asked += 1
            self._wanted.put((0, self._asked, spoken))  # again, but further ahead
        if urgent:
            self._urgent.add(spoken)
        return clip

    def _run(self) -> None:
        while (spoken := self._wanted.get()[2]) is not None:
            clip = self._clips[spoken]
            if clip.done():
                continue
            line, rate = spoken
            try:
                clip.set_result(self._cached(line, rate))
            except SynthesisError as error:
                clip.set_exception(error)
            except Exception as error:  # whatever it is, somebody waits for an answer
                reason = f"{type(error).__name__}: {error}"
                clip.set_exception(SynthesisError(f"“{line}” could not be spoken ({reason}); {REMEDY}"))

    def _cached(self, line: str, rate: int) -> Samples:
        if not any(character.isalnum() for character in line):
            return silence(round(WORD_S * SAMPLE_RATE))  # nothing to pronounce; engines fail at it, each in its way
        key = json.dumps([line, self.settings.voice, rate])
        path = self._folder / f"{hashlib.sha256(key.encode()).hexdigest()}.flac"
        if path.is_file():
            try:
                return wav.read(path)
            except AudioError:
                pass  # damaged: it is rendered again, and replaced
        samples = self._render(line, rate)
        self._keep(path, samples)
        return samples

    def _render(self, line: str, rate: int) -> Samples:
        with tempfile.TemporaryDirectory(prefix="back-stretches-") as folder:
            path = Path(folder) / "line.wav"
            request = {
                "text": line,
                "voice": self.settings.voice,
                "rate": rate,
                "path": str(path),
            }
            for left in reversed(range(TRIES)):
                try:
                    self._worker.ask(request)
                    return trim(wav.read(path))
                except (SynthesisError, AudioError) as error:
                    path.unlink(missing_ok=True)
                    if not left:
                        reason = " ".join(str(error).split()).rstrip(".")
                        raise SynthesisError(f"“{line}” could not be spoken ({reason}); {REMEDY}") from error
        raise AssertionError("unreachable")

    def _keep(self, path: Path, samples: Samples) -> None:
        """Keep a clip for later sessions; a full disk or a folder that cannot be written is no reason to stop."""
        part = path.with_suffix(f".{os.getpid()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(part, samples, SAMPLE_RATE, format="FLAC", subtype="PCM_16")
            part.replace(path)
        except (OSError, soundfile.SoundFileError, AssertionError):  # soundfile asserts that everything was written
            with contextlib.suppress(OSError):
                part.unlink()


def trim(samples: Samples, lead: int = SAMPLE_RATE // 50) -> Samples:
    """Cut the silence at both ends, except `lead` samples."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > _QUIET)
    if not len(loud):
        return samples
    return samples[max(0, loud[0] - lead) : loud[-1] + lead]


class _Worker:
    """The worker process: started when it is needed, killed when it hangs."""

    def __init__(self, command: list[str]):
        self._command = command
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._lock = threading.Lock()  # nothing is started after `stop`
        self._answers: queue.Queue[str] = queue.Queue()
        self._stopped = False

    def ask(self, request: dict[str, object]) -> None:
        """Have a request carried out. SynthesisError when the worker fails, dies or hangs."""
        if self._process is None or self._process.poll() is not None:
            self._start()
        process = self._process
        if process is None or process.stdin is None:
            raise SynthesisError(CLOSED)
        try:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
        except OSError as error:
            self.kill()
            raise SynthesisError("the worker process is gone") from error
        self._expect_ok()

    def _start(self) -> None:
        self.kill()
        self._answers = queue.Queue()
        with self._lock:
            if self._stopped:
                raise SynthesisError(CLOSED)
            try:
                self._process = self._popen()
            except OSError as error:
                raise SynthesisError(f"the worker process cannot be started ({error.strerror})") from error
        self._reader = threading.Thread(target=_pump, args=(self._process, self._answers), daemon=True)
        self._reader.start()
        self._expect_ok()

    def _popen(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            bufsize=1,
        )

    def _expect_ok(self) -> None:
        try:
            line = self._answers.get(timeout=ANSWER_TIMEOUT_S)
        except queue.Empty:
            self.kill()
            raise SynthesisError(f"no answer within {ANSWER_TIMEOUT_S:.0f} s") from None
        if not line:
            self.kill()
            raise SynthesisError("the worker process ended")
        if json.loads(line).get("ok"):
            return
        self.kill()  # after an error the engine cannot be relied on
        raise SynthesisError(json.loads(line).get("error", line))

    def kill(self) -> None:
        """End the process at once."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None
        if self._reader:
            self._reader.join(timeout=1)  # it ends with the process
            self._reader = None

    def stop(self) -> None:
        """End the process for good; the thread that asks finds it gone."""
        with self._lock:
            self._stopped = True
            if self._process:
                self._process.kill()


def _pump(process: "subprocess.Popen[str]", answers: "queue.Queue[str]") -> None:
    """Move the worker's answers into a queue; an empty string when it is gone."""
    assert process.stdout
    for line in process.stdout:
        answers.put(line)
    answers.put("")
