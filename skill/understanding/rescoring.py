"""Readings of an utterance, weighed against each other."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

from skill.understanding.filler_words import HESITATIONS, UNKNOWN
from skill.understanding.hypothesis import Hypothesis
from skill.understanding.word_graph import Meaning, WordGraph


@dataclass(frozen=True)
class ScoredHypothesis:
    """The likeliest reading with a meaning, or without any."""

    words: tuple[str, ...]
    """Without hesitations; filler as UNKNOWN."""

    score: float
    """Log likelihood relative to the likeliest reading, in nats: 0 for that one, less for the others."""

    meaning: Meaning | None
    """What it means, if it is a sentence here."""

    @property
    def text(self) -> str:
        """Return the words, filler as "…"."""
        return " ".join("…" if word == UNKNOWN else word for word in self.words)

    @property
    def kind(self) -> Hashable:
        """Return what readings of one kind share: their meaning, filler, or else their words."""
        return self.meaning or (UNKNOWN if UNKNOWN in self.words else self.words)


@dataclass(frozen=True)
class NBestRescorer:
    """What readings are weighed by."""

    active: Sequence[WordGraph]
    """The sentences of the contexts that count."""

    everything: WordGraph
    """The sentences of all contexts."""

    inactive_context_penalty: float
    """Handicap of a sentence that is one only in another context, in nats."""

    def rescore(self, hypotheses: Iterable[Hypothesis]) -> list[ScoredHypothesis]:
        """Return the likeliest reading of each kind, the likeliest kind first."""
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
    """Return the mean of two looks at one utterance; what one of them has not found counts as `missing` there."""
    scores = [{each.kind: each.score for each in look} for look in (first, second)]
    return _likeliest(
        replace(each, score=sum(look.get(each.kind, missing) for look in scores) / 2) for each in (*first, *second)
    )


def margin(scored: Sequence[ScoredHypothesis], best: ScoredHypothesis, without_rival: float) -> float:
    """Return by how many nats a reading is likelier than the likeliest other one; negative where it is less likely."""
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
