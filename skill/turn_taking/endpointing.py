"""Endpointing: when an utterance is over, from the words so far and the silence after them, in audio time."""

import enum
from dataclasses import dataclass

from skill.settings import ListeningSettings

DECODER_SILENCE_MS = 150
"""Silence that the decoder needs before it reports silence (see recognizer.py)."""


class ParseState(enum.Enum):
    """What the words decoded so far are to the grammar."""

    NOTHING = "nothing"
    """No word yet, or words that begin no sentence."""

    BEGUN = "begun"
    """The beginning of a sentence."""

    OPEN = "open"
    """A sentence that further words could extend to another one."""

    URGENT = "urgent"
    """The same, with an urgent intent: "stop", although "stop for a moment" is possible."""

    COMPLETE = "complete"
    """A sentence whose meaning no further word could change."""


@dataclass
class Endpoint:
    """Watches one utterance. Times are milliseconds of audio."""

    settings: ListeningSettings
    began: int
    """When the utterance began."""

    last_voice: int = 0
    """End of the last block with speech."""

    last_change: int = 0
    """When the decoded words last changed."""

    words: tuple[str, ...] = ()
    silent_since: int | None = None
    """When the silence began that the decoder reports."""

    near_end_active: bool = False
    """Whether there was near-end speech over the coach."""

    coach: bool = False
    """Whether the coach was heard."""

    def __post_init__(self) -> None:
        self.last_voice = self.last_change = self.began

    @property
    def only_coach(self) -> bool:
        """Whether the coach was heard, and nobody else."""
        return self.coach and not self.near_end_active

    def over(self, now: int, words: tuple[str, ...], voiced: bool, silent: bool, parse_state: ParseState) -> bool:
        """Take the state at the end of a block; return whether the utterance ended with it.

        `voiced`: the level of the block shows speech. `silent`: the decoder has found nothing but silence for
        DECODER_SILENCE_MS after a sentence or filler. That is later than by the level, but it also works in noise,
        and for words that are too soft for the level.
        """
        if voiced:
            self.last_voice = now
        if words != self.words:
            self.words, self.last_change, self.silent_since = words, now, None
        if not silent:
            self.silent_since = None
        elif self.silent_since is None:
            self.silent_since = now - DECODER_SILENCE_MS
        endpointing_delay = self.endpointing_delay(parse_state)
        decoder_quiet = now - self.silent_since if self.silent_since is not None else 0
        if now - self.began >= self.settings.max_utterance_ms or decoder_quiet >= endpointing_delay:
            return True
        if parse_state in (ParseState.COMPLETE, ParseState.URGENT):
            return now - self.last_voice >= endpointing_delay
        if parse_state is ParseState.OPEN or (words and parse_state is ParseState.NOTHING):
            # The decoder finds no silence in the residual echo: over the coach, near-end speech counts.
            return self.coach and self.near_end_active and now - self.last_voice >= endpointing_delay
        return now - max(self.last_voice, self.last_change) >= endpointing_delay

    def endpointing_delay(self, parse_state: ParseState) -> int:
        """Return the silence (ms) that ends an utterance whose words are in this state."""
        match parse_state:
            case ParseState.COMPLETE:
                return self.settings.complete_delay_ms
            case ParseState.URGENT:
                return self.settings.urgent_delay_ms
            case ParseState.OPEN:
                return self.settings.extendable_delay_ms
            case ParseState.BEGUN:
                return self.settings.unfinished_delay_ms
        return self.settings.filler_delay_ms
