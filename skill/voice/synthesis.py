"""The coach's voice: text in, samples out. The work is done in another process, lines are rendered ahead."""

import contextlib
import queue
import tempfile
import threading
from collections.abc import Collection, Iterable
from concurrent.futures import Future, InvalidStateError
from pathlib import Path
from typing import Protocol

import numpy as np

from skill.audio import wav
from skill.audio.blocks import SAMPLE_RATE, Samples, silence
from skill.errors import AudioError, SynthesisError
from skill.settings import VoiceSettings
from skill.system import module_command
from skill.voice.clip_cache import Clips, forget_told
from skill.voice.worker_process import CLOSED, WorkerProcess

TRIES = 2
"""How often a line is given to a (new) worker before the coach goes on without sound."""

WORD_S = 0.4
"""How long a spoken word takes, where nothing is spoken."""

REMEDY = "install the speech engine (Debian: espeak-ng), and see `back-stretches doctor`."

_QUIET = 100
"""Samples below this level at either end of a clip count as silence: espeak-ng leaves up to 0.3 s of it."""


_NOW, _SOON, _LATER = range(3)
"""How soon a line is needed: it is waited for; it is likely to come; it may come some day."""

_Spoken = tuple[str, int]
"""A line, and the words a minute at which it is spoken."""


class Voice(Protocol):
    """What can speak."""

    def prepare(self, lines: Iterable[str]) -> None:
        """Render these lines ahead, the first one first; what was asked for before and is not begun can wait."""

    def pieces(self, line: str) -> tuple[str, ...]:
        """Return the pieces in which to ask for a line, so that its first sound comes early; mostly the line itself."""

    def get(self, line: str) -> Samples | None:
        """Return the clip of a line, or None where it is not there yet. SynthesisError: it cannot be had."""

    def wait(self, line: str) -> Samples:
        """Return the clip of a line, however long it takes. SynthesisError: it cannot be had."""

    def set_speed(self, factor: float) -> None:
        """Speak faster or slower from the next line on: a factor on the usual words a minute."""

    def forget_told(self) -> None:
        """Delete what is kept of lines that may tell what somebody has told. SkillError where that is not possible."""

    def close(self) -> None:
        """End what runs in the background."""


class SilentVoice:
    """Says nothing, for as long as speaking would take: the typed conversation, and where there is no engine."""

    def __init__(self, clips: Path | None = None) -> None:
        """`clips` is the folder in which the voice of other sessions keeps its clips."""
        self._speed = 1.0
        self._clips = clips

    def prepare(self, lines: Iterable[str]) -> None:
        """Nothing to do."""

    def pieces(self, line: str) -> tuple[str, ...]:
        """Return the line."""
        return (line,)

    def get(self, line: str) -> Samples | None:
        """Return silence of the length of the line."""
        return self.wait(line)

    def wait(self, line: str) -> Samples:
        """Return silence of the length of the line."""
        return silence(round(len(line.split()) * WORD_S / self._speed * SAMPLE_RATE))

    def set_speed(self, factor: float) -> None:
        """Let lines take more or less time."""
        self._speed = factor

    def forget_told(self) -> None:
        """Delete what other sessions have kept."""
        if self._clips:
            forget_told(self._clips)

    def close(self) -> None:
        """Nothing to do."""


class SystemVoice:
    """The voice of the operating system, through pyttsx3 in a worker process; clips are kept on disk."""

    def __init__(
        self,
        settings: VoiceSettings,
        cache: Path | None,
        worker: list[str] | None = None,
        lasting: Collection[str] = (),
    ):
        """Start rendering in the background.

        `cache` is the folder for clips, None: a temporary one. `worker` is the command of the worker process.
        `lasting` are the lines that tell nothing about who they are said to: `forget_told` leaves their clips.
        """
        self.settings = settings
        self._temporary = tempfile.TemporaryDirectory(prefix="back-stretches-") if cache is None else None
        self._folder = cache or Path(self._temporary.name if self._temporary else "")
        self._kept = Clips(self._folder, settings.voice, lasting)
        self._keeping = threading.Lock()  # what is forgotten is not kept a moment later
        self._worker = WorkerProcess(worker or module_command("skill.voice.synthesis_worker"))
        self._rate = settings.rate
        self._clips: dict[_Spoken, Future[Samples]] = {}
        self._wanted: queue.PriorityQueue[tuple[int, int, int, _Spoken | None]] = queue.PriorityQueue()
        self._needed: dict[_Spoken, tuple[int, int]] = {}  # how soon, and minus the number of the request
        self._requests = 0
        self._asked = 0
        self._rendering: _Spoken | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="synthesis", daemon=True)
        self._thread.start()

    def prepare(self, lines: Iterable[str], later: bool = False) -> None:
        """Render these lines ahead; `later`: when nothing else is to be done."""
        self._requests += 1
        for line in lines:
            self._want(line, _LATER if later else _SOON)

    def pieces(self, line: str) -> tuple[str, ...]:
        """Return the line."""
        return (line,)

    def under_way(self, line: str) -> bool:
        """Tell whether a line is there or will be in a moment: rendered, kept on disk, or being rendered now."""
        spoken = (line, self._rate)
        clip = self._clips.get(spoken)
        return bool(clip and clip.done()) or spoken == self._rendering or self._kept.has(*spoken)

    def get(self, line: str) -> Samples | None:
        """Return the clip of a line, or None where it is not there yet."""
        clip = self._want(line, _NOW)
        return self._result(line, clip) if clip.done() else None

    def wait(self, line: str) -> Samples:
        """Return the clip of a line, however long it takes."""
        return self._result(line, self._want(line, _NOW))

    def _result(self, line: str, clip: Future[Samples]) -> Samples:
        """Return a clip; one that has failed is told once, and tried anew the next time."""
        try:
            return clip.result()
        except SynthesisError:
            if not self._closed:
                self._clips.pop((line, self._rate), None)
                self._needed.pop((line, self._rate), None)
            raise

    def set_speed(self, factor: float) -> None:
        """Speak faster or slower from the next line on: a factor on the rate of the settings."""
        self._rate = round(self.settings.rate * factor)

    def forget_told(self) -> None:
        """Delete all clips but the lasting ones, here and on disk; who still needs one asks for it again."""
        with self._keeping:
            for spoken in [spoken for spoken in self._clips if not self._kept.lasts(spoken[0])]:
                self._clips.pop(spoken)
                self._needed.pop(spoken, None)
            forget_told(self._folder)

    def close(self) -> None:
        """End the worker and its thread; lines that are not there by now cannot be had."""
        self._closed = True
        self._wanted.put((-1, 0, 0, None))
        self._worker.stop()
        self._thread.join()
        self._worker.kill()
        for clip in self._clips.values():
            if not clip.done():
                _settle(clip, SynthesisError(CLOSED))
        if self._temporary:
            self._temporary.cleanup()

    def _want(self, line: str, soon: int) -> Future[Samples]:
        spoken = (line, self._rate)
        clip = self._clips.get(spoken)
        if clip is None and self._closed:
            raise SynthesisError(CLOSED)
        if clip is None:
            clip = self._clips[spoken] = Future()
        needed = (soon, -self._requests if soon == _SOON else 0)
        if not clip.done() and needed < self._needed.get(spoken, (_LATER + 1, 0)):  # again, but further ahead
            self._needed[spoken] = needed
            if soon == _NOW and (samples := self._kept.read(*spoken)) is not None:
                _settle(clip, samples)  # the thread may be busy with another line
            else:
                self._asked += 1
                self._wanted.put((*needed, self._asked, spoken))
        return clip

    def _run(self) -> None:
        while (spoken := self._wanted.get()[3]) is not None:
            clip = self._clips.get(spoken)
            if clip is None or clip.done():  # had, or given up, since it was asked for
                continue
            self._rendering = spoken
            try:
                _settle(clip, self._cached(spoken))
            except SynthesisError as error:
                _settle(clip, error)
            except Exception as error:  # whatever it is, somebody waits for an answer
                reason = f"{type(error).__name__}: {error}"
                _settle(clip, SynthesisError(f"“{spoken[0]}” could not be spoken ({reason}); {REMEDY}"))

    def _cached(self, spoken: _Spoken) -> Samples:
        line, rate = spoken
        if not any(character.isalnum() for character in line):
            return silence(round(WORD_S * SAMPLE_RATE))  # nothing to pronounce; engines fail at it, each in its way
        kept = self._kept.read(*spoken)
        if kept is not None:
            return kept
        samples = self._render(line, rate)
        with self._keeping:
            if spoken in self._clips:  # else it was forgotten meanwhile
                self._kept.keep(line, rate, samples)
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


def _settle(clip: "Future[Samples]", outcome: Samples | SynthesisError) -> None:
    """Set the outcome of a clip, unless another thread was faster."""
    with contextlib.suppress(InvalidStateError):
        if isinstance(outcome, SynthesisError):
            clip.set_exception(outcome)
        else:
            clip.set_result(outcome)


def trim(samples: Samples, lead: int = SAMPLE_RATE // 50) -> Samples:
    """Cut the silence at both ends, except `lead` samples."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > _QUIET)
    if not len(loud):
        return samples
    return samples[max(0, loud[0] - lead) : loud[-1] + lead]
