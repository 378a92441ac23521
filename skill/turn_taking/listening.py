"""What a session needs of its ears."""

from typing import Protocol

from skill.audio.blocks import Block
from skill.events import Heard, Rejected, SpeechStarted


class Listening(Protocol):
    """Turns blocks of the near end into decisions."""

    def listen(self, context: str | None) -> None:
        """From now on the sentences of this context are active; an utterance under way is not cut."""

    @property
    def sentence(self) -> str:
        """What is being said, where it is a whole sentence so far; else nothing."""

    def hear(
        self, block: Block, now: int, near_end_active: bool | None = None
    ) -> list[SpeechStarted | Heard | Rejected]:
        """Take a block that ends at audio time `now` (ms), and return what was decided with it.

        `near_end_active`: whether somebody is heard beside the coach; None while it is silent.
        """

    def finish(self, now: int) -> list[SpeechStarted | Heard | Rejected]:
        """Decide what is pending: no more sound will come."""
