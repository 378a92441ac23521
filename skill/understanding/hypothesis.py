"""One hypothesis of what was said in an utterance, as the decoder returns it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Hypothesis:
    """What may have been said in an utterance."""

    words: tuple[str, ...]
    """The words, filler as UNKNOWN."""

    score: float
    """Log likelihood in nats. Only differences between hypotheses of one utterance have a meaning."""

    times: tuple[tuple[int, int], ...] = ()
    """Start and end of each word, in ms since the utterance began."""
