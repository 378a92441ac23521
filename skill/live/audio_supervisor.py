"""The supply of sound to a session, kept up: a device that is lost is told of, waited for, and opened again."""

import logging
import time
from collections.abc import Iterator

from skill.audio.blocks import Block, silence
from skill.audio.device import Device
from skill.audio.sources import SourceWatch
from skill.errors import AudioError, SkillError
from skill.events import MicrophoneBack, MicrophoneLost
from skill.live.microphone_watch import Back, Lost, Microphone, Note
from skill.session import Log, Session

BETWEEN_TRIES_S = 1.0
"""Until a device that cannot be opened is tried again (wall clock)."""

GONE = "The sound device has stopped; check that it is still plugged in."

_log = logging.getLogger(__name__)

TURN_S = 0.1
"""So often the caller gets a turn meanwhile, for keys."""


class AudioSupervisor:
    """Gives a session its blocks, and tells it when nobody can be heard."""

    def __init__(self, stream: Device, session: Session, watch: SourceWatch, log: Log, patience_s: float):
        """Take the opened stream; one that ends is tried again for `patience_s` seconds (wall clock)."""
        self._log = log
        self._stream = stream
        self._session = session
        self._watch = watch
        self._patience_s = patience_s
        self._microphone = Microphone()
        self._deadline: float | None = None
        """While the stream has ended: when patience is over."""

    def pairs(self) -> Iterator[tuple[Block, Block] | None]:
        """Yield (near, far) blocks; None in between while none come. AudioError when patience is over."""
        while True:
            try:
                for pair in self._stream.pairs():
                    yield pair and (self._watched(pair[0]), pair[1])
            except AudioError as error:
                if self._deadline is None:
                    self._deadline = time.monotonic() + self._patience_s
                    why = f"{GONE} The coach waits for it for {self._patience_s:.0f} seconds."
                    self._lose(why)
                yield from self._reopen(self._deadline, error)

    def _watched(self, near: Block) -> Block:
        """Tell the session what has become of the microphone; return what it may hear."""
        new = self._microphone.hear(near, self._watch.source)
        if isinstance(new, Lost):
            self._lose(new.why)
        elif isinstance(new, Back) or (self._deadline is not None and not self._microphone.lost):
            self._session.handle(MicrophoneBack(self._session.now))
        if isinstance(new, Note):  # also where the stream is back, with another microphone
            self._tell(new.text)
        self._deadline = None
        return silence() if self._microphone.lost else near

    def _lose(self, why: str) -> None:
        self._tell(why)
        self._session.handle(MicrophoneLost(self._session.now))

    def _tell(self, problem: str) -> None:
        self._log({"t": self._session.now / 1000, "event": "problem", "text": problem})

    def _reopen(self, deadline: float, why: AudioError) -> Iterator[None]:
        while time.monotonic() < deadline:
            turn = time.monotonic() + BETWEEN_TRIES_S
            while time.monotonic() < turn:
                time.sleep(TURN_S)
                yield None
            try:
                self._stream.reopen()
                return
            except SkillError as error:
                _log.info("the device cannot be opened yet: %s", error)
        raise why
