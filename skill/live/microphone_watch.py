"""Whether the microphone can still be heard: it may be unplugged, muted, or another one now. Pure: counts blocks."""

from dataclasses import dataclass

from skill.audio.blocks import BLOCK_MS, Block
from skill.audio.sources import Source

SO_FAR_MS = 10_000
"""A microphone that has given nothing but digital silence for so long, from the start on, is worth a word."""

DEAD_MS = 3_000
"""One that falls into digital silence for so long gives nothing any more: even a quiet room has noise ..."""

ALIVE_MS = 20_000
"""... if it had sound for so long, and never such a silence of ..."""

GATE_MS = 1_000
"""... so much before it: some microphones are closed by themselves while nobody speaks."""


@dataclass(frozen=True)
class Lost:
    """Nothing that is said can be heard from now on."""

    why: str
    """One line for the user, with what to do."""


@dataclass(frozen=True)
class Back:
    """What is said can be heard again."""


@dataclass(frozen=True)
class Note:
    """Something to tell the user that changes nothing."""

    text: str


class Microphone:
    """Follows what the microphone gives, and where that comes from as far as it is known."""

    def __init__(self) -> None:
        self.lost = False
        self._first: Source | None = None
        self._name = ""
        self._sound_ms = 0
        self._silence_ms = 0
        self._gated = False
        self._told = False

    def hear(self, near: Block, source: Source | None) -> Lost | Back | Note | None:
        """Take 20 ms of the microphone, and its source (None: not known); return what is new."""
        self._count(near)
        if source:
            self._first = self._first or source
        why = self._why(source)
        if bool(why) != self.lost:
            self.lost = bool(why)
            return Lost(why) if why else Back()
        return None if why else self._note(source)

    def _count(self, near: Block) -> None:
        if not near.any():
            self._silence_ms += BLOCK_MS
            return
        self._gated |= self._silence_ms >= GATE_MS
        self._sound_ms += BLOCK_MS
        self._silence_ms = 0

    def _why(self, source: Source | None) -> str:
        """Return why nothing can be heard; nothing where it can."""
        if source and self._first and source.monitor and source.name != self._first.name:
            return f"The microphone “{self._first.description}” is gone; plug it in again, and the coach goes on."
        if source and source.muted:
            return f"The microphone “{source.description}” is muted; unmute it, and the coach goes on."
        lively = self._sound_ms >= ALIVE_MS and not self._gated
        if source is None and self._silence_ms >= DEAD_MS and lively:  # nobody else could tell
            return "The microphone gives no sound any more; plug it in again or unmute it, and the coach goes on."
        return ""

    def _note(self, source: Source | None) -> Note | None:
        if source and source.name != self._name:
            before, self._name = self._name, source.name
            if before:
                return Note(f"The microphone is now “{source.description}”.")
        if not self._told and not self._sound_ms and self._silence_ms >= SO_FAR_MS:
            self._told = True
            return Note("The microphone gives no sound at all, not even noise: unmute it, or choose another (--input).")
        return None
