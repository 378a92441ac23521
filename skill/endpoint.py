"""When an utterance is over: counted in audio time, from what was decoded so far and how long it has been quiet."""

import enum
from dataclasses import dataclass

from skill.settings import ListeningSettings


class Progress(enum.Enum):
    """How far the words decoded so far have got on the way to a sentence."""

    NOTHING = "nothing"
    """No word yet."""

    BEGUN = "begun"
    """The beginning of a sentence, or no sentence at all."""

    OPEN = "open"
    """A sentence, and a longer one may follow from it."""

    COMPLETE = "complete"
    """A sentence that nothing can follow."""


@dataclass
class Endpoint:
    """Watches one utterance. Times are milliseconds of audio."""

    settings: ListeningSettings
    began: int
    """When the utterance began."""

    last_voice: int = 0
    """End of the last block in which somebody spoke."""

    last_change: int = 0
    """When the decoded words last changed."""

    words: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.last_voice = self.last_change = self.began

    def over(self, now: int, words: tuple[str, ...], voiced: bool, silent_for: bool, progress: Progress) -> bool:
        """Take the state at the end of a block; tell whether the utterance ended with it.

        `silent_for` tells that the decoder itself has found the end: it hears silence where a level meter hears noise.
        """
        if voiced:
            self.last_voice = now
        if words != self.words:
            self.words, self.last_change = words, now
        quiet = now - max(self.last_voice, self.last_change)
        return quiet >= self.patience(progress) or silent_for or now - self.began >= self.settings.longest_ms

    def patience(self, progress: Progress) -> int:
        """Return how much silence ends an utterance that has got so far."""
        match progress:
            case Progress.COMPLETE:
                return self.settings.quick_ms
            case Progress.OPEN:
                return self.settings.open_ms
        return self.settings.hesitation_ms
