"""Supplies a session with audio: reports a lost device, waits for it and opens it again."""

import logging
import time
from collections.abc import Iterator

from skill.audio.blocks import Block, silence
from skill.audio.device import Device
from skill.audio.sources import SourceWatch
from skill.errors import AudioError, SkillError
from skill.events import MicrophoneBack, MicrophoneLost
from skill.live.microphone_watch import InputLost, InputRestored, MicrophoneWatch, Notice
from skill.session import Log, Session

RETRY_EVERY_S = 1.0
"""Interval between two attempts to open a lost device, seconds (wall clock)."""

GONE = "The sound device has stopped; check that it is still plugged in."

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
        self._deadline: float | None = None
        """When to give up, while there is no stream (wall clock)."""

    def pairs(self) -> Iterator[tuple[Block, Block] | None]:
        """Yield (near, far) blocks; None in between while none arrive. Raises AudioError after the timeout."""
        while True:
            try:
                for pair in self._stream.pairs():
                    yield pair and (self._watched(pair[0]), pair[1])
            except AudioError as error:
                if self._deadline is None:
                    self._deadline = time.monotonic() + self._reopen_timeout_s
                    why = f"{GONE} The coach waits for it for {self._reopen_timeout_s:.0f} seconds."
                    self._lose(why)
                yield from self._reopen(self._deadline, error)

    def _watched(self, near: Block) -> Block:
        """Tell the session about changes of the microphone; return the block that it may hear."""
        new = self._microphone.hear(near, self._watch.source)
        if isinstance(new, InputLost):
            self._lose(new.why)
        elif isinstance(new, InputRestored) or (self._deadline is not None and not self._microphone.lost):
            self._session.handle(MicrophoneBack(self._session.now))
        if isinstance(new, Notice):  # also when the stream is back with another microphone
            self._report(new.text)
        self._deadline = None
        return silence() if self._microphone.lost else near

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
                return
            except SkillError as error:
                _log.info("the device cannot be opened yet: %s", error)
        raise why
