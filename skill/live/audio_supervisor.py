"""Supplies a session with audio: reports a lost device, waits for it and opens it again."""

import logging
import time
from collections.abc import Iterator

from skill.audio.blocks import BLOCK_MS, Block, silence
from skill.audio.device import Device
from skill.audio.source_watch import SourceWatch
from skill.errors import AudioError, SkillError
from skill.events import MicrophoneBack, MicrophoneLost
from skill.live.microphone_watch import InputLost, InputRestored, MicrophoneWatch, Notice
from skill.session import Log, Session

RETRY_EVERY_S = 1.0
"""Interval between two attempts to open a lost device, seconds (wall clock)."""

GONE = "The sound device has stopped; check that it is still plugged in."

TAIL_MS = 1_000
"""Longest time after a block of the coach's voice in which a monitor still gives it, milliseconds."""

LATE_MS = 400
"""Longest time from the microphone to the queue of blocks, milliseconds: three times the latency of PipeWire."""

_log = logging.getLogger(__name__)

POLL_S = 0.1
"""Interval at which the caller gets control meanwhile, to read keys, seconds (wall clock)."""


class AudioSupervisor:
    """Yields the blocks for a session, and tells the session when the microphone is lost and when it is back."""

    def __init__(self, stream: Device, session: Session, watch: SourceWatch, log: Log, reopen_timeout_s: float):
        """`stream` is open. If it ends, opening it again is tried for `reopen_timeout_s` seconds (wall clock)."""
        self._log = log
        self._stream = stream
        self._session = session
        self._watch = watch
        self._reopen_timeout_s = reopen_timeout_s
        self._microphone = MicrophoneWatch()
        self._coach_ms = TAIL_MS
        """Time since the speaker's last block that was no silence, milliseconds."""

        self._left_over_ms = 0
        """Time for which the stream still brings what it heard without the microphone, milliseconds."""

        self._deadline: float | None = None
        """When to give up, while there is no stream (wall clock)."""

    def pairs(self) -> Iterator[tuple[Block, Block] | None]:
        """Yield (near, far) blocks; None in between while none arrive. Raises AudioError after the timeout."""
        while True:
            try:
                for pair in self._stream.pairs():
                    if pair is None:
                        self._look()
                    yield pair and (self._watched(*pair), pair[1])
            except AudioError as error:
                if self._deadline is None:
                    self._deadline = time.monotonic() + self._reopen_timeout_s
                    why = f"{GONE} The coach waits for it for {self._reopen_timeout_s:.0f} seconds."
                    self._lose(why)
                yield from self._reopen(self._deadline, error)

    def _watched(self, near: Block, far: Block) -> Block:
        """Tell the session about changes of the microphone; return the block that it may hear."""
        self._coach_ms = 0 if far.any() else self._coach_ms + BLOCK_MS
        if self._watch.expected:
            return silence()
        self._tell(self._microphone.hear(near, self._watch.source), opened=self._deadline is not None)
        self._deadline = None
        return near if self._trusted() else silence()

    def _trusted(self) -> bool:
        """Return whether a block is the microphone's for sure, and not the coach's own voice from a monitor.

        A stream that is moved back to the microphone still brings some of the monitor. While the server does not say
        what the source is, only those blocks can be trusted that come when the coach is silent.
        """
        if self._microphone.lost:
            self._left_over_ms = LATE_MS + self._stream.waiting_ms
        elif self._left_over_ms > 0:
            self._left_over_ms -= BLOCK_MS
        return self._left_over_ms <= 0 and (self._watch.certain or self._coach_ms >= TAIL_MS)

    def _look(self) -> None:
        """Look for a loss while no blocks come: a stream that is connected to nothing may give none."""
        if self._deadline is None and not self._microphone.lost:
            self._tell(self._microphone.see(self._watch.source), opened=False)

    def _tell(self, new: InputLost | InputRestored | Notice | None, opened: bool) -> None:
        """Tell the user and the session what is new; `opened`: the stream has just been opened again."""
        if isinstance(new, InputLost):
            self._lose(new.why)
        elif isinstance(new, InputRestored) or (opened and not self._microphone.lost):
            self._session.handle(MicrophoneBack(self._session.now))
        if isinstance(new, Notice):  # also when the stream is back with another microphone
            self._report(new.text)

    def _lose(self, why: str) -> None:
        self._report(why)
        self._session.handle(MicrophoneLost(self._session.now))

    def _report(self, problem: str) -> None:
        self._log({"t": self._session.now / 1000, "event": "problem", "text": problem})

    def _reopen(self, deadline: float, why: AudioError) -> Iterator[None]:
        while time.monotonic() < deadline:
            turn = time.monotonic() + RETRY_EVERY_S
            while time.monotonic() < turn:
                time.sleep(POLL_S)
                yield None
            try:
                self._stream.reopen()
                self._watch.reopened()
                return
            except SkillError as error:
                _log.info("the device cannot be opened yet: %s", error)
        raise why
