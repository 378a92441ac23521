"""The interface of a listener that turn-taking needs; `skill.hearing.listener.Listener` has it."""

from typing import Protocol

from skill.audio.blocks import Block
from skill.events import Heard, Rejected, SpeechStarted


class ListenerProtocol(Protocol):
    """Turns blocks of the microphone, without the coach's echo, into decisions about utterances."""

    def listen(self, context: str | None) -> None:
        """From now on the sentences of this context are active; an utterance under way is not cut."""

    @property
    def sentence(self) -> str:
        """What is being said, if it is a whole sentence so far; else an empty string."""

    def hear(
        self, block: Block, now: int, near_end_active: bool | None = None
    ) -> list[SpeechStarted | Heard | Rejected]:
        """Take a block that ends at audio time `now` (ms), and return what was decided with it.

        `near_end_active`: whether there is near-end speech over the coach; None while the coach is silent.
        """

    def finish(self, now: int) -> list[SpeechStarted | Heard | Rejected]:
        """Decide what is pending: no more sound will come."""
