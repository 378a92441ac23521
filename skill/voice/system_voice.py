"""The voice of the operating system. A worker process renders lines ahead; clips are kept in memory and on disk."""

import logging
import tempfile
import threading
from collections.abc import Collection, Iterable
from pathlib import Path

from skill.audio.blocks import Samples
from skill.errors import SynthesisError
from skill.settings import VoiceSettings
from skill.system import module_command
from skill.voice.clip_memory import MAX_SAMPLES, ClipMemory
from skill.voice.disk_cache import MAX_BYTES, DiskCache, delete_personal_clips
from skill.voice.engine_version import system_engine
from skill.voice.input_checks import check_line, check_rate, check_speed, is_pronounceable
from skill.voice.render_queue import LIMITS, ClipKey, Need, RenderQueue
from skill.voice.renderer import Renderer, failure
from skill.voice.worker_process import CLOSED

MAX_FAILURES = 64
"""Maximum number of failures that wait to be reported."""

_logger = logging.getLogger(__name__)


class SystemVoice:
    """A Voice that speaks through pyttsx3.

    One thread renders, `get` never waits for it. Everything that threads share is guarded by `_changed`.
    """

    rates = range(80, 601)
    """Words a minute: espeak-ng 1.51 behind pyttsx3 2.99 speaks no slower than 80."""

    def __init__(
        self,
        settings: VoiceSettings,
        cache: Path | None,
        worker: list[str] | None = None,
        impersonal: Collection[str] = (),
        max_samples: int = MAX_SAMPLES,
        max_bytes: int = MAX_BYTES,
    ):
        """Start rendering in the background. UsageError: the settings' rate is not in `rates`.

        `cache` is the folder for clips, None: a temporary one. `worker` is the command of the worker process.
        `impersonal` are the lines that reveal nothing about the user: `delete_personal_clips` keeps their clips.
        `max_samples` bounds the clips in memory, `max_bytes` those on disk.
        """
        check_rate(settings.rate, self.rates)
        self.settings = settings
        self._rate = settings.rate
        self._temporary = tempfile.TemporaryDirectory(prefix="back-stretches-") if cache is None else None
        self._folder = cache or Path(self._temporary.name if self._temporary else "")
        self._disk = DiskCache(self._folder, self.engine, settings.voice, impersonal, max_bytes)
        self._memory = ClipMemory(max_samples)
        self._queue = RenderQueue()
        self._asked: dict[ClipKey, None] = {}  # lines that the session waits for; the oldest first
        self._next: frozenset[ClipKey] = frozenset()  # lines that come next
        self._failures: dict[ClipKey, SynthesisError] = {}  # each is reported once; the oldest first
        self._rendering: ClipKey | None = None
        self._deletions = 0  # number of deletions of personal clips; one that is rendered meanwhile is not kept
        self._closed = False
        self._changed = threading.Condition()
        self._writing = threading.Lock()  # taken before _changed: no personal clip is written after its deletion
        self._renderer = Renderer(worker or module_command("skill.voice.pyttsx3_worker"), settings.voice)
        self._thread = threading.Thread(target=self._run, name="synthesis", daemon=True)
        self._thread.start()

    @property
    def engine(self) -> str:
        """Name and version of the engine."""
        return system_engine()

    def prepare(self, lines: Iterable[str]) -> None:
        """Render the lines that come next, in place of those of the call before."""
        keys = list(dict.fromkeys(self._keys(lines)))[: LIMITS[Need.NEXT]]
        with self._changed:
            self._next = frozenset(keys)
            self._replace(Need.NEXT, keys)

    def prepare_answers(self, lines: Iterable[str]) -> None:
        """Render lines that may be asked for, in place of those of the call before."""
        with self._changed:
            self._replace(Need.ANSWER, self._keys(lines))

    def prepare_for_later(self, lines: Iterable[str]) -> None:
        """Render lines to disk when there is nothing else to do, in place of those of the call before."""
        with self._changed:
            self._replace(Need.LATER, self._keys(lines))

    def pieces(self, line: str) -> tuple[str, ...]:
        """Return the line."""
        return (line,)

    def is_ready_soon(self, line: str) -> bool:
        """Return whether the clip of a line is in memory, on disk, or being rendered."""
        key = ClipKey(line, self._rate)
        with self._changed:
            return key in self._memory or key == self._rendering or self._disk.has(*key)

    def get(self, line: str) -> Samples | None:
        """Return the clip of a line; None if it is not rendered yet, then it is rendered before all others."""
        check_line(line)
        with self._changed:
            return self._get(ClipKey(line, self._rate))

    def wait(self, line: str) -> Samples:
        """Return the clip of a line, however long rendering takes."""
        check_line(line)
        key = ClipKey(line, self._rate)
        with self._changed:
            while (clip := self._get(key)) is None:
                self._changed.wait()
            return clip

    def set_speed(self, factor: float) -> None:
        """Speak faster or slower from the next line on; beyond the slowest and fastest rate nothing changes."""
        check_speed(factor)
        self._rate = min(max(round(self.settings.rate * factor), self.rates[0]), self.rates[-1])

    def delete_personal_clips(self) -> None:
        """Delete all but the impersonal clips, in memory and on disk; a line that is still needed is rendered again."""
        with self._writing:
            with self._changed:
                self._deletions += 1
                self._memory.discard(self._is_personal)
                self._queue.discard(self._is_personal)
                self._next = frozenset(key for key in self._next if not self._is_personal(key))
                for keys in (self._asked, self._failures):
                    for key in [key for key in keys if self._is_personal(key)]:
                        del keys[key]
                self._changed.notify_all()
            delete_personal_clips(self._folder)

    def close(self) -> None:
        """End the worker and its thread; lines that are not rendered yet fail."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._renderer.stop()
        self._thread.join()
        self._renderer.close()
        if self._temporary:
            self._temporary.cleanup()

    # With _changed held

    def _replace(self, need: Need, keys: Iterable[ClipKey]) -> None:
        missing = (key for key in keys if not self._is_settled(key) and key != self._rendering)
        for key in self._queue.replace(need, missing):
            _logger.debug("cancelled: %s", self._shown(key))
        self._changed.notify_all()

    def _is_settled(self, key: ClipKey) -> bool:
        return self._memory.get(key) is not None or key in self._failures

    def _get(self, key: ClipKey) -> Samples | None:
        failure = self._failures.pop(key, None)
        if failure:
            self._asked.pop(key, None)
            raise failure
        clip = self._memory.get(key)
        if clip is None:
            if self._closed:
                raise SynthesisError(CLOSED)
            clip = self._ask(key)
        if clip is not None:
            self._asked.pop(key, None)
        return clip

    def _ask(self, key: ClipKey) -> Samples | None:
        """Return a clip from disk; None if it is not there, then it is rendered before all others."""
        if key != self._rendering and not self._queue.is_needed_now(key):
            clip = self._disk.read(*key)  # here, since the thread may be busy with another line
            if clip is not None:
                _logger.debug("cache hit: %s", self._shown(key))
                self._remember(key, clip)
                return clip
            self._queue.add_now(key)
        self._asked[key] = None
        if len(self._asked) > LIMITS[Need.NOW]:
            oldest = next(iter(self._asked))
            del self._asked[oldest]
            self._queue.drop_now(oldest)
            _logger.debug("cancelled: %s", self._shown(oldest))
        self._changed.notify_all()
        return None

    def _remember(self, key: ClipKey, clip: Samples) -> None:
        for evicted in self._memory.put(key, clip, self._is_about_to_play):
            _logger.debug("evicted from memory: %s", self._shown(evicted))

    def _is_about_to_play(self, key: ClipKey) -> bool:
        return key in self._asked or key in self._next

    # In the thread that renders

    def _run(self) -> None:
        while not self._closed:
            if not self._queue.is_urgent:
                self._evict()
            with self._changed:
                job = self._queue.pop()
                if not job:
                    if not self._closed:
                        self._changed.wait()
                    continue
                self._rendering, deletions = job[0], self._deletions
            self._finish(*job, self._outcome(*job, deletions), deletions)
        self._evict()

    def _evict(self) -> None:
        if self._disk.is_eviction_due:
            self._disk.evict()

    def _finish(self, key: ClipKey, need: Need, outcome: Samples | SynthesisError | None, deletions: int) -> None:
        with self._changed:
            self._rendering = None
            if not self._is_deleted(key, deletions):
                if isinstance(outcome, SynthesisError):
                    self._note_failure(key, need, outcome)
                elif outcome is not None and (need < Need.LATER or key in self._asked):
                    self._remember(key, outcome)
            self._changed.notify_all()

    def _note_failure(self, key: ClipKey, need: Need, failure: SynthesisError) -> None:
        if need == Need.LATER and key not in self._asked:
            return
        self._failures[key] = failure
        if len(self._failures) > MAX_FAILURES:
            del self._failures[next(iter(self._failures))]

    def _outcome(self, key: ClipKey, need: Need, deletions: int) -> Samples | SynthesisError | None:
        """Return a clip, or why there is none; None if a line for later is on disk already."""
        try:
            if need == Need.LATER and self._disk.touch(*key):
                return None
            return self._read_or_render(key, deletions)
        except SynthesisError as error:
            return error
        except Exception as error:  # whatever it is, the session waits for an answer
            return failure(key.line, f"{type(error).__name__}: {error}")

    def _read_or_render(self, key: ClipKey, deletions: int) -> Samples:
        kept = self._disk.read(*key)
        _logger.debug("cache %s: %s", "miss" if kept is None else "hit", self._shown(key))
        if kept is not None:
            return kept
        clip = self._render(*key)
        with self._writing:
            if not self._is_deleted(key, deletions):
                self._disk.write(*key, clip)
        return clip

    def _render(self, line: str, rate: int) -> Samples:
        return self._renderer.render(line, rate)

    def _keys(self, lines: Iterable[str]) -> list[ClipKey]:
        return [ClipKey(line, self._rate) for line in lines if is_pronounceable(line)]

    def _is_personal(self, key: ClipKey) -> bool:
        return self._disk.is_personal(key.line)

    def _is_deleted(self, key: ClipKey, deletions: int) -> bool:
        """Return whether a clip was deleted since the count was `deletions`."""
        return self._deletions != deletions and self._is_personal(key)

    def _shown(self, key: ClipKey) -> str:
        """Return a line for a log, which may be shown to others: without what the user has told the coach."""
        line = f"a personal line of {len(key.line)} characters" if self._is_personal(key) else f"“{key.line}”"
        return f"{line} at {key.rate} words a minute"
