"""One hypothesis of what was said in an utterance, as the decoder brings it out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Hypothesis:
    """What may have been said in an utterance."""

    words: tuple[str, ...]
    """The words, filler as UNKNOWN."""

    score: float
    """Log likelihood: differences between hypotheses of one utterance mean something, the number itself does not."""

    times: tuple[tuple[int, int], ...] = ()
    """Start and end of each word, in ms since the utterance began."""
