"""Rescoring of an N-best list: the hypotheses of an utterance with their meanings, the likeliest first."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

from skill.understanding.filler_words import HESITATIONS, UNKNOWN
from skill.understanding.hypothesis import Hypothesis
from skill.understanding.word_graph import Meaning, WordGraph


@dataclass(frozen=True)
class ScoredHypothesis:
    """A hypothesis with its meaning: the likeliest one of all with the same meaning."""

    words: tuple[str, ...]
    """Without hesitations; filler as UNKNOWN."""

    score: float
    """Log likelihood relative to the likeliest hypothesis, in nats: 0 for that one, negative for the others."""

    meaning: Meaning | None
    """What it means; None if it is no sentence that is active."""

    @property
    def text(self) -> str:
        """Return the words, filler as "…"."""
        return " ".join("…" if word == UNKNOWN else word for word in self.words)

    @property
    def kind(self) -> Hashable:
        """Return what equivalent hypotheses share: their meaning, being filler, or else their words."""
        return self.meaning or (UNKNOWN if UNKNOWN in self.words else self.words)


@dataclass(frozen=True)
class NBestRescorer:
    """Gives hypotheses their meanings, and orders them by likelihood."""

    active: Sequence[WordGraph]
    """The sentences of each active context."""

    everything: WordGraph
    """The sentences of all contexts."""

    inactive_context_penalty: float
    """Penalty of a hypothesis that is a sentence only in another context, in nats."""

    def rescore(self, hypotheses: Iterable[Hypothesis]) -> list[ScoredHypothesis]:
        """Return the likeliest hypothesis of each kind, the likeliest kind first."""
        return _likeliest(self._scored(hypothesis) for hypothesis in hypotheses)

    def _scored(self, hypothesis: Hypothesis) -> ScoredHypothesis:
        words = spoken_words(hypothesis.words)
        meanings = [each for graph in self.active if words and (each := graph.meaning(words))]
        meaning = next((each for each in meanings if each.in_scope), meanings[0] if meanings else None)
        elsewhere = bool(words) and meaning is None and self.everything.meaning(words) is not None
        return ScoredHypothesis(
            words, hypothesis.score - (self.inactive_context_penalty if elsewhere else 0.0), meaning
        )


def joined(
    first: Sequence[ScoredHypothesis], second: Sequence[ScoredHypothesis], missing: float
) -> list[ScoredHypothesis]:
    """Return the mean of two decoding passes; a kind that one of them lacks has the score `missing` there."""
    scores = [{each.kind: each.score for each in one_pass} for one_pass in (first, second)]
    return _likeliest(
        replace(each, score=sum(one_pass.get(each.kind, missing) for one_pass in scores) / 2)
        for each in (*first, *second)
    )


def margin(scored: Sequence[ScoredHypothesis], best: ScoredHypothesis, without_rival: float) -> float:
    """Return by how many nats a hypothesis is likelier than the likeliest one of another kind; negative: less likely.

    `without_rival` is the margin if there is no other kind.
    """
    rivals = [each.score for each in scored if each.kind != best.kind]
    return best.score - max(rivals) if rivals else without_rival


def spoken_words(words: Iterable[str]) -> tuple[str, ...]:
    """Return the words without hesitations."""
    return tuple(word for word in words if word not in HESITATIONS)


def _likeliest(scored: Iterable[ScoredHypothesis]) -> list[ScoredHypothesis]:
    found: dict[Hashable, ScoredHypothesis] = {}
    for each in scored:
        if each.kind not in found or each.score > found[each.kind].score:
            found[each.kind] = each
    top = max((each.score for each in found.values()), default=0.0)
    return sorted((replace(each, score=each.score - top) for each in found.values()), key=lambda each: -each.score)
