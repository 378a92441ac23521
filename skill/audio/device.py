"""The sound card: one duplex stream. Its callback pulls and resamples blocks and queues them for the session."""

import atexit
import contextlib
import dataclasses
import logging
import os
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import numpy as np
import soxr

from skill.audio.blocks import BLOCK_MS, BLOCK_SIZE, SAMPLE_RATE, Block, Samples, silence
from skill.audio.device_pair import NO_SOUND, DevicePair, find, library, muted
from skill.errors import AudioError

_REMEDY = f"{NO_SOUND}, or use `back-stretches chat`"

LATENCY_S = 0.1
"""Latency requested from the device, seconds. With less, small boards lose blocks; more makes interruptions slow."""

START_S = 10.0
"""Timeout for the first block after opening, seconds (wall clock). Some devices need two seconds."""

STALLED_S = 3.0
"""Timeout for each further block, seconds (wall clock): then the device is lost."""

CLOSE_S = 3.0
"""Timeout for closing a stream, seconds (wall clock): then it never will be closed."""

POLL_S = 0.2
"""Interval, in seconds (wall clock), at which a wait for the device checks the stream and returns to the caller."""

QUEUE_BLOCKS = 500
"""Most pairs of blocks that wait for the session: ten seconds. More are dropped and counted."""

SETTLING_CALLBACKS = 25
"""Callbacks at the start of a stream whose overruns and underruns are not counted: buffers are still filling."""

TRIES = 3
"""Most attempts in a row to reopen a stream that ends before its first block."""

_log = logging.getLogger(__name__)

STOPPED = "The sound device has stopped; check that it is still plugged in, then start again."


@dataclass
class Counts:
    """Losses of audio; reported by `doctor` and at the end of a session."""

    overruns: int = 0
    """Callbacks before which input was lost."""

    underruns: int = 0
    """Callbacks before which output was missing."""

    dropped: int = 0
    """Pairs of blocks that were dropped because the session was too slow."""

    restarts: int = 0
    """Number of times that the stream ended by itself and was opened again."""

    def __str__(self) -> str:
        counted = f"{self.overruns} overruns, {self.underruns} underruns, {self.dropped} blocks dropped"
        return f"{counted}, {self.restarts} restarts of the device"


class Device:
    """Microphone and speaker as a stream of pairs of blocks: what was heard, and what was played at the same time."""

    def __init__(self, device_pair: DevicePair, pull: Callable[[], Block]):
        """Prepare the stream; `pull` gives the next block for the speaker."""
        self.device_pair = device_pair
        self.counts = Counts()
        self._pull = pull
        self._pairs: queue.Queue[tuple[Block, Block]] = queue.Queue(QUEUE_BLOCKS)
        self._exit = contextlib.ExitStack()

    def __enter__(self) -> "Device":
        with contextlib.ExitStack() as opening:
            self._mute = opening.enter_context(muted())
            self._open()
            opening.callback(self._close)
            self._exit = opening.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        self._exit.close()

    def _open(self) -> None:
        sd = library()
        self._resample_near = _Resampler(self.device_pair.rate, SAMPLE_RATE)
        self._resample_far = _Resampler(SAMPLE_RATE, self.device_pair.rate)
        self._near = silence(0)
        self._far_blocks: list[Block] = []
        self._to_play = silence(0)
        self._settling = SETTLING_CALLBACKS
        self._callback_thread: int | None = None
        self._ended = threading.Event()
        self._error: Exception | None = None
        try:
            self._stream = sd.Stream(
                samplerate=self.device_pair.rate,
                blocksize=self.device_pair.rate * BLOCK_SIZE // SAMPLE_RATE,
                device=(self.device_pair.input, self.device_pair.output),
                channels=1,
                dtype="int16",
                latency=LATENCY_S,
                callback=self._callback,
                finished_callback=self._ended.set,
            )
        except (sd.PortAudioError, ValueError) as error:
            raise AudioError(f"The sound device cannot be opened ({error}); {_REMEDY}.") from error
        try:
            self._stream.start()
        except sd.PortAudioError as error:
            _close(self._stream)
            raise AudioError(f"The sound device cannot be started ({error}); {_REMEDY}.") from error
        latency = [round(1000 * seconds) for seconds in self._stream.latency]
        _log.info("opened %s, latency in and out %s ms", self.device_pair, latency)

    @property
    def waiting_ms(self) -> int:
        """Length of what waits for the session, milliseconds."""
        return self._pairs.qsize() * BLOCK_MS

    def pairs(self) -> Iterator[tuple[Block, Block] | None]:
        """Yield (near, far) blocks as they arrive; None every POLL_S while none arrive.

        Raises AudioError when the device is lost, and any exception that `pull` has raised.
        """
        tries, patience_s = TRIES, START_S  # counted in polls: while the program is stopped (Ctrl-Z) the clock goes on
        losses = dataclasses.replace(self.counts)
        while True:
            ended = self._ended.is_set()  # read before the queue: blocks that came before the end still count
            try:
                pair = self._pairs.get(timeout=POLL_S)
            except queue.Empty:
                pair = None
            if self._error:
                raise self._error
            if losses != self.counts:
                losses = dataclasses.replace(self.counts)
                _log.info("sound was lost, counted so far: %s", losses)
            yield pair
            patience_s -= POLL_S
            if pair is not None:
                tries, patience_s = TRIES, STALLED_S
            elif ended and tries:
                tries, patience_s = tries - 1, START_S
                self._restart()
            elif ended or patience_s <= 0:
                _log.info("the device is lost: the stream %s", "has ended" if ended else "delivers nothing")
                raise AudioError(STOPPED)

    def _restart(self) -> None:
        """Open the stream again. PortAudio ends it when ALSA reports a loss of sound at the wrong moment."""
        self.counts.restarts += 1
        _log.info("the stream has ended by itself; it is opened again")
        self._close()
        try:
            self._open()
        except AudioError as error:
            raise AudioError(STOPPED) from error

    def reopen(self) -> None:
        """Open the devices of the same names again, after `pairs` has given up; they may have another rate now.

        Raises AudioError or UsageError while they are missing.
        """
        if self._close():
            _rescan_devices()
        self.device_pair = find(self.device_pair.input_name, self.device_pair.output_name, must_hear=False)
        self.counts.restarts += 1
        self._open()

    def _close(self) -> bool:
        """Close the stream. A thread of PortAudio that cannot be ended may print, and compute, for ever."""
        closed = _close(self._stream)
        if not closed:
            self._mute.for_ever = True
            _leave_the_processor_to_others(self._callback_thread)
        return closed

    def _callback(self, near: Samples, far: Samples, frames: int, _: object, status: Any) -> None:
        """Move the blocks, and keep an error for `pairs`; runs on the sound card's thread."""
        if self._callback_thread is None:
            self._callback_thread = threading.get_native_id()
        try:
            self._move(near, far, frames, status)
        except Exception as error:
            self._error = error
            raise library().CallbackAbort from error

    def _move(self, near: Samples, far: Samples, frames: int, status: Any) -> None:
        """Pull what is to be played, resample both ends, and queue the pairs of blocks."""
        if self._settling:
            self._settling -= 1
        else:
            self.counts.overruns += bool(status.input_overflow)
            self.counts.underruns += bool(status.output_underflow)
        while len(self._to_play) < frames:
            block = self._pull()
            self._far_blocks.append(block)
            self._to_play = np.concatenate([self._to_play, self._resample_far(block)])
        far[:, 0], self._to_play = self._to_play[:frames], self._to_play[frames:]
        self._near = np.concatenate([self._near, self._resample_near(near[:, 0])])
        while len(self._near) >= BLOCK_SIZE and self._far_blocks:
            pair = (self._near[:BLOCK_SIZE].copy(), self._far_blocks.pop(0))
            self._near = self._near[BLOCK_SIZE:]
            try:
                self._pairs.put_nowait(pair)
            except queue.Full:
                self.counts.dropped += 1


def _rescan_devices() -> None:
    """Let PortAudio search for devices again: it knows only those that were connected when it was started."""
    sd = library()
    sd._terminate()
    sd._initialize()


def _leave_the_processor_to_others(thread: int | None) -> None:
    """Let a thread run only when nothing else does: PortAudio's never ends, or waits, when PipeWire has died."""
    if thread is not None and hasattr(os, "SCHED_IDLE"):
        with contextlib.suppress(OSError):
            os.sched_setscheduler(thread, os.SCHED_IDLE, os.sched_param(0))


def _close(stream: Any) -> bool:
    """Close a stream, with a timeout: ALSA's connection to PulseAudio may hang when the server has died.

    Returns False if it hangs: then the library must not be shut down.
    """
    closing = threading.Thread(target=stream.close, args=(True,), name="closing", daemon=True)
    closing.start()
    closing.join(CLOSE_S)
    if closing.is_alive():  # its exit handler would wait for the same lock for ever
        atexit.unregister(library()._exit_handler)
        return False
    return True


class _Resampler:
    """Changes the rate of a stream; does nothing if the rates are equal."""

    def __init__(self, rate_in: int, rate_out: int):
        same = rate_in == rate_out
        self._stream = None if same else soxr.ResampleStream(rate_in, rate_out, 1, dtype="int16", quality="MQ")

    def __call__(self, samples: Samples) -> Samples:
        return samples.copy() if self._stream is None else self._stream.resample_chunk(samples)
