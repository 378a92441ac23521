"""Detects that the microphone was unplugged, muted or replaced. Pure: it counts blocks and reads no clock."""

from dataclasses import dataclass

from skill.audio.blocks import BLOCK_MS, Block
from skill.audio.source_watch import Source

SILENT_START_MS = 10_000
"""Digital silence since the start after which the user is told, milliseconds."""

SILENCE_MS = 3_000
"""Digital silence after which the microphone is lost, milliseconds: even a quiet room has noise. This holds only ..."""

MIN_SOUND_MS = 20_000
"""... if the microphone has given sound for at least this long before, milliseconds, ..."""

GATED_SILENCE_MS = 1_000
"""... without digital silence of this length or longer, milliseconds: some microphones have a noise gate."""

NO_SOUND = "The microphone gives no sound at all, not even noise: unmute it, or choose another (--input)."


@dataclass(frozen=True)
class InputLost:
    """From now on the microphone hears nothing."""

    why: str
    """One line for the user, with what to do."""


@dataclass(frozen=True)
class InputRestored:
    """The microphone works again."""


@dataclass(frozen=True)
class Notice:
    """A message to the user; the state of the microphone has not changed."""

    text: str


class MicrophoneWatch:
    """Follows the microphone's blocks, and the sound server's source of them if that is known."""

    def __init__(self) -> None:
        self.lost = False
        self._first: Source | None = None
        self._name = ""
        self._sound_ms = 0
        self._silence_ms = 0
        self._has_gate = False
        self._silent_start_told = False

    def hear(self, near: Block, source: Source | None) -> InputLost | InputRestored | Notice | None:
        """Take 20 ms of the microphone, and its source (None: unknown); return what has changed."""
        self._count(near)
        return self.see(source)

    def see(self, source: Source | None) -> InputLost | InputRestored | Notice | None:
        """Take the source while no blocks come; return what has changed."""
        if source and not source.monitor:
            self._first = self._first or source
        why = self._loss(source)
        if bool(why) != self.lost:
            self.lost = bool(why)
            return InputLost(why) if why else InputRestored()
        return None if why else self._notice(source)

    def _count(self, near: Block) -> None:
        if not near.any():
            self._silence_ms += BLOCK_MS
            return
        self._has_gate |= self._silence_ms >= GATED_SILENCE_MS
        self._sound_ms += BLOCK_MS
        self._silence_ms = 0

    def _loss(self, source: Source | None) -> str:
        """Return why nothing can be heard, as one line for the user; an empty string if something can."""
        if source and source.monitor:
            return self._no_microphone(source)
        if source and source.muted:
            return f"The microphone “{source.description}” is muted; unmute it, and the coach goes on."
        reliable = self._sound_ms >= MIN_SOUND_MS and not self._has_gate
        if source is None and self._silence_ms >= SILENCE_MS and reliable:  # no sound server reports the loss
            return "The microphone gives no sound any more; plug it in again or unmute it, and the coach goes on."
        return ""

    def _no_microphone(self, source: Source) -> str:
        if self._first:
            return f"The microphone “{self._first.description}” is gone; plug it in again, and the coach goes on."
        if source.description:
            what = f"“{source.description}” is no microphone, but what a speaker plays"
            return f"{what}; connect a microphone, and the coach goes on."
        return "There is no microphone; connect one, and the coach goes on."

    def _notice(self, source: Source | None) -> Notice | None:
        if source and source.name != self._name:
            before, self._name = self._name, source.name
            if before:
                return Notice(f"The microphone is now “{source.description}”.")
        if not self._silent_start_told and not self._sound_ms and self._silence_ms >= SILENT_START_MS:
            self._silent_start_told = True
            return Notice(NO_SOUND)
        return None
